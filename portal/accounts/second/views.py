"""The page after the password: a code, a passkey, or setting an app up."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import gate
from portal.accounts.acts import Act
from portal.accounts.confirming.presenting import wait_message
from portal.accounts.factors import presenting as factors
from portal.accounts.factors import service, setting_up
from portal.accounts.gate import allows
from portal.accounts.guessing import guessable
from portal.accounts.passkeys import presenting as passkeys
from portal.accounts.rules import local_path
from portal.accounts.second import service as second
from portal.accounts.second.forms import AppForm, CodeForm
from portal.accounts.second.presenting import half_way
from portal.accounts.second.queries import Owing
from portal.accounts.second.rules import Half
from portal.db import db
from portal.errors import Conflict, TooMany

bp = Blueprint("second", __name__)


def _again() -> ResponseReturnValue:
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/sign-in/second")
@allows(Act.ENTER)
def ask() -> ResponseReturnValue:
    """Ask who gave the password for a second factor; lead to setting one up who has none."""
    found = half_way()
    if found is None:
        return _again()
    _half, who = found
    if not who.factors.any:
        return redirect(url_for("second.set_up"), 303)
    return _page(CodeForm(formdata=None), who)


def _page(form: CodeForm, who: Owing, status: int = 200) -> Response:
    page = render_template(
        "accounts/second/ask.html",
        form=form,
        factors=who.factors,
        passkey=passkeys.to_sign_in(who.user_id) if who.factors.passkeys else None,
    )
    return Response(page, status)


@bp.post("/sign-in/second")
@allows(Act.ENTER)
@guessable("code", within=True)
def answer() -> ResponseReturnValue:
    """Take the code."""
    found = half_way()
    if found is None:
        return _again()
    half, who = found
    form, came = CodeForm(), gate.browser()
    if not form.validate_on_submit():
        return _page(form, who, 422)
    try:
        service.check(
            who.user_id, who.email, form.code.data, address=came.address, secret=factors.secret()
        )
    except service.WrongCode:
        form.code.errors = [_("This code is not right, or was used already.")]
        return _page(form, who, 422)
    except TooMany as error:
        form.code.errors = [wait_message(error.retry_after)]
        response = _page(form, who, 429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    finish(half)
    return redirect(local_path(half.next) or "/", 303)


def finish(half: Half) -> None:
    """Let in who was half in."""
    second.end(half)
    gate.let_in(half.user_id)


@bp.get("/sign-in/first-factor")
@allows(Act.ENTER)
def set_up() -> ResponseReturnValue:
    """Show a new app its secret, to somebody whose role needs a second factor."""
    found = half_way()
    if found is None:
        return _again()
    _half, who = found
    if who.factors.any:
        return redirect(url_for("second.ask"), 303)
    content, sealed = setting_up.begin(who.user_id, secret=factors.secret())
    return _set_up_page(AppForm(formdata=None, sealed=sealed), content, who)


def _set_up_page(form: AppForm, content: bytes, who: Owing, status: int = 200) -> Response:
    page = render_template(
        "accounts/second/set_up.html", form=form, **factors.app_facts(content, who.email)
    )
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/sign-in/first-factor")
@allows(Act.ENTER)
def set_up_submit() -> ResponseReturnValue:
    """Keep the app, let in, and show recovery codes."""
    found = half_way()
    if found is None:
        return _again()
    half, who = found
    form, secret = AppForm(), factors.secret()
    content = setting_up.shown(who.user_id, form.sealed.data or "", secret=secret)
    if content is None or who.factors.any:
        return redirect(url_for("second.ask"), 303)
    if not form.validate_on_submit():
        return _set_up_page(form, content, who, 422)
    try:
        service.set_up_app(who.user_id, content, form.code.data, secret=secret)
    except service.WrongCode:
        form.code.errors = [_("The app shows another code. Look again: it changes.")]
        return _set_up_page(form, content, who, 422)
    except Conflict:
        return redirect(url_for("second.ask"), 303)
    codes = service.new_codes(who.user_id, secret=secret)
    finish(half)
    db.session.flush()
    response = Response(
        render_template(
            "accounts/factors/codes.html", codes=codes, target=local_path(half.next) or "/"
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response
