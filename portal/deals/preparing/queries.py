"""The SELECTs behind preparing for a call: terms, assets that share them, uses on a deal."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, case, cast, func, or_, select

from portal.accounts.models import User
from portal.db import db
from portal.deals.preparing.rules import LOOKED_AT, USES_SHOWN, WEIGHTS, Used
from portal.library.models import Asset, AssetText, FacetTerm, FormerSlug, asset_facets
from portal.library.rules import Facet, State
from portal.usage.models import UsageEvent
from portal.usage.rules import USES

_USES = [action.value for action in USES]


class Term(NamedTuple):
    """A term a deal is about; `said` is the slug by which it was, perhaps a former one."""

    id: int
    facet: str
    slug: str
    names: dict[str, str]
    said: str


# a deal's page is opened before each call: its statements are put together once
_TERMS = (
    select(
        FacetTerm.id, FacetTerm.facet, FacetTerm.slug, FacetTerm.names,
        FormerSlug.facet, FormerSlug.slug,
    )
    .outerjoin(FormerSlug, FormerSlug.term_id == FacetTerm.id)
    .where(
        or_(
            FacetTerm.slug.in_(bindparam("slugs", expanding=True)),
            FormerSlug.slug.in_(bindparam("slugs", expanding=True)),
        )
    )
    .order_by(FacetTerm.facet, FacetTerm.slug, FormerSlug.slug)
)  # fmt: skip


def terms(about: Iterable[tuple[str, str]]) -> list[Term]:
    """Return the terms of these facets and slugs, also by slugs they had before."""
    wanted = set(about)
    if not wanted:
        return []
    rows: Any = db.session.execute(_TERMS, {"slugs": sorted({slug for _, slug in wanted})})
    found: dict[int, Term] = {}
    for number, facet, slug, names, facet_before, before in rows:
        if (facet, slug) in wanted:
            found.setdefault(number, Term(number, facet, slug, names, slug))
        elif (facet_before, before) in wanted:
            found.setdefault(number, Term(number, facet, slug, names, before))
    return list(found.values())


def industries() -> Sequence[FacetTerm]:
    """Return the industries of the vocabulary, by slug."""
    query = select(FacetTerm).where(FacetTerm.facet == Facet.INDUSTRY.value)
    return db.session.scalars(query.order_by(FacetTerm.slug)).all()


class Shared(NamedTuple):
    """An asset and the terms it shares with a deal."""

    asset_id: int
    terms: list[int]


class Titled(NamedTuple):
    """An asset in one of its languages."""

    asset_id: int
    slug: str
    kind: str
    state: str
    language: str
    title: str
    summary: str


_TITLED = (
    select(
        Asset.id,
        Asset.slug,
        Asset.kind,
        Asset.state,
        AssetText.language,
        AssetText.title,
        AssetText.summary,
    )
    .join(AssetText, AssetText.asset_id == Asset.id)
    .where(Asset.id.in_(bindparam("assets", expanding=True)))
    .order_by(Asset.id, AssetText.language)
)


def titled(assets: Collection[int]) -> dict[int, dict[str, Titled]]:
    """Return these assets by number and language; those that are gone are not there."""
    found: dict[int, dict[str, Titled]] = defaultdict(dict)
    for row in db.session.execute(_TITLED, {"assets": sorted(assets)}):
        found[row[0]][row[4]] = Titled(*row)
    return found


def _offered() -> Any:  # noqa: ANN401  # a SELECT of no mapped class
    """Put together what `offered` asks; the terms of each facet are told by its name."""
    links = asset_facets.c
    told = {facet: links.term_id.in_(bindparam(facet, expanding=True)) for facet in WEIGHTS}
    score = func.sum(case(*((told[facet], WEIGHTS[facet]) for facet in WEIGHTS), else_=0))
    shared = (
        select(
            links.asset_id,
            score.label("score"),
            func.aggregate_strings(cast(links.term_id, String), ",").label("terms"),
        )
        .where(links.term_id.in_(bindparam("terms", expanding=True)))
        .group_by(links.asset_id)
        .subquery()
        .c
    )
    rivals: Any = bindparam(Facet.COMPETITOR.value, expanding=True)
    others = select(FacetTerm.id).where(
        FacetTerm.facet == Facet.COMPETITOR.value, FacetTerm.id.not_in(rivals)
    )
    strays = select(links.asset_id).where(links.term_id.in_(others))
    ours = select(links.asset_id).where(told[Facet.COMPETITOR.value])
    return (
        select(Asset.id, shared.terms)
        .join(shared.asset_id.table, shared.asset_id == Asset.id)
        .where(
            Asset.state == State.PUBLISHED.value,
            or_(Asset.id.not_in(strays), Asset.id.in_(ours)),
        )
        .order_by(shared.score.desc(), func.coalesce(Asset.checked_on, date.min).desc(), Asset.id)
        .limit(LOOKED_AT)
    )


_OFFERED = _offered()


def offered(about: Sequence[Term]) -> list[Shared]:
    """Return published assets that share terms with a deal, those that share most first.

    Not those that are against other competitors alone.
    """
    if not about:
        return []
    told: dict[str, list[int]] = {facet: [] for facet in WEIGHTS}
    for term in about:
        told[term.facet].append(term.id)
    rows = db.session.execute(_OFFERED, told | {"terms": [term.id for term in about]})
    return [Shared(number, sorted(map(int, ids.split(",")))) for number, ids in rows]


_USED = (
    select(
        UsageEvent.asset_id,
        UsageEvent.action,
        func.coalesce(User.name, ""),
        UsageEvent.language,
        UsageEvent.stage,
        UsageEvent.at,
    )
    .outerjoin(User, User.id == UsageEvent.user_id)
    .where(
        UsageEvent.deal_id.in_(bindparam("deals", expanding=True)),
        UsageEvent.asset_id.is_not(None),
        UsageEvent.action.in_(_USES),
    )
    .order_by(UsageEvent.at.desc(), UsageEvent.id.desc())
    .limit(USES_SHOWN)
)


def uses(deals: Collection[int]) -> list[Used]:
    """Return what was done with assets on these deals, the latest first."""
    rows: Any = db.session.execute(_USED, {"deals": sorted(deals)})
    return [Used(*row) for row in rows]


def used(deals: Collection[int]) -> dict[str, int]:
    """Return how often what was done with assets on these deals, in all."""
    query = (
        select(UsageEvent.action, func.count())
        .where(
            UsageEvent.deal_id.in_(deals),
            UsageEvent.asset_id.is_not(None),
            UsageEvent.action.in_(_USES),
        )
        .group_by(UsageEvent.action)
        .order_by(UsageEvent.action)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
