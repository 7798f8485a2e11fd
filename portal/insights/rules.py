"""Rows of the report on use: how they are found and sorted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from portal.markup import fold


class Column(StrEnum):
    """What the report can be sorted by."""

    TITLE = "title"
    VIEWS = "views"
    PEOPLE = "people"
    COPIES = "copies"
    LAST_USED = "last_used"


FIRST_DIRECTION = {"title": "asc"}
"""Which way a column is sorted when it is chosen; the others begin with the most."""

FEW_DEALS = 3
"""Of fewer deals no sum is told: it would be the value of somebody's deal."""
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """An asset and how it was used in the window."""

    id: int
    slug: str
    kind: str
    title: str
    language: str
    views: int
    people: int
    copies: int
    last_used: datetime | None


def read_column(raw: str | None) -> Column:
    """Return the column asked for; views when it is none of ours."""
    return next((column for column in Column if column.value == raw), Column.VIEWS)


def read_direction(raw: str | None, column: str) -> str:
    """Return `asc` or `desc`, the column's own first direction when neither is asked for."""
    return raw if raw in {"asc", "desc"} else FIRST_DIRECTION.get(column, "desc")


def matching(lines: Iterable[Line], words: str) -> list[Line]:
    """Return the lines whose title has all the words, in any case, with or without diacritics."""
    wanted = fold(words).split()
    return [line for line in lines if all(word in fold(line.title) for word in wanted)]


def in_order(lines: Iterable[Line], column: Column, direction: str) -> list[Line]:
    """Return lines sorted by a column; equal ones by title and id, whichever the direction."""
    steady = sorted(lines, key=lambda line: (fold(line.title), line.id))
    keys: dict[Column, Callable[[Line], Any]] = {
        Column.TITLE: lambda line: fold(line.title),
        Column.VIEWS: lambda line: line.views,
        Column.PEOPLE: lambda line: line.people,
        Column.COPIES: lambda line: line.copies,
        Column.LAST_USED: lambda line: line.last_used or LONG_AGO,
    }
    return sorted(steady, key=keys[column], reverse=direction == "desc")
