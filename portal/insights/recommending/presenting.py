"""Suggestions in words: in which order, and why."""

from collections.abc import Sequence

from flask import Flask
from flask_babel import gettext
from flask_login import current_user

from portal.deals.models import Deal
from portal.deals.preparing.rules import Fit
from portal.deals.rules import Outcome
from portal.insights.lift.rules import Verdict
from portal.insights.recommending import service
from portal.insights.recommending.queries import Said
from portal.web import locale

POINTS = 100


def install(app: Flask) -> None:
    """Give the pages of deals, below, `arsenal.suggest`: fits → in which order, and why."""
    app.extensions["arsenal.suggest"] = suggested


def suggested(deal: Deal, fits: Sequence[Fit], most: int) -> list[tuple[Fit, list[str]]]:
    """Return what to use next on an open deal, with reasons; of others what fits, as it is."""
    if deal.outcome != Outcome.OPEN.value:
        return [(it, []) for it in fits[:most]]
    said, day = service.candidates(fits), locale.today()
    picks = service.suggest(fits, said, seed=(current_user.id, deal.id, day), most=most)
    by_id = {it.asset_id: it for it in fits}
    used = frozenset(it.asset_id for it in fits if it.used_at is not None)
    service.note(deal.id, day, picks, used)
    return [
        (by_id[it.asset_id], [*reason(said.get(it.asset_id)), *_chance(chosen=it.chance)])
        for it in picks
    ]


def _chance(*, chosen: bool) -> list[str]:
    return [gettext("shown by chance, to learn")] if chosen else []


def reason(said: Said | None) -> list[str]:
    """Say what closed deals tell of an asset; nothing, when they show no difference."""
    if said is None:
        return [gettext("new: no deal has ended with it yet")]
    if said.best is None or said.low is None or said.high is None:
        return []
    told = {
        Verdict.HELPS.value: gettext(
            "on like deals won about %(points)s points more often (%(low)s to %(high)s)",
            **_points(said.best, said.low, said.high),
        ),
        Verdict.HURTS.value: gettext(
            "on like deals won about %(points)s points less often (%(low)s to %(high)s)",
            **_points(-said.best, -said.high, -said.low),
        ),
    }
    return [told[said.verdict]] if said.verdict in told else []


def _points(best: float, low: float, high: float) -> dict[str, str]:
    named = {"points": best, "low": low, "high": high}
    return {name: locale.number(round(POINTS * value)) for name, value in named.items()}
