"""`portal content extract` and `sweep`: texts of attachments read, files nobody needs forgotten."""

from datetime import timedelta

import click

from portal.cli.content import content
from portal.cli.helpers import AS_JSON, echo_json, unit
from portal.cli.search import follow
from portal.db import db
from portal.library.attachments import extracting, sweeping


@content.command()
@AS_JSON
def extract(*, as_json: bool) -> None:
    """Read the text of attachments that still wait for it, then let the index follow."""
    with unit() as app:
        store = app.extensions["arsenal.files"]
        db.session.rollback()
        count = sum(extracting.run(i, store) for i in extracting.all_waiting())
        follow(app)
    if as_json:
        echo_json({"read": count})
    else:
        click.echo(f"{count} attachments read.")


@content.command()
@click.option(
    "--older-than",
    metavar="DAYS",
    type=click.IntRange(0, 36500),
    default=30,
    show_default=True,
    help="Days since an attachment was removed.",
)
@AS_JSON
def sweep(older_than: int, *, as_json: bool) -> None:
    """Delete files of attachments removed long ago, and files nothing names.

    A file younger than a day is never deleted: its attachment may be about to be saved.
    """
    with unit() as app:
        db.session.rollback()
        done = sweeping.sweep(
            app.extensions["arsenal.files"], older_than=timedelta(days=older_than)
        )
    if as_json:
        echo_json({"released": done.released, "deleted": done.deleted})
    else:
        click.echo(f"{done.released} removed attachments let go, {done.deleted} files deleted.")
