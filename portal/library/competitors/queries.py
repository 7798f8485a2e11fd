"""The SELECTs behind a competitor's page: the term, what is published against it, one card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select

from portal.accounts.models import User
from portal.db import db
from portal.library.models import Asset, AssetText, FacetTerm, FormerSlug, asset_facets
from portal.library.rules import Facet, Kind, State
from portal.usage.models import UsageEvent
from portal.usage.rules import USES

MOST_TEXTS = 1500
"""Texts looked at for one competitor; three languages of some hundred assets."""


@dataclass(frozen=True, slots=True)
class Competitor:
    """A competitor as a page names it."""

    id: int
    slug: str
    names: Mapping[str, str]
    aliases: Sequence[str]
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class TextRow:
    """A published text against a competitor; `uses`: how often its asset was used lately."""

    asset_id: int
    text_id: int
    slug: str
    kind: str
    language: str
    title: str
    summary: str
    revision: int
    checked_on: date | None
    owner: str
    uses: int


def competitor(slug: str) -> Competitor | None:
    """Return a competitor by its slug, or by one it had before."""
    query = (
        select(
            FacetTerm.id, FacetTerm.slug, FacetTerm.names, FacetTerm.aliases, FacetTerm.retired_on
        )
        .outerjoin(FormerSlug, (FormerSlug.term_id == FacetTerm.id) & (FormerSlug.slug == slug))
        .where(
            FacetTerm.facet == Facet.COMPETITOR.value,
            or_(FacetTerm.slug == slug, FormerSlug.slug == slug),
        )
        .order_by((FacetTerm.slug == slug).desc(), FacetTerm.id)
        .limit(1)
    )
    row = db.session.execute(query).first()
    return Competitor(*row) if row else None


def texts(term_id: int, *, since: datetime) -> list[TextRow]:
    """Return every published text of the assets that have a term, the most used first."""
    against = select(asset_facets.c.asset_id).where(asset_facets.c.term_id == term_id)
    used = (
        select(UsageEvent.asset_id, func.count().label("uses"))
        .where(
            UsageEvent.asset_id.in_(against),
            UsageEvent.at >= since,
            UsageEvent.action.in_([action.value for action in USES]),
        )
        .group_by(UsageEvent.asset_id)
        .subquery()
        .c
    )
    uses = func.coalesce(used.uses, 0)
    query = (
        select(
            Asset.id,
            AssetText.id,
            Asset.slug,
            Asset.kind,
            AssetText.language,
            AssetText.title,
            AssetText.summary,
            AssetText.revision,
            Asset.checked_on,
            func.coalesce(User.name, ""),
            uses,
        )
        .join(AssetText, AssetText.asset_id == Asset.id)
        .outerjoin(User, User.id == Asset.owner_id)
        .outerjoin(used.asset_id.table, used.asset_id == Asset.id)
        .where(Asset.id.in_(against), Asset.state == State.PUBLISHED.value)
        .order_by(
            uses.desc(), func.coalesce(Asset.checked_on, date.min).desc(), Asset.slug, AssetText.id
        )
        .limit(MOST_TEXTS)
    )
    return [TextRow(*row) for row in db.session.execute(query)]


def sections(text_id: int) -> list[dict[str, Any]]:
    """Return a text's sections as they are kept."""
    query = select(AssetText.sections).where(AssetText.id == text_id)
    return db.session.scalar(query) or []


@dataclass(frozen=True, slots=True)
class CompetitorLine:
    """A competitor in the list, with how much there is against it and how fresh the card is."""

    slug: str
    names: Mapping[str, str]
    aliases: Sequence[str]
    retired_on: date | None
    assets: int
    cards: int
    card_checked_on: date | None


def competitors() -> list[CompetitorLine]:
    """Return all competitors by slug, retired ones last and only when there is something."""
    is_card = Asset.kind == Kind.BATTLECARD.value
    query = (
        select(
            FacetTerm.slug,
            FacetTerm.names,
            FacetTerm.aliases,
            FacetTerm.retired_on,
            func.count(Asset.id),
            func.count(Asset.id).filter(is_card),
            func.max(Asset.checked_on).filter(is_card),
        )
        .outerjoin(asset_facets, asset_facets.c.term_id == FacetTerm.id)
        .outerjoin(
            Asset,
            (Asset.id == asset_facets.c.asset_id) & (Asset.state == State.PUBLISHED.value),
        )
        .where(FacetTerm.facet == Facet.COMPETITOR.value)
        .group_by(FacetTerm.id)
        .having(or_(FacetTerm.retired_on.is_(None), func.count(Asset.id) > 0))
        .order_by(FacetTerm.retired_on.is_not(None), FacetTerm.slug)
    )
    return [CompetitorLine(*row) for row in db.session.execute(query)]
