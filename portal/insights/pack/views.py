"""Pages of packs: one of a week or month with its minutes and actions, the archive, sending."""

import secrets
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.accounts.rules import Role
from portal.config import Config
from portal.errors import Conflict, Invalid, NotFound
from portal.insights.pack import gathering, presenting, queries, rules, service
from portal.insights.pack.forms import ActionForm, MinutesForm
from portal.insights.pack.models import Pack
from portal.insights.pack.rules import Kind, Span
from portal.web import locale, paging
from portal.web.forms import Form

bp = Blueprint("pack", __name__, url_prefix="/insights/pack")

PAGE_SIZE = 30


def _zone() -> ZoneInfo:
    config: Config = current_app.config["PORTAL"]
    return ZoneInfo(config.timezone)


def _span(kind: str, first: str) -> Span:
    found = rules.read(kind, first, locale.today())
    if found is None:
        raise NotFound(gettext("There is no pack of this time."))
    return found


def _offer(form: ActionForm) -> ActionForm:
    form.owner.choices = queries.owners()
    return form


def _new_action() -> ActionForm:
    due = locale.today() + rules.WEEK
    form = ActionForm(
        formdata=None, once=secrets.token_urlsafe(18), owner=current_user.id, due_on=due
    )
    return _offer(form)


def _page(
    span: Span, *, action: ActionForm | None = None, typed: str | None = None, wrong: str = ""
) -> str:
    """Show a pack; `typed`: minutes that could not be kept, and why."""
    pack = queries.pack(span)
    facts = pack.facts if pack is not None and pack.sent_at is not None else None
    writes = rules.may_write(current_user.role)
    today = locale.today()
    actions = presenting.actions_of(
        span, pack, today=today, viewer_id=current_user.id, writes=writes
    )
    told = facts or gathering.facts(span, clock.now(), _zone())
    return render_template(
        "insights/pack/show.html",
        pack=presenting.view(span, pack, told, actions, today),
        kinds=[
            (kind.value, presenting.title(kind), presenting.around(rules.latest(kind, today)).url)
            for kind in Kind
        ],
        writes=writes,
        sends=rules.may_send(current_user.role),
        receivers=len(queries.receivers()) if rules.may_send(current_user.role) else 0,
        wants=queries.reader(current_user.id) is not None,
        always=current_user.role == Role.MANAGER,
        schedules=queries.schedules(),
        action=(action or _new_action()) if writes else None,
        typed=typed,
        wrong=wrong,
    )


@bp.get("")
@allows(Act.PACK_SEE)
def index() -> ResponseReturnValue:
    """Show the pack of the last week that is over: the agenda of this Monday."""
    return _page(rules.latest(Kind.WEEK, locale.today()))


@bp.get("/archive")
@allows(Act.PACK_SEE)
def archive() -> ResponseReturnValue:
    """List the packs that were sent or written in."""
    page = paging.paging(
        total=queries.archive_size(),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("pack.archive"), ()),
    )
    found: list[Pack] = list(queries.archive(limit=page.size, offset=page.offset))
    return render_template(
        "insights/pack/archive.html",
        packs=[presenting.archive_line(it) for it in found],
        paging=page,
    )


@bp.get("/<kind>/<first>")
@allows(Act.PACK_SEE)
def show(kind: str, first: str) -> ResponseReturnValue:
    """Show the pack of a week or month: as it was sent, or as things are now."""
    return _page(_span(kind, first))


def _to(span: Span, anchor: str) -> ResponseReturnValue:
    address = url_for("pack.show", kind=span.kind.value, first=f"{span.first}", _anchor=anchor)
    return redirect(address, 303)


@bp.post("/<kind>/<first>/minutes")
@allows(Act.PACK_WRITE)
@keeps_text
def write(kind: str, first: str) -> ResponseReturnValue:
    """Keep minutes; when somebody else was faster, show both texts and lose neither."""
    span, form = _span(kind, first), MinutesForm()
    typed = form.minutes.data or ""
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(span, typed=typed, wrong=form.minutes.errors[0]), 422
    try:
        service.write(span, typed, version=form.based_on, user_id=current_user.id)
    except Conflict:
        wrong = gettext(
            "Somebody has written meanwhile. Their text is above, yours is in the box:"
            " put together what you need and keep it."
        )
        return _page(span, typed=typed, wrong=wrong), 409
    return _to(span, "minutes")


@bp.post("/<kind>/<first>/actions")
@allows(Act.PACK_WRITE)
@keeps_text
def add(kind: str, first: str) -> ResponseReturnValue:
    """Keep what somebody is to do; the same form sent twice is one action."""
    span, form = _span(kind, first), _offer(ActionForm())
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(span, action=form), 422
    service.add(
        span,
        form.words.data,
        token=form.token or secrets.token_urlsafe(18),
        owner_id=form.owner.data,
        due_on=form.due_on.data,
        user_id=current_user.id,
    )
    return _to(span, "actions")


@bp.post("/<kind>/<first>/actions/<int:action_id>")
@allows(Act.PACK_SETTLE)
def settle(kind: str, first: str, action_id: int) -> ResponseReturnValue:
    """Say that something is done, or is not yet."""
    span = _span(kind, first)
    if not Form().validate_on_submit():
        raise Invalid
    service.settle(
        action_id,
        done=request.form.get("done") == "1",
        user_id=current_user.id,
        everybodys=rules.may_write(current_user.role),
    )
    return _to(span, "actions")


@bp.post("/<kind>/<first>/send")
@allows(Act.PACK_SEND)
def send(kind: str, first: str) -> ResponseReturnValue:
    """Send a pack: what it says is kept for good."""
    span = _span(kind, first)
    if not Form().validate_on_submit():
        raise Invalid
    if not span.is_over(locale.today()):
        raise Conflict(gettext("Its time is not over yet: send it when it is."))
    service.send(span, _zone(), user_id=current_user.id)
    return _to(span, "sent")


@bp.post("/wish")
@allows(Act.PACK_SEE)
def wish() -> ResponseReturnValue:
    """Get packs, or not any more."""
    if not Form().validate_on_submit():
        raise Invalid
    service.wish(current_user.id, wants=request.form.get("wants") == "1")
    return redirect(url_for("pack.index", _anchor="sent"), 303)


@bp.post("/switch")
@allows(Act.PACK_SEND)
def switch() -> ResponseReturnValue:
    """Let packs go out by themselves, or not any more."""
    kind = request.form.get("kind", "")
    if not Form().validate_on_submit() or kind not in set(Kind):
        raise Invalid
    service.switch(Kind(kind), on=request.form.get("on") == "1", user_id=current_user.id)
    return redirect(url_for("pack.index", _anchor="sent"), 303)
