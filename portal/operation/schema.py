"""Where the database's schema is and where it should be; `portal.cli.schema` moves it."""

from functools import cache
from pathlib import Path

from sqlalchemy import inspect, text

from portal.db import db, reading, sqlite_file

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def numbers() -> list[str]:
    """Return the numbers of all migrations, oldest first."""
    return sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("*.py"))


@cache
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


def recorded() -> str | None:
    """Return the number by the session's own transaction; the table is there once it was made."""
    found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return found
