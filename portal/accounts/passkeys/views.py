"""Passkeys: signing in with one, confirming with one, one's own."""

import logging

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts import gate
from portal.accounts.acts import Act
from portal.accounts.factors import queries as factors
from portal.accounts.factors.presenting import is_required
from portal.accounts.gate import allows, dangerous
from portal.accounts.passkeys import presenting, service
from portal.accounts.passkeys.forms import AddForm, AnswerForm, NameForm
from portal.accounts.passkeys.models import Passkey
from portal.accounts.passkeys.presenting import HANDLE, answered, site
from portal.accounts.passkeys.rules import ClonedKeyError, Purpose, WrongKeyError
from portal.accounts.rules import device_name, local_path
from portal.accounts.second import service as second
from portal.accounts.second.presenting import half_way
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Invalid, NotFound

bp = Blueprint("passkeys", __name__)
log = logging.getLogger(__name__)


@bp.get("/sign-in/passkey")
@allows(Act.ENTER)
def sign_in() -> ResponseReturnValue:
    """Ask the device for a key."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or "/", 303)
    return _ask_page(AnswerForm(formdata=None, next=target or ""))


def _ask_page(form: AnswerForm, wrong: str = "", status: int = 200) -> Response:
    found = half_way()
    asking = presenting.to_sign_in(found[1].user_id if found else None)
    if asking is None:
        raise NotFound
    page = render_template("accounts/passkeys/sign_in.html", form=form, asking=asking, wrong=wrong)
    return Response(page, status)


@bp.post("/sign-in/passkey")
@allows(Act.ENTER)
def sign_in_submit() -> ResponseReturnValue:
    """Let in whose key was shown; it is a second factor as well, the device asked who it is."""
    form, found = AnswerForm(), half_way()
    key = _shown(Purpose.SIGN_IN, form)
    if isinstance(key, str):
        return _ask_page(form, key, 422)
    target = form.next.data
    if found is not None:
        half, who = found
        if key.user_id != who.user_id:
            return _ask_page(form, _("This is the passkey of somebody else."), 422)
        second.end(half)
        target = half.next
    gate.let_in(key.user_id)
    return redirect(local_path(target) or "/", 303)


def _shown(purpose: Purpose, form: AnswerForm) -> Passkey | str:
    """Return the key that was shown, or what is said of an answer that does not hold."""
    question, here = answered(purpose), site()
    if here is None:
        raise NotFound
    if question is None or not form.validate_on_submit():
        return str(_("That took too long, or was for another page. Please try again."))
    try:
        return service.show(form.answer.data, question, here)
    except ClonedKeyError as error:
        number = error.number
        log.warning("passkey %d: its counter went back, it may have been copied", number)
        db.session.rollback()
        audit.record_apart("user.passkey_doubled", kind="passkey", key=number)
        return str(_("This passkey may have been copied. Use another way and remove it."))
    except WrongKeyError as error:
        log.warning("a passkey was refused: %s", error)
        return str(_("This passkey is not known here."))


@bp.get("/confirm/passkey")
@allows(Act.ACCOUNT)
def confirm() -> ResponseReturnValue:
    """Ask for one of the person's own keys, before something dangerous."""
    return _confirm_page(AnswerForm(formdata=None))


def _confirm_page(form: AnswerForm, wrong: str = "", status: int = 200) -> Response:
    asking = presenting.to_sign_in(current_user.id, Purpose.CONFIRM)
    if asking is None:
        raise NotFound
    page = render_template("accounts/passkeys/confirm.html", form=form, asking=asking, wrong=wrong)
    return Response(page, status)


@bp.post("/confirm/passkey")
@allows(Act.ACCOUNT)
def confirm_submit() -> ResponseReturnValue:
    """Let the session go on as a confirmed one."""
    form = AnswerForm()
    key = _shown(Purpose.CONFIRM, form)
    if isinstance(key, str) or key.user_id != current_user.id:
        said = key if isinstance(key, str) else _("This is the passkey of somebody else.")
        return _confirm_page(form, said, 422)
    db.session.commit()  # the session is confirmed in a transaction of its own
    gate.confirm_now()
    return Response(render_template("accounts/passkeys/confirmed.html"))


@bp.get("/account/passkeys/new")
@allows(Act.ACCOUNT)
@dangerous
def new() -> ResponseReturnValue:
    """Ask the device to make a key."""
    name = device_name(request.user_agent.string) or _("My passkey")
    return _add_page(AddForm(formdata=None, name=name))


def _add_page(form: AddForm, wrong: str = "", status: int = 200) -> Response:
    asking = presenting.to_add(current_user)
    if asking is None:
        raise NotFound
    page = render_template("accounts/passkeys/new.html", form=form, asking=asking, wrong=wrong)
    return Response(page, status)


@bp.post("/account/passkeys/new")
@allows(Act.ACCOUNT)
@dangerous
def add() -> ResponseReturnValue:
    """Keep the key a device has made."""
    question, here, form = answered(Purpose.ADD), site(), AddForm()
    if here is None:
        raise NotFound
    if not form.validate_on_submit():
        return _add_page(form, status=422)
    if question is None:
        return _add_page(form, _("That took too long. Please try again."), 422)
    before = factors.mine(current_user.id)
    try:
        service.add(
            current_user.id,
            form.answer.data or "",
            question,
            here,
            handle=session.pop(HANDLE, "") or service.challenge(),
            name=form.name.data,
        )
    except (WrongKeyError, Conflict, Invalid) as error:
        log.warning("a new passkey was refused: %s", error)
        return _add_page(form, _("This passkey can not be added. Try another one."), 422)
    if not before.codes_left:
        return redirect(url_for("factors.index", done="first"), 303)
    return redirect(url_for("factors.index", done="passkey"), 303)


@bp.post("/account/passkeys/<int:number>/name")
@allows(Act.ACCOUNT)
def rename(number: int) -> ResponseReturnValue:
    """Call a key something else."""
    form = NameForm()
    if not form.validate_on_submit():
        raise Invalid(_("A name has 1 to 80 characters."))
    service.rename(current_user.id, number, form.name.data)
    return redirect(url_for("factors.index", done="renamed"), 303)


@bp.post("/account/passkeys/<int:number>/removed")
@allows(Act.ACCOUNT)
@dangerous
def remove(number: int) -> ResponseReturnValue:
    """Forget a key."""
    has = factors.mine(current_user.id)
    if is_required() and has.app_since is None and has.passkeys <= 1:
        return redirect(url_for("factors.index", done="last"), 303)
    service.remove(current_user.id, number)
    return redirect(url_for("factors.index", done="gone"), 303)
