"""Keeps the log of searches by days, and puts what is kept and what is fresh together."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, update

from portal import clock
from portal.db import db, inserting
from portal.search import wording
from portal.search.log import queries, rows
from portal.search.log.models import SearchDay, SearchLogState, SearchWording
from portal.search.log.rows import Day
from portal.usage.queries import EPOCH
from portal.usage.rules import midnight
from portal.usage.visits import Visit, visits

JOB = "roll-up-searches"
KEPT = 400
"""Days that are kept: a year, and the part of a week before it."""
LATE = timedelta(hours=1)
"""Facts so old at most are written after others: what is younger is counted again."""
LOT = 2000

Commit = Callable[[], None]


def day_of(moment: datetime, zone: str) -> int:
    """Return the company's day of a moment, counted from 1970."""
    return moment.astimezone(ZoneInfo(zone)).date().toordinal() - EPOCH


def start_of(day: int, zone: str) -> datetime:
    """Return the moment a day begins."""
    return midnight(date.fromordinal(EPOCH + day), ZoneInfo(zone))


def visits_of(day: int, zone: str) -> list[Visit]:
    """Return the visits with searches of a day, from the ledger."""
    return list(visits(queries.facts(start_of(day, zone), start_of(day + 1, zone))))


def names() -> str:
    """Return what changes whenever searches may mean something else: the vocabulary's words."""
    said = repr(sorted(wording.vocabulary().exact.items()))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@lru_cache(maxsize=8192)
def _number(text: str, names: str) -> int:  # noqa: ARG001  # the names it was read by
    digest = hashlib.blake2b(wording.meaning(text).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big", signed=True)


def meaning_of(text: str, names: str) -> int:
    """Return the number of what a search means, 64 bits long."""
    return _number(text, names)


def roll_up(zone: str, *, commit: Commit, anew: bool = False) -> int:
    """Count the days since the last time, that one included; returns how many days.

    `commit` is called after each day. A change of the vocabulary gives all wordings their meaning
    anew; another time zone, or `anew`, counts everything again.
    """
    state = _held(zone)
    now, known = clock.now(), names()
    if anew or state.zone != zone:
        db.session.execute(delete(SearchDay))
        state.zone, state.rolled_at = zone, datetime.fromtimestamp(0, now.tzinfo)
    if state.names != known:
        _mean(known)
        state.names = known
    today = day_of(now, zone)
    first = queries.first_search()
    begin = max(
        day_of(state.rolled_at - LATE, zone) if state.rolled_at.timestamp() > 0 else 0,
        day_of(first, zone) if first else today,
        today - KEPT,
    )
    db.session.execute(delete(SearchDay).where(SearchDay.day < today - KEPT))
    db.session.flush()
    commit()
    usual = queries.languages()
    for day in range(begin, today + 1):
        state = _held(zone)
        state.stamp += 1
        _keep(day, zone, state.stamp, known, usual)
        state.rolled_at = min(now, start_of(day + 1, zone))
        db.session.flush()
        commit()
    return max(0, today + 1 - begin)


def _held(zone: str) -> SearchLogState:
    """Return up to when it is kept, locked: two roll-ups take turns."""
    state = queries.state(lock=True)
    if state is None:
        long_ago = datetime.fromtimestamp(0, clock.now().tzinfo)
        state = SearchLogState(id=1, rolled_at=long_ago, zone=zone, names=names(), stamp=0)
        db.session.add(state)
        db.session.flush()
    return state


def _keep(day: int, zone: str, stamp: int, known: str, usual: dict[int, str]) -> None:
    """Count a day and replace what is kept of it."""
    made = visits_of(day, zone)
    texts = {search.query for visit in made for search in visit.searches}
    numbers = _numbered(texts, known)
    searches, kept = rows.day_of(made, numbers.__getitem__, usual).packed
    row = {"day": day, "stamp": stamp, "searches": searches, "visits": kept}
    db.session.execute(delete(SearchDay).where(SearchDay.day == day))
    db.session.execute(insert(SearchDay), [row])


def _numbered(texts: Iterable[str], known: str) -> dict[str, int]:
    """Return the numbers of wordings; new ones get one."""
    wanted = set(texts)
    found = queries.numbers(wanted)
    rows = [{"text": it, "meaning": meaning_of(it, known)} for it in sorted(wanted - found.keys())]
    if rows:
        db.session.execute(inserting(SearchWording.__table__).on_conflict_do_nothing(), rows)
        found = queries.numbers(wanted)
    return found


def _mean(known: str) -> None:
    """Give wordings their meaning anew, by the names of now."""
    after = 0
    while lot := queries.wordings(after, LOT):
        after = lot[-1][0]
        moved = [
            {"id": number, "meaning": now}
            for number, text, before in lot
            if (now := meaning_of(text, known)) != before
        ]
        if moved:
            db.session.execute(update(SearchWording), moved)


def forget_people(before: datetime, zone: str) -> None:
    """Take the people off the kept days up to that of a moment; what was searched stays counted."""
    last = day_of(before, zone)
    state = _held(zone)
    state.stamp += 1
    for day, packed in queries.days_until(last):
        it = Day.unpacked(*packed)
        if not it.searches[:, 1].any() and not it.visits[:, 0].any():
            continue
        searches, kept = it.without_people().packed
        db.session.execute(
            update(SearchDay)
            .where(SearchDay.day == day)
            .values(searches=searches, visits=kept, stamp=state.stamp)
            .execution_options(synchronize_session=False)
        )
    db.session.flush()
