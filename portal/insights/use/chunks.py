"""A stretch of the ledger as arrays, and what it counts to: one read, everything else in NumPy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import BigInteger, Select, and_, case, cast, func, literal, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from portal.db import db
from portal.insights.lift.columns import read
from portal.insights.lift.rules import Numbers
from portal.insights.use import ledger
from portal.insights.use.models import UseWord
from portal.insights.use.rules import Dim
from portal.insights.use.statements import COUNTED, KEPT, Part, listed, relevant_searches
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.queries import DAY

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = 1_000_000
_USES, _SEARCHED = 4, 5
"""Actions by their place in `COUNTED`: the first four are uses, then opened hits, then searches."""
_DAYS = 1 << 23
"""More than there are days from the year 1 on, which are numbered from 1970."""
_PEOPLE = 1 << 31
LONG_BEFORE = -_DAYS


class micros(FunctionElement[int]):  # noqa: N801  # a function of SQL
    """The Unix microseconds of a moment, the same in both databases."""

    type = BigInteger()
    inherit_cache = True


@compiles(micros, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:  # noqa: ANN401
    at = compiler.process(element.clauses, **options)
    return f"(CAST(strftime('%s', {at}) AS INTEGER) * {_MICRO} + CAST(substr({at}, 21) AS INTEGER))"


@compiles(micros, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:  # noqa: ANN401
    at = compiler.process(element.clauses, **options)
    return f"floor(extract(epoch FROM {at}) * {_MICRO})::bigint"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Events as arrays of one length: uses and opened hits, and each listing by a search.

    `action` is the place in `COUNTED`; 0 is nobody, no language, stage or kind; `at` is in
    microseconds, `day` the company's, both from 1970.
    """

    asset: Numbers
    user: Numbers
    action: Numbers
    language: Numbers
    stage: Numbers
    at: Numbers
    day: Numbers
    kind: Numbers

    def key(self, dim: Dim) -> Numbers:
        """Return each event's value of a dimension, by number."""
        return {
            Dim.ASSET: self.asset,
            Dim.KIND: self.kind,
            Dim.LANGUAGE: self.language,
            Dim.STAGE: self.stage,
            Dim.PERSON: self.user,
            Dim.WEEK: self.user,
        }.get(dim, np.zeros_like(self.asset))


@dataclass(frozen=True, slots=True)
class Days:
    """Counts (n × 6, in the order of `COUNTED`) of values of a dimension on days."""

    key: Numbers
    day: Numbers
    counts: Numbers


@dataclass(frozen=True, slots=True)
class People:
    """The last day on which somebody used something with a value of a dimension."""

    key: Numbers
    user: Numbers
    last: Numbers


def load(low: int, high: int, zone: ZoneInfo) -> Chunk | None:
    """Return the events of a range of numbers; None when none of them is counted."""
    asset, user, action, language, stage, at = read(_events(Part(low, (), high)), 6)
    if not len(asset):
        return None
    first, last = (_START + timedelta(microseconds=int(it)) for it in (at.min(), at.max()))
    day = _day(at, ledger.clock_of(first, last, zone))
    return Chunk(asset, user, action, language, stage, at, day, _kinds(asset))


def _events(part: Part) -> Any:  # noqa: ANN401  # a union
    stage, language = aliased(UseWord), aliased(UseWord)
    is_stage = and_(stage.dim == Dim.STAGE.value, stage.word == UsageEvent.stage)
    is_language = and_(language.dim == Dim.LANGUAGE.value, language.word == UsageEvent.language)
    place = case(
        {name.value: n for n, name in enumerate(COUNTED.values())}, value=UsageEvent.action
    )
    user = func.coalesce(UsageEvent.user_id, 0)
    plain = (UsageEvent.asset_id, user, place, func.coalesce(language.id, 0),
             func.coalesce(stage.id, 0))  # fmt: skip
    rows, number = listed()
    nothing = literal(0)
    searched = (number, user, literal(_SEARCHED), nothing, nothing)
    return union_all(
        _wide(*plain)
        .select_from(UsageEvent)
        .outerjoin(language, is_language)
        .outerjoin(stage, is_stage)
        .where(part.within(), UsageEvent.action.in_(KEPT), UsageEvent.asset_id.is_not(None)),
        _wide(*searched)
        .select_from(UsageEvent)
        .join(rows, literal(value=True))
        .where(part.within(), *relevant_searches()),
    )


def _wide(*columns: Any) -> Select[Any]:  # noqa: ANN401
    wide: list[Any] = [cast(it, BigInteger) for it in columns]
    return select(*wide, micros(UsageEvent.at))


def _day(at: Numbers, ahead: Sequence[Any]) -> Numbers:
    """Return the company's days of moments, as `usage.queries.day_number` does."""
    changes = [(it.since - _START) // timedelta(microseconds=1) for it in ahead[1:]]
    offsets = np.array([it.offset for it in ahead], dtype=np.int64)
    seconds = at // _MICRO + offsets[np.searchsorted(changes, at, side="right")]
    return np.sign(seconds) * (np.abs(seconds) // DAY)


def _kinds(assets: Numbers) -> Numbers:
    """Return the number of the kind each asset has now; 0 when it is deleted."""
    query = select(Asset.id, UseWord.id).join(
        UseWord, and_(UseWord.dim == Dim.KIND.value, UseWord.word == Asset.kind)
    )
    known, place = np.unique(assets, return_inverse=True)
    if len(known) < ledger.FEW:
        query = query.where(Asset.id.in_(known.tolist()))
    kinds = {row[0]: row[1] for row in db.session.execute(query.order_by(Asset.id))}
    return np.array([kinds.get(it, 0) for it in known.tolist()], dtype=np.int64)[place]


def days(found: Chunk, dim: Dim) -> Days:
    """Count by value and day, as `Part.counts` does; searches count for assets only."""
    if dim is Dim.ASSET:
        of = np.ones(len(found.asset), dtype=bool)
    elif dim is Dim.WEEK:
        of = (found.action < _USES) & (found.user > 0)
    else:
        of = found.action != _SEARCHED
    key, day = found.key(dim)[of], found.day[of]
    if dim is Dim.WEEK:
        day = day - np.fmod(day + 3, 7)
    pairs, place = np.unique(key * _DAYS + day + _DAYS // 2, return_inverse=True)
    width = len(COUNTED)
    cells = np.bincount(place * width + found.action[of], minlength=len(pairs) * width)
    return Days(pairs // _DAYS, pairs % _DAYS - _DAYS // 2, cells.reshape(-1, width))


def people(found: Chunk, dim: Dim) -> People:
    """Tell when who last used something with which value, as `Part.people` does."""
    of = (found.action < _USES) & (found.user > 0)
    pairs, last = _latest(found.key(dim)[of] * _PEOPLE + found.user[of], found.day[of])
    return People(pairs // _PEOPLE, pairs % _PEOPLE, last)


def _latest(key: Numbers, value: Numbers) -> tuple[Numbers, Numbers]:
    """Return different keys and the highest value of each."""
    order = np.lexsort((value, key))
    key, value = key[order], value[order]
    ends = np.append(key[1:] != key[:-1], values=True)[: len(key)]
    return key[ends], value[ends]


def last_uses(found: Chunk) -> Iterator[dict[str, Any]]:
    """Tell each asset that was used, the number of its kind, and when it was last used."""
    of = found.action < _USES
    kinds = dict(zip(found.asset[of].tolist(), found.kind[of].tolist(), strict=True))
    for asset, at in zip(
        *map(np.ndarray.tolist, _latest(found.asset[of], found.at[of])), strict=True
    ):
        last = _START + timedelta(microseconds=at)
        yield {"asset_id": asset, "kind": kinds[asset], "last_at": last}


def first_shown(found: Chunk) -> int | None:
    """Return the first day on which a search told what it listed."""
    shown = found.day[found.action == _SEARCHED]
    return int(shown.min()) if len(shown) else None
