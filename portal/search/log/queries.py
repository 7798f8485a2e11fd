"""Every SELECT of the log: the ledger by days, kept days, wordings, teams."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Team, User
from portal.db import UTCDateTime, db
from portal.library.models import Asset, AssetText, FacetTerm
from portal.search.log.models import SearchDay, SearchLogState, SearchWording
from portal.usage.models import UsageEvent
from portal.usage.rules import Action
from portal.usage.visits import Fact

NAMED = ("competitor", "product")
"""Facets whose terms people call by names of their own."""
CHUNK = 500
"""Values asked for at once: SQLite takes a bounded number of parameters."""


def facts(start: datetime, end: datetime) -> list[Fact]:
    """Return what happened between two moments, in its order."""
    query = (
        select(
            UsageEvent.at, UsageEvent.user_id, UsageEvent.action, UsageEvent.source,
            UsageEvent.ref, UsageEvent.query, UsageEvent.results, UsageEvent.language,
        )
        .where(
            UsageEvent.action.in_([action.value for action in Action]),
            UsageEvent.at >= start,
            UsageEvent.at < end,
        )
        .order_by(UsageEvent.at, UsageEvent.id)
    )  # fmt: skip
    rows: Any = db.session.connection().execute(query)
    return [Fact(int(at.timestamp()), *rest) for at, *rest in rows]


def first_search() -> datetime | None:
    """Return when the first search of all was."""
    query = select(func.min(UsageEvent.at, type_=UTCDateTime())).where(
        UsageEvent.action == Action.SEARCHED.value
    )
    return db.session.scalar(query)


def state(*, lock: bool = False) -> SearchLogState | None:
    """Return up to when the log is kept; held until the transaction ends if `lock`."""
    query = select(SearchLogState)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def stamps(first: int, end: int) -> dict[int, int]:
    """Return the stamps of the kept days of a stretch, `end` not included."""
    query = (
        select(SearchDay.day, SearchDay.stamp)
        .where(SearchDay.day >= first, SearchDay.day < end)
        .order_by(SearchDay.day)
    )
    return {row.day: row.stamp for row in db.session.execute(query)}


def days(numbers: Sequence[int]) -> dict[int, tuple[bytes, bytes]]:
    """Return some kept days, packed."""
    found: dict[int, tuple[bytes, bytes]] = {}
    for start in range(0, len(numbers), CHUNK):
        query = select(SearchDay.day, SearchDay.searches, SearchDay.visits).where(
            SearchDay.day.in_(numbers[start : start + CHUNK])
        )
        for row in db.session.execute(query.order_by(SearchDay.day)):
            found[row.day] = (row.searches, row.visits)
    return found


def days_until(last: int) -> list[tuple[int, tuple[bytes, bytes]]]:
    """Return the kept days up to one, packed, the first day first."""
    query = select(SearchDay.day, SearchDay.searches, SearchDay.visits).where(SearchDay.day <= last)
    rows = db.session.execute(query.order_by(SearchDay.day))
    return [(row.day, (row.searches, row.visits)) for row in rows]


def meanings(after: int) -> list[tuple[int, int]]:
    """Return (number, meaning) of the wordings with higher numbers."""
    query = (
        select(SearchWording.id, SearchWording.meaning)
        .where(SearchWording.id > after)
        .order_by(SearchWording.id)
    )
    return [(row[0], row[1]) for row in db.session.connection().execute(query)]


def numbers(texts: Collection[str]) -> dict[str, int]:
    """Return the numbers of those of the wordings that have one."""
    wanted, found = sorted(texts), dict[str, int]()
    for start in range(0, len(wanted), CHUNK):
        query = select(SearchWording.text, SearchWording.id).where(
            SearchWording.text.in_(wanted[start : start + CHUNK])
        )
        found.update({row.text: row.id for row in db.session.execute(query)})
    return found


def wordings(after: int, most: int) -> list[tuple[int, str, int]]:
    """Return (number, text, meaning) of wordings with higher numbers, the lowest first."""
    query = (
        select(SearchWording.id, SearchWording.text, SearchWording.meaning)
        .where(SearchWording.id > after)
        .order_by(SearchWording.id)
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def texts(wanted: Collection[int]) -> dict[int, str]:
    """Return wordings by number."""
    ids, found = sorted(wanted), dict[int, str]()
    for start in range(0, len(ids), CHUNK):
        query = select(SearchWording.id, SearchWording.text).where(
            SearchWording.id.in_(ids[start : start + CHUNK])
        )
        found.update({row.id: row.text for row in db.session.execute(query)})
    return found


def languages() -> dict[int, str]:
    """Return the languages people have chosen, by person."""
    query = select(User.id, User.language).where(User.language.is_not(None)).order_by(User.id)
    rows: Any = db.session.connection().execute(query)
    return {row[0]: row[1] for row in rows}


def teams() -> tuple[Mapping[int, str], Mapping[int, int]]:
    """Return the names of teams, and which person is of which."""
    named = select(Team.id, Team.name).order_by(Team.name_key, Team.id)
    of = select(User.id, User.team_id).where(User.team_id.is_not(None)).order_by(User.id)
    connection = db.session.connection()
    names: Any = connection.execute(named)
    people: Any = connection.execute(of)
    return {row[0]: row[1] for row in names}, {row[0]: row[1] for row in people}


def texts_of(slug: str) -> list[int]:
    """Return the texts of an asset."""
    query = (
        select(AssetText.id)
        .join(Asset, Asset.id == AssetText.asset_id)
        .where(Asset.slug == slug)
        .order_by(AssetText.id)
    )
    return list(db.session.scalars(query))


def terms() -> list[FacetTerm]:
    """Return the competitors and products that are in use, by facet and slug."""
    query = (
        select(FacetTerm)
        .where(FacetTerm.facet.in_(NAMED), FacetTerm.retired_on.is_(None))
        .order_by(FacetTerm.facet, FacetTerm.slug)
    )
    return list(db.session.scalars(query))
