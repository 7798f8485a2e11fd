"""The scorecard as its page shows it: the goal, both sides' record, the cycle, the promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_skeleton
from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.accounts.rules import Department, Role
from portal.asset_requests.agreement.clocks import ANSWERING
from portal.asset_requests.agreement.labels import PROMISES
from portal.asset_requests.agreement.rules import SIDES
from portal.asset_requests.figures.presenting import duration
from portal.asset_requests.ledger.presenting import PROMISED, month_label
from portal.insights.scorecard import rules
from portal.insights.scorecard.labels import MEASURES, PERIODS
from portal.insights.scorecard.measuring import Between, Cycle, Reached
from portal.insights.scorecard.models import SharedGoal, SidePromise
from portal.insights.scorecard.rules import Measure, Period, Time
from portal.web import charts, figures, locale, words
from portal.web.money import money

DAY = 86_400
Months = Mapping[str, Mapping[str, tuple[int, int]]]
"""Month → promise → (kept on time, late)."""


@dataclass(frozen=True, slots=True)
class GoalView:
    """The shared goal; `reached` is empty when a sum would tell what somebody's deal is worth.

    `missing` is the side that has not agreed; `agrees`: whether the reader may, for it.
    """

    title: str
    when: str
    target: str
    reached: str
    share: float | None
    share_words: str
    drawn: Markup
    of: str
    others: list[str]
    passed: float
    passed_words: str
    id: int
    set_by: str
    set_at: datetime
    agreed_by: str
    agreed_at: datetime | None
    missing: str
    agrees: bool


def target_words(goal: SharedGoal) -> str:
    """Return what is aimed at in words."""
    measure = Measure(goal.measure)
    if measure is Measure.REVENUE:
        return money(goal.target, goal.currency)
    if measure in rules.SHARES:
        return figures.percent(
            float(goal.target) / 100, 0 if goal.target == int(goal.target) else 1
        )
    return str(ngettext("%(num)d deal", "%(num)d deals", int(goal.target)))


def goal_words(goal: SharedGoal) -> str:
    """Return a goal in one line."""
    return str(
        gettext(
            "%(what)s, %(period)s: %(target)s",
            what=words.label(MEASURES, goal.measure),
            period=words.label(PERIODS, goal.period),
            target=target_words(goal),
        )
    )


def time_words(time: Time, period: str) -> str:
    """Return a month, quarter or year in words."""
    skeleton = {Period.MONTH: "yMMMM", Period.QUARTER: "yQQQ", Period.YEAR: "y"}[Period(period)]
    return str(format_skeleton(skeleton, time.first, locale=str(locale.code())))


def goal_view(
    goal: SharedGoal, it: Reached, role: Role, side: Department | None, today: date
) -> GoalView:
    """Show the goal that holds to somebody of a role who stands for a side, or for none."""
    measure = Measure(goal.measure)
    hidden = measure is Measure.REVENUE and rules.sums_hidden(role, it.sums[0].valued)
    share = None if hidden else rules.share_of(goal.target, it.value)
    said, of, others = _reached(measure, it, role, hidden=hidden)
    return GoalView(
        title=words.label(MEASURES, goal.measure),
        when=time_words(it.time, goal.period)
        if measure is not Measure.ADOPTION
        else str(gettext("the last four weeks")),
        target=target_words(goal),
        reached=said,
        share=share,
        share_words=figures.percent(share),
        drawn=charts.bar(
            share or 0, gettext("%(share)s of the goal", share=figures.percent(share))
        ),
        of=of,
        others=others,
        passed=it.time.passed(today),
        passed_words=figures.percent(it.time.passed(today)),
        id=goal.id,
        set_by=goal.set_by.name,
        set_at=goal.set_at,
        agreed_by=goal.agreed_by.name if goal.agreed_by else "",
        agreed_at=goal.agreed_at,
        missing=", ".join(
            words.label(words.DEPARTMENTS, one.value) for one in SIDES if one.value != goal.side
        ),
        agrees=rules.may_agree(goal.side, agreed=goal.agreed_at is not None, side=side),
    )


def _reached(
    measure: Measure, it: Reached, role: Role, *, hidden: bool
) -> tuple[str, str, list[str]]:
    if measure is Measure.REVENUE:
        own, *rest = it.sums
        said = "" if hidden else money(own.amount, own.currency)
        of = ngettext(
            "of %(num)d won deal in %(currency)s", "of %(num)d won deals in %(currency)s",
            own.deals, currency=own.currency,
        )  # fmt: skip
        others = [
            _other(one.amount, one.currency, one.deals)
            if not rules.sums_hidden(role, one.valued)
            else str(
                ngettext(
                    "%(num)d deal in %(currency)s", "%(num)d deals in %(currency)s",
                    one.deals, currency=one.currency,
                )
            )
            for one in rest
        ]  # fmt: skip
        return said, str(of), others
    if measure is Measure.DEALS_WON:
        return str(ngettext("%(num)d deal", "%(num)d deals", it.some)), "", []
    share = float(it.value) / 100 if it.value is not None else None
    if share is None:
        return figures.NONE, "", []
    told = gettext("%(some)s of %(all)s", some=locale.number(it.some), all=locale.number(it.of_all))
    return figures.percent(share), str(told), []


def _other(amount: Decimal, currency: str, deals: int) -> str:
    return str(
        ngettext(
            "%(money)s of %(num)d deal in %(currency)s",
            "%(money)s of %(num)d deals in %(currency)s",
            deals,
            money=money(amount, currency),
            currency=currency,
        )
    )


# --- both sides' record --------------------------------------------------------------------------


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


# --- promises ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PromiseView:
    """What a side promised: by whom, until when, and whether it was kept."""

    id: int
    words: str
    owner: str
    due: date
    kept: bool | None
    is_late: bool
    month: str


def promised(
    found: Sequence[SidePromise], month: str, today: date
) -> list[tuple[str, str, list[PromiseView]]]:
    """Return (side, words, promises) of both sides; what is open of another month says which."""
    return [
        (
            side.value,
            words.label(words.DEPARTMENTS, side.value),
            [_promise(it, month, today) for it in found if it.side == side],
        )
        for side in SIDES
    ]


def _promise(it: SidePromise, month: str, today: date) -> PromiseView:
    return PromiseView(
        id=it.id,
        words=it.words,
        owner=it.owner.name,
        due=it.due_on,
        kept=it.kept,
        is_late=it.kept is None and it.due_on < today,
        month="" if it.month == month else month_label(it.month),
    )
