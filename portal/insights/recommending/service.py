"""Suggests what to use on a deal, and has what was shown written down, as the trial needs it."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal import clock
from portal.deals.preparing.rules import Fit
from portal.deals.rules import Z95
from portal.insights.lift.rules import Verdict
from portal.insights.recommending import rules
from portal.insights.recommending.models import ShownSuggestion
from portal.insights.recommending.queries import Said
from portal.insights.recommending.rules import SILENT, UNTRIED, Candidate, Guess, Pick
from portal.usage import recorder


def guess(said: Said | None) -> Guess:
    """Return what is believed of an asset by what is said of it."""
    if said is None or (said.best is None and said.verdict != Verdict.DECIDED):
        return UNTRIED
    if said.verdict == Verdict.DECIDED or said.best is None:
        return SILENT
    low, high = said.low, said.high
    return Guess(said.best, (high - low) / (2 * Z95) if low is not None and high is not None else 0)


def suggest(
    fits: Sequence[Fit], said: Mapping[int, Said], *, seed: tuple[int, int, date], most: int
) -> list[Pick]:
    """Return what to suggest of what fits; `seed`: person, deal and day."""
    found = [
        Candidate(it.asset_id, it.score, it.used_at is not None, guess(said.get(it.asset_id)))
        for it in fits
        if it.score > 0
    ]
    return rules.pick(found, seed, most)


def note(deal_id: int, day: date, picks: Sequence[Pick], used: frozenset[int]) -> None:
    """Have it written down what was suggested, but for what was used already."""
    now = clock.now()
    rows = [
        {
            "deal_id": deal_id, "asset_id": it.asset_id, "day": day, "at": now, "place": it.place,
            "chance": it.chance, "among": it.among, "promising": it.promising,
        }
        for it in picks
        if it.asset_id not in used
    ]  # fmt: skip
    recorder.note_rows(ShownSuggestion.__table__, rows)
