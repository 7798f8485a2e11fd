"""The SELECTs behind pipelines: their stages in order, a stage by its words, reasons for losing."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.deals.models import Deal, LossReason, Pipeline, PipelineStage

# a part of each deal's page: put together once
_PIPELINES = (
    select(Pipeline).options(joinedload(Pipeline.stages)).order_by(Pipeline.position, Pipeline.id)
)
_LOSSES = select(LossReason).order_by(LossReason.position, LossReason.id)
_LOSSES_OFFERED = _LOSSES.where(LossReason.retired.is_(False))


def pipelines() -> Sequence[Pipeline]:
    """Return all pipelines with their stages, in their order."""
    return db.session.scalars(_PIPELINES).unique().all()


def stages_of(pipeline_id: int) -> Sequence[PipelineStage]:
    """Return the stages of a pipeline in their order."""
    query = (
        select(PipelineStage)
        .where(PipelineStage.pipeline_id == pipeline_id)
        .order_by(PipelineStage.position, PipelineStage.id)
    )
    return db.session.scalars(query).all()


def stage(stage_id: int) -> PipelineStage | None:
    """Return a stage by its number."""
    return db.session.get(PipelineStage, stage_id)


def loss(reason_id: int) -> LossReason | None:
    """Return a reason for losing by its number."""
    return db.session.get(LossReason, reason_id)


def losses(*, retired: bool = False) -> Sequence[LossReason]:
    """Return the reasons for losing a deal, in their order; retired ones only when asked for."""
    return db.session.scalars(_LOSSES if retired else _LOSSES_OFFERED).all()


def used_stages(pipeline_id: int) -> set[int]:
    """Return the stages of a pipeline that deals are in."""
    is_in = select(Deal.id).where(Deal.stage_id == PipelineStage.id).exists()
    query = (
        select(PipelineStage.id)
        .where(PipelineStage.pipeline_id == pipeline_id, is_in)
        .order_by(PipelineStage.id)
    )
    return set(db.session.scalars(query))
