"""Begins with the standard pipeline and reasons where there are none; keeps what is changed."""

from collections.abc import Sequence

from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from portal.audit import service as audit
from portal.db import db
from portal.deals.models import LossReason, Pipeline, PipelineStage
from portal.deals.pipelines import queries, rules
from portal.deals.pipelines.rules import Said
from portal.deals.pipelines.standard import LOSSES, PIPELINE, STAGES
from portal.deals.rules import key_of
from portal.errors import Conflict


def _standard() -> list[PipelineStage]:
    return [
        PipelineStage(
            position=place, slug=it.slug, names=dict(it.names), aliases=list(it.aliases),
            outcome=it.outcome, term=it.term,
        )
        for place, it in enumerate(STAGES)
    ]  # fmt: skip


def ready() -> Pipeline:
    """Return the first pipeline, made with the standard stages and reasons if there is none.

    Flushed.
    """
    there = queries.pipelines()
    if there:
        return there[0]
    pipeline = Pipeline(name=PIPELINE, name_key=key_of(PIPELINE), position=0)
    pipeline.stages = _standard()
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


def add(name: str) -> Pipeline:
    """Add a pipeline with the standard stages, to be changed; flushed.

    Raises:
        Conflict: when there is one of this name.
    """
    there = queries.pipelines()
    pipeline = Pipeline(name=name, name_key=key_of(name), position=len(there))
    pipeline.stages = _standard()
    if any(it.name_key == pipeline.name_key for it in there):
        raise Conflict("there is a pipeline of this name")
    db.session.add(pipeline)
    db.session.flush()
    audit.record("pipeline.added", kind="pipeline", key=pipeline.id, after=_told(pipeline))
    return pipeline


def _told(pipeline: Pipeline) -> dict[str, object]:
    """Return a pipeline as the audit log keeps it."""
    return {"name": pipeline.name, "stages": _slugs(pipeline.stages)}


def _slugs(rows: Sequence[PipelineStage] | Sequence[LossReason]) -> list[str]:
    """Return stages or reasons in their order, each with whether it is retired."""
    ordered = sorted((row.position, row.slug, row.retired) for row in rows)
    return [f"{slug} (retired)" if retired else slug for _, slug, retired in ordered]


def change(pipeline: Pipeline, *, name: str, version: int, said: Sequence[Said]) -> None:
    """Give a pipeline another name and other stages; flushed.

    A stage that is not told stays as it is: one in use is retired, never deleted.

    Raises:
        Conflict: when somebody has changed it since `version`, or the name is taken.
    """
    if pipeline.version != version:
        raise Conflict("changed meanwhile")
    others = [it for it in queries.pipelines() if it is not pipeline]
    if key_of(name) in {it.name_key for it in others}:
        raise Conflict("there is a pipeline of this name")
    before = _told(pipeline)
    pipeline.name, pipeline.name_key = name, key_of(name)
    kept = {stage.id: stage for stage in pipeline.stages}
    slugs = {stage.slug for stage in pipeline.stages}
    for place, it in enumerate(rules.ordered(said)):
        stage = kept.get(it.id) if it.id is not None else None
        if stage is None:
            stage = PipelineStage(slug=rules.slug_for(it.names, slugs))
            slugs.add(stage.slug)
            pipeline.stages.append(stage)
        stage.position, stage.names, stage.aliases = place, dict(it.names), list(it.aliases)
        stage.outcome, stage.term, stage.retired = it.outcome, it.term, it.retired
    # its stages are rows of their own: the pipeline's version stands for them as well
    flag_modified(pipeline, "name")
    try:
        db.session.flush()
    except StaleDataError as error:
        raise Conflict("changed meanwhile") from error
    audit.record(
        "pipeline.changed", kind="pipeline", key=pipeline.id, before=before, after=_told(pipeline)
    )


def change_reasons(said: Sequence[Said]) -> None:
    """Change the reasons for losing, add new ones; one that is not told stays; flushed."""
    kept = {reason.id: reason for reason in queries.losses(retired=True)}
    before = {"reasons": _slugs(list(kept.values()))}
    slugs = {reason.slug for reason in kept.values()}
    for place, it in enumerate(rules.ordered(said)):
        reason = kept.get(it.id) if it.id is not None else None
        if reason is None:
            reason = LossReason(slug=rules.slug_for(it.names, slugs))
            slugs.add(reason.slug)
            db.session.add(reason)
        reason.position, reason.names, reason.aliases = place, dict(it.names), list(it.aliases)
        reason.competitor, reason.retired = it.competitor, it.retired
    db.session.flush()
    audit.record(
        "pipeline.reasons_changed",
        kind="pipeline",
        key="reasons",
        before=before,
        after={"reasons": _slugs(queries.losses(retired=True))},
    )
