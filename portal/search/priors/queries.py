"""The SELECTs behind priors: what is known of assets, and what searches showed and led to."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select

from portal.calls.flags.rules import State as FlagState
from portal.calls.ratings.models import AssetFlag
from portal.db import db
from portal.library.freshness.models import ReviewInterval
from portal.library.freshness.queries import MONTHS
from portal.library.models import Asset
from portal.library.rules import State
from portal.search.priors.models import SearchUse
from portal.search.priors.rules import Search
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

_assets, _uses, _flags, _set = (
    Asset.__table__.c, SearchUse.__table__.c, AssetFlag.__table__.c, ReviewInterval.__table__.c,
)  # fmt: skip
_IS_OPEN = _flags.state == FlagState.OPEN.value

_STATE = select(
    select(func.count()).select_from(Asset.__table__).scalar_subquery(),
    select(func.max(_assets.id)).scalar_subquery(),
    select(func.sum(_assets.version)).scalar_subquery(),
    select(func.sum(_set.months)).scalar_subquery(),
    select(func.max(_uses.counted_at)).scalar_subquery(),
    select(func.count()).where(_IS_OPEN).scalar_subquery(),
    select(func.max(_flags.id)).where(_IS_OPEN).scalar_subquery(),
)


def state() -> tuple[Any, ...]:
    """Return what changes whenever any of `facts` does, by much less work."""
    return tuple(db.session.connection().execute(_STATE).one())


class Fact(NamedTuple):
    """A published asset; `pull` is None when no search has shown it.

    `published_at` is told of those alone that nobody has checked: it is what they age from.
    """

    id: int
    checked_on: date | None
    published_at: datetime | None
    months: int
    disputed: bool
    pull: float | None
    opens: int
    expected: float
    people: int


_DISPUTED = (
    select(func.count())
    .where(_flags.asset_id == _assets.id, _IS_OPEN)
    .correlate(Asset.__table__)
    .scalar_subquery()
)
_FACTS = (
    select(
        _assets.id,
        _assets.checked_on,
        case((_assets.checked_on.is_(None), _assets.published_at)),
        MONTHS, _DISPUTED,
        _uses.pull, _uses.opens, _uses.expected, _uses.people,
    )
    .select_from(
        Asset.__table__.outerjoin(SearchUse.__table__, _uses.asset_id == _assets.id)
    )
    .where(_assets.state == State.PUBLISHED.value)
    .order_by(_assets.id)
)  # fmt: skip


def facts() -> list[Fact]:
    """Return what is known of every published asset, by id."""
    return [_fact(row) for row in db.session.connection().execute(_FACTS)]


def fact(asset_id: int) -> Fact | None:
    """Return what is known of one published asset."""
    row = db.session.connection().execute(_FACTS.where(_assets.id == asset_id)).first()
    return _fact(row) if row else None


def _fact(row: Any) -> Fact:  # noqa: ANN401  # a row
    i, checked, published, months, flags, pull, opens, expected, people = row
    return Fact(i, checked, published, months, flags > 0, pull, opens or 0, expected or 0.0,
                people or 0)  # fmt: skip


def searches(since: datetime) -> Iterator[Search]:
    """Yield the searches that showed something, by person and time, with what was opened."""
    opened: dict[str, set[int]] = defaultdict(set)
    led_to = select(UsageEvent.ref, UsageEvent.asset_id).where(
        UsageEvent.action == Action.OPENED.value,
        UsageEvent.at >= since,
        UsageEvent.ref.is_not(None),
        UsageEvent.asset_id.is_not(None),
    )
    for ref, asset_id in db.session.execute(led_to):
        opened[str(ref)].add(int(asset_id or 0))
    query = (
        select(UsageEvent.user_id, UsageEvent.at, UsageEvent.ref, UsageEvent.shown)
        .where(
            and_(
                UsageEvent.action == Action.SEARCHED.value,
                UsageEvent.at >= since,
                UsageEvent.user_id.is_not(None),
                UsageEvent.shown.is_not(None),
            )
        )
        .order_by(UsageEvent.user_id, UsageEvent.at, UsageEvent.id)
    )
    for user_id, at, ref, shown in db.session.execute(query):
        yield Search(int(user_id or 0), at, shown or (), frozenset(opened.get(ref or "", ())))


def living(asset_ids: list[int]) -> set[int]:
    """Return those of these assets that are still there."""
    found: set[int] = set()
    for start in range(0, len(asset_ids), 500):
        query = select(Asset.id).where(Asset.id.in_(asset_ids[start : start + 500]))
        found.update(db.session.scalars(query))
    return found
