"""Fills any table with rows from its reflected columns alone, so that migrations meet data."""

from datetime import UTC, date, datetime

import sqlalchemy as sa

ROWS = 3
MOMENT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def value(column, number, engine):
    """The number-th value for a column; distinct, within its length."""
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return bool(number % 2)
    if isinstance(kind, sa.Integer | sa.Numeric | sa.Float):
        return number + 1
    if isinstance(kind, sa.DateTime):
        return MOMENT.replace(tzinfo=None) if engine.dialect.name == "sqlite" else MOMENT
    if isinstance(kind, sa.Date):
        return date(2026, 11, 1 + number)
    if isinstance(kind, sa.JSON):
        return {"số": number}
    if isinstance(kind, sa.LargeBinary):
        return f"{number}".encode()
    if isinstance(kind, sa.String):
        return f"ё{number}"[: kind.length or 100]
    message = f"no value for {column} of type {kind!r}: teach tests/house/rows.py"
    raise TypeError(message)


def reflect(connection):
    """The tables as the database has them, parents first, without alembic's own."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def fill(engine, only=()):
    """Put rows into the tables named (all when none is): children point at existing parents."""
    with engine.begin() as connection:
        for table in reflect(connection):
            if only and table.name not in only:
                continue
            for number in range(ROWS):
                row = {}
                for column in table.columns:
                    keys = list(column.foreign_keys)
                    if keys:
                        row[column.name] = number + 1  # parents got the ids 1, 2, 3
                    elif column.primary_key and isinstance(column.type, sa.Integer):
                        row[column.name] = number + 1
                    else:
                        row[column.name] = value(column, number, engine)
                connection.execute(table.insert().values(row))


def contents(engine):
    """Table → its rows as dicts of text, in the order of their first column."""
    found = {}
    with engine.connect() as connection:
        for table in reflect(connection):
            query = table.select().order_by(*table.columns[:1])
            found[table.name] = [
                {name: str(cell) for name, cell in row._mapping.items()}
                for row in connection.execute(query)
            ]
        connection.rollback()
    return found


def kept(before, after):
    """What was lost or changed of the rows before, in tables and columns both still have."""
    lost = []
    for table in before.keys() & after.keys():
        if len(before[table]) != len(after[table]):
            lost.append(f"{table}: {len(before[table])} rows became {len(after[table])}")
            continue
        for old, new in zip(before[table], after[table], strict=True):
            lost += [
                f"{table}.{name}: {old[name]} became {new[name]}"
                for name in old.keys() & new.keys()
                if old[name] != new[name]
            ]
    return lost
