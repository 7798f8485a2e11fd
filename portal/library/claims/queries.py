"""The SELECTs behind claims: the vocabulary, the lists of problems, who else quotes a figure."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.db import db
from portal.library.claims import rules
from portal.library.claims.models import ClaimFact, ClaimRow, ClaimRuling
from portal.library.claims.rules import Problem, Verdict
from portal.library.claims.subjects import Term, Vocabulary, vocabulary_of
from portal.library.models import Asset, FacetTerm
from portal.library.rules import Facet, Kind, State

_terms = FacetTerm.__table__.c


def vocabulary() -> Vocabulary:
    """Return the competitors and products there are, ready to be found in sentences."""
    return vocabulary_of(tuple(terms()))


def terms() -> list[Term]:
    """Return the competitors and products there are, with the words they go by.

    Of products only their names count: their other words are the trade's (`warehouse`).
    """
    query = (
        select(_terms.facet, _terms.slug, _terms.names, _terms.aliases)
        .where(_terms.facet.in_([Facet.COMPETITOR.value, Facet.PRODUCT.value]))
        .order_by(_terms.facet, _terms.slug)
    )
    found = []
    for facet, slug, names, aliases in db.session.execute(query):
        words = {*names.values(), *(aliases if facet == Facet.COMPETITOR.value else ())}
        found.append(Term(facet, slug, tuple(sorted(filter(None, words)))))
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims are wanted; None or "" stands for any."""

    competitor: str = ""
    kind: str = ""
    owner_id: int | None = None
    asset_id: int | None = None


def _about(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions of every list: published, as filtered, not ruled to be no claim."""
    ruled = exists().where(
        ClaimRuling.mark == ClaimRow.mark,
        ClaimRuling.verdict == Verdict.NO_CLAIM.value,
        ClaimRuling.ended_at.is_(None),
    )
    found: list[ColumnElement[bool]] = [Asset.state == State.PUBLISHED.value, not_(ruled)]
    if wanted.competitor:
        found.append(ClaimRow.competitor == wanted.competitor)
    if wanted.kind:
        found.append(Asset.kind == wanted.kind)
    if wanted.owner_id is not None:
        found.append(Asset.owner_id == wanted.owner_id)
    if wanted.asset_id is not None:
        found.append(Asset.id == wanted.asset_id)
    return found


def _problem(problem: Problem, today: date) -> ColumnElement[bool]:
    """The condition of a problem that a claim has by itself."""
    sourced = ClaimRow.source != ""
    if problem is Problem.UNSOURCED:
        return and_(ClaimRow.has_figure, ClaimRow.needs_source, not_(sourced))
    if problem is Problem.STATEMENT:
        return and_(not_(ClaimRow.has_figure), not_(ClaimRow.said), not_(sourced))
    if problem is Problem.UNDATED:
        dateless = and_(sourced, ClaimRow.source_day.is_(None), not_(ClaimRow.linked))
        return and_(ClaimRow.has_figure, ClaimRow.needs_source, dateless)
    limits = [(Asset.kind == kind.value, rules.oldest(kind.value, today)) for kind in Kind]
    return and_(ClaimRow.source_day.is_not(None), ClaimRow.source_day < case(*limits))


OWN_PROBLEMS = (Problem.UNSOURCED, Problem.STATEMENT, Problem.UNDATED, Problem.OLD)

UNCOUNTED = frozenset({Problem.STATEMENT})
"""What is worth a look, but no fault of a text."""


def counts(wanted: Wanted, today: date) -> dict[Problem, int]:
    """Return how many claims have each of the problems a claim has by itself."""
    sums = [
        func.coalesce(func.sum(case((_problem(problem, today), 1), else_=0)), 0)
        for problem in OWN_PROBLEMS
    ]
    query = select(*sums).join(Asset, Asset.id == ClaimRow.asset_id).where(*_about(wanted))
    row = db.session.execute(query).one()
    return {problem: int(row[n]) for n, problem in enumerate(OWN_PROBLEMS)}


def total(wanted: Wanted) -> int:
    """Return how many claims there are."""
    query = select(func.count(ClaimRow.id)).join(Asset, Asset.id == ClaimRow.asset_id)
    return db.session.scalar(query.where(*_about(wanted))) or 0


def with_problem(
    problem: Problem | None, wanted: Wanted, today: date, *, limit: int, offset: int = 0
) -> Sequence[ClaimRow]:
    """Return a page of the claims with a problem of their own (None: of all), by asset."""
    query = (
        select(ClaimRow)
        .join(ClaimRow.asset)
        .options(contains_eager(ClaimRow.asset).joinedload(Asset.owner))
        .where(*_about(wanted))
        .order_by(Asset.slug, ClaimRow.language, ClaimRow.number)
        .limit(limit)
        .offset(offset)
    )
    if problem is not None:
        query = query.where(_problem(problem, today))
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Quote:
    """A figure as a claim has it, for comparing."""

    asset_id: int
    language: str
    number: int
    key: tuple[Any, ...]
    fact: rules.Fact


def candidates(wanted: Wanted, *columns: Any) -> Select[Any]:  # noqa: ANN401  # SQL columns
    """Facts of published claims, those of a group told by `columns` together."""
    joined = and_(
        ClaimRow.asset_id == ClaimFact.asset_id,
        ClaimRow.language == ClaimFact.language,
        ClaimRow.number == ClaimFact.number,
    )
    return (
        select(*columns)
        .select_from(ClaimFact)
        .join(ClaimRow, joined)
        .join(Asset, Asset.id == ClaimFact.asset_id)
        .where(*_about(wanted))
    )


def contradictions(asset_id: int | None = None) -> list[list[Quote]]:
    """Return the groups of claims about the same thing whose figures differ.

    `asset_id`: only those an asset has a part in.
    """
    told = [ClaimFact.thing != ""]
    if asset_id is not None:
        mine = select(ClaimFact.thing).where(ClaimFact.asset_id == asset_id)
        told.append(ClaimFact.thing.in_(mine))
    return _groups(ClaimFact.thing, *told)


def troubled(wanted: Wanted, today: date) -> set[int]:
    """Return the ids of the claims without source or date, or with one too old."""
    problems = (_problem(problem, today) for problem in OWN_PROBLEMS if problem not in UNCOUNTED)
    query = (
        select(ClaimRow.id)
        .join(Asset, Asset.id == ClaimRow.asset_id)
        .where(*_about(wanted), or_(*problems))
    )
    return set(db.session.scalars(query))


def translation_errors(asset_id: int | None = None) -> list[list[Quote]]:
    """Return the groups of claims at the same place of an asset whose languages differ."""
    told = [ClaimFact.place != ""]
    told += [ClaimFact.asset_id == asset_id] if asset_id is not None else []
    return _groups((ClaimFact.asset_id, ClaimFact.place), *told)


def _groups(key: Any, *told: ColumnElement[bool]) -> list[list[Quote]]:  # noqa: ANN401
    keys = key if isinstance(key, tuple) else (key,)
    doubted = (
        candidates(Wanted(), *keys)
        .where(*told)
        .group_by(*keys)
        .having(func.count(ClaimFact.value.distinct()) > 1)
        .subquery()
    )
    matches = and_(*(column == doubted.c[column.key] for column in keys))
    query = (
        candidates(
            Wanted(), *keys, ClaimFact.asset_id, ClaimFact.language, ClaimFact.number,
            ClaimFact.unit, ClaimFact.value, ClaimFact.rough,
        )
        .join(doubted, matches)
        .order_by(*keys, ClaimFact.asset_id, ClaimFact.language, ClaimFact.number, ClaimFact.id)
    )  # fmt: skip
    found: dict[tuple[Any, ...], list[Quote]] = defaultdict(list)
    for row in db.session.execute(query):
        told_key = tuple(row[: len(keys)])
        asset_id, language, number, unit, value, rough = row[len(keys) :]
        fact = rules.Fact("", "", unit, value, "", rough)
        found[told_key].append(Quote(asset_id, language, number, told_key, fact))
    return [group for group in found.values() if rules.contradicting([q.fact for q in group])]


def rows_at(places: Collection[tuple[int, str, int]]) -> dict[tuple[int, str, int], ClaimRow]:
    """Return the claims at (asset, language, number), with their assets."""
    if not places:
        return {}
    ids = sorted({place[0] for place in places})
    numbers = sorted({place[2] for place in places})
    query = (
        select(ClaimRow)
        .where(ClaimRow.asset_id.in_(ids), ClaimRow.number.in_(numbers))
        .options(joinedload(ClaimRow.asset).joinedload(Asset.owner))
        .order_by(ClaimRow.id)
    )
    # ids of claims are given again when a text changes: what the session knows may be another one
    rows = db.session.scalars(query.execution_options(populate_existing=True))
    found = {(row.asset_id, row.language, row.number): row for row in rows}
    return {place: found[place] for place in places if place in found}


def claim(claim_id: int) -> ClaimRow | None:
    """Return one claim."""
    return db.session.get(ClaimRow, claim_id)
