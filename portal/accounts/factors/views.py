"""One's own second factors: the list, an app, recovery codes."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.factors import presenting, queries, service, setting_up
from portal.accounts.gate import allows, dangerous
from portal.accounts.passkeys import queries as passkeys
from portal.accounts.passkeys.presenting import can_be
from portal.accounts.second.forms import AppForm
from portal.errors import Conflict

bp = Blueprint("factors", __name__)

DONE = "done"


@bp.get("/account/factors")
@allows(Act.ACCOUNT)
def index() -> ResponseReturnValue:
    """Show what one can sign in with, besides the password."""
    said = {
        "app": _("Your app is removed."),
        "passkey": _("Your passkey is added. From now on you can sign in with it."),
        "first": _("Your passkey is added. Now make recovery codes, for the day you lose it."),
        "renamed": _("The passkey has its new name."),
        "gone": _("The passkey is removed."),
        "last": _("Your role needs a second factor: add another one before you remove this."),
    }
    done = request.args.get(DONE, "")
    return render_template(
        "accounts/factors/index.html",
        factors=queries.mine(current_user.id),
        passkeys=passkeys.of_user(current_user.id),
        required=presenting.is_required(),
        can_be=can_be(),
        said=said.get(done, ""),
        bad=done == "last",
    )


@bp.get("/account/factors/app")
@allows(Act.ACCOUNT)
@dangerous
def app() -> ResponseReturnValue:
    """Show a new app its secret."""
    content, sealed = setting_up.begin(current_user.id, secret=presenting.secret())
    return _app_page(AppForm(formdata=None, sealed=sealed), content)


def _app_page(form: AppForm, content: bytes, status: int = 200) -> Response:
    page = render_template(
        "accounts/factors/app.html", form=form, **presenting.app_facts(content, current_user.email)
    )
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/account/factors/app")
@allows(Act.ACCOUNT)
@dangerous
def set_up_app() -> ResponseReturnValue:
    """Keep the app once it has shown a right code; then show recovery codes."""
    form, secret = AppForm(), presenting.secret()
    content = setting_up.shown(current_user.id, form.sealed.data or "", secret=secret)
    if content is None:  # shown too long ago
        return redirect(url_for("factors.app"), 303)
    if not form.validate_on_submit():
        return _app_page(form, content, 422)
    try:
        service.set_up_app(current_user.id, content, form.code.data, secret=secret)
    except service.WrongCode:
        form.code.errors = [_("The app shows another code. Look again: it changes.")]
        return _app_page(form, content, 422)
    except Conflict:
        return redirect(url_for("factors.index"), 303)
    return codes_page(service.new_codes(current_user.id, secret=secret))


def codes_page(codes: list[str]) -> Response:
    """Return the page of new recovery codes, which nothing can show again."""
    response = Response(render_template("accounts/factors/codes.html", codes=codes, target=""))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/account/factors/app/removed")
@allows(Act.ACCOUNT)
@dangerous
def remove_app() -> ResponseReturnValue:
    """Forget the app."""
    if presenting.is_required() and not queries.mine(current_user.id).passkeys:
        return redirect(url_for("factors.index", done="last"), 303)
    service.remove_app(current_user.id)
    return redirect(url_for("factors.index", done="app"), 303)


@bp.post("/account/factors/codes")
@allows(Act.ACCOUNT)
@dangerous
def new_codes() -> ResponseReturnValue:
    """Make new recovery codes in place of those there are, and show them once."""
    if not queries.mine(current_user.id).any:
        return redirect(url_for("factors.index"), 303)
    return codes_page(service.new_codes(current_user.id, secret=presenting.secret()))
