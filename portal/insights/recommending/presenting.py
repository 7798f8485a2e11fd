"""Suggestions in words: in which order, and why; pictures of the trial's shares."""

from collections.abc import Sequence

from flask import Flask
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from portal.deals.models import Deal
from portal.deals.preparing.presenting import Suggested
from portal.deals.preparing.rules import Fit
from portal.deals.rules import Outcome
from portal.insights.lift.rules import Verdict
from portal.insights.recommending import queries, service
from portal.insights.recommending.figures import Share
from portal.insights.recommending.queries import Said
from portal.web import locale
from portal.web.charts.intervals import Interval, IntervalHeads, intervals
from portal.web.figures import decimal
from portal.web.tables import Column, Table, Value

POINTS = 100


def install(app: Flask) -> None:
    """Give the pages of deals, below, `arsenal.suggest`: fits → in which order, and why."""
    app.extensions["arsenal.suggest"] = suggested


def suggested(deal: Deal, fits: Sequence[Fit], most: int) -> list[Suggested]:
    """Return what to use next on an open deal, with reasons; of others what fits, as it is."""
    if deal.outcome != Outcome.OPEN.value:
        return [Suggested(it) for it in fits[:most]]
    said, day = queries.said({it.asset_id for it in fits}), locale.today()
    picks = service.suggest(fits, said, seed=(current_user.id, deal.id, day), most=most)
    by_id = {it.asset_id: it for it in fits}
    used = frozenset(it.asset_id for it in fits if it.used_at is not None)
    service.note(deal.id, day, picks, used)
    return [_told(by_id[it.asset_id], said.get(it.asset_id), chance=it.chance) for it in picks]


def _told(fit: Fit, said: Said | None, *, chance: bool) -> Suggested:
    by_lot = str(gettext("shown by chance, to learn")) if chance else ""
    against = _tells_against(said)
    return Suggested(
        fit, [it for it in (_tells_for(said), by_lot) if it], [against] if against else []
    )


def _tells_for(said: Said | None) -> str:
    """Say what closed deals tell in favour of an asset, or that they tell nothing yet."""
    if said is None:
        return str(gettext("new: no deal has ended with it yet"))
    if said.verdict != Verdict.HELPS:
        return ""
    points = _points(said.best, said.low, said.high)
    return str(
        gettext(
            "on like deals won about %(points)s points more often (%(low)s to %(high)s)", **points
        )
    )


def _tells_against(said: Said | None) -> str:
    if said is None or said.verdict != Verdict.HURTS:
        return ""
    points = _points(said.best, said.high, said.low)
    return str(
        gettext(
            "on like deals won about %(points)s points less often (%(low)s to %(high)s)", **points
        )
    )


def _points(best: float | None, low: float | None, high: float | None) -> dict[str, str]:
    named = {"points": best, "low": low, "high": high}
    return {name: locale.number(abs(round(POINTS * (value or 0)))) for name, value in named.items()}


# --- the trial's page -----------------------------------------------------------------------------


def shares(rows: Sequence[tuple[str, Share]], *, label: str, guess: str, counted: str) -> Markup:
    """Draw shares in percent with their 95 % ranges, and how many they are of."""
    drawn = [
        Interval(
            label=name,
            guess=POINTS * it.value if it.n else None,
            low=POINTS * it.range()[0] if it.n else None,
            high=POINTS * it.range()[1] if it.n else None,
            n_words=gettext(
                "%(part)s of %(all)s", part=locale.number(it.hits), all=locale.number(it.n)
            ),
        )
        for name, it in rows
    ]
    heads = IntervalHeads(
        label=label, plot=gettext("Share, and its likely range"), guess=guess, n=counted
    )
    return intervals(
        drawn,
        heads,
        unit="%",
        number=_percent,
        range_words=lambda low, high: gettext("%(low)s to %(high)s", low=low, high=high),
        caption=label,
    )


def _percent(value: float) -> str:
    return decimal(value, 0)


def _shares_of(what: str, named: Sequence[tuple[str, Share]]) -> list[dict[str, Value]]:
    found: list[dict[str, Value]] = []
    for group, it in named:
        low, high = it.range()
        found.append(
            {
                "question": what, "group": group, "hits": it.hits, "n": it.n,
                "share": POINTS * it.value if it.n else None,
                "low": POINTS * low if it.n else None,
                "high": POINTS * high if it.n else None,
            }
        )  # fmt: skip
    return found


def table(won: Sequence[tuple[str, Share]], used: Sequence[tuple[str, Share]]) -> Table:
    """Return the trial's shares as a table; the groups by their names on the page."""
    rows = _shares_of("won", won) + _shares_of("used", used)
    share = gettext("The share seen, and the 95 %% range of the true one (Wilson).").replace(
        "%%", "%"
    )
    columns = [
        Column("question", gettext("Question"), "", gettext(
            "won: of deals ended, by what chance showed first; used: of times shown, used later.")),
        Column("group", gettext("Group"), kind="head"),
        Column("hits", gettext("Of these"), "", gettext("How many were won, or used."), "number"),
        Column("n", gettext("Counted"), "", gettext("How many count."), "number"),
        Column("share", gettext("Share"), "%", share, "number", 1),
        Column("low", gettext("From"), "%", share, "number", 1),
        Column("high", gettext("To"), "%", share, "number", 1),
    ]  # fmt: skip
    return Table("experiment", gettext("Suggestions put to the test"), columns, rows)
