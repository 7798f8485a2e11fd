"""Many rows into a table with few statements, the quickest way of each database."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.db import db, inserting


def put(model: Any, rows: Sequence[Mapping[str, Any]], unless: str = "") -> None:  # noqa: ANN401
    """Insert rows, all of the same columns; `unless`: one whose value is there already is left out.

    Nothing is returned: many rows in one statement take both databases longer than many statements.
    """
    if not rows:
        return
    connection = db.session.connection()
    told = inserting(model.__table__)
    if unless:
        told = told.on_conflict_do_nothing(index_elements=[unless])
    connection.execute(told, rows)


def added(model: Any, rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, int]:  # noqa: ANN401
    """Insert rows and return their numbers by the column that tells them apart."""
    if not rows:
        return {}
    table, connection = model.__table__, db.session.connection()
    told = inserting(table).returning(table.c[name], table.c.id)
    made = connection.execute(told, rows)
    return {row[0]: row[1] for row in made}
