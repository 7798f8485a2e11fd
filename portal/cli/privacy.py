"""`portal people …`: what is kept of people, given to them or taken out."""

from pathlib import Path

import click

from portal.accounts import service
from portal.audit import service as audit
from portal.cli.helpers import AS_JSON, GivenPath, echo_json, refuse, unit
from portal.privacy import service as privacy


@click.group()
def people() -> None:
    """What is kept of people."""


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
        heir = service.find_user(successor) if successor else None
        try:
            done = privacy.erase(person, heir, with_words=with_words)
        except privacy.StandsForError as error:
            raise refuse(
                f"They still stand for {error.assets} assets or kinds and own {error.open_deals} "
                "open deals: say who takes them on with --hand-over-to EMAIL."
            ) from error
        facts = {"id": done.number, "deals_handed_over": done.deals, "words_emptied": with_words}
    if as_json:
        echo_json(facts)
        return
    click.echo(f"Erased. What they did is kept under the number {done.number}.")


@people.command()
@click.argument("email")
@click.option(
    "--output", type=GivenPath(dir_okay=False, path_type=Path), help="The file; else EMAIL.zip."
)
@AS_JSON
def export(email: str, output: Path | None, *, as_json: bool) -> None:
    """Write all that is kept of a person as a zip: a file of JSON for each table, no secrets."""
    with unit():
        person = service.find_user(email)
        path = output or Path(f"{person.email.replace('/', '_')}.zip")
        with path.open("wb") as file:
            counts = privacy.write(person, file)
        audit.record("user.exported", kind="user", key=person.id)
        facts = {"id": person.id, "file": str(path), "rows": counts}
    if as_json:
        echo_json(facts)
        return
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables are in {path}.")
