"""`portal serve`: the production server, granian, with one thread a worker."""

import os
import socket

import click
from flask import Flask

from portal import config, logs
from portal.cli.companion import Companion, worker_command
from portal.cli.helpers import create_app, refusing
from portal.errors import Conflict
from portal.operation.metrics import meters
from portal.search import service as search


def require_free(host: str, port: int) -> None:
    """Refuse an address that can not be listened on.

    The server shares its port among its workers (SO_REUSEPORT), and would with a stranger.

    Raises:
        Conflict: with the reason.
    """
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            # as servers do: what the last one left closing is no obstacle, a listener is
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen(1)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Conflict(
            f"{host} port {port} can not be listened on ({why}): stop what uses it, "
            "or choose another with --port."
        ) from error


def run_server(
    settings: config.Config, *, worker: bool, quiet: bool = False, app: Flask | None = None
) -> None:
    """Serve until told to stop; raises Conflict when somebody else listens there."""
    from portal.cli import server  # noqa: PLC0415  # other commands need not load a server

    require_free(settings.host, settings.port)
    environ = os.environ | ({"PORTAL_LOG_LEVEL": "WARNING"} if quiet else {})
    beside = Companion(worker_command(), environ) if worker else None
    server.run(settings, quiet=quiet, companion=beside, app=app)


def _catch_up(app: Flask) -> None:
    """Bring the index in step; when another machine is at it, serving need not wait."""
    try:
        search.catch_up(app.extensions["arsenal.finder"].engine)
    except Conflict as error:
        click.echo(f"The index is not in step yet: {error}", err=True)


NO_WORKER = click.option(
    "--no-worker",
    is_flag=True,
    help="Leave background work to a `portal worker` elsewhere.",
)


@click.command()
@click.option("--host", help="Address to listen on [PORTAL_HOST].")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on [PORTAL_PORT].")
@click.option("--workers", type=click.IntRange(1, 64), help="Web processes [PORTAL_WORKERS].")
@NO_WORKER
def serve(host: str | None, port: int | None, workers: int | None, *, no_worker: bool) -> None:
    """Serve the portal; settings come from the environment (README lists them)."""
    for name, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"PORTAL_{name}"] = str(value)
    with refusing():
        settings = config.load().check_production()
        require_free(settings.host, settings.port)
        logs.install(level=settings.log_level, style=settings.log_format)
        if settings.metrics_token:
            meters.share(settings.data_dir, afresh=True)
        app = create_app(settings)
        with app.app_context():
            _catch_up(app)
        run_server(settings, worker=not no_worker, app=app)
