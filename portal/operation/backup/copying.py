"""Rows out of a database in one snapshot, and into an empty one: the same on both databases."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from portal.db import reading
from portal.operation.backup import encoding, rules

LOT, LARGE_LOT = 100, 4
"""Rows read at a time; fewer of tables that hold files."""
PART_BYTES = 4_000_000
"""Bytes of rows in a member before they are packed; a row larger than that has one of its own."""

Columns = Mapping[str, list[tuple[str, str]]]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the database as it is now, whatever others write meanwhile.

    On SQLite a reader of a WAL has that by itself, from its first look on; it keeps nobody waiting.
    """
    with reading(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(sa.text("SET TRANSACTION READ ONLY"))
        connection.execute(sa.text("SELECT count(*) FROM alembic_version"))  # it begins here
        yield connection
        connection.rollback()


def schema_of(connection: Connection) -> str:
    """Return the migration a database is at."""
    return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def tables(connection: Connection, *, also: frozenset[str] = frozenset()) -> Columns:
    """Return the tables that are kept, with their columns and kinds."""
    inspector = sa.inspect(connection)
    names = sorted(set(inspector.get_table_names()) - (rules.SKIPPED - also))
    return {
        name: [(c["name"], encoding.kind_of(c["type"])) for c in inspector.get_columns(name)]
        for name in names
    }


def _select(connection: Connection, name: str) -> sa.Select[Any]:
    """Return all rows of a table, by its key; JSON as the text it is."""
    inspector = sa.inspect(connection)
    found = [sa.column(c["name"], c["type"]) for c in inspector.get_columns(name)]
    table = sa.table(name, *found)
    kinds = [encoding.kind_of(column.type) for column in found]
    values = [
        sa.cast(table.c[c.name], sa.Text).label(c.name) if kind == "json" else table.c[c.name]
        for c, kind in zip(found, kinds, strict=True)
    ]
    key = inspector.get_pk_constraint(name)["constrained_columns"]
    return sa.select(*values).order_by(*(table.c[column] for column in key))


def parts(
    connection: Connection, name: str, columns: list[tuple[str, str]]
) -> Iterator[list[bytes]]:
    """Yield the rows of a table as lines, some at a time: memory holds no more than that."""
    kinds = [kind for _, kind in columns]
    lines: list[bytes] = []
    size = 0
    options = {"stream_results": True, "yield_per": LARGE_LOT if "bytes" in kinds else LOT}
    for row in connection.execute(_select(connection, name), execution_options=options):
        made = encoding.line(kinds, tuple(row))
        if lines and size + len(made) > PART_BYTES:
            yield lines
            lines, size = [], 0
        lines.append(made)
        size += len(made)
    if lines:
        yield lines


# --- in -----------------------------------------------------------------------------------------


def is_used(connection: Connection) -> bool:
    """Whether anybody has begun to use a database: there are people or assets."""
    names = set(sa.inspect(connection).get_table_names())
    return any(
        connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1))
        for name in ("users", "assets")
        if name in names
    )


def clear(connection: Connection) -> None:
    """Empty the tables of a database that migrations have put rows into."""
    for name in sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"}):
        table = sa.table(name)
        if connection.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)):
            connection.execute(sa.delete(table))


@contextmanager
def unchecked(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose transaction takes rows in any order; all links hold at its end.

    PostgreSQL: the foreign keys are taken away and made again, which looks at every row, in the
    same transaction: no superuser is needed. SQLite: switched off, and looked at in the end.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            try:
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise rules.UnusableError(f"its rows do not fit together: {broken[:3]}")
                connection.commit()
            finally:
                connection.rollback()
                raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
            return
        links = _foreign_keys(connection)
        for table, name, _ in links:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield connection
        for table, name, definition in links:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        connection.commit()


def _foreign_keys(connection: Connection) -> list[tuple[str, str, str]]:
    found = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace "
        "ORDER BY 1, 2"
    )
    return [(table, name, definition) for table, name, definition in found]


def load(connection: Connection, name: str, columns: list[tuple[str, str]], lines: Any) -> int:  # noqa: ANN401
    """Put rows into a table, LOT by LOT; returns how many."""
    kinds = [kind for _, kind in columns]
    quote = connection.dialect.identifier_preparer.quote
    into = f"{quote(name)} ({', '.join(quote(column) for column, _ in columns)})"
    rows = (encoding.row(connection.dialect.name, kinds, line) for line in lines)
    count = 0
    cursor: Any = connection.connection.cursor()
    try:
        if connection.dialect.name == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    count += 1
            return count
        marks = ", ".join("?" for _ in columns)
        lot: list[list[Any]] = []
        for row in rows:
            lot.append(row)
            count += 1
            if len(lot) == LOT:
                cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", lot)  # noqa: S608  # names of our schema
                lot = []
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", lot)  # noqa: S608
    finally:
        cursor.close()
    return count


def count_on(connection: Connection) -> None:
    """Let PostgreSQL's sequences go on after the highest numbers there are."""
    if connection.dialect.name != "postgresql":
        return
    found = connection.exec_driver_sql(
        "SELECT quote_ident(c.table_name), c.table_name, c.column_name "
        "FROM information_schema.columns c "
        "WHERE c.table_schema = current_schema() "
        "AND pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) IS NOT NULL"
    ).fetchall()
    for quoted, table, column in found:
        connection.execute(
            sa.text(
                f"SELECT setval(pg_get_serial_sequence(:table, :column), "  # noqa: S608
                f"coalesce(max({column}), 0) + 1, false) FROM {quoted}"
            ),
            {"table": table, "column": column},
        )
