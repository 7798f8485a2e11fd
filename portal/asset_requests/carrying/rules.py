"""What a row of a file of requests says, checked; what a request says as a row. Pure."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from portal.accounts.rules import Department
from portal.asset_requests.rules import ANSWERING, FACETS, SITUATION_MOST, TITLE_MOST, State
from portal.config import Language
from portal.library.rules import Kind
from portal.markup import cells

TIMES = ("asked_at", "acknowledged_at", "taken_on_at", "delivered_at", "settled_at")
COLUMNS = (
    "id",
    "title",
    "situation",
    "kind",
    "language",
    *FACETS,
    "department",
    "urgent",
    "needed_by",
    "query",
    "state",
    "requester",
    "assignee",
    "supporters",
    "asset",
    "delivered",
    *TIMES,
)
"""The columns written; of those read only `title` and `requester` have to be there."""
NEEDED = ("title", "requester")
ID_MOST = 200
YEARS = range(1990, 2101)
"""What a time in a file may be in: others are mistakes, and calendars end."""
YES = frozenset({"1", "yes", "true", "x", "có", "да"})


@dataclass(frozen=True, slots=True)
class Row:
    """A request as a file has it; people by e-mail, assets by slug."""

    token: str
    title: str
    situation: str
    kind: str | None
    language: str | None
    facets: Mapping[str, str]
    department: str
    urgent: bool
    needed_by: date | None
    query: str
    state: State
    requester: str
    assignee: str
    supporters: tuple[str, ...]
    asset: str
    delivered: str
    times: Mapping[str, datetime]


def token_of(identifier: str) -> str:
    """Return by what a request is known again: our own token, or one made of a foreign id."""
    if identifier.startswith("arsenal:"):
        return identifier.removeprefix("arsenal:")[:40]
    return "i" + hashlib.sha256(identifier.encode()).hexdigest()[:39]


def delimiter_of(header: str) -> str:
    """Return what parts the columns of a file, by its first line."""
    return max(",;\t", key=header.count)


def rows_of(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows of a file as (number, column → value); the first row below the header is 2.

    Raises:
        ValueError: when columns that are needed are missing, or it is no CSV.
    """
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(first))
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise ValueError(f"no column {' and '.join(missing)}")
        reader.fieldnames = names
        for number, row in enumerate(reader, start=2):
            yield number, {k: _plain(v) for k, v in row.items() if k and isinstance(v, str)}
    except csv.Error as error:
        raise ValueError(f"no CSV: {error}") from error


def _plain(cell: str) -> str:
    return cells.plain(cell.replace("\x00", ""))


def read(said: Mapping[str, str]) -> Row:
    """Read a row.

    Raises:
        ValueError: says which column can not be used, and why.
    """
    told = {name: value.strip() for name, value in said.items()}
    state = _one(told, "state", set(State), State.ASKED.value)
    row = Row(
        token=token_of(_identifier(told)),
        title=" ".join(_text(told, "title", TITLE_MOST, needed=True).split()),
        situation=_text(told, "situation", SITUATION_MOST),
        kind=_one(told, "kind", set(Kind), "") or None,
        language=_one(told, "language", set(Language), "") or None,
        facets={name: _text(told, name, 80) for name in FACETS},
        department=_one(told, "department", set(ANSWERING), Department.MARKETING.value),
        urgent=told.get("urgent", "").casefold() in YES,
        needed_by=_day(told, "needed_by"),
        query=" ".join(_text(told, "query", 300).split()),
        state=State(state),
        requester=_text(told, "requester", 254, needed=True),
        assignee=told.get("assignee", ""),
        supporters=tuple(
            one for one in (p.strip() for p in told.get("supporters", "").split(";")) if one
        ),
        asset=told.get("asset", ""),
        delivered=told.get("delivered", ""),
        times={name: at for name in TIMES if (at := _moment(told, name)) is not None},
    )
    if row.state is State.TAKEN_ON and not row.assignee:
        raise ValueError("assignee is empty, but somebody has taken it on")
    ordered = [row.times[name] for name in TIMES if name in row.times]
    if ordered != sorted(ordered):
        raise ValueError("times are not in their order")
    return row


def _identifier(told: Mapping[str, str]) -> str:
    """Return the id of a row; one without is known by who asked, what and when."""
    given = told.get("id", "")
    if len(given) > ID_MOST:
        raise ValueError("id is too long")
    said = (told.get("requester", ""), told.get("title", ""), told.get("asked_at", ""))
    return given or "\n".join(said)


def _text(told: Mapping[str, str], name: str, most: int, *, needed: bool = False) -> str:
    value = told.get(name, "")
    if needed and not value:
        raise ValueError(f"{name} is empty")
    if len(value) > most:
        raise ValueError(f"{name} has more than {most} characters")
    return value


def _one(told: Mapping[str, str], name: str, known: Iterable[str], usual: str) -> str:
    value = told.get(name, "").lower()
    if not value:
        return usual
    if value not in {str(it) for it in known}:
        raise ValueError(f"{name}: nothing is called {value[:40]!r}")
    return value


def _day(told: Mapping[str, str], name: str) -> date | None:
    value = told.get(name, "")
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError as error:
        raise ValueError(f"{name} is no day, as 2026-11-25") from error
    if day is not None and day.year not in YEARS:
        raise ValueError(f"{name} is too far away")
    return day


def _moment(told: Mapping[str, str], name: str) -> datetime | None:
    value = told.get(name, "")
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{name} is no time, as 2026-11-25T09:30:00+07:00") from error
    if at.tzinfo is None:
        raise ValueError(f"{name} says no time zone, as +07:00 or Z")
    if at.year not in YEARS:
        raise ValueError(f"{name}: there was nothing to ask for in the year {at.year}")
    return at


def write(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give the lines of a file, the header first; spreadsheets compute nothing of it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in chain([COLUMNS], rows):
        writer.writerow([cells.guarded(_cell(value)) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: Any) -> str:  # noqa: ANN401  # whatever a column holds
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
