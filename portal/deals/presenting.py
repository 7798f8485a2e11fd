"""What pages of deals show: lines, stages in the reader’s language, what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import g
from flask_babel import gettext, ngettext
from flask_babel.speaklater import LazyString

from portal.deals import labels
from portal.deals.models import Deal, LossReason, Pipeline, PipelineStage
from portal.deals.pipelines import queries as pipelines
from portal.deals.queries import Moved
from portal.deals.rules import Outcome, Wish, key_of
from portal.library.queries import name_of
from portal.library.terms import queries as terms
from portal.library.terms.presenting import name as term_name
from portal.web import locale, paging, words
from portal.web.money import money

SOON = 14
"""Days within which a deal closes soon."""

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A deal in a list or at the head of its page; amount, stage and outcome in words."""

    deal: Deal
    amount: str
    stage: str
    outcome: str
    due: str = ""
    late: bool = False


def line(deal: Deal) -> Line:
    """Show a deal in a line."""
    return Line(
        deal=deal,
        amount=money(deal.amount, deal.currency) if deal.amount is not None else "",
        stage=stage_name(deal.stage_row) if deal.stage_row else deal.stage,
        outcome=words.label(labels.OUTCOMES, deal.outcome),
        due=_due(deal.closes_on) if deal.closes_on else "",
        late=deal.closes_on is not None and deal.closes_on < locale.today(),
    )


def _due(day: date) -> str:
    """Say when a deal closes: in words when that is near or has passed, else the day."""
    days = (day - locale.today()).days
    if days < 0:
        late = ngettext(
            "should have closed %(num)d day ago", "should have closed %(num)d days ago", -days
        )
        return str(late)
    if days == 0:
        return str(gettext("closes today"))
    if days <= SOON:
        return str(ngettext("closes in %(num)d day", "closes in %(num)d days", days))
    return str(gettext("closes on %(day)s", day=locale.day(day)))


KEPT = ("scope", "outcome", "ended", "stage", "owner", "q", "sort")
"""What the address of a list keeps from page to page."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One of the ways a list can be shown."""

    url: str
    label: str
    current: bool


def filters(wish: Wish, kept: Sequence[tuple[str, str]], *, path: str) -> list[list[Chip]]:
    """Return the rows of chips over a list: whose, which, what first."""
    args = [(k, v) for k, v in kept if k != "ended"]

    def row(name: str, now: str, ways: Mapping[str, str | LazyString]) -> list[Chip]:
        return [
            Chip(paging.with_args(path, args, {name: value}), str(label), value == now)
            for value, label in ways.items()
        ]

    return [
        row("scope", wish.scope, labels.SCOPES),
        row("outcome", wish.outcome, labels.WHICH),
        row("sort", wish.sort, labels.SORTS),
    ]


def stage_name(stage: PipelineStage) -> str:
    """Return what a stage is called in the reader's language."""
    return name_of(stage.names, stage.slug, locale.code().value)


def ways() -> Sequence[Pipeline]:
    """Return all pipelines with their stages, asked for once a request."""
    if "pipelines" not in g:
        g.pipelines = pipelines.pipelines()
    found: Sequence[Pipeline] = g.pipelines
    return found


def stage_words(said: str) -> str:
    """Return words kept for a stage at some moment in the reader's language, as far as known."""
    if not said:
        return ""
    if "stage_names" not in g:
        g.stage_names = {
            key_of(word): stage
            for way in reversed(ways())
            for stage in way.stages
            for word in (stage.slug, *stage.names.values())
        }
        g.stage_words = {}
    known: dict[str, str] = g.stage_words
    if said not in known:
        stage: PipelineStage | None = g.stage_names.get(key_of(said))
        known[said] = stage_name(stage) if stage is not None else said
    return known[said]


def reason_name(reason: LossReason) -> str:
    """Return what a reason for losing is called in the reader's language."""
    return name_of(reason.names, reason.slug, locale.code().value)


def stage_choices(kept: PipelineStage | None = None, *, ending: bool = False) -> Choices:
    """Return the stages a deal can be in, pipeline by pipeline; `kept` is offered in any case."""
    found: Choices = [("", gettext("Not said"))]
    several = len(offered := ways()) > 1
    for way in offered:
        for it in way.stages:
            if it is not kept and (it.retired or (it.outcome != "open" and not ending)):
                continue
            named = stage_name(it)
            found.append((str(it.id), f"{way.name}: {named}" if several else named))
    return found


def reason_choices(kept: LossReason | None = None) -> Choices:
    """Return the reasons a deal can be lost for; `kept` is offered even if it is retired."""
    offered: Sequence[LossReason] = pipelines.losses()
    found = [(str(it.id), reason_name(it)) for it in offered]
    if kept is not None and kept not in offered:
        found.append((str(kept.id), reason_name(kept)))
    return [("", gettext("Not said")), *found]


def term_choices(facet: str, kept: Sequence[str] = ()) -> Choices:
    """Return the terms of a facet to choose from, and those kept though they are retired."""
    offered = list(terms.offered(facet))
    there = {term.slug for term in offered}
    extra = [terms.found(facet, slug) for slug in kept if slug not in there]
    offered += [term for term in extra if term is not None and term.slug not in there]
    return sorted(((t.slug, term_name(t)) for t in offered), key=lambda c: c[1].casefold())


@dataclass(frozen=True, slots=True)
class Move:
    """A stage a deal can be moved to with a tap, or the one it is in."""

    stage: int
    label: str
    current: bool


def moves(deal: Deal) -> list[Move]:
    """Return the open stages of a deal's pipeline in order; of the first one, when it has none."""
    of_deal = [way for way in ways() if deal.pipeline_id in {None, way.id}]
    stages: Sequence[PipelineStage] = of_deal[0].stages if of_deal else ()
    is_open = deal.outcome == Outcome.OPEN.value
    return [
        Move(it.id, stage_name(it), is_open and it.id == deal.stage_id)
        for it in stages
        if it.outcome == Outcome.OPEN.value and (not it.retired or it.id == deal.stage_id)
    ]


@dataclass(frozen=True, slots=True)
class Past:
    """Where a deal has been, since when, and who put it there."""

    label: str
    at: datetime
    who: str


def history(rows: Sequence[Moved]) -> list[Past]:
    """Show where a deal has been."""
    language = locale.code().value
    found = []
    for it in rows:
        label = name_of(it.names, it.stage, language) if it.names else it.stage
        if it.outcome != Outcome.OPEN.value:
            ended = words.label(labels.OUTCOMES, it.outcome)
            label = f"{ended} ({label})" if label and it.ends_as != it.outcome else ended
        found.append(Past(label or gettext("No stage"), it.at, it.who or ""))
    return found
