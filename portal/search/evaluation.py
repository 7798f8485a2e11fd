"""Measures relevance over judged questions: MRR, recall, share without result, time."""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from portal.config import Language
from portal.errors import Invalid

Slug = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Question(BaseModel):
    """One line of a file of judged questions; `language` limits the answer to one language."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    query: Annotated[str, StringConstraints(max_length=10_000)]
    relevant: Annotated[list[Slug], Field(min_length=1, max_length=1000)]
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the measurement says; shares from 0 to 1, times in milliseconds."""

    queries: int
    limit: int
    mrr: float
    recall: float
    without_result: float
    p50_ms: float
    p95_ms: float


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


def reciprocal_rank(found: Sequence[str], relevant: frozenset[str]) -> float:
    """Return 1 ÷ the rank of the first relevant slug, 0 when none is there.

    Source: Voorhees, "The TREC-8 Question Answering Track Report", 1999.
    """
    return next((1.0 / rank for rank, slug in enumerate(found, start=1) if slug in relevant), 0.0)


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
    search: Callable[[str, Language | None, int], list[str]],
    *,
    limit: int,
) -> Outcome:
    """Ask every question and average: `search(query, language, limit)` returns slugs, best first.

    Raises:
        Invalid: when there is no question.
    """
    ranks: list[float] = []
    recalls: list[float] = []
    times: list[float] = []
    empty = 0
    for question in questions:
        relevant = frozenset(question.relevant)
        start = time.perf_counter()
        # nobody who typed nothing has found something
        asked = question.query.strip()
        found = search(question.query, question.language, limit)[:limit] if asked else []
        times.append((time.perf_counter() - start) * 1000)
        ranks.append(reciprocal_rank(found, relevant))
        recalls.append(recall(found, relevant))
        empty += not found
    if not ranks:
        raise Invalid("there is no question in the file")
    return Outcome(
        queries=len(ranks),
        limit=limit,
        mrr=statistics.fmean(ranks),
        recall=statistics.fmean(recalls),
        without_result=empty / len(ranks),
        p50_ms=quantile(times, 0.50),
        p95_ms=quantile(times, 0.95),
    )
