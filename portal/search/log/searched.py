"""The searches of a time as people asked them, each once with how often, and what was opened."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.usage.models import UsageEvent
from portal.usage.rules import Action
from portal.usage.visits import Fact, is_on_the_way


@dataclass(frozen=True, slots=True)
class Searched:
    """A search: what was typed and ticked, by a reader of which language, what was opened of it."""

    query: str
    filters: Mapping[str, Sequence[str]]
    reader: str
    times: int
    opened: Mapping[int, int]


def searched(start: datetime, end: datetime, most: int) -> list[Searched]:
    """Return the different searches between two moments, those asked most often first.

    Steps while typing do not count; whoever is not known has taken none.
    """
    query = (
        select(
            UsageEvent.at, UsageEvent.user_id, UsageEvent.source, UsageEvent.ref,
            UsageEvent.query, UsageEvent.language, UsageEvent.filters,
        )
        .where(
            UsageEvent.action == Action.SEARCHED.value,
            UsageEvent.at >= start,
            UsageEvent.at < end,
            UsageEvent.query.is_not(None),
        )
        .order_by(UsageEvent.at, UsageEvent.id)
    )  # fmt: skip
    rows: Any = db.session.connection().execute(query)
    by_person: dict[int | None, list[tuple[Fact, Any]]] = defaultdict(list)
    for at, person, source, ref, text, language, filters in rows:
        fact = Fact(int(at.timestamp()), person, Action.SEARCHED, source, ref, text, 0, language)
        by_person[person].append((fact, filters))
    opened = _opened(start, end)
    times: Counter[tuple[str, str, tuple[Any, ...]]] = Counter()
    taken: dict[Any, Counter[int]] = defaultdict(Counter)
    for fact, filters in chain.from_iterable(map(_counted, by_person.values())):
        ticked = tuple(sorted((name, tuple(values)) for name, values in (filters or {}).items()))
        key = (fact.query or "", fact.language or "", ticked)
        times[key] += 1
        taken[key].update(opened.get(fact.ref or "", ()))
    chosen = sorted(times, key=lambda key: (-times[key], key))[:most]
    return [Searched(key[0], dict(key[2]), key[1], times[key], dict(taken[key])) for key in chosen]


def _counted(asked: Sequence[tuple[Fact, Any]]) -> list[tuple[Fact, Any]]:
    """Leave out what was but a step to the next search."""
    return [
        it
        for it, after in zip(asked, [*asked[1:], None], strict=False)
        if after is None or it[0].person is None or not is_on_the_way(it[0], after[0])
    ]


def _opened(start: datetime, end: datetime) -> dict[str, list[int]]:
    """Return the assets opened from each search, by its reference."""
    query = (
        select(UsageEvent.ref, UsageEvent.asset_id)
        .where(
            UsageEvent.action == Action.OPENED.value,
            UsageEvent.at >= start,
            UsageEvent.at < end,
            UsageEvent.ref.is_not(None),
            UsageEvent.asset_id.is_not(None),
        )
        .order_by(UsageEvent.id)
    )
    found: dict[str, list[int]] = defaultdict(list)
    rows: Any = db.session.connection().execute(query)
    for ref, asset in rows:
        found[ref].append(asset)
    return found
