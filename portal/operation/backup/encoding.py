"""Values of rows as JSON that both databases can be given: by kind, exactly, one row a line."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

MOMENT = "%Y-%m-%d %H:%M:%S.%f"
"""How SQLite keeps a moment, in UTC."""


def kind_of(column: sa.types.TypeEngine[Any]) -> str:
    """Return the kind of a column's values.

    Raises:
        TypeError: when nobody has said how such values are kept.
    """
    for kinds, name in _KINDS:
        if isinstance(column, kinds):
            return name
    message = f"no way to keep {column!r} in a backup: teach portal/operation/backup/encoding.py"
    raise TypeError(message)


_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((sa.Boolean,), "boolean"),
    ((sa.Integer,), "integer"),
    ((sa.Double, sa.Float), "float"),
    ((sa.Numeric,), "decimal"),
    ((sa.DateTime,), "moment"),
    ((sa.Date,), "date"),
    ((sa.JSON,), "json"),
    ((sa.LargeBinary,), "bytes"),
    ((sa.String,), "text"),
)


def _moment(value: datetime) -> str:
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.replace(tzinfo=None).strftime(MOMENT)


_OUT: dict[str, Callable[[Any], Any]] = {
    "moment": _moment,
    "date": lambda value: value.isoformat(),
    "decimal": str,
    "bytes": lambda value: base64.b64encode(value).decode("ascii"),
}


def line(kinds: Sequence[str], row: Sequence[Any]) -> bytes:
    """Return a row as one line."""
    told = [
        value if value is None or kind not in _OUT else _OUT[kind](value)
        for kind, value in zip(kinds, row, strict=True)
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


_IN: dict[str, dict[str, Callable[[Any], Any]]] = {
    "sqlite": {
        "boolean": int,
        "decimal": lambda value: float(Decimal(value)),
        "bytes": base64.b64decode,
    },
    "postgresql": {
        "moment": lambda value: value + "+00",
        "bytes": base64.b64decode,
    },
}


def row(dialect: str, kinds: Sequence[str], told: bytes) -> list[Any]:
    """Return a line as the driver of a database is given it.

    Raises:
        ValueError: when it is no row of these kinds.
    """
    values = json.loads(told)
    if not isinstance(values, list):
        message = "a line is no row"
        raise ValueError(message)  # noqa: TRY004  # what all bad lines raise
    changes = _IN[dialect]
    return [
        value if value is None or kind not in changes else changes[kind](value)
        for kind, value in zip(kinds, values, strict=True)
    ]
