"""Entries of the audit log: the form in which they are hashed, chained and sealed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
"""What the first entry follows."""
FORGOTTEN = "audit.forgotten"
"""The action that tells how many entries lost what was personal of them."""

ACTION_MOST, KIND_MOST, KEY_MOST, REQUEST_MOST = 60, 40, 200, 64
TEXT_MOST, LIST_MOST, DEEPEST = 500, 100, 6
PERSONAL = frozenset({"email", "address", "person", "subject"})
"""Fields of `before` and `after` that name people: kept apart, so that they can be forgotten."""
PEOPLE = frozenset({"user", "invitation"})
"""Kinds of object whose name is somebody's, too; that of an asset or a pipeline is nobody's."""

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done; `sealed` is the seal of what is personal of it, or empty."""

    sequence: int
    at: datetime
    actor: int | None
    via: str
    action: str
    kind: str
    key: str
    before: Facts | None
    after: Facts | None
    request_id: str
    sealed: str
    previous: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What is personal of an entry, with the salt that keeps its seal from being guessed."""

    salt: str
    personal: Facts


@dataclass(frozen=True, slots=True)
class Point:
    """A place of the chain: the head, or an anchor somebody wrote down elsewhere."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        """Return what can be printed, kept elsewhere, and asked for again."""
        return f"{self.sequence}:{self.hash}"


START = Point(0, FIRST)


def point(text: str) -> Point | None:
    """Read what `str(point)` has written; None when it is something else."""
    number, colon, letters = text.strip().partition(":")
    good = number.isascii() and number.isdigit() and len(number) <= 10 and colon  # noqa: PLR2004
    right = len(letters) == len(FIRST) and not letters.strip("0123456789abcdef")
    return Point(int(number), letters) if good and right else None


def canonical(value: object) -> bytes:
    """Return the one way a value is written down before it is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(entry: Entry) -> str:
    """Return the hash of an entry: of all it says, its place, and the hash before it."""
    said = [
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.via,
        entry.action,
        entry.kind,
        entry.key,
        entry.before,
        entry.after,
        entry.request_id,
        entry.sealed,
        entry.previous,
    ]
    return hashlib.sha256(canonical(said)).hexdigest()


def seal(details: Details) -> str:
    """Return the seal of what is personal: it tells nothing, and fits nothing else."""
    return hashlib.sha256(canonical([details.salt, details.personal])).hexdigest()


def follow(head: Point, entry: Entry) -> Entry:
    """Return an entry as the next of a chain."""
    placed = replace(entry, sequence=head.sequence + 1, previous=head.hash)
    return replace(placed, hash=digest(placed))


# --- what is told, made fit to keep -------------------------------------------------------------


def clean(text: object, most: int) -> str:
    """Return a text the database can keep: without NUL and lone surrogates, not too long."""
    whole = str(text).replace("\0", "")
    return whole.encode("utf-8", "ignore").decode()[:most]


def plain(value: object, depth: int = 0) -> Any:  # noqa: ANN401  # JSON
    """Return a value as JSON can keep it, the same after it was read: cut short where it is long.

    Numbers that are no integers become text: two databases may write one fraction in two ways.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if depth < DEEPEST and isinstance(value, Mapping):
        items = sorted((clean(key, TEXT_MOST), part) for key, part in value.items())
        return {key: plain(part, depth + 1) for key, part in items[:LIST_MOST]}
    if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
        whole = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
        return [plain(part, depth + 1) for part in whole[:LIST_MOST]]
    return clean(value, TEXT_MOST)


def split(
    kind: str, before: Facts | None, after: Facts | None
) -> tuple[Facts | None, Facts | None, Facts]:
    """Return both sides of a change as they are kept for ever, and what is personal, by side."""
    apart = PERSONAL | {"name"} if kind in PEOPLE else PERSONAL
    kept_before, personal_before = _split(before, apart)
    kept_after, personal_after = _split(after, apart)
    sides = {"before": personal_before, "after": personal_after}
    return kept_before, kept_after, {side: told for side, told in sides.items() if told}


def _split(told: Facts | None, apart: frozenset[str]) -> tuple[Facts | None, Facts]:
    if told is None:
        return None, {}
    whole = plain(told)
    return whole, {key: whole.pop(key) for key in sorted(apart & whole.keys())}
