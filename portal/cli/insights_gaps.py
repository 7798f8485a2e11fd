"""`portal insights gaps`: what is searched in vain and asked for, heaviest first."""

import json

import click
from flask_babel import force_locale

from portal import clock
from portal.cli.helpers import AS_JSON, echo_json, unit
from portal.cli.insights import insights
from portal.config import Language
from portal.insights.gaps import presenting, service, weighing
from portal.insights.gaps.weighing import Sort


@insights.command()
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option(
    "--sort", type=click.Choice([it.value for it in Sort]), default="value", show_default=True
)
@AS_JSON
def gaps(*, limit: int, sort: str, as_json: bool) -> None:
    """Say what is missing, by the open deals that wait for it (all of it as JSON)."""
    with unit() as app:
        now = clock.now()
        found = service.found(now, app.extensions["arsenal.finder"])
        codes = weighing.currencies(weighing.all_stakes(found).values())
        currency = next(iter(codes), weighing.USUAL_CURRENCY)
        ordered = weighing.in_order(found, Sort(sort), currency)
        with force_locale(Language.EN.value):
            told = json.loads(presenting.table(ordered, currency, values=True).json())
    if as_json:
        echo_json({"as_of": now, "currency": currency} | told)
        return
    for row in told["rows"][:limit]:
        click.echo(
            f"{row['deals']:4} deals  {row['people']:4} people  {row['searches']:5} searches  "
            f"{row['gap']}"
        )
    if not ordered:
        click.echo("nothing is missing that we know of")
