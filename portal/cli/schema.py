"""Where the database's schema is, where it should be, and moving it between migrations.

Alembic is loaded when something moves: a server that starts need only compare two numbers.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import inspect, text

from portal.db import db, reading, sqlite_file
from portal.errors import Conflict

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config() -> "AlembicConfig":
    """Return Alembic's settings for this project's migrations."""
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415  # as said at the top

    settings = AlembicConfig(str(MIGRATIONS / "alembic.ini"))
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings


def numbers() -> list[str]:
    """Return the numbers of all migrations, oldest first."""
    return sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("*.py"))


def head() -> str:
    """Return the newest migration's number."""
    return (MIGRATIONS / "head.txt").read_text("utf-8").strip()


def current() -> str | None:
    """Return the number the database is at, or None when it is empty or not there."""
    file = sqlite_file(db.engine)
    if file is not None and not file.exists() and file.parent.is_dir():
        return None  # connecting would make it
    with reading(), db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def require() -> None:
    """Refuse a database that is not where this version of the portal needs it.

    Raises:
        Conflict: with what to do about it.
    """
    at, newest = current(), head()
    if at != newest:
        raise Conflict(f"The database is at {at or 'base'}, not {newest}: {remedy(at)}.")


def remedy(at: str | None) -> str:
    """Return what to do about a database that is at this number and not at the newest."""
    if at is None or at in numbers():
        return "run `portal db upgrade`"
    return "it was made by a newer portal; install that one"


def upgrade(revision: str = "head") -> None:
    """Bring the schema up to a migration; the application's context must be there."""
    from alembic import command  # noqa: PLC0415  # as said at the top

    _known()
    current_app.logger.debug("migrating to %s", revision)
    command.upgrade(alembic_config(), revision)


def downgrade(revision: str) -> None:
    """Take the schema back to a migration; `base` empties the database."""
    from alembic import command  # noqa: PLC0415  # as said at the top

    _known()
    command.downgrade(alembic_config(), revision)


def _known() -> None:
    """Get ready to migrate; refuse a database whose migration is not one of ours."""
    db.session.remove()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    at = current()
    if at is not None and at not in numbers():
        raise Conflict(f"The database is at {at}, which is unknown here: {remedy(at)}.")
