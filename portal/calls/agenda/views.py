"""Taking a calendar file: meetings with known customers become calls."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone, gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.calls import rules as calls
from portal.calls.agenda import queries, reading, rules, service
from portal.calls.agenda.rules import Event
from portal.calls.presenting import deal_choices, deal_of, me
from portal.deals import queries as deals
from portal.errors import Invalid
from portal.web.forms import Form

bp = Blueprint("agenda", __name__, url_prefix="/calls")

SHOWN = 60
"""Meetings to choose a deal for, at once."""


@bp.get("/agenda")
@allows(Act.CALL_PLAN)
def index() -> ResponseReturnValue:
    """Show where to give a calendar file."""
    return _page(Form(formdata=None))


def _page(form: Form, wrong: str = "") -> str:
    return render_template("calls/agenda/index.html", form=form, wrong=wrong)


@bp.post("/agenda")
@allows(Act.CALL_PLAN)
def take() -> ResponseReturnValue:
    """Take a calendar file; of who takes part nothing is kept."""
    form, file = Form(), request.files.get("file")
    if not form.validate_on_submit():
        return _page(form, gettext("This page was open for long. Please try again.")), 422
    data = file.read(rules.FILE_MOST + 1) if file else b""
    if not data:
        return _page(form, gettext("Choose a calendar file.")), 422
    if len(data) > rules.FILE_MOST:
        return _page(form, gettext("This file is larger than 1 MB.")), 422
    try:
        events = reading.events(data, now=clock.now(), zone=get_timezone())
    except Invalid:
        return _page(form, gettext("This is no calendar file, or it is broken.")), 422
    offered = {deal.id: deal for deal in deals.open_deals(*me())}
    told = service.take(current_user.id, events, offered)
    if not told.unknown:
        return _done(told.taken, told.moved, told.off)
    ahead = [event for event in told.unknown if event.at > clock.now() - calls.SAME_WITHIN]
    past = [event for event in told.unknown if event not in ahead]
    return render_template(
        "calls/agenda/choose.html",
        form=form,
        told=told,
        events=(ahead + past[::-1])[:SHOWN],
        more=max(0, len(told.unknown) - SHOWN),
        deals=deal_choices(),
    )


def _done(taken: int, moved: int = 0, off: int = 0) -> ResponseReturnValue:
    return redirect(url_for("calls.index", taken=taken, moved=moved, off=off), 303)


def _chosen(number: int) -> Event | None:
    """Return a meeting as the page sent it back, or None when it is none of ours."""
    uid = request.form.get(f"uid-{number}", "")
    try:
        at = datetime.fromisoformat(request.form.get(f"at-{number}", "")[:40])
    except ValueError:
        return None
    hashed = len(uid) == 64 and all(c in "0123456789abcdef" for c in uid)  # noqa: PLR2004
    if not hashed or at.tzinfo is None:
        return None
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        return None
    return None if calls.is_far(at, clock.now()) else Event(uid, at, "", "")


@bp.post("/agenda/choose")
@allows(Act.CALL_PLAN)
def choose() -> ResponseReturnValue:
    """Plan calls of the meetings a deal was chosen for."""
    if not Form().validate_on_submit():
        raise Invalid
    user_id, taken = current_user.id, 0
    for number in range(SHOWN):
        deal_id = calls.number_of(request.form.get(f"deal-{number}"))
        event = _chosen(number) if deal_id else None
        deal = deal_of(deal_id) if event else None
        if event is None or deal is None or queries.by_uids(user_id, [event.uid]):
            continue
        service.plan(user_id, deal, event)
        taken += 1
    return _done(taken)
