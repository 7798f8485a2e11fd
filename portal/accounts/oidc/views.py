"""The way to the company's sign-in and back."""

import logging
import secrets
from functools import cache
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from portal import clock
from portal.accounts import gate, once
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.oidc import rules, service
from portal.accounts.oidc.rules import Arrival, Flow, Refused, Why
from portal.accounts.rules import local_path
from portal.config import Config
from portal.db import db
from portal.errors import NotFound
from portal.sign_in_settings import Unknown, role_map
from portal.web.arriving import writes

if TYPE_CHECKING:
    from portal.accounts.oidc.provider import Provider

bp = Blueprint("oidc", __name__)
log = logging.getLogger(__name__)

BEGUN = "company"
"""What the cookie calls the flows begun in this browser."""
SAID = {
    Why.STALE: _("This sign-in was begun in another browser or too long ago. Please begin again."),
    Why.CANCELLED: _("You did not finish signing in. You can begin again, or use your password."),
    Why.REFUSED: _("What came back can not be trusted, so you are not signed in. Begin again."),
    Why.UNREACHABLE: _(
        "Your company's sign-in does not answer. Wait a little, or use your password."
    ),
    Why.UNKNOWN: _("Nobody in the portal has your e-mail. Ask an administrator to add you."),
    Why.TAKEN: _("Your e-mail belongs to another account of your company's. Ask an administrator."),
    Why.UNVERIFIED: _("Your company's sign-in has not checked your e-mail. Ask an administrator."),
    Why.NO_ROLE: _("None of your groups may use the portal. Ask an administrator."),
    Why.ANOTHER: _("This is somebody else's account. Close this tab, and confirm as yourself."),
    Why.INACTIVE: _("This account is closed. Ask an administrator."),
}


def install(app: Flask) -> None:
    """Let this process keep what it learns of the provider; made, and loaded, at its first use."""
    config: Config = app.config["PORTAL"]

    @cache
    def made() -> "Provider":
        from portal.accounts.oidc.provider import Provider  # noqa: PLC0415  # loads 10 MB

        return Provider(config)

    app.extensions["arsenal.oidc"] = made


def _provider() -> "Provider":
    config: Config = current_app.config["PORTAL"]
    if not config.oidc_issuer:
        raise NotFound
    made: Provider = current_app.extensions["arsenal.oidc"]()
    return made


@bp.get("/sign-in/company")
@allows(Act.ENTER)
def begin() -> ResponseReturnValue:
    """Send the browser to the company's sign-in, which it comes back from with a code."""
    return _go(local_path(request.args.get("next")) or "")


@bp.get("/confirm/company")
@allows(Act.ACCOUNT)
def confirm() -> ResponseReturnValue:
    """Let somebody who is signed in show there once more who they are."""
    return _go("", confirms=True)


def _go(target: str, *, confirms: bool = False) -> ResponseReturnValue:
    provider = _provider()
    flow = Flow(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        next=target,
        begun=int(clock.now().timestamp()),
        confirms=confirms,
    )
    try:
        address = provider.address(flow)
    except Refused as error:
        return _refused(error)
    cookie[BEGUN] = rules.with_new(rules.kept(cookie.get(BEGUN), now=clock.now()), flow)
    return redirect(address, 303)


@bp.get("/sign-in/company/back")
@allows(Act.ENTER)
@writes
def back() -> ResponseReturnValue:
    """Let in who comes back with a good code, in this browser, for the first time."""
    provider = _provider()
    if request.method != "GET":  # a look ahead of somebody's mail or chat must not use it up
        return Response(status=405)
    try:
        flow, others = rules.ended(
            rules.kept(cookie.get(BEGUN), now=clock.now()), request.args.get("state", "")
        )
        cookie[BEGUN] = others
        if not once.spend_apart("oidc", flow.state):
            raise Refused(Why.STALE, "this state was used before")  # noqa: TRY301
        code = rules.code_of(
            request.args, issuer=provider.issuer, tells_issuer=provider.tells_issuer
        )
        config: Config = current_app.config["PORTAL"]
        claims = provider.claims(code, flow)
        # who came by a sign-in of hours ago has shown nothing now: dangerous things ask
        shown = rules.is_since(claims, flow.begun)
        who = rules.arrival(claims, issuer=provider.issuer, groups_claim=config.oidc_groups_claim)
        if flow.confirms:
            return _confirmed(who)
        user = service.come_in(who, _terms(config))
    except Refused as error:
        return _refused(error)
    gate.let_in(user.id, shown=shown)
    return redirect(local_path(flow.next) or "/", 303)


def _confirmed(who: Arrival) -> ResponseReturnValue:
    """Let the session go on as a confirmed one, if it is of who has come."""
    known = service.person(who)
    signed_in = known is not None and current_user.is_authenticated and current_user.id == known
    db.session.rollback()  # nothing was written; confirming has a transaction of its own
    if not signed_in:
        raise Refused(Why.ANOTHER, "who confirms is not who is signed in")
    gate.confirm_now()
    return Response(render_template("accounts/passkeys/confirmed.html"))


def _terms(config: Config) -> service.Terms:
    return service.Terms(
        roles=role_map(config.oidc_roles), makes_unknown=config.oidc_unknown is Unknown.MAKE
    )


def _refused(error: Refused) -> Response:
    """Say what to do; what exactly was wrong is for the log."""
    log.warning("sign-in by the company refused (%s): %s", error.why.value, error.reason)
    page = render_template("accounts/oidc/refused.html", said=SAID[error.why])
    return Response(page, error.status)
