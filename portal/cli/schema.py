"""Where the database's schema is, where it should be, and moving it between migrations."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal.db import db, reading, sqlite_file
from portal.errors import Conflict

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config() -> AlembicConfig:
    """Return Alembic's settings for this project's migrations."""
    settings = AlembicConfig(str(MIGRATIONS / "alembic.ini"))
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings


def numbers() -> list[str]:
    """Return the numbers of all migrations, oldest first."""
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return sorted(script.revision for script in scripts)


def head() -> str:
    """Return the newest migration's number."""
    found = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert found is not None  # noqa: S101  # the folder ships with the program
    return found


def current() -> str | None:
    """Return the number the database is at, or None when it is empty or not there."""
    file = sqlite_file(db.engine)
    if file is not None and not file.exists() and file.parent.is_dir():
        return None  # connecting would make it
    with reading(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


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
    _known()
    current_app.logger.debug("migrating to %s", revision)
    command.upgrade(alembic_config(), revision)


def downgrade(revision: str) -> None:
    """Take the schema back to a migration; `base` empties the database."""
    _known()
    command.downgrade(alembic_config(), revision)


def _known() -> None:
    """Get ready to migrate; refuse a database whose migration is not one of ours."""
    db.session.remove()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    at = current()
    if at is not None and at not in numbers():
        raise Conflict(f"The database is at {at}, which is unknown here: {remedy(at)}.")
