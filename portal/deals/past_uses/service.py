"""Loads past uses row by row, a chunk at a time; the same file again changes nothing."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from portal import clock
from portal.accounts.rules import email_keys
from portal.db import db, inserting
from portal.deals.importing.reading import bounded
from portal.deals.past_uses import queries, rules
from portal.deals.past_uses.rules import Report, Use
from portal.usage.models import UsageEvent

_TABLE: Any = UsageEvent.__table__


def _header(first: str) -> tuple[str, list[str]]:
    """Return what parts the columns, and their names.

    Raises:
        ValueError: when needed ones are not there.
    """
    delimiter = rules.delimiter_of(first)
    named = next(csv.reader([first], delimiter=delimiter), [])
    header = [name.strip().casefold() for name in named]
    if lacking := rules.missing(header):
        names, gone = ", ".join(rules.NEEDED), ", ".join(lacking)
        message = f"the first line must name the columns {names}; not there: {gone}"
        raise ValueError(message)
    return delimiter, header


def _values(line: str | None, delimiter: str, columns: int) -> list[str]:
    """Return the values of a line.

    Each line is a row of its own: no value of a use has line breaks, and a stray quotation mark
    would swallow the rest of the file.
    """
    if line is None:
        message = f"longer than {rules.LINE_MOST} characters"
        raise ValueError(message)
    found = next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    if len(found) != columns:
        message = f"{len(found)} values for {columns} columns"
        raise ValueError(message)
    return found


def chunks(file: TextIO, report: Report, *, zone: str) -> Iterator[list[Use]]:
    """Read the uses of a file, some at a time; rows that are none are told in the report.

    Raises:
        ValueError: when the file has no header with the needed columns.
    """
    lines = bounded(file, rules.LINE_MOST)
    delimiter, header = _header(next(lines, "") or "")
    company, now = ZoneInfo(zone), clock.now()
    found: list[Use] = []
    for number, line in enumerate(lines, 2):
        if line is not None and not line.strip():
            continue
        report.rows += 1
        try:
            row = dict(zip(header, _values(line, delimiter, len(header)), strict=True))
            found.append(rules.read(number, row, zone=company, now=now))
        except (ValueError, csv.Error) as error:
            report.reject(number, str(error))
        if len(found) >= rules.CHUNK:
            yield found
            found = []
    if found:
        yield found


class Known:
    """Who and what files mean, asked once a load; `seen`: uses counted, when none is written."""

    def __init__(self) -> None:
        self.people = queries.people()
        self.assets = queries.assets()
        self.seen: set[str] = set()


def keep(uses: Sequence[Use], known: Known, report: Report, *, dry: bool = False) -> None:
    """Write the uses of a chunk that are not there yet; `dry`: only say what would be done."""
    told = queries.deals({use.deal for use in uses if use.deal})
    past = queries.histories({number for numbers in told.values() for number in numbers})
    there = queries.there({use.key for use in uses}) | (known.seen if dry else set())
    rows: list[dict[str, Any]] = []
    for use in uses:
        if use.key in there:
            report.unchanged += 1
            continue
        try:
            person, asset, deal = _meant(use, known, told)
        except ValueError as error:
            report.reject(use.row, str(error))
            continue
        there.add(use.key)
        report.created += 1
        rows.append(
            {
                "at": use.at, "action": use.action.value, "user_id": person, "asset_id": asset,
                "language": use.language, "revision": use.revision, "deal_id": deal,
                "stage": rules.stage_at(past[deal], use.at) if deal in past else None,
                "import_key": use.key,
            }
        )  # fmt: skip
    if dry:
        known.seen.update(row["import_key"] for row in rows)
    elif rows:
        connection = db.session.connection()
        once = inserting(_TABLE, connection).on_conflict_do_nothing(index_elements=["import_key"])
        connection.execute(once, rows)


def _meant(use: Use, known: Known, deals: dict[str, list[int]]) -> tuple[int, int, int | None]:
    """Return the person, asset and deal a use means.

    Raises:
        ValueError: when there is none such, or more than one.
    """
    person = _first(known.people.get(key) for key in email_keys(use.rep))
    asset = known.assets.get(use.asset)
    numbers = deals.get(use.deal, []) if use.deal else []
    if person is None:
        reason = f"nobody has the e-mail {use.rep}"
    elif asset is None:
        reason = f"there is no asset {use.asset}"
    elif use.deal and not numbers:
        reason = f"there is no deal {use.deal}"
    elif len(numbers) > 1:
        reason = f"{len(numbers)} deals are called {use.deal}, in different systems"
    else:
        return person, asset, numbers[0] if numbers else None
    raise ValueError(reason)


def _first(found: Iterable[int | None]) -> int | None:
    return next((number for number in found if number is not None), None)
