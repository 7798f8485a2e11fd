"""Takes in what the deals of a history went through, in a pipeline named by their source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, update

from portal.db import db
from portal.deals.importing.rules import ending
from portal.deals.models import Pipeline, PipelineStage, StageChange
from portal.deals.pipelines import queries as pipelines
from portal.deals.pipelines import service as pipeline_service
from portal.deals.pipelines.rules import slug_for
from portal.deals.rules import Outcome, key_of, keys_of
from portal.insights.history import bulk, queries
from portal.insights.history.known import Known
from portal.insights.history.rules import STAGES_MOST, FileReport, StageRow

OPEN = Outcome.OPEN.value
_TABLE: Any = StageChange.__table__
_NAME = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of"))
    .values(stage_id=bindparam("number"), stage=bindparam("word"), outcome=bindparam("how"))
)


@dataclass(slots=True)
class Stage:
    """A stage of the source's pipeline."""

    id: int
    name: str
    outcome: str


class Way:
    """The pipeline of a source: its stages are those its deals went through."""

    def __init__(self, source: str) -> None:
        """Read it, or make it when the first stage is met."""
        self.source, self.id = source, 0
        self._stages: dict[str, Stage] = {}
        self._slugs: set[str] = set()
        self._terms: dict[str, str] = {}
        for it in pipelines.pipelines():
            for stage in it.stages:
                for key in keys_of(stage.names, stage.aliases, stage.slug):
                    if stage.term:
                        self._terms.setdefault(key, stage.term)
        if (there := queries.pipeline(key_of(source))) is not None:
            self._learn(there)

    def _learn(self, it: Pipeline) -> None:
        self.id = it.id
        for stage in it.stages:
            self._slugs.add(stage.slug)
            name = stage.names.get("en") or next(iter(stage.names.values()), stage.slug)
            for key in keys_of(stage.names, stage.aliases, stage.slug):
                self._stages.setdefault(key, Stage(stage.id, name, stage.outcome))

    def stage(self, word: str, outcome: str) -> Stage | None:
        """Return the stage of a word, made if need be; None when there are too many already."""
        key = key_of(word)
        if key in self._stages:
            return self._stages[key]
        if len(self._slugs) >= STAGES_MOST:
            return None
        if not self.id:
            self._begin()
        slug = slug_for({"en": word}, self._slugs)
        made = PipelineStage(
            pipeline_id=self.id, position=len(self._slugs), slug=slug, names={"en": word},
            aliases=[], outcome=outcome, term=self._terms.get(key),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        self._slugs.add(slug)
        self._stages[key] = Stage(made.id, word, outcome)
        return self._stages[key]

    def _begin(self) -> None:
        """Add the pipeline, after those a company begins with."""
        pipeline_service.ready()
        place = len(pipelines.pipelines())
        made = Pipeline(name=self.source, name_key=key_of(self.source), position=place)
        db.session.add(made)
        db.session.flush()
        self.id = made.id

    @property
    def numbers(self) -> set[int]:
        """The numbers of its stages."""
        return {stage.id for stage in self._stages.values()}

    def order(self) -> None:
        """Put the stages in the order deals first came to them; outcomes last; flushed."""
        if not self.id:
            return
        first = dict(queries.appearances(self.id))
        stages = list(pipelines.stages_of(self.id))
        known = [it for it in stages if it.id in first]
        known.sort(key=lambda it: (it.outcome != OPEN, first[it.id], it.id))
        rest = [it for it in stages if it.id not in first]
        for place, stage in enumerate([*known, *rest]):
            if stage.position != place:
                stage.position = place
        db.session.flush()


def keep(rows: Sequence[tuple[int, StageRow]], known: Known, report: FileReport, way: Way) -> None:
    """Write what is not known yet of a chunk; what was written stays."""
    deals = queries.deals(known.source, {row.deal_id for _, row in rows})
    past = queries.changes({it.id for it in deals.values()})
    there = {(d, it.at, key_of(it.stage)) for d, changes in past.items() for it in changes}
    blank = {(d, it.at): it.id for d, changes in past.items() for it in changes if not it.stage}
    named: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for number, row in rows:
        deal = deals.get(row.deal_id)
        if deal is None:
            report.reject(number, f"there is no deal {row.deal_id}")
            continue
        outcome = _outcome(row, deal.outcome)
        stage = way.stage(row.stage, outcome)
        if stage is None:
            report.reject(number, f"there are more than {STAGES_MOST} different stages")
            continue
        key = (deal.id, row.entered_at, key_of(stage.name))
        if key in there:
            report.unchanged += 1
            continue
        there.add(key)
        if row.ends and (of := blank.pop(key[:2], None)) is not None:  # noted by its deal before
            named.append({"of": of, "number": stage.id, "word": stage.name, "how": outcome})
            report.updated += 1
            continue
        report.created += 1
        new.append(
            {
                "deal_id": deal.id, "at": row.entered_at, "stage_id": stage.id, "stage": stage.name,
                "outcome": outcome, "user_id": None,
            }
        )  # fmt: skip
    bulk.put(StageChange, new)
    if named:
        db.session.connection().execute(_NAME, named)


def _outcome(row: StageRow, of_deal: str) -> str:
    """Return how a deal ended by entering a stage, or that it did not."""
    if not row.ends:
        return OPEN
    if (said := ending(row.stage)) is not None:
        return said.value
    return of_deal if of_deal != OPEN else Outcome.NO_DECISION.value
