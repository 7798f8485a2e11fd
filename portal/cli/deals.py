"""`portal deals …`: deals out of the exports of other systems."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from portal.cli.helpers import AS_JSON, GivenPath, bar, echo_json, refuse, unit
from portal.config import Config
from portal.db import db, reading
from portal.deals.importing import labels, products, queries, rules, service
from portal.deals.importing.matching import Matcher
from portal.deals.importing.models import DealImport
from portal.deals.importing.reading import Given
from portal.deals.importing.rehearsing import rehearse
from portal.deals.importing.rules import RefusedError, Settings
from portal.deals.importing.tallying import COUNTED, Noted
from portal.deals.importing.values import CURRENCIES
from portal.library.publishing.acting import PORTAL
from portal.web.words import Table

SHOWN = 20


@click.group()
def deals() -> None:
    """Deals: who sells what to whom."""


class Pair(click.ParamType):  # type: ignore[type-arg]  # in some versions
    """Two words with `=` between them."""

    name = "field=column"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Return both."""
        left, mark, right = str(value).partition("=")
        if not mark or not left.strip():
            self.fail("write it as field=column", param, ctx)
        return left.strip(), right.strip()


@deals.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=GivenPath(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--source", help="The system they are of; guessed from the columns.")
@click.option("--map", "mapped", multiple=True, type=Pair(), help="Which column a field is.")
@click.option("--order", type=click.Choice(rules.ORDERS), help="The order of dates.")
@click.option("--decimal", type=click.Choice([".", ","]), help="The mark before decimals.")
@click.option("--encoding", type=click.Choice(rules.ENCODINGS), help="How text is encoded.")
@click.option("--delimiter", type=click.Choice([",", ";", "tab", "|"]), help="What parts columns.")
@click.option("--currency", help="Of amounts without one: EUR, USD …")
@click.option("--alias", "aliases", multiple=True, type=Pair(), help="product:GTXPro=gtx-pro")
@click.option("--accept", is_flag=True, help="Take the near spellings that are suggested.")
@click.option("--add-products", is_flag=True, help="Add products of a table that are unknown.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@AS_JSON
def import_(files: tuple[Path, ...], *, dry_run: bool, as_json: bool, **said: Any) -> None:  # noqa: ANN401
    """Read deals from CSV or XLSX FILES; the same again changes nothing.

    Exports of HubSpot, Salesforce, Pipedrive, Zoho, Bitrix24 and amoCRM are known by their
    columns; of others, columns are guessed, or said by --map. Tables beside the deals (accounts,
    products, sales teams; owners, stages) are given with them or by themselves.
    """
    with unit() as app, reading() if dry_run else nullcontext():
        settings: Config = app.config["PORTAL"]
        try:
            remembered = queries.mappings()
            db.session.rollback()  # looking through large files keeps nobody waiting
            given = [Given(it.name, it) for it in files]
            made = service.plan(given, _settings(said), dict(said["mapped"]), remembered=remembered)
            aliases = _aliases(said["aliases"])
            service.check_targets(made.source, aliases)
            new = _products(made, add=said["add_products"] and not dry_run)
            suggested, taken = _suggested(made, aliases, accept=said["accept"])
            run: Running = rehearse if dry_run else _imported
            with bar(made.survey.rows, "deals", hidden=as_json) as shown:

                def progress(rows: int, _total: int) -> None:
                    shown.update(rows - shown.pos)

                done = run(made, settings.timezone, aliases | taken, progress)
        except RefusedError as error:
            db.session.rollback()
            raise refuse(_words(labels.REFUSALS, error.code, error.told)) from error
        _say(*done, made, suggested, as_json=as_json)
        if not as_json:
            _say_products(new, added=said["add_products"], dry_run=dry_run)
            if service.counts_later(done[0]):
                click.echo("Owners and stages count when the deals are imported again.", err=True)
        is_refused = bool(done[0].counts.get("refused"))
        if dry_run:
            db.session.rollback()
    if is_refused:
        raise click.exceptions.Exit(1)


Aliases = dict[tuple[str, str], str]
Running = Callable[[service.Plan, str, Aliases, service.Progress], tuple[DealImport, list[Noted]]]


def _imported(
    made: service.Plan, zone: str, aliases: Aliases, progress: service.Progress
) -> tuple[DealImport, list[Noted]]:
    for (kind, word), target in aliases.items():
        service.accept(made.source, kind, word, target)
    row = service.begin(made, None)
    db.session.commit()
    run = service.Run(made, row, zone)
    run.carry(db.session.commit, progress)
    row = queries.by_id(row.id) or row
    noted = [
        Noted(it.kind, it.row, it.reason, it.told)
        for kind in ("rejected", "doubt")
        for it in queries.report(row.id, kind)
    ]
    return row, noted


def _words(table: Table, code: str, told: Mapping[str, object]) -> str:
    """Return a reason in English, which commands speak."""
    with force_locale("en"):
        return labels.said(table, code, told)


def _settings(said: Mapping[str, Any]) -> Settings:
    currency = (said["currency"] or "").strip().upper()
    if currency and currency not in CURRENCIES:
        raise RefusedError("no-currency", value=said["currency"][:20])
    delimiter = "\t" if said["delimiter"] == "tab" else said["delimiter"]
    source = " ".join((said["source"] or "").split())[: rules.SOURCE_MOST]
    return Settings().but(
        source=source,
        order=said["order"],
        decimal=said["decimal"],
        encoding=said["encoding"],
        delimiter=delimiter,
        currency=currency,
    )


def _products(made: service.Plan, *, add: bool) -> list[str]:
    """Return the products that the library does not know, or those of them that were added."""
    names = products.unknown(made.beside, Matcher(made.source))
    return products.add(PORTAL, names, made.source, made.survey.words) if add else names


def _say_products(names: Sequence[str], *, added: bool, dry_run: bool) -> None:
    if not names:
        return
    some = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    what = "would be added" if dry_run else "added"
    if added:
        click.echo(f"{len(names)} products {what}: {some}")
    else:
        click.echo(f"{len(names)} products not known: {some}; --add-products adds them", err=True)


def _aliases(given: Sequence[tuple[str, str]]) -> Aliases:
    """Return the aliases given: (kind, word) → target."""
    found = {}
    for left, target in given:
        kind, mark, word = left.partition(":")
        if not mark or kind not in rules.KINDS:
            raise refuse(
                f"--alias: write it as KIND:WORD=TARGET; kinds are {', '.join(rules.KINDS)}"
            )
        found[kind, word] = target
    return found


def _suggested(
    made: service.Plan, aliases: Aliases, *, accept: bool
) -> tuple[list[dict[str, Any]], Aliases]:
    """Return what near spellings are suggested, and those that are accepted."""
    found = Matcher(made.source).suggestions(made.survey.words)
    near = [
        {"kind": kind, "word": word, "rows": often, "like": target}
        for kind, word, often, target in found
        if target and (kind, word) not in aliases
    ]
    if not accept:
        return near, {}
    return [], {(str(it["kind"]), str(it["word"])): str(it["like"]) for it in near}


def _say(
    row: DealImport,
    noted: Sequence[Noted],
    made: service.Plan,
    suggested: list[dict[str, Any]],
    *,
    as_json: bool,
) -> None:
    rejected, doubts = (
        [
            {"row": it.row, "reason": _words(table, it.reason, it.told)}
            for it in noted
            if it.kind == kind
        ]
        for kind, table in (("rejected", labels.REASONS), ("doubt", labels.DOUBTS))
    )
    told = service.told(row)
    unmatched = row.counts.get("unmatched", {})
    if as_json:
        more = {
            "source": row.source,
            "tables": row.counts.get("tables", {}),
            "unmatched": unmatched,
        }
        echo_json(told | {"rejected": rejected, "doubts": doubts, "suggested": suggested} | more)
        return
    for one in sorted([*rejected, *doubts], key=lambda it: int(str(it["row"]))):
        click.echo(f"row {one['row']}: {one['reason']}", err=True)
    _doubts(made, unmatched, suggested)
    for name, counts in row.counts.get("tables", {}).items():
        click.echo(f"{name}: " + ", ".join(f"{counts[key]} {key}" for key in counts))
    counts = ", ".join(f"{told[key]} {key}" for key in ("created", "updated", "unchanged"))
    ends = ", ".join(f"{told[key]} {key.replace('_', ' ')}" for key in COUNTED[4:])
    click.echo(f"{row.source}: {told['rows']} rows: {counts}, {len(rejected)} rejected; {ends}")


def _doubts(
    made: service.Plan, unmatched: Mapping[str, Mapping[str, int]], suggested: list[dict[str, Any]]
) -> None:
    """Say on standard error what was kept as words, and what may be meant."""
    if not made.is_certain:
        order = made.deals.settings.order if made.deals else ""
        click.echo(
            f"It does not show whether dates begin with the day or the month; read as {order}. "
            "--order says which.",
            err=True,
        )
    told = made.deals.settings if made.deals else Settings()
    if told.mapping.get("amount") and not (told.currency or told.mapping.get("currency")):
        click.echo("Amounts without a currency are kept as EUR. --currency says which.", err=True)
    near = {(it["kind"], it["word"]): it["like"] for it in suggested}
    for kind, words in unmatched.items():
        known = [(word, often) for word, often in words.items() if (kind, word) not in near]
        if known:
            some = ", ".join(f"“{word}” ({often})" for word, often in known[:SHOWN])
            more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
            click.echo(f"{kind} not known here, kept as words: {some}{more}", err=True)
    for (kind, word), like in near.items():
        click.echo(
            f"{kind} “{word}” may be {like}: --alias '{kind}:{word}={like}', or --accept", err=True
        )
