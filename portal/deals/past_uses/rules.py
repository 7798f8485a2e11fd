"""What a row of a file of past uses says, checked; which stage a deal was in. Pure."""

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.config import Language
from portal.usage.rules import INTEGER_MOST, Action

COLUMNS = ("use_id", "at", "rep", "asset_id", "action", "deal_id", "language", "version")
"""The columns read; others, such as `seconds`, are left alone."""
NEEDED = ("use_id", "at", "rep", "asset_id", "action")
ACTIONS = {
    "viewed": Action.VIEWED,
    "opened": Action.VIEWED,  # the ledger's own "opened" is a hit of a search
    "copied": Action.COPIED,
    "downloaded": Action.DOWNLOADED,
    "printed": Action.PRINTED,
}
ID_MOST = 200
LINE_MOST = 20_000
"""Characters of a line; a longer one is no use of an asset."""
CHUNK = 1000
"""Rows written in one transaction."""
REJECTED_MOST = 10_000
"""Rows whose reason is told; of more only the number."""
YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Use:
    """A use as a file has it: person, asset and deal by what the other system calls them."""

    row: int
    key: str
    at: datetime
    rep: str
    asset: str
    action: Action
    deal: str
    language: str | None
    revision: int | None


@dataclass(slots=True)
class Report:
    """What became of the rows of a file."""

    rows: int = 0
    created: int = 0
    unchanged: int = 0
    refused: int = 0
    rejected: list[dict[str, object]] = field(default_factory=list)

    def reject(self, row: int, reason: str) -> None:
        """Note that a row was not taken, and why."""
        self.refused += 1
        if len(self.rejected) < REJECTED_MOST:
            self.rejected.append({"row": row, "reason": reason})


def delimiter_of(header: str) -> str:
    """Return what parts the columns of a file, by its first line."""
    return max(",;\t", key=header.count)


def missing(header: Sequence[str]) -> list[str]:
    """Return the needed columns a header does not name."""
    return [name for name in NEEDED if name not in header]


def key_of(use_id: str) -> str:
    """Return by what a use is known again when it is loaded again."""
    return hashlib.sha256(use_id.encode("utf-8", "replace")).hexdigest()


def _id(value: str, name: str) -> str:
    if not value:
        message = f"{name} is empty"
        raise ValueError(message)
    if len(value) > ID_MOST or not value.isprintable():
        message = f"{name} is no identifier"
        raise ValueError(message)
    return value


def _moment(value: str, *, zone: ZoneInfo, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        message = "at is no time, as 2026-11-30T09:15:00+07:00"
        raise ValueError(message) from error
    if at.year not in YEARS:
        message = "at is no time of ours"
        raise ValueError(message)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if at > now:
        message = "at is in the future"
        raise ValueError(message)
    return at


def _revision(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 11 and int(value) <= INTEGER_MOST):  # noqa: PLR2004  # digits
        message = "version is no number"
        raise ValueError(message)
    return int(value)


def read(row: int, told: Mapping[str, str], *, zone: ZoneInfo, now: datetime) -> Use:
    """Return what a row says.

    Raises:
        ValueError: when it says no use; with the reason.
    """
    value = {name: (told.get(name) or "").strip() for name in COLUMNS}
    action = ACTIONS.get(value["action"].casefold())
    if action is None:
        message = f"action is none of {', '.join(ACTIONS)}"
        raise ValueError(message)
    language = value["language"].casefold()
    if language and language not in set(Language):
        message = f"language is none of {', '.join(Language)}"
        raise ValueError(message)
    return Use(
        row=row,
        key=key_of(_id(value["use_id"], "use_id")),
        at=_moment(value["at"], zone=zone, now=now),
        rep=_id(value["rep"], "rep"),
        asset=_id(value["asset_id"], "asset_id"),
        action=action,
        deal=_id(value["deal_id"], "deal_id") if value["deal_id"] else "",
        language=language or None,
        revision=_revision(value["version"]),
    )


def stage_at(history: Sequence[tuple[datetime, str]], at: datetime) -> str | None:
    """Return the stage a deal was in at a time, by when it entered which, the first first."""
    place = bisect_right([moment for moment, _ in history], at)
    return history[place - 1][1] or None if place else None
