"""The record as the scorecard shows it: both sides' promises month by month, the cycle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from portal.asset_requests.agreement.clocks import ANSWERING
from portal.asset_requests.agreement.labels import PROMISES
from portal.asset_requests.figures.presenting import duration
from portal.asset_requests.ledger.presenting import PROMISED, month_label
from portal.insights.scorecard.measuring import Between, Cycle
from portal.web import charts, figures, locale, words

DAY = 86_400
Months = Mapping[str, Mapping[str, tuple[int, int]]]
"""Month → promise → (kept on time, late)."""


@dataclass(frozen=True, slots=True)
class SideView:
    """One side: how it kept its word this month and in the ones before."""

    title: str
    bars: Markup
    trend: Markup | None


def _share(pair: tuple[int, int]) -> float | None:
    kept, late = pair
    return 100 * kept / (kept + late) if kept + late else None


def sides(found: Months, months: Sequence[str]) -> list[SideView]:
    """Show both sides' record: of this month beside the last one, and the line of all months."""
    answering = {promise.value for promise in ANSWERING}
    titles = (gettext("Those who answer"), gettext("Those who ask"))
    return [
        _side(title, [p for p in PROMISED if (p in answering) is mine], found, months)
        for title, mine in zip(titles, (True, False), strict=True)
    ]


def _side(title: str, promised: Sequence[str], found: Months, months: Sequence[str]) -> SideView:
    this, last = months[-1], months[-2]
    bars, panels = [], []
    for promise in promised:
        now, then = found.get(this, {}).get(promise), found.get(last, {}).get(promise)
        shares = [_share(found.get(month, {}).get(promise, (0, 0))) for month in months]
        label = words.label(PROMISES, promise)
        if any(now or ()) or any(then or ()):
            bars.append(_bar(label, now or (0, 0), then or (0, 0)))
        if sum(share is not None for share in shares) > 1:
            told = [figures.percent(None if s is None else s / 100) for s in shares]
            panels.append(charts.Panel(label, shares, told[-1], ", ".join(told)))
    heads = (gettext("Promise"), gettext("Kept on time"))
    return SideView(
        str(title),
        charts.bars(
            bars, heads, caption=title, most=100, empty=gettext("Nothing was promised yet."),
            key=(gettext("this month"), gettext("last month")),
        ),
        charts.small_multiples(panels, first=month_label(months[0]), last=month_label(this))
        if panels
        else None,
    )  # fmt: skip


def _bar(label: str, now: tuple[int, int], then: tuple[int, int]) -> charts.Bar:
    return charts.Bar(
        label=label,
        value=_share(now),
        said=_kept(now),
        compare=_share(then),
        compare_said=str(gettext("last month %(kept)s", kept=_kept(then))) if any(then) else "",
    )


def _kept(pair: tuple[int, int]) -> str:
    kept, late = pair
    if not kept + late:
        return figures.NONE
    return str(
        gettext("%(some)s of %(all)s", some=locale.number(kept), all=locale.number(kept + late))
    )


# --- from asking to use --------------------------------------------------------------------------

HALF_FROM, NINETY_FROM = 3, 10
"""How many requests must be through a step before its times are told."""


def cycle_bars(it: Cycle) -> Markup:
    """Draw how long half takes, and nine in ten."""
    rows = [
        _time(gettext("Asked → delivered"), it.to_deliver, it.delivered),
        _time(gettext("Delivered → first used"), it.to_use, it.used),
        _time(gettext("Asked → first used"), it.whole, it.used),
    ]
    return charts.bars(
        rows, (gettext("Step"), gettext("Half within")), caption=gettext("From asking to use"),
        key=(gettext("half are through"), gettext("nine in ten are through")),
    )  # fmt: skip


def _time(label: str, between: Between, done: int) -> charts.Bar:
    """Draw a step; how long half takes is not told of two requests, nor nine in ten of nine."""
    half = between[0] if done >= HALF_FROM else None
    ninety = between[1] if done >= NINETY_FROM else None
    return charts.Bar(
        label=label,
        value=None if half is None else half / DAY,
        said=duration(half),
        compare=None if ninety is None else ninety / DAY,
        compare_said=str(gettext("nine in ten: %(time)s", time=duration(ninety)))
        if done >= NINETY_FROM
        else "",
    )
