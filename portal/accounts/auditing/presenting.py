"""What the page of the audit log shows: entries in words, the state of the chain, its files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from portal.accounts.auditing import labels, queries
from portal.audit.checking import Finding, Report
from portal.audit.rules import Details, Entry
from portal.web import words
from portal.web.tables import Column, Table

Row = tuple[Entry, Details | None]
SHOWN_MOST = 10
"""How many findings the page tells; `portal audit verify` tells all."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of what was changed."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry."""

    number: int
    at: datetime
    what: str
    who: str
    kind: str
    key: str
    url: str
    changes: list[Change]
    address: str
    request_id: str


def lines(rows: Sequence[Row]) -> list[Line]:
    """Show entries."""
    names = queries.names(_people(rows))
    return [_line(entry, details, names) for entry, details in rows]


def _people(rows: Sequence[Row]) -> set[int]:
    """Return the numbers of all people some entries tell of."""
    ids = {entry.actor for entry, _ in rows if entry.actor is not None}
    keys = {entry.key for entry, _ in rows if entry.kind == "user" and entry.key.isdecimal()}
    return ids | {int(key) for key in keys if len(key) < 10}  # noqa: PLR2004  # as ids are


def _name(number: int, names: Mapping[int, str]) -> str:
    """Return who has a number; somebody who was erased keeps the number alone."""
    name = names.get(number, "—")
    return name if name != "—" else gettext("Person %(number)s, erased", number=number)


def _line(entry: Entry, details: Details | None, names: Mapping[int, str]) -> Line:
    personal = details.personal if details else {}
    is_person = entry.kind == "user" and entry.key.isdecimal()
    url = url_for("publishing.show", slug=entry.key) if entry.kind == "asset" else ""
    return Line(
        number=entry.sequence,
        at=entry.at,
        what=words.label(labels.ACTIONS, entry.action),
        who=who(entry, names),
        kind=words.label(labels.KINDS, entry.kind),
        key=_name(int(entry.key), names) if is_person else entry.key,
        url=url,
        changes=changes(entry, personal),
        address=str(personal.get("address", "")),
        request_id=entry.request_id,
    )


def who(entry: Entry, names: Mapping[int, str]) -> str:
    """Return who did something, in words."""
    if entry.actor is not None:
        return _name(entry.actor, names)
    return words.label(labels.FROM, entry.via)


def changes(entry: Entry, personal: Mapping[str, Any]) -> list[Change]:
    """Return what was changed, field by field; what is the same on both sides is left out."""
    before = {**(entry.before or {}), **personal.get("before", {})}
    after = {**(entry.after or {}), **personal.get("after", {})}
    return [
        Change(field, _said(before.get(field)), _said(after.get(field)))
        for field in sorted({*before, *after})
        if before.get(field) != after.get(field)
    ]


def _said(value: object) -> str:
    if value is None or value == "":
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the log is as it was written."""

    good: bool
    said: str
    findings: list[str]


def verdict(report: Report, total: int) -> Verdict:
    """Say what reading the chain, or its newest part, has found."""
    if report.good and report.entries < total:
        said = gettext(
            "The newest %(some)s of %(all)s entries are as they were written. "
            "All of them are read every night.",
            some=report.entries, all=total,
        )  # fmt: skip
    elif report.good:
        said = ngettext(
            "The one entry is as it was written.",
            "All %(num)d entries are as they were written.",
            report.entries,
        )
        said = said if report.entries else gettext("Nothing has been written yet.")
    else:
        said = gettext("The log is not as it was written. Find out who can write to the database.")
    return Verdict(report.good, said, [_found(it) for it in report.findings[:SHOWN_MOST]])


def _found(it: Finding) -> str:
    what = words.label(labels.TROUBLES, it.trouble)
    if it.last > it.sequence > 0 and it.trouble.spans:
        return f"№ {it.sequence}–{it.last}: {what}"  # a sign of numbers
    return f"№ {it.sequence or it.last}: {what}"


def table(rows: Sequence[Row]) -> Table:
    """Return entries as a table for files."""
    names = queries.names(_people(rows))
    return Table(
        "audit",
        gettext("Audit log"),
        [
            Column(key, key)
            for key in ("number", "at", "actor", "who", "via", "action", "kind", "key", "before",
                        "after", "address", "request", "hash")
        ],
        [_cells(entry, details, names) for entry, details in rows],
    )  # fmt: skip


def _cells(
    entry: Entry, details: Details | None, names: Mapping[int, str]
) -> dict[str, str | int | datetime | None]:
    personal = details.personal if details else {}
    sides = {
        side: {**(kept or {}), **personal.get(side, {})}
        for side, kept in (("before", entry.before), ("after", entry.after))
    }
    return {
        "number": entry.sequence,
        "at": entry.at,
        "actor": entry.actor,
        "who": who(entry, names),
        "via": entry.via,
        "action": entry.action,
        "kind": entry.kind,
        "key": entry.key,
        "before": _said(sides["before"] or None),
        "after": _said(sides["after"] or None),
        "address": str(personal.get("address", "")),
        "request": entry.request_id,
        "hash": entry.hash,
    }
