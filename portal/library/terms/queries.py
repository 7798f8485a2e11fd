"""The SELECTs behind the vocabulary: terms with their former slugs, use, and history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.library.models import Asset, FacetTerm, FormerSlug, asset_facets
from portal.library.rules import State
from portal.library.terms.models import TermEvent
from portal.library.terms.rules import Words


def terms_of(facet: str, *, lock: bool = False) -> Sequence[FacetTerm]:
    """Return all terms of a facet, by slug; `lock`: nobody else changes any until the commit."""
    query = select(FacetTerm).where(FacetTerm.facet == facet)
    if lock:  # then read again, since somebody may have added one while we waited
        held = select(FacetTerm.id).where(FacetTerm.facet == facet).order_by(FacetTerm.id)
        db.session.execute(held.with_for_update(key_share=True)).all()
    query = query.order_by(FacetTerm.slug).execution_options(populate_existing=lock)
    return db.session.scalars(query).all()


def former_of(facet: str) -> dict[int, list[str]]:
    """Return the slugs the terms of a facet had before, by the term's id."""
    found: dict[int, list[str]] = defaultdict(list)
    query = select(FormerSlug).where(FormerSlug.facet == facet).order_by(FormerSlug.slug)
    for row in db.session.scalars(query):
        found[row.term_id].append(row.slug)
    return found


def words_of(facet: str) -> list[Words]:
    """Return all that the terms of a facet are called."""
    former = former_of(facet)
    return [
        Words(term.id, term.slug, term.names, term.aliases, former.get(term.id, ()))
        for term in terms_of(facet)
    ]


def found(facet: str, slug: str) -> FacetTerm | None:
    """Return a term by its slug, or by one it had before."""
    query = select(FacetTerm).where(FacetTerm.facet == facet, FacetTerm.slug == slug)
    term = db.session.scalars(query).first()
    if term is not None:
        return term
    query = (
        select(FacetTerm)
        .join(FormerSlug, FormerSlug.term_id == FacetTerm.id)
        .where(FormerSlug.facet == facet, FormerSlug.slug == slug)
    )
    return db.session.scalars(query).first()


def offered(facet: str) -> Sequence[FacetTerm]:
    """Return the terms an asset may be given: all but retired ones, by slug."""
    query = (
        select(FacetTerm)
        .where(FacetTerm.facet == facet, FacetTerm.retired_on.is_(None))
        .order_by(FacetTerm.slug)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term in the list, with how many assets have it, and how many of those are published."""

    slug: str
    names: dict[str, str]
    aliases: list[str]
    retired_on: date | None
    assets: int
    published: int


def lines(facet: str) -> list[TermLine]:
    """Return the terms of a facet, retired ones last, then by slug."""
    shown = func.count(Asset.id).filter(Asset.state == State.PUBLISHED.value)
    query = (
        select(
            FacetTerm.slug,
            FacetTerm.names,
            FacetTerm.aliases,
            FacetTerm.retired_on,
            func.count(asset_facets.c.asset_id),
            shown,
        )
        .outerjoin(asset_facets, asset_facets.c.term_id == FacetTerm.id)
        .outerjoin(Asset, Asset.id == asset_facets.c.asset_id)
        .where(FacetTerm.facet == facet)
        .group_by(FacetTerm.id)
        .order_by(FacetTerm.retired_on.is_not(None), FacetTerm.slug)
    )
    return [TermLine(*row) for row in db.session.execute(query)]


def counts() -> dict[str, int]:
    """Return how many terms each facet has."""
    query = select(FacetTerm.facet, func.count()).group_by(FacetTerm.facet)
    return {row[0]: row[1] for row in db.session.execute(query.order_by(FacetTerm.facet))}


def asset_ids(term_id: int) -> list[int]:
    """Return the assets that have a term."""
    query = select(asset_facets.c.asset_id).where(asset_facets.c.term_id == term_id)
    return list(db.session.scalars(query.order_by(asset_facets.c.asset_id)))


def history(term_id: int, limit: int) -> Sequence[TermEvent]:
    """Return what was done to a term, the latest first."""
    query = (
        select(TermEvent)
        .where(TermEvent.term_id == term_id)
        .options(joinedload(TermEvent.user))
        .order_by(TermEvent.at.desc(), TermEvent.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()


def event(event_id: int) -> TermEvent | None:
    """Return one change of the vocabulary."""
    return db.session.get(TermEvent, event_id)
