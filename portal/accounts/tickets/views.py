"""The pages links in mails lead to, and the one that asks for such a link."""

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import gate
from portal.accounts.acts import Act
from portal.accounts.confirming.presenting import wait_message
from portal.accounts.gate import allows
from portal.accounts.guessing import guessable, guessed_right
from portal.accounts.second import service as second
from portal.accounts.second.presenting import go_half_way
from portal.accounts.tickets import service
from portal.accounts.tickets.forms import ChooseForm, ForgottenForm
from portal.accounts.tickets.rules import Purpose
from portal.accounts.tickets.service import Guest
from portal.config import Config
from portal.errors import NotFound, TooMany

bp = Blueprint("tickets", __name__)


def _private(page: str, status: int = 200) -> Response:
    """Return a page whose address is a secret: no browser keeps it."""
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _sends() -> bool:
    config: Config = current_app.config["PORTAL"]
    return bool(config.smtp_host)


def _forgotten_page(form: ForgottenForm, *, sent: bool = False, status: int = 200) -> Response:
    page = render_template("accounts/tickets/forgotten.html", form=form, sent=sent, sends=_sends())
    return Response(page, status)


@bp.get("/sign-in/forgotten")
@allows(Act.ENTER)
def forgotten() -> ResponseReturnValue:
    """Ask for the address to send a link to."""
    return _forgotten_page(ForgottenForm(formdata=None))


@bp.get("/sign-in/forgotten/sent")
@allows(Act.ENTER)
def sent() -> ResponseReturnValue:
    """Say the same to everybody: if there is an account, a mail is on its way."""
    return _forgotten_page(ForgottenForm(formdata=None), sent=True)


@bp.post("/sign-in/forgotten")
@allows(Act.ENTER)
@guessable("reset", within=True)
def forgotten_submit() -> ResponseReturnValue:
    """Have a link sent; nobody is looked up here, so nothing tells who has an account."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return _forgotten_page(form, status=422)
    try:
        service.ask(form.email.data, gate.browser().address)
    except TooMany as error:
        form.email.errors = [wait_message(error.retry_after)]
        response = _forgotten_page(form, status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    return redirect(url_for("tickets.sent"), 303)


def _guest(token: str, purpose: Purpose) -> Guest | None:
    """Return whom a link is for; None when it works no more, or never did."""
    try:
        found = service.find(token, purpose)
    except NotFound:
        return None
    guessed_right()
    return found


def _choose_page(guest: Guest | None, purpose: Purpose, form: ChooseForm, status: int) -> Response:
    page = render_template(
        "accounts/tickets/choose.html",
        form=form,
        guest=guest,
        invited=purpose is Purpose.INVITATION,
    )
    return _private(page, 404 if guest is None else status)


@bp.get("/invitation/<token>")
@allows(Act.ENTER)
@guessable("ticket")
def invitation(token: str) -> ResponseReturnValue:
    """Welcome somebody, and ask for a password."""
    guest = _guest(token, Purpose.INVITATION)
    return _choose_page(guest, Purpose.INVITATION, ChooseForm(formdata=None), 200)


@bp.get("/reset/<token>")
@allows(Act.ENTER)
@guessable("ticket")
def reset(token: str) -> ResponseReturnValue:
    """Ask for another password."""
    return _choose_page(_guest(token, Purpose.RESET), Purpose.RESET, ChooseForm(formdata=None), 200)


def _choose(token: str, purpose: Purpose) -> Response | int:
    """Keep the password chosen; return the page that says why not, or whose it is now."""
    form, guest = ChooseForm(), _guest(token, purpose)
    form.about = (guest.email, guest.name) if guest else ()
    if guest is None or not form.validate_on_submit():
        return _choose_page(guest, purpose, form, 422)
    post = current_app.extensions["arsenal.post"]
    try:
        return service.use(token, purpose, form.new.data, post).id
    except NotFound:  # used at this very moment, in another tab
        return _choose_page(None, purpose, form, 404)


@bp.post("/invitation/<token>")
@allows(Act.ENTER)
@guessable("ticket")
def invitation_submit(token: str) -> ResponseReturnValue:
    """Keep the first password, and let its owner in."""
    done = _choose(token, Purpose.INVITATION)
    if isinstance(done, Response):
        return done
    config: Config = current_app.config["PORTAL"]
    half = second.owed(done, config.second_factor_names)
    if half is not None:  # the mail is one thing to have, the app or key another
        gate.leave()
        return go_half_way(half, url_for("search.page"))
    gate.let_in(done)
    return redirect(url_for("search.page"), 303)


@bp.post("/reset/<token>")
@allows(Act.ENTER)
@guessable("ticket")
def reset_submit(token: str) -> ResponseReturnValue:
    """Keep another password; signing in with it asks for whatever else the account asks for."""
    done = _choose(token, Purpose.RESET)
    if isinstance(done, Response):
        return done
    gate.leave()
    return redirect(url_for("accounts.sign_in", changed="password"), 303)
