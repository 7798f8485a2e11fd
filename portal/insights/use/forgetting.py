"""Takes the people off what is kept of uses the ledger forgets; what was done stays counted."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update

from portal.db import db
from portal.insights.use import ledger, service, totals
from portal.insights.use.models import UseDay, UsePerson
from portal.insights.use.rules import Dim
from portal.insights.use.statements import NAMES, Part
from portal.usage.models import UsageEvent


def forget(ids: Sequence[int], zone: str, *, forgetting: Callable[[], object]) -> None:
    """Let the ledger forget whose these events are by `forgetting`, and what is kept as well."""
    state = service.hold(zone)
    of = UsageEvent.id.in_(ids)
    span = ledger.span(of, UsageEvent.id <= state.watermark)
    if span is None or not ledger.is_ready():
        forgetting()
        return
    first, last = span
    ahead = ledger.clock_of(first, last, ZoneInfo(state.zone))
    gone = Part(0, ahead, state.watermark, only=(of,))
    days = {dim: _rows(gone.counts(dim, by_day=True)) for dim in (Dim.PERSON, Dim.WEEK)}
    people = {dim: _rows(gone.people(dim)) for dim in service.PEOPLE}
    persons = {row[1] for row in people[Dim.ALL]} | {row[0] for row in days[Dim.PERSON]}
    forgetting()
    for dim, rows in days.items():
        _move(dim, rows)
    left = Part(
        0,
        ledger.clock_of(min(first, last - timedelta(days=3)), last, ZoneInfo(state.zone)),
        state.watermark,
        only=(UsageEvent.user_id.in_(persons), UsageEvent.at < last + timedelta(days=2)),
    )
    for dim, pairs in people.items():
        _step_back(dim, pairs, left)
    totals.refresh(Dim.PERSON, sorted(persons | {0}))
    for dim in (Dim.ALL, Dim.ASSET, Dim.LANGUAGE, Dim.STAGE):
        totals.refresh(dim, sorted({key for key, *_ in people[dim]}))
    service.changed(state)


def _rows(query: Any) -> list[tuple[int, ...]]:  # noqa: ANN401  # a Select of any columns
    return [tuple(map(int, row)) for row in db.session.execute(query)]


def _move(dim: Dim, rows: Sequence[tuple[int, ...]]) -> None:
    """Take counts off a person's days; days, not weeks, are then nobody's."""
    for key, day, *counts in rows:
        of = (UseDay.dim == dim.value, UseDay.key == key, UseDay.day == day)
        less = {
            name: getattr(UseDay, name) - count for name, count in zip(NAMES, counts, strict=True)
        }
        if key:
            db.session.execute(update(UseDay).where(*of).values(less))
            nothing = [getattr(UseDay, name) == 0 for name in NAMES]
            db.session.execute(delete(UseDay).where(*of, *nothing))
            if dim is Dim.PERSON:
                service.add_day(dim, 0, day, counts)


def _step_back(dim: Dim, pairs: Sequence[tuple[int, ...]], left: Part) -> None:
    """Set when somebody last used something to the last use that is still known to be theirs."""
    before = {(key, person): day for key, person, day in _rows(left.people(dim))}
    for key, person, day in pairs:
        of = (
            UsePerson.dim == dim.value,
            UsePerson.key == key,
            UsePerson.user_id == person,
            UsePerson.last_day <= day,
        )
        if (earlier := before.get((key, person))) is None:
            db.session.execute(delete(UsePerson).where(*of))
        else:
            db.session.execute(update(UsePerson).where(*of).values(last_day=earlier))
