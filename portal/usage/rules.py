"""What counts as use of an asset, what is kept of it, and the windows it is counted over."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo


class Action(StrEnum):
    """What somebody did."""

    VIEWED = "viewed"
    SEARCHED = "searched"
    OPENED = "opened"
    COPIED = "copied"
    DOWNLOADED = "downloaded"
    PRINTED = "printed"


# An opened hit is also a view of its page; counting both would count one visit twice.
USES = (Action.VIEWED, Action.COPIED, Action.DOWNLOADED, Action.PRINTED)


class Source(StrEnum):
    """Where the person came from."""

    SEARCH = "search"
    INSTANT = "instant"
    PALETTE = "palette"
    HOME = "home"
    BROWSE = "browse"
    RELATED = "related"
    COMPETITOR = "competitor"
    COLLECTION = "collection"
    REQUEST = "request"
    DEAL = "deal"
    LINK = "link"


DEFAULT_WINDOW = 30
"""Days counts of use look back over."""


# --- what is kept -------------------------------------------------------------------------------

INTEGER_MOST = 2**31 - 1
QUERY_MOST = 500
SENTENCE_MOST = 500
SECTION_MOST = 200
STAGE_MOST = 80
FILTERS_MOST = 12
VALUES_MOST = 20
SHOWN_MOST = 50
_REF = re.compile(r"[0-9a-f]{16}")
_LANGUAGE = re.compile(r"[a-z]{2}")
# NUL is refused by PostgreSQL, a lone surrogate by both; the other controls only spoil reports
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean_text(value: str | None, most: int) -> str | None:
    """Return a text a database can keep, cut to `most` characters; None when nothing is left."""
    if not value:
        return None
    return _UNFIT.sub("", value[:most]).strip() or None


def clean_number(value: int | None) -> int | None:
    """Return a number that fits the ledger, or None."""
    return value if value is not None and 0 <= value <= INTEGER_MOST else None


def clean_ref(value: str | None) -> str | None:
    """Return the 16 hex digits that tie an opened hit to its search, or None."""
    return value if value and _REF.fullmatch(value) else None


def clean_language(value: str | None) -> str | None:
    """Return a language's two letters, or None."""
    return value if value and _LANGUAGE.fullmatch(value) else None


def clean_source(value: str | None) -> str | None:
    """Return where somebody came from when it is a place we know, or None."""
    return value if value in _SOURCES else None


_SOURCES = frozenset(source.value for source in Source)


def clean_filters(filters: Mapping[str, object] | None) -> dict[str, list[str]] | None:
    """Return the filters of a search as short lists of short texts, or None when there are none."""
    kept: dict[str, list[str]] = {}
    for name, value in list((filters or {}).items())[:FILTERS_MOST]:
        values = value if isinstance(value, list | tuple | set | frozenset) else [value]
        texts = [clean_text(v, 80) for v in sorted(map(str, values))[:VALUES_MOST]]
        key = clean_text(str(name), 40)
        if key and any(texts):
            kept[key] = [text for text in texts if text]
    return kept or None


PURPOSE_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def is_prefetch(purposes: Iterable[str]) -> bool:
    """Whether what the purpose headers say means that the page is only perhaps wanted."""
    return any("prefetch" in p.lower() or "preview" in p.lower() for p in purposes)


# --- windows of days ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time from `since` on in which the company's clock is `offset` seconds ahead of UTC."""

    since: datetime
    offset: int


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days of the company's time zone, the last one today."""

    days: int
    first: date
    start: datetime
    stretches: tuple[Stretch, ...]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment a day begins in the company's time zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def window_of(days: int, *, now: datetime, zone: ZoneInfo) -> Window:
    """Return the window of `days` days that ends with today in the company's time zone."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    start = midnight(first, zone)
    return Window(days, first, start, stretches(start, now.astimezone(UTC), zone))


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def stretches(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """Return when the clock was how far ahead of UTC: one stretch, or more around summer time.

    Both moments are in UTC.
    """
    found = [Stretch(start, _offset(start, zone))]
    half = timedelta(hours=12)
    steps = [start + half * n for n in range((end - start) // half + 2)]
    for before, after in pairwise(steps):
        if _offset(after, zone) != found[-1].offset:
            while after - before > timedelta(seconds=1):  # halve down to the second of the change
                middle = before + (after - before) // 2
                if _offset(middle, zone) == found[-1].offset:
                    before = middle  # noqa: PLW2901
                else:
                    after = middle  # noqa: PLW2901
            change = after.replace(microsecond=0)
            found.append(Stretch(change, _offset(after, zone)))
    return tuple(found)
