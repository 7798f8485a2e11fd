"""Logging a call: one form, one POST, everything of it in one transaction."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.calls import queries, rules
from portal.calls.forms import typed_moment
from portal.calls.log import forms, presenting, service
from portal.calls.log import queries as used
from portal.calls.log.forms import LogForm
from portal.calls.log.presenting import Offered
from portal.calls.log.queries import Texts
from portal.calls.log.rules import Held, Row, points_of
from portal.calls.models import Call
from portal.calls.planning.presenting import changed
from portal.calls.presenting import call_of, deal_choices, deal_of, edits, named, role_parts
from portal.calls.ratings.labels import HELPED
from portal.calls.rules import State
from portal.deals.models import Deal
from portal.errors import Conflict, Forbidden, Invalid, NotFound

bp = Blueprint("calllog", __name__, url_prefix="/calls")


@dataclass(slots=True)
class Sheet:
    """A form on its way: on which deal, which call it changes, the rows it has and their texts.

    `rows` is None for a manager who mends somebody else's call: what was used is not theirs to say.
    """

    deal: Deal
    form: LogForm
    call: Call | None
    rows: list[Row] | None
    offered: Offered
    more: Row | None = None
    more_wrong: str = ""

    @property
    def texts(self) -> Texts:
        """The texts of the assets in its rows."""
        return used.texts_of({row.asset_id for row in self.rows or ()})


def _page(sheet: Sheet, texts: Texts | None = None, **told: Any) -> str:  # noqa: ANN401
    texts = sheet.texts if texts is None else texts
    reader = presenting.reader()
    if request.method == "POST":  # what was sent was looked up, and no more
        sheet.offered = presenting.offered(sheet.deal, sheet.call)
    return render_template(
        "calls/log/log.html",
        deal=named(sheet.deal),
        form=sheet.form,
        call=sheet.call,
        offered=sheet.offered,
        rows=None if sheet.rows is None else presenting.row_views(sheet.rows, texts),
        fitting=used.fitting(sheet.deal.id, reader) if sheet.rows is not None else (),
        more=sheet.more,
        more_wrong=sheet.more_wrong,
        helped=HELPED,
        **told,
    )


def _offer(form: LogForm, offered: Offered) -> LogForm:
    form.objections.choices = offered.objections
    form.competitors.choices = offered.competitors
    return form


@bp.get("/new")
@allows(Act.CALL_PLAN)
def new() -> ResponseReturnValue:
    """Show the form for a call on a deal; without one, on the deal one works on, or a choice."""
    asked = rules.number_of(request.args.get("deal"))
    deal = deal_of(asked or queries.working_deal(current_user.id))
    if asked and deal is None:
        raise NotFound(gettext("There is no such deal, or it is another team’s."))
    if deal is None:
        return render_template("calls/log/choose.html", deals=deal_choices()[1:])
    now, offered = clock.now(), presenting.offered(deal)
    form = LogForm(formdata=None, deal=str(deal.id), at=typed_moment(now))
    sheet = Sheet(
        deal, _offer(form, offered), None, presenting.opened(current_user.id, deal), offered
    )
    return _page(sheet, planned=queries.planned_near(deal.id, current_user.id, now))


@bp.post("/new")
@keeps_text
@allows(Act.CALL_PLAN)
def new_submit() -> ResponseReturnValue:
    """Log a call."""
    form = LogForm()
    deal = deal_of(form.deal_id)
    if deal is None:
        raise Invalid(gettext("There is no such deal, or it is another team’s."))
    return _submit(_sent(form, deal, None))


def _editable(call_id: int, *, lock: bool = False) -> Call:
    call = call_of(call_id, lock=lock)
    if not edits(call):
        raise Forbidden
    if lock is False:
        call = queries.whole(call.id) or call
    return call


@bp.get("/<int:call_id>/log")
@allows(Act.CALL_CHANGE)
def log(call_id: int) -> ResponseReturnValue:
    """Show the form of a planned call, or of a logged one to be changed."""
    call, me = _editable(call_id), current_user.id
    is_logged = call.state == State.LOGGED.value
    offered = presenting.offered(call.deal, call)
    now = clock.now()
    form = LogForm(
        formdata=None,
        deal=str(call.deal_id),
        version=str(call.version),
        at=typed_moment(call.at if is_logged else min(call.at, now)),
        kind=call.kind,
        result=call.result or "",
        note=call.note,
        **role_parts(call.with_role),
        **presenting.said_fields(call),
    )
    rows: list[Row] | None = None
    if call.user_id == me:
        kept = presenting.kept_rows(call, me)
        rows = kept if is_logged else presenting.opened(me, call.deal)
    sheet = Sheet(call.deal, _offer(form, offered), call, rows, offered)
    return _page(sheet, is_ahead=rules.is_ahead(call.at, now))


@bp.post("/<int:call_id>/log")
@keeps_text
@allows(Act.CALL_CHANGE)
def log_submit(call_id: int) -> ResponseReturnValue:
    """Log a planned call, or say better how a logged one went."""
    call = _editable(call_id, lock=True)
    return _submit(_sent(LogForm(), call.deal, call))


def _sent(form: LogForm, deal: Deal, call: Call | None) -> Sheet:
    offered = presenting.offered(
        deal,
        call,
        objections=bool(form.objections.data),
        competitors=bool(form.competitors.data),
    )
    form.deal.data = str(deal.id)
    rows = forms.rows() if call is None or call.user_id == current_user.id else None
    sheet = Sheet(deal, _offer(form, offered), call, rows, offered)
    more = forms.more() if rows is not None else None
    if rows is not None and more is not None:
        _add(sheet, rows, *more)
    return sheet


def _add(sheet: Sheet, rows: list[Row], typed: str, said: Row) -> None:
    """Put the asset named beside the list into it, or say that there is none of this name."""
    text = presenting.named(typed) if typed else None
    if text is None:
        sheet.more = said
        sheet.more_wrong = gettext(
            "No asset is called this. Choose one from the list, or paste its address."
        )
        return
    row = replace(said, asset_id=text.asset_id, language=text.language)
    rows[:] = [it for it in rows if it.key != row.key] + [row]
    sheet.form.more.data = ""


def _submit(sheet: Sheet) -> ResponseReturnValue:
    form, texts = sheet.form, sheet.texts
    lost = presenting.gone(form.objections.data or (), sheet.offered)
    form.keep_in_words(lost)
    good = form.validate_on_submit()
    if lost:
        words = gettext("The battlecard has this no more; it stands here in words. Is it right so?")
        form.objection_words.errors, good = [*form.objection_words.errors, words], False
    rows = sheet.rows or ()
    gone = any((row.asset_id, row.language) not in texts for row in rows)
    odd = any(row.wrong for row in rows)
    if not good or form.at.moment is None or sheet.more_wrong or gone or odd:
        return _page(sheet, texts, gone=gone), 422
    if request.form.get("add"):  # another asset is to come
        return _page(sheet, texts)
    return _keep(sheet, texts)


def _held(sheet: Sheet) -> Held:
    form = sheet.form
    if form.at.moment is None:
        raise Invalid
    ticked = presenting.known(form.objections.data or (), sheet.offered)
    return Held(
        at=form.at.moment,
        kind=form.kind.data or "",
        with_role=form.role,
        result=form.result.data or None,
        note=(form.note.data or "").strip(),
        rows=sheet.rows,
        points=points_of(ticked, form.words, form.competitors.data or ()),
    )


def _keep(sheet: Sheet, texts: Texts) -> ResponseReturnValue:
    form, held, me = sheet.form, _held(sheet), current_user.id
    token = rules.own_token(me, form.once.data) or rules.own_token(me, LogForm(None).once.data)
    call = sheet.call
    try:
        kept = service.log(
            me, sheet.deal, held, token=token, texts=texts,
            call=call, seen=form.seen_version, same=forms.same(),
        )  # fmt: skip
    except service.Ahead:
        form.at.errors = [gettext("This call has not taken place yet: it can be planned.")]
        return _page(sheet, texts, is_ahead=True), 422
    except service.Alike as error:
        return _page(sheet, texts, alike=error.call), 409
    except service.Old:
        return _page(sheet, texts, wrong=gettext("A rating can be changed for seven days.")), 409
    except Conflict:
        return _overtaken(sheet, texts, held)
    return redirect(url_for("calls.show", call_id=kept.id), 303)


def _overtaken(sheet: Sheet, texts: Texts, held: Held) -> ResponseReturnValue:
    """Show what somebody else has said meanwhile; what was typed stays."""
    call = sheet.call
    if call is None:
        raise Conflict
    names = ("at", "kind", "with_role", "result", "note")
    sheet.form.version.data = str(call.version)
    found = changed(call, {name: getattr(held, name) for name in names})
    return _page(sheet, texts, changed=found, is_changed=True), 409
