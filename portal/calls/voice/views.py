"""The voice of customers: each department's inbox, one thing said, and its answer."""

from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.rules import Department
from portal.calls import labels
from portal.calls.models import CallPoint
from portal.calls.rules import number_of
from portal.calls.voice import presenting, queries, rules, service
from portal.errors import Forbidden, Invalid, NotFound
from portal.library.links import slug_in
from portal.library.rules import SLUG_LIMIT
from portal.library.writing.forms import one_line
from portal.web import paging, words
from portal.web.forms import Form

bp = Blueprint("voice", __name__, url_prefix="/calls/voice")

PAGE_SIZE = 40


@bp.get("/")
@allows(Act.VOICE_HEAR)
def index() -> ResponseReturnValue:
    """List what customers say: of one's own department first, what is heard most first."""
    args = request.args.to_dict()
    own = current_user.department if current_user.department in rules.ANSWERING else None
    asked = rules.asked_of(args, own)
    since = clock.now() - timedelta(days=asked.days)
    kept = [(name, value) for name, value in args.items() if name in _NAMES]
    number = paging.number_of(args.get("page"))
    found, total = queries.groups(asked, since, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    if not found and number > 1:
        number = 1
        found, total = queries.groups(asked, since, limit=PAGE_SIZE, offset=0)
    page = paging.paging(
        total=total,
        number=number,
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("voice.index"), kept),
    )
    return render_template(
        "calls/voice/index.html",
        groups=presenting.group_views(found),
        filters=presenting.filters(asked),
        paging=page,
    )


_NAMES = {"department", "kind", "state", "product", "competitor", "industry", "days"}


def _point(point_id: int) -> CallPoint:
    found = queries.point(point_id)
    if found is None:
        raise NotFound
    return found


@bp.get("/<int:point_id>")
@allows(Act.VOICE_HEAR)
def show(point_id: int) -> ResponseReturnValue:
    """Show one thing said, where it was said, and its answer."""
    return _page(_point(point_id))


def _page(it: CallPoint, **told: str) -> str:
    said = presenting.words_of(it)
    calls, deals = queries.counts(it)
    return render_template(
        "calls/voice/show.html",
        it=it,
        said=said,
        kind_label=labels.SAID[it.kind],
        state_label=labels.ANSWERS[it.state],
        department=words.label(words.DEPARTMENTS, it.department),
        calls=calls,
        deals=deals,
        quotes=presenting.quotes(queries.quotes(it)),
        given=presenting.given(it),
        may_answer=presenting.answers(it),
        ask_args=presenting.ask_args(it, said),
        departments=presenting.departments_but(it),
        **told,
    )


def _mine(point_id: int) -> CallPoint:
    if not Form().validate_on_submit():
        raise Invalid
    it = _point(point_id)
    if not presenting.answers(it):
        raise Forbidden
    return it


def _sent(name: str) -> str:
    return one_line(request.form.get(name, "")[:1000])


def _back(it: CallPoint) -> ResponseReturnValue:
    return redirect(url_for("voice.show", point_id=it.id), 303)


@bp.post("/<int:point_id>/answer")
@allows(Act.VOICE_ANSWER)
def answer(point_id: int) -> ResponseReturnValue:
    """Answer with a published asset."""
    it, typed = _mine(point_id), _sent("asset")
    slug = slug_in(typed)
    known = typed and queries.published(slug if len(slug) <= SLUG_LIMIT else "", typed[:300])
    if not known:
        wrong = gettext("No published asset is called this. Paste its address or its title.")
        return _page(it, typed=typed, wrong=wrong), 422
    service.answer(it, current_user.id, asset=known)
    return _back(it)


@bp.post("/<int:point_id>/asked")
@allows(Act.VOICE_ANSWER)
def asked(point_id: int) -> ResponseReturnValue:
    """Say that a request asks for the answer."""
    it, typed = _mine(point_id), _sent("request")
    number = number_of(typed.removeprefix("#"))
    if number is None:
        return _page(it, number=typed, wrong_number=gettext("Give the number of the request.")), 422
    if current_app.extensions["arsenal.request"](number) is None:
        return _page(it, number=typed, wrong_number=gettext("There is no request like this.")), 422
    service.answer(it, current_user.id, request_id=number)
    return _back(it)


@bp.post("/<int:point_id>/aside")
@allows(Act.VOICE_ANSWER)
def aside(point_id: int) -> ResponseReturnValue:
    """Leave it without an answer."""
    it = _mine(point_id)
    service.set_aside(it, current_user.id)
    return _back(it)


@bp.post("/<int:point_id>/reopen")
@allows(Act.VOICE_ANSWER)
def reopen(point_id: int) -> ResponseReturnValue:
    """Let it wait for an answer again."""
    it = _mine(point_id)
    service.reopen(it)
    return _back(it)


@bp.post("/<int:point_id>/route")
@allows(Act.VOICE_ANSWER)
def route(point_id: int) -> ResponseReturnValue:
    """Give it to another department."""
    it, chosen = _mine(point_id), _sent("department")
    if chosen not in {department.value for department in rules.ANSWERING}:
        raise Invalid(gettext("Choose one of the answers."))
    service.route(it, Department(chosen))
    return _back(it)
