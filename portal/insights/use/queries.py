"""What pages ask: what is kept, and the events that are not rolled up yet on top."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, and_, case, cast, func, select

from portal import clock
from portal.accounts.models import Team, User
from portal.accounts.rules import Department
from portal.db import db
from portal.insights.use import fresh, ledger, rules
from portal.insights.use.fresh import Fresh
from portal.insights.use.models import UseDay, UsePerson, UseSpan, UseState, UseTotal, UseWord
from portal.insights.use.rules import NOTHING, Counts, Dim, Member
from portal.insights.use.statements import NAMES, Part
from portal.library.models import Asset
from portal.library.rules import State
from portal.usage.queries import EPOCH
from portal.usage.rules import midnight

UNREADY = ""
"""No dimension is called so: nothing kept is read while it is being made."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Since when it is looked back, and what of it is kept.

    Spans begin on the day that was first at the last roll-up: a night without one makes them a day
    longer, and the page says since when.
    """

    days: int
    first: int
    today: int
    tail: Part
    ready: bool
    waiting: bool
    shown_since: int | None
    fresh: Fresh | None = None

    @property
    def waits_long(self) -> bool:
        """Whether so much is not rolled up yet that the database has to count it."""
        return self.waiting and self.fresh is None

    @property
    def since(self) -> date:
        """The first day."""
        return day_of(self.first)

    def dim(self, dim: Dim) -> str:
        """Return what a dimension is called in what is kept."""
        return dim.value if self.ready else UNREADY


def day_of(number: int) -> date:
    """Return a day by its number."""
    return date.fromordinal(number + EPOCH)


def basis(days: int, zone: str, like: Basis | None = None) -> Basis:
    """Return what a look back over so many days rests on; `like` has read what is fresh."""
    row = db.session.execute(
        select(UseState.watermark, UseState.shown_since, UseSpan.first).join(
            UseSpan, and_(UseSpan.days == days, UseState.zone == zone)
        )
    ).one_or_none()
    low, shown_since, first = row or (0, None, None)
    today = ledger.today(zone)
    first = today - days + 1 if first is None else first
    is_kept = row is not None
    new = like.fresh if like else fresh.load(low, ZoneInfo(zone), is_on_top=is_kept)
    waits = new is None or bool(new.events)
    return Basis(
        days, first, today, part_since(low, first, ZoneInfo(zone)), is_kept, waits,
        shown_since, new,
    )  # fmt: skip


def part_since(low: int, first: int, zone: ZoneInfo) -> Part:
    """Return the events above a number, from the beginning of a day on."""
    start = midnight(day_of(first), zone)
    end = max(clock.now(), start) + timedelta(days=1)
    return Part(low, ledger.clock_of(start, end, zone), start=start)


def _counts(row: Any, people: int = 0) -> Counts:  # noqa: ANN401  # a row with the counted columns
    return Counts(row.views, people, row.copies, row.downloads, row.prints, row.opens, row.shown)


def total(on: Basis, asset_id: int | None = None) -> Counts:
    """Return the use of everything, or of an asset."""
    dim, key = (Dim.ALL, 0) if asset_id is None else (Dim.ASSET, asset_id)
    kept = db.session.execute(
        select(UseTotal).where(
            UseTotal.days == on.days, UseTotal.dim == on.dim(dim), UseTotal.key == key
        )
    ).scalar_one_or_none()
    found = _counts(kept, kept.people) if kept else NOTHING
    if on.fresh is not None:
        return found + on.fresh.counts(dim, on.first).get(key, NOTHING)
    tail = replace(on.tail, asset_id=asset_id)
    for row in db.session.execute(tail.counts(dim, by_day=False)):
        found += _counts(row)
    for row in db.session.execute(tail.newcomers(dim, on.first, kept=on.ready, words=False)):
        found += Counts(people=row.people)
    return found


def by_word(on: Basis, dim: Dim) -> dict[str, Counts]:
    """Return use by language, stage or kind; "" is none."""
    found = _kinds(on) if dim is Dim.KIND else _worded(on, dim)
    if on.fresh is not None:
        for word, new in on.fresh.counts(dim, on.first).items():
            found[word] = found.get(word, NOTHING) + new
    else:
        people = {
            row.key: row.people
            for row in db.session.execute(
                on.tail.newcomers(dim, on.first, kept=on.ready, words=True)
            )
        }
        for row in db.session.execute(on.tail.counts(dim, by_day=False, words=True)):
            new = _counts(row, people.get(row.key, 0))
            found[row.key] = found.get(row.key, NOTHING) + new
    return found


def _worded(on: Basis, dim: Dim) -> dict[str, Counts]:
    query = (
        select(UseWord.word, UseTotal)
        .select_from(UseTotal)
        .outerjoin(UseWord, UseWord.id == UseTotal.key)
        .where(UseTotal.days == on.days, UseTotal.dim == on.dim(dim))
        .order_by(UseTotal.key)
    )
    return {word or "": _counts(row, row.people) for word, row in db.session.execute(query)}


def _kinds(on: Basis) -> dict[str, Counts]:
    """Return what is kept by kind: the totals of the assets, and the people who were kept."""
    people = {
        row[0] or "": row[1]
        for row in db.session.execute(
            select(UseWord.word, func.count())
            .select_from(UsePerson)
            .outerjoin(UseWord, UseWord.id == UsePerson.key)
            .where(UsePerson.dim == on.dim(Dim.KIND), UsePerson.last_day >= on.first)
            .group_by(UseWord.word)
            .order_by(UseWord.word)
        )
    }
    sums = [cast(func.sum(getattr(UseTotal, name)), BigInteger).label(name) for name in NAMES]
    query = (
        select(Asset.kind, *sums)
        .select_from(UseTotal)
        .outerjoin(Asset, Asset.id == UseTotal.key)
        .where(UseTotal.days == on.days, UseTotal.dim == on.dim(Dim.ASSET))
        .group_by(Asset.kind)
        .order_by(Asset.kind)
    )
    return {
        row.kind or "": _counts(row, people.get(row.kind or "", 0))
        for row in db.session.execute(query)
    }


def by_person(on: Basis) -> dict[int, Counts]:
    """Return use by person, who counts as one if they used something; 0 is nobody known."""
    query = select(UseTotal).where(UseTotal.days == on.days, UseTotal.dim == on.dim(Dim.PERSON))
    rows = db.session.execute(
        query.with_only_columns(UseTotal.key, *(getattr(UseTotal, name) for name in NAMES))
    )
    found = {row.key: _counts(row) for row in rows}
    if on.fresh is not None:
        for key, new in on.fresh.counts(Dim.PERSON, on.first).items():
            found[key] = found.get(key, NOTHING) + new
    else:
        for row in db.session.execute(on.tail.counts(Dim.PERSON, by_day=False)):
            found[row.key] = found.get(row.key, NOTHING) + _counts(row)
    return {key: replace(it, people=1) if key and it.uses else it for key, it in found.items()}


def per_day(on: Basis, dim: Dim, keys: Collection[int] = (0,)) -> dict[int, dict[int, Counts]]:
    """Return the use of some values of a dimension on each day on which there was any."""
    columns = (UseDay.key, UseDay.day, *(getattr(UseDay, name) for name in NAMES))
    query = select(*columns).where(
        UseDay.dim == on.dim(dim), UseDay.key.in_(list(keys)), UseDay.day >= on.first
    )
    found: dict[int, dict[int, Counts]] = {key: {} for key in keys}
    for row in db.session.execute(query.order_by(UseDay.key, UseDay.day)):
        found[row.key][row.day] = _counts(row)
    if on.fresh is not None:
        for (key, day), new in on.fresh.days(dim, on.first, keys).items():
            found[key][day] = found[key].get(day, NOTHING) + new
    else:
        for row in db.session.execute(on.tail.counts(dim, by_day=True)):
            if row.key in found:
                days = found[row.key]
                days[row.day] = days.get(row.day, NOTHING) + _counts(row)
    return found


def views_over_time(on: Basis, assets: Sequence[int]) -> dict[int, list[int]]:
    """Return the views of each asset on each day, or week when there are many, the first first."""
    step = 7 if on.days >= rules.WEEKLY_FROM else 1
    if on.waits_long:
        exact = per_day(on, Dim.ASSET, assets) if assets else {}
        views = {(key, day): it.views for key, days in exact.items() for day, it in days.items()}
    else:
        views = _views(on, assets, step)
        new = on.fresh.days(Dim.ASSET, on.first, assets) if on.fresh else {}
        for (key, day), it in new.items():
            views[key, day] = views.get((key, day), 0) + it.views
    found = {key: [0] * -(-(on.today - on.first + 1) // step) for key in assets}
    for (key, day), count in views.items():
        if day <= on.today:
            found[key][(day - on.first) // step] += count
    return found


def _views(on: Basis, assets: Sequence[int], step: int) -> dict[tuple[int, int], int]:
    """Return the kept views of assets by the first day of each step."""
    place = (UseDay.day - on.first) // step
    query = (
        select(UseDay.key, place, cast(func.sum(UseDay.views), BigInteger))
        .where(
            UseDay.dim == on.dim(Dim.ASSET),
            UseDay.key.in_(assets),
            UseDay.day.between(on.first, on.today),
        )
        .group_by(UseDay.key, place)
        .order_by(UseDay.key, place)
    )
    return {(row[0], on.first + step * row[1]): row[2] for row in db.session.execute(query)}


def members(team_id: int | None = None) -> Mapping[int, Member]:
    """Return everybody, or the people of a team, by number."""
    query = select(User.id, User.name, User.team_id, Team.name, User.active, User.email).outerjoin(
        Team, Team.id == User.team_id
    )
    if team_id is not None:
        query = query.where(User.team_id == team_id)
    return {row[0]: Member(*row) for row in db.session.execute(query.order_by(User.id))}


def adoption(on: Basis, zone: str) -> rules.Adoption:
    """Return who of Sales used something in at least two of the last four weeks.

    Who counts could sign in since those weeks began, and still can.
    """
    weeks = rules.last_weeks(on.today)
    low = on.tail.low
    tail = part_since(low, weeks[0], ZoneInfo(zone))
    cohort = and_(
        User.department == Department.SALES.value,
        User.active.is_(True),
        User.created_at <= tail.start,
    )
    people: set[int] = set()
    used: dict[int, set[int]] = {}
    bits = case({week: 1 << place for place, week in enumerate(weeks)}, value=UseDay.day, else_=0)
    same = and_(UseDay.dim == on.dim(Dim.WEEK), UseDay.key == User.id, UseDay.day.in_(weeks))
    kept = select(User.id, cast(func.sum(bits), BigInteger)).outerjoin(UseDay, same).where(cohort)
    for person, mask in db.session.execute(kept.group_by(User.id).order_by(User.id)):
        people.add(person)
        if mask:
            used[person] = {week for place, week in enumerate(weeks) if mask >> place & 1}
    if on.fresh is not None:
        for person, week in on.fresh.weeks(weeks[0]):
            used.setdefault(person, set()).add(week)
    else:
        for row in db.session.execute(tail.counts(Dim.WEEK, by_day=True)):
            used.setdefault(row.key, set()).add(row.day)
    return rules.adoption(people, used, on.today)


def visible(slug: str, *, everything: bool) -> Asset | None:
    """Return an asset by its slug; only published ones unless `everything`."""
    if not slug.isprintable():
        return None  # PostgreSQL refuses NUL
    query = select(Asset).where(Asset.slug == slug)
    if not everything:
        query = query.where(Asset.state == State.PUBLISHED.value)
    return db.session.scalar(query)
