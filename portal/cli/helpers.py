"""What every command shares: one unit of work, one commit, refusals as exit status 1."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from portal import config
from portal.app import create_app
from portal.db import db
from portal.errors import PortalError


def refuse(message: str) -> click.exceptions.Exit:
    """Say why on standard error and return the exception that ends with status 1."""
    click.echo(message, err=True)
    return click.exceptions.Exit(1)


@contextmanager
def unit() -> Iterator[Flask]:
    """Run one unit of work: the application's context, one commit at the end, none on a refusal."""
    try:
        app = create_app(config.load())
    except config.ConfigError as error:
        raise refuse(str(error)) from error
    with app.app_context():
        try:
            yield app
            db.session.commit()
        except PortalError as error:
            db.session.rollback()
            raise refuse(str(error)) from error
        except BaseException:
            db.session.rollback()
            raise


def echo_json(value: object) -> None:
    """Print a value as JSON for a program to read."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
