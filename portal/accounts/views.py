"""Signing in and out, one's own account, preferences."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock
from portal.accounts import gate, queries, service, sessions, signing_in
from portal.accounts.acts import Act
from portal.accounts.confirming.presenting import wait_message
from portal.accounts.factors import queries as factors
from portal.accounts.forms import PasswordForm, PreferencesForm, SignInForm
from portal.accounts.gate import allows, dangerous
from portal.accounts.guessing import guessable
from portal.accounts.passkeys.presenting import can_be
from portal.accounts.rules import device_name, local_path
from portal.accounts.second.presenting import go_half_way
from portal.accounts.second.rules import Half
from portal.config import Config, Language
from portal.errors import Invalid, NotFound, TooMany
from portal.web import words
from portal.web.locale import LANGUAGE_COOKIE, THEME_COOKIE

bp = Blueprint("accounts", __name__)

HOME = "/"
YEAR = 365 * 24 * 3600


def _config() -> Config:
    config: Config = current_app.config["PORTAL"]
    return config


def _go(target: str | None) -> ResponseReturnValue:
    return redirect(local_path(target) or HOME, 303)


def _sign_in_page(form: SignInForm, message: str = "", status: int = 200) -> Response:
    people = [
        {
            "role_label": words.label(words.ROLES, user.role),
            "name": user.name,
            "email": user.email,
        }
        for user in (queries.demo_people() if _config().demo else ())
    ]
    changed = request.args.get("changed") == "password"
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        demo_people=people,
        message=message,
        company=_config().company_sign_in,
        passkeys=can_be(),
        done=_("Your password is changed. Sign in with the new one.") if changed else "",
    )
    return Response(page, status)


@bp.get("/sign-in")
@allows(Act.ENTER)
def sign_in() -> ResponseReturnValue:
    """Show the form, unless there is nothing left to do."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return _go(target)
    return _sign_in_page(SignInForm(formdata=None, next=target or ""))


@bp.post("/sign-in")
@allows(Act.ENTER)
@guessable("password", within=True)
def sign_in_submit() -> ResponseReturnValue:
    """Sign in, or say that it did not work without saying which of the two was wrong."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, status=422)
    try:
        came_in = signing_in.sign_in(
            form.email.data,
            form.password.data,
            gate.browser(),
            _config().second_factor_names,
        )
    except signing_in.WrongPassword:
        return _sign_in_page(form, _("This e-mail and this password do not belong together."), 422)
    except TooMany as error:
        response = _sign_in_page(form, wait_message(error.retry_after), 429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    if isinstance(came_in, Half):
        return go_half_way(came_in, form.next.data)
    gate.enter(came_in)
    return _go(form.next.data)


@bp.post("/demo/sign-in")
@allows(Act.ENTER)
def demo_sign_in() -> ResponseReturnValue:
    """Sign in as one of the demo's people, in a demo and nowhere else."""
    if not _config().demo:
        raise NotFound
    gate.enter(signing_in.enter_demo(request.form.get("email", ""), gate.browser()))
    return _go(request.form.get("next"))


@bp.post("/sign-out")
@allows(Act.ACCOUNT)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    sessions.end(current_user.session_id)
    gate.leave()
    return redirect(url_for("accounts.sign_in"), 303)


def _account_page(form: PasswordForm, message: str = "", status: int = 200) -> Response:
    open_sessions = [
        {
            "id": row.id,
            "started": row.created_at,
            "last_seen": row.last_seen_at,
            "address": row.address,
            "device": device_name(row.device),
            "current": row.id == current_user.session_id,
        }
        for row in queries.sessions_of(current_user.id, limits=gate.limits(), now=clock.now())
    ]
    page = render_template(
        "accounts/account.html",
        person=current_user,
        role_label=words.label(words.ROLES, current_user.role),
        department_label=words.label(words.DEPARTMENTS, current_user.department),
        password_form=form,
        factors=factors.mine(current_user.id),
        sessions=open_sessions,
        message=message,
    )
    return Response(page, status)


@bp.get("/account")
@allows(Act.ACCOUNT)
def account() -> ResponseReturnValue:
    """Show one's own name, role, sessions and the form for another password."""
    changed = {
        "password": _("Your password is changed. Your other devices are signed out."),
        "session": _("That device is signed out."),
        "others": _("All your other devices are signed out."),
    }
    message = changed.get(request.args.get("changed", ""), "")
    return _account_page(PasswordForm(formdata=None), message)


@bp.post("/account/password")
@allows(Act.ACCOUNT)
@guessable("password", within=True)
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other browser is signed out."""
    form = PasswordForm()
    form.about = (current_user.email, current_user.name)
    if not form.validate_on_submit():
        return _account_page(form, status=422)
    try:
        token = signing_in.change_own_password(
            current_user.id, form.current.data, form.new.data, gate.browser()
        )
    except signing_in.WrongPassword:
        form.current.errors = [_("This is not your current password.")]
        return _account_page(form, status=422)
    except TooMany as error:
        form.current.errors = [wait_message(error.retry_after)]
        return _account_page(form, status=429)
    gate.enter(token)
    return redirect(url_for("accounts.account", changed="password"), 303)


@bp.post("/account/sessions/<int:number>/ended")
@allows(Act.ACCOUNT)
@dangerous
def end_session(number: int) -> ResponseReturnValue:
    """End one of one's own sessions: a phone that was lost, a browser at somebody else's."""
    sessions.end_own(current_user.id, number, limits=gate.limits())
    if number == current_user.session_id:
        gate.leave()
        return redirect(url_for("accounts.sign_in"), 303)
    return redirect(url_for("accounts.account", changed="session"), 303)


@bp.post("/account/sign-out-others")
@allows(Act.ACCOUNT)
@dangerous
def end_others() -> ResponseReturnValue:
    """End every session of one's own but this one."""
    sessions.end_all(current_user.id, but=current_user.session_id)
    return redirect(url_for("accounts.account", changed="others"), 303)


@bp.post("/account/sign-out-everywhere")
@allows(Act.ACCOUNT)
@dangerous
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of one's own, this one too."""
    sessions.end_all(current_user.id)
    gate.leave()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post("/preferences")
@allows(Act.LOOKS)
def preferences() -> ResponseReturnValue:
    """Keep appearance and language: in cookies, and the language with the person too."""
    form = PreferencesForm()
    if not form.validate_on_submit():
        raise Invalid(_("There is no such theme or language."))
    response = current_app.make_response(_go(form.next.data))
    chosen = {THEME_COOKIE: form.theme.data, LANGUAGE_COOKIE: form.language.data}
    for name, value in chosen.items():
        if value:  # read by the script that switches at once, so not HttpOnly
            response.set_cookie(name, value, max_age=YEAR, secure=_config().secure, samesite="Lax")
    if form.language.data and current_user.is_authenticated:
        service.set_language(current_user.id, Language(form.language.data))
    return response
