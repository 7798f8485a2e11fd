"""The scorecard as its page shows it: the goal, both sides' record, the cycle, the promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_skeleton
from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.accounts.rules import Department, Role
from portal.asset_requests.agreement.rules import SIDES
from portal.asset_requests.ledger.presenting import month_label
from portal.insights.scorecard import rules
from portal.insights.scorecard.labels import MEASURES, PERIODS
from portal.insights.scorecard.measuring import Reached
from portal.insights.scorecard.models import SharedGoal, SidePromise
from portal.insights.scorecard.rules import Measure, Period, Time
from portal.web import charts, figures, locale, words
from portal.web.money import money


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
