"""What is not rolled up yet, read once a request and counted here; long tails are left to SQL."""

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, BigInteger, ColumnElement, and_, cast, func, literal, select

from portal.db import db
from portal.insights.use import ledger
from portal.insights.use.models import UsePerson, UseWord
from portal.insights.use.rules import Counts, Dim, monday
from portal.insights.use.statements import NAME_OF, USED, WORDED, is_relevant
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.queries import DAY

MOST = 20_000
"""A longer tail is not read."""
_USES = frozenset(NAME_OF[action] for action in USED)
_PEOPLE = 1 << 31
Key = int | str


@dataclass(frozen=True, slots=True)
class Event:
    """A use, an opened hit, or the listing of an asset by a search; `what` is what it counts to."""

    what: str
    asset: int
    user: int | None
    language: str
    stage: str
    kind: str
    at: datetime
    day: int

    def key(self, dim: Dim) -> Key:
        """Return its value of a dimension; languages, stages and kinds by their words."""
        if dim is Dim.ASSET:
            return self.asset
        if dim in {Dim.PERSON, Dim.WEEK}:
            return self.user or 0
        return getattr(self, WORDED[dim]) if dim in WORDED else 0


@dataclass(frozen=True, slots=True)
class Fresh:
    """The events that are not rolled up; `is_on_top`: of something that is."""

    events: Sequence[Event]
    is_on_top: bool
    _made: dict[Any, Any] = field(default_factory=dict)

    def once(self, name: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Return what is made of these events, made once a request."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def _of(self, dim: Dim, first: int) -> Iterator[Event]:
        """Tell the events that count: searches do for assets only."""
        for it in self.events:
            if it.day >= first and (dim is Dim.ASSET or it.what != "shown"):
                yield it

    def counts(self, dim: Dim, first: int) -> dict[Any, Counts]:
        """Return what to add to the counts since a day; people are those not kept since then."""
        found: dict[Key, dict[str, int]] = {}
        people: set[tuple[Key, int]] = set()
        for it in self._of(dim, first):
            key = it.key(dim)
            cell = found.setdefault(key, {})
            cell[it.what] = cell.get(it.what, 0) + 1
            if it.user is not None and it.what in _USES:
                people.add((key, it.user))
        if dim in {Dim.PERSON, Dim.WEEK}:
            people = set()
        known = self._last_days(dim) if people else {}
        for pair in people:
            if known.get(pair, first - 1) < first:
                found[pair[0]]["people"] = found[pair[0]].get("people", 0) + 1
        return {key: Counts(**cell) for key, cell in found.items()}

    def days(self, dim: Dim, first: int, keys: Collection[Key]) -> dict[tuple[Any, int], Counts]:
        """Return what to add to the days of some values."""
        found: dict[tuple[Key, int], dict[str, int]] = {}
        wanted = set(keys)
        for it in self._of(dim, first):
            if (key := it.key(dim)) in wanted:
                cell = found.setdefault((key, it.day), {})
                cell[it.what] = cell.get(it.what, 0) + 1
        return {key: Counts(**cell) for key, cell in found.items()}

    def weeks(self, first: int) -> set[tuple[int, int]]:
        """Return who used something in the week of which Monday."""
        used = (it for it in self._of(Dim.WEEK, first) if it.what in _USES)
        return {(it.user, monday(it.day)) for it in used if it.user is not None}

    def users(self, asset: int, first: int) -> set[int]:
        """Return who used an asset."""
        found = (it for it in self._of(Dim.ASSET, first) if it.asset == asset and it.what in _USES)
        return {it.user for it in found if it.user is not None}

    def last_used(self) -> dict[int, datetime]:
        """Return when each asset was last used."""
        found: dict[int, datetime] = {}
        for it in self.events:
            if it.what in _USES and (it.asset not in found or it.at > found[it.asset]):
                found[it.asset] = it.at
        return found

    def _last_days(self, dim: Dim) -> Mapping[tuple[Key, int], int]:
        """Return when those who used something here were kept as having last used it."""
        if not self.is_on_top:
            return {}
        found: Mapping[tuple[Key, int], int] = self.once(dim, lambda: self._kept(dim))
        return found

    def _kept(self, dim: Dim) -> Mapping[tuple[Key, int], int]:
        return _kept(
            dim,
            {
                (it.key(dim), it.user)
                for it in self.events
                if it.user is not None and it.what in _USES
            },
        )


def rows_of(values: Iterable[int]) -> tuple[Any, ColumnElement[int]]:
    """Return numbers as rows to select from, however many they are, and their column."""
    given = json.dumps(list(values))
    if db.session.connection().dialect.name == "postgresql":
        rows: Any = func.json_array_elements_text(cast(literal(given), JSON)).table_valued("value")
    else:
        rows = func.json_each(given).table_valued("value")
    return rows, cast(rows.c.value, BigInteger)


def _kept(dim: Dim, pairs: set[tuple[Key, int]]) -> dict[tuple[Key, int], int]:
    number: dict[Key, int] = {"": 0}
    if dim in WORDED:
        words = select(UseWord.word, UseWord.id).where(UseWord.dim == dim.value)
        number |= {row[0]: row[1] for row in db.session.execute(words.order_by(UseWord.id))}
    else:
        number = {key: int(key) for key, _ in pairs}
    named = {place: key for key, place in number.items()}
    known = [number[key] * _PEOPLE + user for key, user in pairs if key in number]
    rows, pair = rows_of(known)
    query = (
        select(UsePerson.key, UsePerson.user_id, UsePerson.last_day)
        .select_from(rows)
        .join(
            UsePerson,
            and_(
                UsePerson.dim == dim.value,
                UsePerson.key == pair // _PEOPLE,
                UsePerson.user_id == pair % _PEOPLE,
            ),
        )
        .order_by(UsePerson.key, UsePerson.user_id)
    )
    return {(named[row[0]], row[1]): row[2] for row in db.session.execute(query)}


def load(low: int, zone: ZoneInfo, *, is_on_top: bool) -> Fresh | None:
    """Return the events above a number; None when there are too many.

    Deleted assets have no kind. Each asset that a search has listed is an event.
    """
    columns = (UsageEvent.action, UsageEvent.asset_id, UsageEvent.user_id, UsageEvent.language,
               UsageEvent.stage, UsageEvent.at, UsageEvent.shown, Asset.kind)  # fmt: skip
    some = (
        select(UsageEvent.id)
        .where(UsageEvent.id > low, is_relevant())
        .order_by(UsageEvent.id)
        .limit(1)
        .offset(MOST)
    )
    if db.session.scalar(some) is not None:
        return None
    query = (
        select(*columns)
        .outerjoin(Asset, Asset.id == UsageEvent.asset_id)
        .where(UsageEvent.id > low, is_relevant())
        .order_by(UsageEvent.id)
        .limit(MOST)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    return Fresh(list(_events(rows, zone)), is_on_top)


def _events(rows: Sequence[Any], zone: ZoneInfo) -> Iterator[Event]:
    if not rows:
        return
    moments = [row.at for row in rows]
    ahead = ledger.clock_of(min(moments), max(moments), zone)
    changes = [it.since for it in ahead[1:]]
    start = datetime(1970, 1, 1, tzinfo=UTC)
    for action, asset, user, language, stage, at, shown, kind in rows:
        since = at - start
        seconds = since.days * DAY + since.seconds + ahead[bisect_right(changes, at)].offset
        said = (language or "", stage or "", kind or "", at, int(seconds / DAY))
        if action == "searched":
            for number in shown:
                yield Event("shown", int(number), user, *said)
        else:
            yield Event(NAME_OF[action], asset, user, *said)
