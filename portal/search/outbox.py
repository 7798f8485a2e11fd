"""The outbox: which texts the index still has to learn, written in the change's own transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, event, func, insert, select
from sqlalchemy.orm import Session, UOWTransaction

from portal import clock
from portal.accounts.models import User
from portal.db import db
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.search.models import SearchPending

WAITING = "search_pending"

CHUNK = 500
"""Ids named in one statement: SQLite takes a bounded number of parameters."""


def batched(items: Iterable[int], size: int) -> Iterator[list[int]]:
    """Yield lists of up to `size` items."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


@event.listens_for(Session, "after_flush")
def remember(session: Session, _context: UOWTransaction) -> None:
    """Queue every text that this flush has touched, directly or through its asset, in step."""
    texts: set[int] = set()
    assets: set[int] = set()
    terms: set[int] = set()
    owners: set[int] = set()
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, AssetText):
            texts.add(row.id)
        elif isinstance(row, Asset):
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
    if assets:
        texts.update(session.scalars(select(AssetText.id).where(AssetText.asset_id.in_(assets))))
    if texts:
        at = clock.now()
        session.execute(insert(SearchPending), [{"text_id": i, "at": at} for i in sorted(texts)])
        session.info[WAITING] = True


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
