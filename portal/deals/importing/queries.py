"""The SELECTs of imports: runs, their reports, what was learnt, what words can be matched to."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Team, User
from portal.db import db
from portal.deals.importing.models import (
    DealImport,
    DealImportMapping,
    DealImportRow,
    DealImportWord,
)
from portal.deals.models import Customer, Deal, DealTerm
from portal.library.terms import queries as terms

LISTED = 20


def by_token(token: str, *, lock: bool = False) -> DealImport | None:
    """Return an import by what its address says."""
    query = select(DealImport).where(DealImport.token == token[:40])
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def by_id(import_id: int, *, lock: bool = False) -> DealImport | None:
    """Return an import; `lock`: nobody else goes on with it until the commit."""
    query = select(DealImport).where(DealImport.id == import_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def unfinished(fingerprint: str) -> DealImport | None:
    """Return an import of the same files in the same way that was interrupted."""
    query = (
        select(DealImport)
        .where(DealImport.fingerprint == fingerprint, DealImport.state == "running")
        .order_by(DealImport.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def latest() -> Sequence[DealImport]:
    """Return the last imports, the latest first."""
    query = (
        select(DealImport)
        .where(DealImport.state != "preview")
        .order_by(DealImport.at.desc(), DealImport.id.desc())
    )
    return db.session.scalars(query.limit(LISTED)).all()


def report(import_id: int, kind: str, limit: int | None = None) -> Sequence[DealImportRow]:
    """Return the rows of a kind that were noted, in the order of the file."""
    query = (
        select(DealImportRow)
        .where(DealImportRow.import_id == import_id, DealImportRow.kind == kind)
        .order_by(DealImportRow.row, DealImportRow.id)
    )
    return db.session.scalars(query.limit(limit)).all()


def noted(import_id: int) -> dict[str, int]:
    """Return how many rows of each kind were noted."""
    query = (
        select(DealImportRow.kind, func.count())
        .where(DealImportRow.import_id == import_id)
        .group_by(DealImportRow.kind)
        .order_by(DealImportRow.kind)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def mappings() -> dict[str, dict[str, Any]]:
    """Return how tables were read before, by their signature."""
    query = select(DealImportMapping).order_by(DealImportMapping.signature)
    return {it.signature: it.settings for it in db.session.scalars(query)}


def words(source: str) -> Sequence[DealImportWord]:
    """Return what was learnt about the words of a source."""
    query = (
        select(DealImportWord).where(DealImportWord.source == source).order_by(DealImportWord.id)
    )
    return db.session.scalars(query).all()


def people() -> Sequence[User]:
    """Return everybody who can own a deal, active ones first."""
    return db.session.scalars(select(User).order_by(User.active.desc(), User.id)).all()


def teams() -> Sequence[Team]:
    """Return all teams."""
    return db.session.scalars(select(Team).order_by(Team.id)).all()


def term_words(facet: str) -> dict[str, str]:
    """Return all words of the terms that are offered, with the slugs they stand for."""
    return {
        word: term.slug
        for term in terms.offered(facet)
        for word in (*term.names.values(), *term.aliases, term.slug)
    }


def kept(source: str, ids: Collection[str]) -> dict[str, Any]:
    """Return what is kept of some deals of a source, by the source's id."""
    query = select(
        Deal.id, Deal.external_id, Deal.digest, Deal.stage, Deal.outcome, Deal.owner_id
    ).where(Deal.source == source, Deal.external_id.in_(sorted(ids)))
    return {row.external_id: row for row in db.session.execute(query.order_by(Deal.id))}


def tagged(ids: Collection[int]) -> dict[int, set[tuple[str, str]]]:
    """Return the terms of some deals."""
    found: dict[int, set[tuple[str, str]]] = {}
    query = select(DealTerm).where(DealTerm.deal_id.in_(sorted(ids)))
    for it in db.session.scalars(query.order_by(DealTerm.deal_id)):
        found.setdefault(it.deal_id, set()).add((it.facet, it.slug))
    return found


def customers(keys: Collection[str]) -> dict[str, Customer]:
    """Return customers by what makes their names the same."""
    query = select(Customer).where(Customer.name_key.in_(sorted(keys))).order_by(Customer.id)
    return {it.name_key: it for it in db.session.scalars(query)}


def of_source(source: str, size: int) -> Iterator[Sequence[Deal]]:
    """Yield the deals of a source in lots, by number."""
    last = 0
    while True:
        query = select(Deal).where(Deal.source == source, Deal.id > last).order_by(Deal.id)
        found = db.session.scalars(query.limit(size)).all()
        if not found:
            return
        last = found[-1].id
        yield found
