"""The SELECTs around claims: decisions, titles, filters, and who else quotes a figure."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.db import db
from portal.library.claims.models import ClaimFact, ClaimRow, ClaimRuling
from portal.library.claims.queries import Wanted, candidates
from portal.library.claims.rules import Verdict
from portal.library.models import Asset, AssetText, FacetTerm
from portal.library.rules import Facet, State


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another published asset that has a figure too; with the source it names, if any."""

    slug: str
    language: str
    anchor: str
    source: str


def elsewhere(claims: Sequence[ClaimRow], *, most: int = 6) -> dict[int, list[Elsewhere]]:
    """Return, by claim id, the other assets that quote its figures about the same subject."""
    facts: dict[tuple[int, str, int], list[tuple[str, str]]] = defaultdict(list)
    places = {(claim.asset_id, claim.language, claim.number) for claim in claims}
    ids = sorted({claim.asset_id for claim in claims})
    mine = select(ClaimFact).where(ClaimFact.asset_id.in_(ids)).order_by(ClaimFact.id)
    for fact in db.session.scalars(mine):
        place = (fact.asset_id, fact.language, fact.number)
        if place in places:
            facts[place].append((fact.value, fact.unit))
    values = sorted({value for pairs in facts.values() for value, _ in pairs})
    query = (
        candidates(
            Wanted(), ClaimFact.value, ClaimFact.unit, ClaimFact.asset_id, ClaimRow.subject,
            ClaimRow.language, ClaimRow.anchor, ClaimRow.source, Asset.slug,
        )
        .where(ClaimFact.value.in_(values[:500]), ClaimRow.subject.in_({c.subject for c in claims}))
        .order_by(ClaimRow.source == "", Asset.slug, ClaimRow.language, ClaimRow.number)
    )  # fmt: skip
    others = db.session.execute(query).all() if values else []
    by_figure: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in others:
        by_figure[row.subject, row.value, row.unit].append(row)
    found: dict[int, list[Elsewhere]] = {}
    for claim in claims:
        seen: dict[str, Elsewhere] = {}
        for value, unit in facts[claim.asset_id, claim.language, claim.number]:
            for row in by_figure[claim.subject, value, unit]:
                if row.asset_id != claim.asset_id and len(seen) < most:
                    told = Elsewhere(row.slug, row.language, row.anchor, row.source)
                    seen.setdefault(row.slug, told)
        found[claim.id] = list(seen.values())
    return found


def rulings(*, limit: int, offset: int = 0) -> Sequence[ClaimRuling]:
    """Return what was decided and holds, the latest first."""
    query = (
        select(ClaimRuling)
        .where(ClaimRuling.ended_at.is_(None))
        .options(joinedload(ClaimRuling.asset), joinedload(ClaimRuling.by))
        .order_by(ClaimRuling.at.desc(), ClaimRuling.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()


def ruling_count() -> int:
    """Return how many decisions hold."""
    query = select(func.count()).where(ClaimRuling.ended_at.is_(None))
    return db.session.scalar(query) or 0


def ruling(ruling_id: int) -> ClaimRuling | None:
    """Return one decision."""
    return db.session.get(ClaimRuling, ruling_id)


def holding(verdict: str, mark: str) -> Sequence[ClaimRuling]:
    """Return the decisions of a kind about a mark that hold."""
    query = (
        select(ClaimRuling)
        .where(
            ClaimRuling.mark == mark,
            ClaimRuling.verdict == verdict,
            ClaimRuling.ended_at.is_(None),
        )
        .order_by(ClaimRuling.id)
    )
    return db.session.scalars(query).all()


def cleared(verdict: Verdict) -> set[str]:
    """Return the marks somebody has decided about, and nobody has taken that back."""
    query = select(ClaimRuling.mark).where(
        ClaimRuling.verdict == verdict.value, ClaimRuling.ended_at.is_(None)
    )
    return set(db.session.scalars(query))


def competitors() -> list[tuple[str, dict[str, str]]]:
    """Return (slug, names) of every competitor of the vocabulary."""
    query = (
        select(FacetTerm.slug, FacetTerm.names)
        .where(FacetTerm.facet == Facet.COMPETITOR.value)
        .order_by(FacetTerm.slug)
    )
    return [(slug, names) for slug, names in db.session.execute(query)]


def owners() -> list[tuple[int, str]]:
    """Return (id, name) of everybody who owns something published."""
    query = (
        select(User.id, User.name)
        .where(exists().where(Asset.owner_id == User.id, Asset.state != State.RETIRED.value))
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]


def titles(asset_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Return the titles of these assets, by id and language."""
    query = (
        select(AssetText.asset_id, AssetText.language, AssetText.title)
        .where(AssetText.asset_id.in_(sorted(asset_ids)))
        .order_by(AssetText.id)
    )
    return {(row.asset_id, row.language): row.title for row in db.session.execute(query)}


def titles_of_slugs(slugs: Collection[str]) -> dict[str, str]:
    """Return a title of each of these assets, English where there is one."""
    query = (
        select(Asset.slug, AssetText.title)
        .join(AssetText, AssetText.asset_id == Asset.id)
        .where(Asset.slug.in_(sorted(slugs)))
        .order_by(Asset.slug, AssetText.language.desc())
    )
    return {row.slug: row.title for row in db.session.execute(query)}
