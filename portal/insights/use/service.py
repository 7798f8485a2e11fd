"""Rolls the ledger up by days, a chunk of events at a time; each chunk whole or not at all."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from portal import clock
from portal.db import db, inserting
from portal.insights.use import adding, chunks, ledger, totals
from portal.insights.use.models import (
    UseAsset,
    UseDay,
    UsePerson,
    UseSpan,
    UseState,
    UseTotal,
    UseWord,
)
from portal.insights.use.rules import Dim
from portal.insights.use.statements import NAMES

JOB = "roll-up-use"
CHUNK = 20_000
"""Events a transaction: who writes meanwhile waits that long."""
BULK = 200_000
"""Events a transaction when all is made anew."""
DAYS = (Dim.ALL, Dim.ASSET, Dim.LANGUAGE, Dim.STAGE, Dim.PERSON, Dim.WEEK)
PEOPLE = (Dim.ALL, Dim.ASSET, Dim.KIND, Dim.LANGUAGE, Dim.STAGE)

Commit = Callable[[], None]


def roll_up(zone: str, *, commit: Commit) -> int:
    """Count the events since the last time; returns how many numbers it went on.

    It goes by the events' numbers, not by their times: an import of old uses is counted as well.
    `commit` is called after each chunk.
    """
    state = hold(zone)
    if state.zone != zone or not ledger.is_ready():
        return rebuild(zone, commit=commit)
    began = state.watermark
    if state.today != ledger.today(zone):
        totals.refresh_all(ledger.today(zone), commit)
        state = hold(zone)
    _kinds()
    end = ledger.settled()
    while state.watermark < end:
        _count(state, min(end, state.watermark + CHUNK), ZoneInfo(zone), follow=True)
        commit()
        state = hold(zone)
    return state.watermark - began


def rebuild(zone: str, *, commit: Commit) -> int:
    """Forget all that is kept and count everything again; meanwhile pages ask the ledger."""
    state = hold(zone)
    for table in (UseSpan, UseTotal, UsePerson, UseDay, UseAsset, UseWord):
        db.session.execute(delete(table))
    state.watermark, state.zone, state.shown_since = 0, zone, None
    commit()
    _kinds()
    end = ledger.settled()
    state = hold(zone)
    while state.watermark < end:
        _count(state, min(end, state.watermark + BULK), ZoneInfo(zone), follow=False)
        commit()
        state = hold(zone)
    done = state.watermark
    totals.refresh_all(ledger.today(zone), commit)
    return done


def hold(zone: str) -> UseState:
    """Return how far it is, held until the transaction ends: two roll-ups take turns."""
    state = db.session.scalar(
        select(UseState).with_for_update().execution_options(populate_existing=True)
    )
    if state is None:
        state = UseState(id=1, watermark=0, zone=zone, today=0, rolled_at=clock.now())
        db.session.add(state)
        db.session.flush()
    return state


def changed(state: UseState) -> None:
    """Say that what is kept is not what it was: totals being made by another begin again."""
    state.rolled_at = clock.now()
    db.session.flush()


def _count(state: UseState, high: int, zone: ZoneInfo, *, follow: bool) -> None:
    """Add the events up to a number to what is kept, and to the totals if they have to `follow`."""
    low = state.watermark
    for dim, words in ledger.new_words(low, high).items():
        _name(dim, sorted(words))
    found = chunks.load(low, high, zone)
    state.watermark, state.rolled_at = high, clock.now()
    if found is not None:
        days = {dim: chunks.days(found, dim) for dim in DAYS}
        people = {dim: chunks.people(found, dim) for dim in PEOPLE}
        adding.add_days(days)
        before = adding.add_people(people, follow=follow)
        if follow:
            adding.add_totals({dim: days[dim] for dim in totals.DIMS}, before)
        _last_uses(list(chunks.last_uses(found)))
        if state.shown_since is None:
            state.shown_since = chunks.first_shown(found)
    db.session.flush()


def _name(dim: Dim, words: Iterable[str]) -> None:
    rows = [{"dim": dim.value, "word": word} for word in words]
    if rows:
        db.session.execute(inserting(UseWord.__table__).on_conflict_do_nothing(), rows)


def add_day(dim: Dim, key: int, day: int, counts: Sequence[int]) -> None:
    """Add counts to a day."""
    made = inserting(UseDay.__table__)
    added = {name: UseDay.__table__.c[name] + made.excluded[name] for name in NAMES}
    row = {"dim": dim.value, "key": key, "day": day, **dict(zip(NAMES, counts, strict=True))}
    db.session.execute(
        made.values(row).on_conflict_do_update(index_elements=["dim", "key", "day"], set_=added)
    )


def _last_uses(rows: Sequence[Any]) -> None:
    if not rows:
        return
    made, known = inserting(UseAsset.__table__), UseAsset.__table__.c
    db.session.execute(
        made.on_conflict_do_update(
            index_elements=["asset_id"],
            set_={"last_at": made.excluded.last_at},
            where=(known.last_at.is_(None)) | (known.last_at < made.excluded.last_at),
        ),
        rows,
    )


def _kinds() -> None:
    """Let people be counted by the kinds assets have now: those moved are counted again."""
    _name(Dim.KIND, ledger.new_kinds())
    moved = ledger.moved()
    if not moved:
        return
    rows = [{"asset_id": asset, "kind": kind, "last_at": None} for asset, kind in moved]
    made = inserting(UseAsset.__table__)
    db.session.execute(
        made.on_conflict_do_update(index_elements=["asset_id"], set_={"kind": made.excluded.kind}),
        rows,
    )
    db.session.execute(delete(UsePerson).where(UsePerson.dim == Dim.KIND.value))
    db.session.execute(
        inserting(UsePerson.__table__).from_select(
            ["dim", "key", "user_id", "last_day"], ledger.people_of_kinds()
        )
    )


def verify(zone: str) -> list[str]:
    """Tell where what is kept differs from the ledger; nothing when all is well."""
    found = list(ledger.differences(zone, DAYS, PEOPLE))
    kept = ledger.kept_totals(totals.DIMS)
    followed = totals.again()
    found += [
        f"totals {key}: {kept.get(key)}, not {it}"
        for key, it in followed.items()
        if kept.get(key) != it
    ]
    return found + [
        f"totals {key}: {kept[key]} without days" for key in kept if key not in followed
    ]
