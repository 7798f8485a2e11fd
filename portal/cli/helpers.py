"""What every command shares: one unit of work, one commit, refusals as exit status 1."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal import config
from portal.app import create_app as compose
from portal.cli import refusals, schema
from portal.config import Config
from portal.db import db
from portal.errors import PortalError
from portal.search.engine import IndexBusyError, IndexDamagedError

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For a program to read.")


class GivenPath(click.Path):
    """A path, but not an empty one: that would be the current folder, which nobody has named."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Return the path."""
        if not os.fspath(value).strip():
            self.fail("a path can not be empty", param, ctx)
        return super().convert(value, param, ctx)


def refuse(message: str) -> click.exceptions.Exit:
    """Say why on standard error and return the exception that ends with status 1."""
    click.echo(message, err=True)
    return click.exceptions.Exit(1)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what is refused inside, by us, the database or the index, into one line and status 1."""
    try:
        yield
    except (config.ConfigError, PortalError) as error:
        raise refuse(str(error)) from error
    except (IndexDamagedError, IndexBusyError) as error:
        raise refuse(refusals.of_index(error)) from error
    except DBAPIError as error:
        if not refusals.is_outside(error):
            raise
        raise refuse(refusals.of_database(error, config.load().database_url)) from error


def create_app(settings: Config) -> Flask:
    """Build the application over a database that is at the newest migration.

    Raises:
        ConfigError: when the settings can not be used.
        Conflict: when the database is not at the newest migration.
        DBAPIError: when there is no database to ask.
    """
    app = compose(settings)
    with app.app_context():
        schema.require()
    return app


@contextmanager
def unit(*, any_schema: bool = False) -> Iterator[Flask]:
    """Run one unit of work: the application's context, one commit at the end, none on a refusal.

    Unless `any_schema`, the database must be at the newest migration.
    """
    with refusing():
        settings = config.load()
        app = compose(settings) if any_schema else create_app(settings)
        with app.app_context():
            try:
                yield app
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise


def bar(length: int, label: str, *, hidden: bool) -> Any:  # noqa: ANN401  # click keeps its type to itself
    """Return a progress bar on standard error, shown when that is a terminal."""
    return click.progressbar(
        length=max(length, 1),
        label=label,
        file=sys.stderr,
        hidden=hidden or not sys.stderr.isatty(),
    )


def echo_json(value: object) -> None:
    """Print a value as JSON for a program to read."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
