"""Measures relevance over judged questions: MRR, recall, share without result, time, the worst."""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from portal.config import Language
from portal.errors import Invalid

WORST = 10
"""Questions that are told one by one: those that went worst."""
CAME = 3
"""Results told of each of them."""

Slug = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Question(BaseModel):
    """One line of a file of judged questions.

    `language` limits the answer to one language; `reader` is the language of who asks, which
    limits nothing. `kind` is the way it was typed, by which figures are told apart.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    query: Annotated[str, StringConstraints(max_length=10_000)]
    relevant: Annotated[list[Slug], Field(min_length=1, max_length=1000)]
    language: Language | None = None
    reader: Language | None = None
    kind: Annotated[str, StringConstraints(max_length=60)] = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """How one question went: at which rank its first answer came (None: not), what came instead."""

    query: str
    kind: str
    language: str
    rank: int | None
    came: tuple[str, ...]
    relevant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Figures of some of the questions."""

    queries: int
    mrr: float
    without_result: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the measurement says; shares from 0 to 1, times in milliseconds.

    `kinds` and `languages` have the figures by kind and by language, when the file tells them.
    """

    queries: int
    limit: int
    mrr: float
    recall: float
    without_result: float
    p50_ms: float
    p95_ms: float
    kinds: Mapping[str, Part]
    languages: Mapping[str, Part]
    worst: tuple[Judged, ...]


def read_questions(lines: Iterable[str]) -> Iterator[Question]:
    """Yield the questions of JSON lines; blank lines are passed over.

    Raises:
        Invalid: with the number of the first line that can not be used.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield Question.model_validate(json.loads(line))
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(str(part) for part in problem["loc"]) or "line"
            raise Invalid(f"line {number}: {where}: {problem['msg']}", line=number) from error
        except ValueError as error:  # not JSON, or a number or depth JSON does not allow
            raise Invalid(f"line {number} is not JSON: {error}", line=number) from error
        except RecursionError as error:
            raise Invalid(f"line {number} is nested too deeply", line=number) from error


def first_rank(found: Sequence[str], relevant: frozenset[str]) -> int | None:
    """Return the rank of the first relevant slug, None when none is there."""
    return next((rank for rank, slug in enumerate(found, start=1) if slug in relevant), None)


def recall(found: Sequence[str], relevant: frozenset[str]) -> float:
    """Return the share of the relevant slugs that were found."""
    return len(relevant.intersection(found)) / len(relevant)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share lies, by linear interpolation; 0 if there is none."""
    if len(values) < 2:  # noqa: PLR2004  # one value is every quantile
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def evaluate(
    questions: Iterable[Question],
    search: Callable[[Question, int], list[str]],
    *,
    limit: int,
    worst: int = WORST,
) -> Outcome:
    """Ask every question and average: `search(question, limit)` returns slugs, best first.

    Raises:
        Invalid: when there is no question.
    """
    judged: list[Judged] = []
    recalls: list[float] = []
    times: list[float] = []
    for question in questions:
        relevant = frozenset(question.relevant)
        start = time.perf_counter()
        # nobody who typed nothing has found something
        found = search(question, limit)[:limit] if question.query.strip() else []
        times.append((time.perf_counter() - start) * 1000)
        judged.append(_judged(question, found, relevant))
        recalls.append(recall(found, relevant))
    if not judged:
        raise Invalid("there is no question in the file")
    whole = _part(judged)
    bad = sorted((it for it in judged if it.rank != 1), key=_badness)
    return Outcome(
        queries=whole.queries,
        limit=limit,
        mrr=whole.mrr,
        recall=statistics.fmean(recalls),
        without_result=whole.without_result,
        p50_ms=quantile(times, 0.50),
        p95_ms=quantile(times, 0.95),
        kinds=_parts(judged, lambda it: it.kind),
        languages=_parts(judged, lambda it: it.language),
        worst=tuple(bad[:worst]),
    )


def _judged(question: Question, found: Sequence[str], relevant: frozenset[str]) -> Judged:
    language = question.language or question.reader
    return Judged(
        query=question.query,
        kind=question.kind,
        language=language.value if language else "",
        rank=first_rank(found, relevant),
        came=tuple(found[:CAME]),
        relevant=tuple(question.relevant),
    )


def _badness(it: Judged) -> tuple[int, int, str]:
    """The worst first: an answer that did not come, the later the worse; nothing at all last."""
    return (-(it.rank or 10**6), -bool(it.came), it.query)


def _part(judged: Sequence[Judged]) -> Part:
    # MRR: Voorhees, "The TREC-8 Question Answering Track Report", 1999.
    return Part(
        len(judged),
        statistics.fmean(1.0 / it.rank if it.rank else 0.0 for it in judged),
        sum(not it.came for it in judged) / len(judged),
    )


def _parts(judged: Sequence[Judged], of: Callable[[Judged], str]) -> dict[str, Part]:
    named = dict.fromkeys(sorted({of(it) for it in judged} - {""}))
    return {name: _part([it for it in judged if of(it) == name]) for name in named}
