"""`portal serve`: the production server, granian, with one thread a worker."""

import logging
import os

import click
from flask import Flask

from portal import config
from portal.app import create_app
from portal.cli import database
from portal.cli.helpers import refuse
from portal.errors import Conflict
from portal.search import service as search


def run_server(settings: config.Config, *, quiet: bool = False) -> None:
    """Serve until told to stop; workers read their settings from the environment again."""
    from granian import Granian  # noqa: PLC0415  # other commands need not load a server
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        "portal.app:from_environment",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        backlog=1024,
        respawn_failed_workers=True,
        log_level=LogLevels.warning if quiet else LogLevels(settings.log_level.lower()),
    ).serve()


def _catch_up(app: Flask) -> None:
    """Bring the index in step; when another machine is at it, serving need not wait."""
    try:
        search.catch_up(app.extensions["arsenal.finder"].engine)
    except Conflict as error:
        click.echo(f"The index is not in step yet: {error}", err=True)


@click.command()
@click.option("--host", help="Address to listen on [PORTAL_HOST].")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on [PORTAL_PORT].")
@click.option("--workers", type=click.IntRange(1, 64), help="Web processes [PORTAL_WORKERS].")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the portal; settings come from the environment (README lists them)."""
    for name, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"PORTAL_{name}"] = str(value)
    try:
        settings = config.load().check_production()
    except config.ConfigError as error:
        raise refuse(str(error)) from error
    logging.basicConfig(level=settings.log_level)
    app = create_app(settings)
    with app.app_context():
        at, newest = database.current(), database.head()
        if at == newest:
            _catch_up(app)
    if at != newest:
        raise refuse(
            f"The database is at {at or 'base'}, not {newest}: run `portal db upgrade` first."
        )
    run_server(settings)
