"""The gate before every view: who is signed in, and whether the policy lets them pass."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial, wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, current_user, login_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.accounts import policy, sessions
from portal.accounts.acts import Act
from portal.accounts.confirming import presenting
from portal.accounts.confirming import service as confirming
from portal.accounts.confirming.presenting import Form, wait_message
from portal.accounts.confirming.rules import is_fresh
from portal.accounts.confirming.ways import Asked, WrongAnswer
from portal.accounts.rules import Limits, Role, local_path
from portal.accounts.sessions import CurrentUser
from portal.accounts.signing_in import Browser
from portal.config import Config
from portal.db import db, reading
from portal.errors import Forbidden, TooMany

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_TURN = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE})


def allows(act: Act) -> Callable[[View], View]:
    """Let only people pass whose role the policy grants this act, to something at least.

    What it is done to, the view looks at. A view without an act lets nobody pass.
    """

    def mark(view: View) -> View:
        view.act = act  # type: ignore[attr-defined]
        return view

    return mark


def keeps_text(view: View) -> View:
    """Show people what they sent when their session had ended: it may be an hour's writing."""
    view.keeps_text = True  # type: ignore[attr-defined]
    return view


def dangerous(view: View) -> View:
    """Run a view only for who has shown within ten minutes who they are; others are asked first.

    A form that is sent meanwhile goes along with the question, and is done with the right answer.
    """

    @wraps(view)
    def guarded(*args: Any, **values: Any) -> ResponseReturnValue:  # noqa: ANN401  # any view's
        refused = confirm_first()
        return view(*args, **values) if refused is None else refused

    guarded.is_dangerous = True  # type: ignore[attr-defined]
    return cast("View", guarded)


def is_dangerous(view: Callable[..., Any]) -> bool:
    """Whether a view asks who it is before it runs."""
    return bool(getattr(view, "is_dangerous", False))


def act_of(view: Callable[..., Any]) -> Act | None:
    """Return the act of a view; None: it was forgotten, and lets nobody pass."""
    return getattr(view, "act", None)


def is_public(view: Callable[..., Any]) -> bool:
    """Whether a view lets everybody pass."""
    act = act_of(view)
    return act is not None and policy.is_public(act)


def init_app(app: Flask) -> None:
    """Put the gate before every view of an application; call it before CSRF protection is added."""
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # the cookie lives as long as the row may
    manager = LoginManager()
    # A phone changes its address on the way: the row with its limits protects, not the address.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app)
    app.before_request(_check)
    app.extensions["arsenal.passes"] = partial(_passes, app)
    app.jinja_env.globals["allows"] = _reaches
    app.after_request(_note_use)


@cache
def _reaches(role: str, act: str) -> bool:
    """What templates ask: whether a role may do this to something."""
    return policy.reaches(Role(role), Act(act))


def _passes(app: Flask, role: str, endpoint: str) -> bool:
    """Whether the gate would let a role pass to a view."""
    act = act_of(app.view_functions[endpoint])
    return act is not None and _reaches(role, act)


def limits() -> Limits:
    """Return how long sessions live by the settings."""
    config: Config = current_app.config["PORTAL"]
    return Limits(
        idle=timedelta(hours=config.session_idle_hours),
        absolute=timedelta(days=config.session_days),
    )


def browser() -> Browser:
    """Return where the request comes from."""
    return Browser(request.remote_addr or "", request.user_agent.string, limits())


def enter(token: str) -> None:
    """Hand the browser a session that was just started; nothing of an earlier one remains."""
    session.clear()
    session.permanent = True
    user = sessions.find(token, limits=limits())
    login_user(user)
    g.pop("csrf_token", None)  # that of the session before
    generate_csrf()  # now, or every page until the next would send the cookie again


def let_in(user_id: int, *, shown: bool = True) -> None:
    """Start a session of somebody in this browser; `shown` as in `sessions.start`."""
    came = browser()
    enter(
        sessions.start(
            user_id, address=came.address, device=came.device, limits=came.limits, shown=shown
        )
    )


def leave() -> None:
    """Take from the browser what it has; the row is ended by `sessions`."""
    session.clear()
    g.pop("_login_user", None)


def asked() -> Asked:
    """Return who is to confirm, and from where."""
    config: Config = current_app.config["PORTAL"]
    who: CurrentUser = g._login_user  # noqa: SLF001  # Flask-Login's place
    told = (config.demo, config.secret_key, config.base_url, config.oidc_issuer)
    return Asked(who, browser(), *told)


def confirm_now() -> None:
    """Let the session go on as a confirmed one: the person has just shown who they are."""
    _go_on(sessions.confirm(asked().user))


def _go_on(user: CurrentUser) -> None:
    """Hand the browser the token its session has from now on."""
    session["_user_id"] = user.token
    g._login_user = user  # noqa: SLF001  # Flask-Login's place


def confirm_first(form: Form | None = None) -> ResponseReturnValue | None:
    """Return the page that asks who it is; None when that has been shown, now or lately.

    `form` is what is done then: that of the request, unless said otherwise.
    """
    who = asked()
    if is_fresh(who.user.confirmed_at, now=clock.now()):
        return None
    if _is_script():
        return Response(status=403, headers={"X-Confirm": url_for("confirming.ask")})
    if form is None and request.method in SAFE:
        here = local_path(request.full_path.removesuffix("?"))
        return redirect(url_for("confirming.ask", next=here), 303)
    return _take_answer(who, form or _form_sent())


def _form_sent() -> Form:
    """Return the form of the request, to go along with the question."""
    kept = presenting.kept(request.form.items(multi=True))
    return Form(request.full_path.removesuffix("?"), kept, _page_of_form() or "/")


def _take_answer(who: Asked, form: Form) -> Response | None:
    """Return the page that asks, again if need be; None when the answer was right."""
    if not confirming.is_answered(request.form):
        return presenting.page(who, form)
    try:
        _go_on(confirming.confirm(who, request.form))
    except WrongAnswer:
        return presenting.page(who, form, wrong=presenting.wrong(request.form), status=422)
    except TooMany as error:
        page = presenting.page(who, form, wrong=wait_message(error.retry_after), status=429)
        page.headers["Retry-After"] = str(error.retry_after)
        return page
    return None


def _load(token: str) -> CurrentUser | None:
    """Return who the cookie's token belongs to; forget a token that opens nothing."""
    begun_here = not db.session().in_transaction()
    try:
        with reading():
            user = sessions.find(token, limits=limits())
        if begun_here and request.method not in SAFE:
            db.session.rollback()  # so that the view's own transaction begins as one that writes
    except SQLAlchemyError:
        g._login_user = AnonymousUserMixin()  # noqa: SLF001  # the page that tells must not ask again
        raise
    if user is None:
        session.clear()
    return user


def _check() -> ResponseReturnValue | None:
    """Refuse who may not pass, before the view runs."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and is_public(view):
        return None
    signed_in = current_user.is_authenticated  # also for pages that are not there, to frame them
    if view is None:
        return None
    if not signed_in:
        return _challenge()
    act = act_of(view)
    if act is None or not policy.reaches(current_user.role, act):
        raise Forbidden
    return None


def _challenge() -> ResponseReturnValue:
    """Send people to sign-in and back to where they were; tell scripts by the status."""
    if _is_script():
        return Response(status=401)
    if request.method in SAFE:
        back = local_path(request.full_path.removesuffix("?"))
    else:
        back = _page_of_form()
        view = current_app.view_functions.get(request.endpoint or "")
        texts = [
            (n, t) for n, t in request.form.items(multi=True) if n != "csrf_token" and t.strip()
        ]
        if getattr(view, "keeps_text", False) and texts:
            return Response(render_template("accounts/kept.html", texts=texts, back=back), 401)
    return redirect(url_for("accounts.sign_in", next=None if back == "/" else back), 303)


def _page_of_form() -> str | None:
    """Return the page a form was sent from, when it was ours."""
    referrer = urlsplit(request.referrer or "")
    back = local_path(referrer._replace(scheme="", netloc="", fragment="").geturl())
    return back if referrer.netloc == request.host else None


def _is_script() -> bool:
    """Whether a script asks, which could do nothing with a sign-in page."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    accepts = request.accept_mimetypes
    wants_json = "application/json" in accepts.values() and not accepts.accept_html
    return mode != "navigate" or "X-CSRFToken" in request.headers or wants_json


def _note_use(response: Response) -> Response:
    """Note that the session is in use, once the request's transaction has ended."""
    user = g.get("_login_user")
    busy = response.status_code in _NO_TURN  # nor would there be one for this
    if isinstance(user, CurrentUser) and not busy:
        sessions.touch(user)
    return response
