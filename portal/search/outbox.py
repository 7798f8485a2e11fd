"""The outbox: which texts the index still has to learn, written in the change's own transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, event, func, insert, inspect, or_, select
from sqlalchemy.orm import Session, UOWTransaction

from portal import clock
from portal.accounts.models import User
from portal.db import db
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.library.rules import State
from portal.search.models import SearchPending

WAITING = "search_pending"

NOTICED = ("slug", "kind", "state", "owner_id", "facets", "files_stamp")
"""What the index knows of an asset besides its texts."""

CHUNK = 500
"""Ids named in one statement: SQLite takes a bounded number of parameters."""


def batched(items: Iterable[int], size: int) -> Iterator[list[int]]:
    """Yield lists of up to `size` items."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


@event.listens_for(Session, "after_flush")
def remember(session: Session, _context: UOWTransaction) -> None:
    """Queue every text that this flush has changed for those who search, in step.

    A text that is not published, and whose asset was not before this flush, is none of them.
    """
    texts: set[int] = set()
    gone: set[int] = set()
    assets: set[int] = set()
    terms: set[int] = set()
    owners: set[int] = set()
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, AssetText):
            (gone if row in session.deleted else texts).add(row.id)
        elif isinstance(row, Asset):
            if row not in session.dirty or _is_noticed(row):
                assets.add(row.id)
        elif isinstance(row, FacetTerm):
            terms.add(row.id)
        elif isinstance(row, User) and row in session.dirty:
            owners.add(row.id)
    if terms:
        assets.update(
            session.scalars(
                select(asset_facets.c.asset_id).where(asset_facets.c.term_id.in_(terms))
            )
        )
    if owners:
        assets.update(session.scalars(select(Asset.id).where(Asset.owner_id.in_(owners))))
    texts = gone | _to_learn(session, texts, assets)
    if texts:
        at = clock.now()
        session.execute(insert(SearchPending), [{"text_id": i, "at": at} for i in sorted(texts)])
        session.info[WAITING] = True


def _is_noticed(asset: Asset) -> bool:
    """Whether a flush changes what the index knows of an asset."""
    attributes = inspect(asset).attrs
    return any(attributes[name].history.has_changes() for name in NOTICED)


def _to_learn(session: Session, texts: set[int], assets: set[int]) -> set[int]:
    """Return which of these texts, and all texts of these assets, the index has to look at."""
    if not texts and not assets:
        return set()
    query = (
        select(AssetText.id)
        .join(Asset, Asset.id == AssetText.asset_id)
        .where(
            or_(
                AssetText.id.in_(texts) & (Asset.state == State.PUBLISHED.value),
                AssetText.asset_id.in_(assets),
            )
        )
    )
    return set(session.scalars(query))


def is_waiting(session: Session) -> bool:
    """Whether this unit of work has queued something; asking forgets it."""
    return bool(session.info.pop(WAITING, False))


def pending(limit: int) -> list[tuple[int, int]]:
    """Return up to `limit` (row id, text id), oldest first."""
    found = db.session.execute(
        select(SearchPending.id, SearchPending.text_id).order_by(SearchPending.id).limit(limit)
    )
    return [(row.id, row.text_id) for row in found]


def waiting() -> list[int]:
    """Return the ids of all rows there are; a rebuild forgets just these.

    Ids are given before a transaction commits, so "all up to the newest" would take rows along
    that nobody has read.
    """
    return list(db.session.scalars(select(SearchPending.id).order_by(SearchPending.id)))


def forget(rows: Iterable[int]) -> None:
    """Delete these rows: the index knows what they were about."""
    for chunk in batched(rows, CHUNK):
        db.session.execute(delete(SearchPending).where(SearchPending.id.in_(chunk)))


def backlog() -> tuple[int, datetime | None]:
    """Return how many rows wait and since when."""
    count, since = db.session.execute(select(func.count(), func.min(SearchPending.at))).one()
    return count, since
