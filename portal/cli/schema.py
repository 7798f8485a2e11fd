"""Where the database's schema is, where it should be, and moving it between migrations.

Alembic is loaded when something moves: a server that starts need only compare two numbers.
"""

import logging
from typing import TYPE_CHECKING

from flask import current_app

from portal.db import db
from portal.errors import Conflict
from portal.operation.schema import MIGRATIONS, current, head, numbers

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

__all__ = [
    "MIGRATIONS", "alembic_config", "current", "downgrade", "head", "numbers", "remedy", "require",
    "upgrade",
]  # fmt: skip


def alembic_config() -> "AlembicConfig":
    """Return Alembic's settings for this project's migrations."""
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415  # as said at the top

    settings = AlembicConfig(str(MIGRATIONS / "alembic.ini"))
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings


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
