"""Many rows of whole numbers read from and written to the database as arrays, fast."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Select, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from portal.db import db
from portal.insights.lift.rules import Numbers

LOT = 50_000
_BLOCK = 1 << 26
_SIGNED = b"PGCOPY\n\xff\r\n\x00"


class seconds(FunctionElement[int]):  # noqa: N801  # a function of SQL
    """The whole Unix seconds of a moment, the same in both databases."""

    type = BigInteger()
    inherit_cache = True


@compiles(seconds, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:  # noqa: ANN401
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(seconds, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:  # noqa: ANN401
    return f"floor(extract(epoch FROM {compiler.process(element.clauses, **options)}))::bigint"


def few(query: Select[Any] | Any, width: int) -> list[Numbers]:  # noqa: ANN401  # or a union
    """Return the columns of a query with few rows as arrays of 64-bit integers."""
    rows: Any = db.session.connection().execute(query).all()
    table = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, width)
    return [table[:, i] for i in range(width)]


def read(query: Select[Any] | Any, width: int) -> list[Numbers]:  # noqa: ANN401  # or a union
    """Return the columns of a query as arrays of 64-bit integers; none may be NULL.

    Every column is to be 64 bits wide on PostgreSQL (`cast(…, BigInteger)` or `seconds`).
    """
    connection = db.session.connection()
    raw: Any = connection.connection.driver_connection
    compiled = query.compile(connection.engine, compile_kwargs={"literal_binds": True})
    blocks = list(
        _copied(raw, str(compiled).replace("%%", "%"), width)
        if connection.dialect.name == "postgresql"
        else _fetched(raw, str(compiled), width)
    )
    if not blocks:
        return [np.zeros(0, dtype=np.int64) for _ in range(width)]
    return [np.concatenate([block[i] for block in blocks]) for i in range(width)]


def _fetched(raw: Any, sql: str, width: int) -> Iterator[list[Numbers]]:  # noqa: ANN401
    cursor = raw.execute(sql)
    while rows := cursor.fetchmany(LOT):
        table = np.array(rows, dtype=np.int64)
        yield [table[:, i].copy() for i in range(width)]


def _copied(raw: Any, sql: str, width: int) -> Iterator[list[Numbers]]:  # noqa: ANN401
    """Read by binary COPY: a count of fields, then each one's length and big-endian value."""
    row = np.dtype(
        [("fields", ">i2")]
        + [
            (f"{name}{i}", kind)
            for i in range(width)
            for name, kind in (("l", ">i4"), ("v", ">i8"))
        ]
    )
    held = bytearray()
    with raw.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)") as copy:
        for data in copy:
            held += data
            if held.startswith(_SIGNED):
                del held[: len(_SIGNED) + 8]
            if len(held) > _BLOCK:
                whole = len(held) // row.itemsize * row.itemsize
                yield _parsed(bytes(held[:whole]), row, width)
                del held[:whole]
    whole = len(held) // row.itemsize * row.itemsize  # two bytes say that it ends
    if whole:
        yield _parsed(bytes(held[:whole]), row, width)


def _parsed(data: bytes, row: Any, width: int) -> list[Numbers]:  # noqa: ANN401
    table = np.frombuffer(data, dtype=row)
    return [table[f"v{i}"].astype(np.int64) for i in range(width)]


def write(table: Table, arrays: dict[str, Numbers]) -> None:
    """Add rows of 32-bit numbers, given by column."""
    connection = db.session.connection()
    raw: Any = connection.connection.driver_connection
    names = list(arrays)
    if not len(arrays[names[0]]):
        return
    if connection.dialect.name != "postgresql":
        columns = [np.asarray(arrays[name]).tolist() for name in names]
        raw.executemany(_insert(table, names), zip(*columns, strict=True))
        return
    row = [("fields", ">i2")]
    for name in names:
        row += [(f"l_{name}", ">i4"), (name, ">i4")]
    packed = np.empty(len(arrays[names[0]]), dtype=row)
    packed["fields"] = len(names)
    for name in names:
        packed[f"l_{name}"], packed[name] = 4, arrays[name]
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(_SIGNED + bytes(8))
        data = memoryview(packed.tobytes())
        for start in range(0, len(data), _BLOCK):
            copy.write(data[start : start + _BLOCK])
        copy.write(b"\xff\xff")


def _insert(table: Table, names: Sequence[str]) -> str:
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  # ours


def write_rows(table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows of any kind, given as tuples in the order of the columns' names."""
    connection = db.session.connection()
    raw: Any = connection.connection.driver_connection
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        raw.executemany(_insert(table, names), rows)
        return
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
