"""Runs migrations inside one transaction, on SQLite with foreign keys off and checked after."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.db import db

config = context.config
target = db.Model.metadata


def run(connection: Connection) -> None:
    """Migrate: batch mode on SQLite rebuilds tables, which must not delete their children."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
    try:
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=sqlite,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    message = f"the migration broke foreign keys: {broken[:5]}"
                    raise RuntimeError(message)
    finally:
        if sqlite:
            raw.execute("PRAGMA foreign_keys=ON")


def online() -> None:
    """Use the connection of a caller when there is one (tests), else one of the engine's."""
    given = config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    with current_app.extensions["sqlalchemy"].engine.connect() as connection:
        run(connection)
        connection.commit()


if context.is_offline_mode():
    message = "run migrations online: `portal db upgrade`"
    raise SystemExit(message)
online()
