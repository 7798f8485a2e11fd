"""What is said of each asset, as rows of a file: the columns, and what they mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.calls.ratings import queries as ratings
from portal.calls.ratings import scoring
from portal.clock import now
from portal.insights.lift import queries
from portal.insights.lift.models import AssetLift
from portal.insights.lift.rules import Verdict
from portal.web.tables import Column, Table, Value

DEFINITIONS = {
    "asset_id": "the asset as the system it was moved in from calls it, else its slug",
    "lift": "best guess of the difference in the share of deals won, against other content at "
    "like moments (0.1 is 10 points); empty when nothing can be compared",
    "lo": "lower end of its 95 % range",
    "hi": "upper end of its 95 % range",
    "verdict": "helps, hurts, same (no difference shown), thin (too few deals yet), decided "
    "(used when the deal is already decided: no judgement)",
    "rank": "what the page sorts by, from 1",
    "n": "closed deals compared",
    "usefulness": "how reps rate it, 1 to 5, shrunk to the mean; empty when nobody has",
}
"""The columns of a file for other programs, in their order, and what they mean."""


@dataclass(frozen=True, slots=True)
class Line:
    """An asset as a row; shares, None where nothing is known."""

    asset_id: str
    lift: float | None
    lo: float | None
    hi: float | None
    verdict: str
    rank: int
    n: int
    usefulness: float | None


def lines() -> list[Line]:
    """Return every asset that was used on a closed deal or rated, in the page's order.

    What is too thin to be judged has a range, too, when there is anything to compare; what is used
    when deals are decided has none.
    """
    said = {it.asset_id: it for it in queries.lifts()}
    scores = scoring.scores(ratings.given_by_all(now()))
    names = queries.asset_names()
    order = [*said, *sorted(scores.keys() - said.keys())]
    return [
        _line(names[i], said.get(i), place, scores.get(i))
        for place, i in enumerate((it for it in order if it in names), 1)
    ]


def _line(name: str, said: AssetLift | None, place: int, score: scoring.Score | None) -> Line:
    shown = said is not None and said.verdict != Verdict.DECIDED
    return Line(
        asset_id=name,
        lift=said.best if said and shown else None,
        lo=said.low if said and shown else None,
        hi=said.high if said and shown else None,
        verdict=said.verdict if said else Verdict.THIN.value,
        rank=place,
        n=said.n if said else 0,
        usefulness=score.value if score else None,
    )


def table(rows: Iterable[Line]) -> Table:
    """Return the rows as a table, numbers with six places."""
    return Table(
        "lift",
        "",
        [Column(name, name, definition=means) for name, means in DEFINITIONS.items()],
        [{name: _rounded(getattr(row, name)) for name in DEFINITIONS} for row in rows],
    )


def _rounded(value: Value) -> Value:
    return round(value, 6) if isinstance(value, float) else value


def as_data(rows: Iterable[Line]) -> dict[str, object]:
    """Return the rows with the meaning of each column, as what JSON can hold."""
    named: list[Mapping[str, object]] = [
        {name: getattr(row, name) for name in DEFINITIONS} for row in rows
    ]
    return {"columns": DEFINITIONS, "rows": named}
