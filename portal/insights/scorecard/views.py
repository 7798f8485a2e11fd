"""The page of the scorecard, the same for both departments; its goal and its promises."""

import secrets
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.accounts.rules import Department
from portal.asset_requests.agreement import presenting as agreement
from portal.asset_requests.agreement import queries as agreements
from portal.asset_requests.agreement.rules import side_of
from portal.asset_requests.agreement.service import terms_of
from portal.asset_requests.figures import queries as requests
from portal.asset_requests.ledger import counting
from portal.asset_requests.ledger.presenting import month_label, month_of
from portal.config import Config
from portal.deals.forms import CURRENCIES
from portal.errors import Invalid
from portal.insights.scorecard import measuring, presenting, queries, service
from portal.insights.scorecard.forms import GoalForm, PromiseForm
from portal.insights.scorecard.rules import Measure, Period
from portal.insights.scorecard_record import presenting as record
from portal.web import locale
from portal.web.forms import Form

bp = Blueprint("scorecard", __name__, url_prefix="/insights/scorecard")

TREND = 6
KEPT = {"1": True, "0": False, "": None}


def _side() -> Department | None:
    return side_of(current_user.role, current_user.department)


def _my_side() -> Department:
    side = _side()
    if side is None:
        raise Invalid(gettext("This is for managers of Sales and Marketing."))
    return side


def _offer(form: PromiseForm) -> PromiseForm:
    form.owner.choices = queries.people(current_user.department)
    return form


def _new_promise() -> PromiseForm:
    form = PromiseForm(
        formdata=None, once=secrets.token_urlsafe(18), owner=current_user.id, due_on=locale.today()
    )
    return _offer(form)


def _page(*, goal_form: GoalForm | None = None, promise_form: PromiseForm | None = None) -> str:
    now, today = clock.now(), locale.today()
    config: Config = current_app.config["PORTAL"]
    found = list(queries.goals())
    goal = None
    if found:
        reached = measuring.reached(found[0], now, ZoneInfo(config.timezone))
        goal = presenting.goal_view(found[0], reached, current_user.role, _side(), today)
    months = measuring.months_before(today, TREND)
    cycle = measuring.cycle(requests.asked(now, measuring.CYCLE_DAYS), now)
    side = _side()
    return render_template(
        "insights/scorecard/index.html",
        goal=goal,
        former=[(presenting.goal_words(it), it.set_by.name, it.set_at) for it in found[1:]],
        sides=record.sides(counting.months(now), months),
        cycle=cycle,
        cycle_bars=record.cycle_bars(cycle),
        cycle_days=measuring.CYCLE_DAYS,
        terms=agreement.terms_view(terms_of(agreements.newest(), config.timezone)),
        month=month_label(months[-1]),
        promised=presenting.promised(queries.promises(months[-1]), months[-1], today),
        side=side.value if side else "",
        settles=policy.granted(current_user.role, Act.PACK_SEND),
        goal_form=(goal_form or GoalForm(formdata=None)) if side else None,
        promise_form=(promise_form or _new_promise()) if side else None,
        currencies=CURRENCIES,
    )


@bp.get("")
@allows(Act.FIGURES_SEE)
def index() -> ResponseReturnValue:
    """Show the goal, both sides' record, the cycle of content, and what both promised."""
    return _page()


@bp.post("/goal")
@allows(Act.GOAL_SET)
@keeps_text
def set_goal() -> ResponseReturnValue:
    """Set the goal both departments share."""
    side, form = _my_side(), GoalForm()
    if not form.validate_on_submit() or form.target.amount is None:
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(goal_form=form), 422
    service.set_goal(
        Measure(form.measure.data),
        form.target.amount,
        currency=form.currency.data,
        period=Period(form.period.data),
        side=side,
        user_id=current_user.id,
    )
    return redirect(url_for("scorecard.index", _anchor="goal"), 303)


@bp.post("/goal/<int:goal_id>")
@allows(Act.GOAL_SET)
def agree(goal_id: int) -> ResponseReturnValue:
    """Agree to the goal the other side has set."""
    side = _my_side()
    if not Form().validate_on_submit():
        raise Invalid
    service.agree(goal_id, side, current_user.id)
    return redirect(url_for("scorecard.index", _anchor="goal"), 303)


@bp.post("/promises")
@allows(Act.GOAL_SET)
@keeps_text
def promise() -> ResponseReturnValue:
    """Promise something for this month, for one's own side."""
    side, form = _my_side(), _offer(PromiseForm())
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(promise_form=form), 422
    service.promise(
        side,
        form.words.data,
        token=form.token or secrets.token_urlsafe(18),
        month=month_of(locale.today()),
        owner_id=form.owner.data,
        due_on=form.due_on.data,
        user_id=current_user.id,
    )
    return redirect(url_for("scorecard.index", _anchor="promises"), 303)


@bp.post("/promises/<int:promise_id>")
@allows(Act.PACK_SEND)
def settle(promise_id: int) -> ResponseReturnValue:
    """Say whether a promise was kept."""
    said = request.form.get("kept", "")
    if not Form().validate_on_submit() or said not in KEPT:
        raise Invalid
    service.settle(promise_id, kept=KEPT[said])
    return redirect(url_for("scorecard.index", _anchor="promises"), 303)
