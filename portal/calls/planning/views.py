"""Pages of calls: the lists, one call, planning one, moving it, calling it off."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.calls import queries, rules
from portal.calls.forms import CallForm, typed_moment
from portal.calls.models import Call
from portal.calls.planning import presenting, service
from portal.calls.presenting import call_of, deal_choices, deal_of, edits, line, named, role_parts
from portal.calls.rules import State
from portal.deals.presenting import stage_words
from portal.errors import Conflict, Forbidden, Invalid
from portal.web import paging
from portal.web.forms import Form

bp = Blueprint("calls", __name__, url_prefix="/calls")

PAGE_SIZE = 40


@bp.get("/")
@allows(Act.CALL_SEE)
def index() -> ResponseReturnValue:
    """List calls to log, planned and logged: one's own, for managers also a team's or all."""
    whose = presenting.whose(request.args.get("team"))
    people = (whose.user_id, whose.team_id)
    args = [("team", whose.value)] if whose.value else []
    page = paging.paging(
        total=queries.count_logged(*people),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("calls.index"), args),
    )
    now, ahead = clock.now(), [line(call) for call in queries.planned(*people)]
    logged = queries.logged(*people, limit=page.size, offset=page.offset)
    return render_template(
        "calls/planning/index.html",
        due=[it for it in ahead if it.at <= now],
        planned=[it for it in ahead if it.at > now],
        logged=[line(call) for call in logged],
        whose=whose,
        taken=presenting.taken(request.args),
        paging=page,
    )


@bp.get("/<int:call_id>")
@allows(Act.CALL_SEE)
def show(call_id: int) -> ResponseReturnValue:
    """Show a call: what was used, what was said, what came of it."""
    call = call_of(call_id)
    found = queries.whole(call.id) or call
    return render_template(
        "calls/planning/show.html",
        it=line(found),
        stage=stage_words(found.stage),
        uses=presenting.uses(found),
        points=presenting.points(found),
        is_due=found.state == State.PLANNED.value and not rules.is_ahead(found.at, clock.now()),
        offers_deal=found.result in presenting.MOVES_DEAL and presenting.is_open(found.deal),
    )


def _mine(call_id: int) -> Call:
    call = call_of(call_id, lock=True)
    if not edits(call):
        raise Forbidden
    return call


@bp.get("/plan")
@allows(Act.CALL_PLAN)
def plan() -> ResponseReturnValue:
    """Show the form for a call ahead."""
    deal = deal_of(rules.number_of(request.args.get("deal")))
    form = CallForm(formdata=None, deal=str(deal.id) if deal else "", at="")
    form.deal.choices = deal_choices(deal)
    return _plan_page(form)


def _plan_page(form: CallForm, call: Call | None = None, **told: object) -> str:
    return render_template(
        "calls/planning/plan.html",
        form=form,
        call=call,
        deal=named(call.deal) if call else None,
        **told,
    )


@bp.post("/plan")
@keeps_text
@allows(Act.CALL_PLAN)
def plan_submit() -> ResponseReturnValue:
    """Plan a call."""
    form = CallForm()
    deal = deal_of(form.deal_id)
    form.deal.choices = deal_choices(deal)
    good = form.validate_on_submit()
    if deal is None and not form.deal.errors:
        form.deal.errors = [gettext("Choose the deal.")]
    if not good or deal is None or form.at.moment is None:
        return _plan_page(form), 422
    if _is_past(form):
        return _plan_page(form, is_past=True), 422
    call = service.plan(
        current_user.id,
        deal,
        form.at.moment,
        token=rules.own_token(current_user.id, form.once.data) or _token(),
        kind=form.kind.data or "",
        with_role=form.role,
        note=(form.note.data or "").strip(),
    )
    return redirect(url_for("calls.show", call_id=call.id), 303)


def _is_past(form: CallForm) -> bool:
    """Whether a moment is past: what was held is logged, not planned."""
    past = form.at.moment is not None and form.at.moment < clock.now() - rules.SAME_WITHIN
    if past:
        form.at.errors = [gettext("This is past: log the call instead.")]
    return past


def _token() -> str:
    return rules.own_token(current_user.id, CallForm(formdata=None).once.data)


@bp.get("/<int:call_id>/change")
@allows(Act.CALL_CHANGE)
def change(call_id: int) -> ResponseReturnValue:
    """Show a planned call, to be moved."""
    call = call_of(call_id)
    if not edits(call):
        raise Forbidden
    if call.state == State.LOGGED.value:
        return redirect(url_for("calllog.log", call_id=call.id), 303)
    form = CallForm(
        formdata=None,
        deal=str(call.deal_id),
        version=str(call.version),
        at=typed_moment(call.at),
        kind=call.kind,
        note=call.note,
        **role_parts(call.with_role),
    )
    form.deal.choices = deal_choices(call.deal)
    return _plan_page(form, call)


@bp.post("/<int:call_id>/change")
@keeps_text
@allows(Act.CALL_CHANGE)
def change_submit(call_id: int) -> ResponseReturnValue:
    """Move a planned call; if it was changed meanwhile, show how, and keep what was typed."""
    call, form = _mine(call_id), CallForm()
    form.deal.choices = deal_choices(call.deal)
    if not form.validate_on_submit() or form.at.moment is None:
        return _plan_page(form, call), 422
    if form.at.moment != call.at and _is_past(form):
        return _plan_page(form, call, is_past=True), 422
    said: dict[str, Any] = {
        "at": form.at.moment,
        "kind": form.kind.data or "",
        "with_role": form.role,
        "note": (form.note.data or "").strip(),
    }
    try:
        service.change(call, seen=form.seen_version, **said)
    except Conflict:
        form.version.data = str(call.version)
        return _plan_page(form, call, changed=presenting.changed(call, said)), 409
    return redirect(url_for("calls.show", call_id=call.id), 303)


@bp.post("/<int:call_id>/call-off")
@allows(Act.CALL_CHANGE)
def call_off(call_id: int) -> ResponseReturnValue:
    """Say that a call will not take place."""
    if not Form().validate_on_submit():
        raise Invalid
    call = _mine(call_id)
    try:
        service.call_off(call)
    except Conflict as error:
        raise Conflict(gettext("This call is logged: it has taken place.")) from error
    return redirect(url_for("calls.index"), 303)
