"""`portal people …`: what is kept of people who have left."""

import click

from portal.accounts import erasing, service
from portal.calls.planning import handing_over as planned
from portal.calls.privacy import service as calls
from portal.cli.helpers import AS_JSON, echo_json, refuse, unit
from portal.deals import erasing as imports
from portal.deals import queries as deals
from portal.deals import service as deal_service
from portal.insights.pack import service as packs
from portal.library import erasing as library
from portal.library.handover import queries as handover_queries
from portal.library.handover import service as handover
from portal.library.publishing.acting import PORTAL


@click.group()
def people() -> None:
    """People who have left."""


@people.command()
@click.argument("email")
@click.option("--hand-over-to", "successor", metavar="EMAIL", help="Who takes on what they own.")
@click.option("--with-words", is_flag=True, help="Empty their notes of calls and ratings, too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@AS_JSON
def erase(email: str, successor: str | None, *, with_words: bool, yes: bool, as_json: bool) -> None:
    """Take a person out: what they did still counts, and nobody can tell that it was them.

    It can not be undone. Who still owns assets or open deals needs a successor.
    """
    with unit():
        person = service.find_user(email)
        if not yes:
            click.confirm(f"Erase {person.name} <{person.email}> for good?", abort=True, err=True)
        number, name = person.id, person.name
        service.deactivate(person)
        heir = service.find_user(successor) if successor else None
        if heir is not None and handover_queries.load_of(number) is not None:
            handover.hand_over(PORTAL, person, heir)
        moved = deal_service.hand_over(number, heir.id, heir.team_id) if heir is not None else 0
        planned.hand_over(number, heir.id if heir else None)
        packs.hand_over(number, heir.id if heir else None)
        left = handover_queries.load_of(number)
        open_deals = deals.count_open_of(number)
        if left is not None or open_deals:
            owns = left.owns + left.backs + left.reviews if left else 0
            raise refuse(
                f"They still stand for {owns} assets or kinds and own {open_deals} open deals: "
                "say who takes them on with --hand-over-to EMAIL."
            )
        library.erase(number, name, erasing.NAME)
        imports.erase(name, person.email)
        if with_words:
            calls.erase_words(number)
        erasing.erase(person)
        facts = {"id": number, "deals_handed_over": moved, "words_emptied": with_words}
    if as_json:
        echo_json(facts)
        return
    click.echo(f"Erased. What they did is kept under the number {number}.")
