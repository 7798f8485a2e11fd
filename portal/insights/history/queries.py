"""The SELECTs behind a history's import: who, what and which deal its files mean; what is there."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from portal.calls.models import Call, CallUse
from portal.calls.ratings.models import Rating
from portal.db import db
from portal.deals.models import Deal, DealTerm, Pipeline, PipelineStage, StageChange
from portal.insights.history.models import HistoryAsset
from portal.library.models import Asset, AssetText
from portal.usage.models import UsageEvent


def alone(source: str) -> None:
    """Let one import of a source write at a time; SQLite has one writer anyway."""
    if db.session.connection().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext('history import'), hashtext(:source))")
        db.session.execute(lock, {"source": source})


def _rows(query: Any) -> Any:  # noqa: ANN401  # plain rows, without the session's bookkeeping
    return db.session.connection().execute(query)


# --- assets ---------------------------------------------------------------------------------------


def assets_by_slug() -> dict[str, int]:
    """Return every asset by its slug."""
    return {row[0]: row[1] for row in _rows(select(Asset.slug, Asset.id).order_by(Asset.id))}


def assets_of(source: str) -> dict[str, tuple[int, bool, str]]:
    """Return (asset, whether the import made it, digest) by what a source calls it."""
    query = (
        select(
            HistoryAsset.external_id, HistoryAsset.asset_id, HistoryAsset.own, HistoryAsset.digest
        )
        .where(HistoryAsset.source == source)
        .order_by(HistoryAsset.id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in _rows(query)}


def asset(asset_id: int) -> Asset | None:
    """Return an asset by its number."""
    return db.session.get(Asset, asset_id)


def languages() -> dict[int, str]:
    """Return of every asset the first of its languages: English, if it has that."""
    query = select(AssetText.asset_id, func.min(AssetText.language)).group_by(AssetText.asset_id)
    return {row[0]: row[1] for row in _rows(query.order_by(AssetText.asset_id))}


# --- deals --------------------------------------------------------------------------------------

KEPT = (
    Deal.id, Deal.external_id, Deal.outcome, Deal.closed_at, Deal.digest, Deal.said,
    Deal.pipeline_id, Deal.stage_id, Deal.stage,
)  # fmt: skip


def deals(source: str, named: Collection[str]) -> dict[str, Any]:
    """Return the rows of the deals a source calls so."""
    query = (
        select(*KEPT)
        .where(Deal.source == source, Deal.external_id.in_(sorted(named)))
        .order_by(Deal.id)
    )
    return {row.external_id: row for row in _rows(query)}


def deals_after(source: str, deal_id: int, most: int) -> list[Any]:
    """Return the next deals of a source beyond a number."""
    query = select(*KEPT).where(Deal.source == source, Deal.id > deal_id)
    return list(_rows(query.order_by(Deal.id).limit(most)))


def terms(deal_ids: Collection[int]) -> dict[int, set[tuple[str, str]]]:
    """Return the products and competitors of deals: (facet, slug)."""
    query = (
        select(DealTerm.deal_id, DealTerm.facet, DealTerm.slug)
        .where(DealTerm.deal_id.in_(sorted(deal_ids)))
        .order_by(DealTerm.deal_id, DealTerm.facet, DealTerm.slug)
    )
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for deal_id, facet, slug in _rows(query):
        found[deal_id].add((facet, slug))
    return found


def changes(deal_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return what deals went through: rows of id, at, stage, stage_id, outcome, the first first."""
    query = (
        select(
            StageChange.deal_id, StageChange.id, StageChange.at, StageChange.stage,
            StageChange.stage_id, StageChange.outcome,
        )
        .where(StageChange.deal_id.in_(sorted(deal_ids)))
        .order_by(StageChange.deal_id, StageChange.at, StageChange.id)
    )  # fmt: skip
    found: dict[int, list[Any]] = defaultdict(list)
    for row in _rows(query):
        found[row.deal_id].append(row)
    return found


def pipeline(name_key: str) -> Pipeline | None:
    """Return a pipeline by the key of its name."""
    return db.session.scalars(select(Pipeline).where(Pipeline.name_key == name_key)).first()


def appearances(pipeline_id: int) -> list[tuple[int, datetime]]:
    """Return when each stage of a pipeline was first entered, the earliest first."""
    first = func.min(StageChange.at)
    query = (
        select(StageChange.stage_id, first)
        .join(PipelineStage, PipelineStage.id == StageChange.stage_id)
        .where(PipelineStage.pipeline_id == pipeline_id)
        .group_by(StageChange.stage_id)
        .order_by(first, StageChange.stage_id)
    )
    return [(row[0], row[1]) for row in _rows(query)]


# --- uses and ratings ---------------------------------------------------------------------------


def uses(keys: Collection[str]) -> dict[str, tuple[int, int | None, str | None]]:
    """Return (number, deal, stage) of the uses that were loaded already, by their keys."""
    query = (
        select(UsageEvent.import_key, UsageEvent.id, UsageEvent.deal_id, UsageEvent.stage)
        .where(UsageEvent.import_key.in_(sorted(keys)))
        .order_by(UsageEvent.id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in _rows(query)}


def calls(tokens: Collection[str]) -> dict[str, Any]:
    """Return the calls of these tokens: rows of token, id, deal_id, result."""
    query = (
        select(Call.token, Call.id, Call.deal_id, Call.result)
        .where(Call.token.in_(sorted(tokens)))
        .order_by(Call.id)
    )
    return {row.token: row for row in _rows(query)}


def call_uses(call_ids: Collection[int]) -> set[tuple[int, int, str]]:
    """Return which assets in which language are kept as used in calls."""
    query = (
        select(CallUse.call_id, CallUse.asset_id, CallUse.language)
        .where(CallUse.call_id.in_(sorted(call_ids)))
        .order_by(CallUse.call_id, CallUse.asset_id)
    )
    return {(row[0], row[1], row[2]) for row in _rows(query)}


def ratings(user_ids: Collection[int], asset_ids: Collection[int]) -> Mapping[Any, Any]:
    """Return what these people said of these assets, by (person, asset, language, call)."""
    query = (
        select(
            Rating.id, Rating.user_id, Rating.asset_id, Rating.language, Rating.call_id,
            Rating.stars, Rating.helped, Rating.why, Rating.at, Rating.deal_id,
        )
        .where(Rating.user_id.in_(sorted(user_ids)), Rating.asset_id.in_(sorted(asset_ids)))
        .order_by(Rating.id)
    )  # fmt: skip
    return {(r.user_id, r.asset_id, r.language, r.call_id): r for r in _rows(query)}
