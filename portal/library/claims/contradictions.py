"""Groups of claims that can not all be right: contradictions, and translations that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.library.claims import queries, surroundings
from portal.library.claims.models import ClaimRow
from portal.library.claims.queries import Quote, Wanted
from portal.library.claims.rules import Problem, Verdict, mark_of


@dataclass(frozen=True, slots=True)
class Group:
    """Claims about one thing that differ; `mark` stands for exactly these sentences."""

    problem: Problem
    mark: str
    claims: tuple[ClaimRow, ...]


def groups(problem: Problem, wanted: Wanted) -> list[Group]:
    """Return the groups of claims that differ and that nobody has cleared, filtered, in order."""
    if problem is Problem.CONTRADICTION:
        found = queries.contradictions(wanted.asset_id)
    else:
        found = queries.translation_errors(wanted.asset_id)
    cleared = surroundings.cleared(Verdict.NO_CONTRADICTION)
    kept: dict[str, Group] = {}
    rows = queries.rows_at({_place(quote) for quotes in found for quote in quotes})
    for quotes in found:
        claims = _claims(quotes, rows)
        mark = mark_of(problem.value, *sorted({claim.mark for claim in claims}))
        if mark not in cleared and len(claims) > 1 and any(fits(c, wanted) for c in claims):
            kept.setdefault(mark, Group(problem, mark, claims))
    return sorted(kept.values(), key=lambda g: (g.claims[0].asset.slug, g.claims[0].number, g.mark))


def group(problem: Problem, mark: str) -> Group | None:
    """Return the group of this mark, if there is one now."""
    return next((found for found in groups(problem, Wanted()) if found.mark == mark), None)


def _place(quote: Quote) -> tuple[int, str, int]:
    return (quote.asset_id, quote.language, quote.number)


def _claims(
    quotes: Sequence[Quote], rows: dict[tuple[int, str, int], ClaimRow]
) -> tuple[ClaimRow, ...]:
    """Return the claims of quotes, each once, by asset and language."""
    found = {place: rows[place] for quote in quotes if (place := _place(quote)) in rows}
    return tuple(
        sorted(found.values(), key=lambda claim: (claim.asset.slug, claim.language, claim.number))
    )


def fits(claim: ClaimRow, wanted: Wanted) -> bool:
    """Whether a claim is among those wanted."""
    return (
        (not wanted.competitor or claim.competitor == wanted.competitor)
        and (not wanted.kind or claim.asset.kind == wanted.kind)
        and (wanted.owner_id is None or claim.asset.owner_id == wanted.owner_id)
        and (wanted.asset_id is None or claim.asset_id == wanted.asset_id)
    )


def tally(asset_id: int, today: date) -> tuple[int, int]:
    """Return how many claims an asset has, and how many of them have a problem worth mending."""
    wanted = Wanted(asset_id=asset_id)
    troubled = queries.troubled(wanted, today)
    for problem in (Problem.CONTRADICTION, Problem.TRANSLATION):
        for found in groups(problem, wanted):
            troubled |= {claim.id for claim in found.claims if claim.asset_id == asset_id}
    return queries.total(wanted), len(troubled)
