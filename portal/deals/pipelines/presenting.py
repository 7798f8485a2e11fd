"""What the pages of pipelines show: stages in order, rows to fill in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from portal.config import Language
from portal.deals import presenting
from portal.deals.models import LossReason, Pipeline, PipelineStage
from portal.deals.pipelines.rules import Said
from portal.library.queries import name_of
from portal.library.rules import Facet
from portal.web import locale


@dataclass(frozen=True, slots=True)
class PipelineView:
    """A pipeline in the list."""

    id: int
    name: str
    stages: Sequence[str]


def name_of_it(it: PipelineStage | LossReason) -> str:
    """Return what a stage or reason is called in the reader's language."""
    return name_of(it.names, it.slug, locale.code().value)


def pipeline_view(it: Pipeline) -> PipelineView:
    """Show a pipeline."""
    return PipelineView(
        it.id, it.name, [name_of_it(stage) for stage in it.stages if not stage.retired]
    )


def told(kept: Sequence[PipelineStage | LossReason]) -> list[dict[str, Any]]:
    """Return the rows of a form, filled in; the last one is empty, for a new one."""
    rows = []
    for place, it in enumerate(kept):
        row: dict[str, Any] = {
            "id": str(it.id), "position": place + 1, "aliases": "; ".join(it.aliases),
            "retired": it.retired, **{str(code): it.names.get(code, "") for code in Language},
        }  # fmt: skip
        if isinstance(it, PipelineStage):
            row |= {"outcome": it.outcome, "term": it.term or ""}
        else:
            row["competitor"] = it.competitor
        rows.append(row)
    return [*rows, {"position": len(rows) + 1}]


def whole(said: Sequence[Said], kept: Sequence[PipelineStage | LossReason]) -> list[Said]:
    """Return what was filled in with those that were not told: they stay as they are."""
    there = {it.id for it in said}
    rest = [
        Said(it.id, it.names, it.aliases, it.position, it.retired, getattr(it, "outcome", "open"))
        for it in kept
        if it.id not in there
    ]
    return [*said, *rest]


def term_choices(it: Pipeline) -> list[tuple[str, str]]:
    """Return the library's stages that can be named, and those that are."""
    kept = [stage.term for stage in it.stages if stage.term]
    found = presenting.term_choices(Facet.STAGE.value, kept)
    gone = [(slug, slug) for slug in dict.fromkeys(kept) if slug not in dict(found)]
    return [("", gettext("Not said")), *found, *gone]
