"""Begins with the standard pipeline and reasons where there are none."""

from portal.db import db
from portal.deals.models import LossReason, Pipeline, PipelineStage
from portal.deals.pipelines import queries
from portal.deals.pipelines.standard import LOSSES, PIPELINE, STAGES
from portal.deals.rules import key_of


def ready() -> Pipeline:
    """Return the first pipeline, made with the standard stages and reasons if there is none.

    Flushed.
    """
    there = queries.pipelines()
    if there:
        return there[0]
    pipeline = Pipeline(name=PIPELINE, name_key=key_of(PIPELINE), position=0)
    pipeline.stages = [
        PipelineStage(
            position=place, slug=it.slug, names=dict(it.names), aliases=list(it.aliases),
            outcome=it.outcome, term=it.term,
        )
        for place, it in enumerate(STAGES)
    ]  # fmt: skip
    db.session.add(pipeline)
    if not queries.losses(retired=True):
        db.session.add_all(
            LossReason(
                position=place, slug=it.slug, names=dict(it.names), aliases=list(it.aliases),
                competitor=it.competitor,
            )
            for place, it in enumerate(LOSSES)
        )  # fmt: skip
    db.session.flush()
    return pipeline
