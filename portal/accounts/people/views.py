"""The page for people: list, invite, change, deactivate; managers look, admins change."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.gate import dangerous, keeps_text, requires
from portal.accounts.models import User
from portal.accounts.people import labels, presenting, queries, rules, service
from portal.accounts.people.forms import InviteForm, PlaceForm
from portal.accounts.people.presenting import NUMBER_MOST, acting, config
from portal.accounts.rules import Role
from portal.accounts.tickets.presenting import address
from portal.errors import Conflict, NotFound

bp = Blueprint("people", __name__, url_prefix="/people")


def _post() -> Any:  # noqa: ANN401  # what tickets.Post says
    return current_app.extensions["arsenal.post"]


def _sends() -> bool:
    return bool(config().smtp_host)


def _find(number: int) -> User:
    found = queries.person(number) if number <= NUMBER_MOST else None
    if found is None:
        raise NotFound
    return found


def _back(number: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("people.show", number=number, done=done), 303)


@bp.get("")
@requires(Role.MANAGER)
def index() -> ResponseReturnValue:
    """List people."""
    return render_template("accounts/people/index.html", **presenting.listing())


def _invite_page(form: InviteForm, status: int = 200) -> ResponseReturnValue:
    teams = [team.name for team in queries.teams()]
    page = render_template("accounts/people/invite.html", form=form, teams=teams, sends=_sends())
    return page, status


@bp.get("/invite")
@requires(Role.ADMIN)
def invite() -> ResponseReturnValue:
    """Ask whom to invite."""
    language = str(config().language)
    form = InviteForm(formdata=None, role=Role.REP.value, language=language)
    form.choose(rules.grantable(acting()))
    return _invite_page(form)


@bp.post("/invite")
@requires(Role.ADMIN)
@keeps_text
@dangerous
def invite_submit() -> ResponseReturnValue:
    """Add somebody, and send them the link to choose a password."""
    form = InviteForm()
    form.choose(rules.grantable(acting()))
    if not form.validate_on_submit():
        return _invite_page(form, 422)
    try:
        user = service.invite(
            acting(),
            form.email.data,
            name=form.name.data,
            role=form.to_role(),
            team=form.team.data or None,
            department=form.to_department(),
            language=form.to_language(),
            secret=config().secret_key,
            post=_post(),
        )
    except Conflict:
        form.email.errors = [_("There is somebody with this address already.")]
        return _invite_page(form, 422)
    return _back(user.id, "invited" if _sends() else "added")


def _show_page(
    user: User, form: PlaceForm | None = None, *, link: str = "", error: str = "", status: int = 200
) -> Response:
    if form is None:
        form = PlaceForm(
            formdata=None,
            role=user.role,
            department=user.department or "",
            team=user.team.name if user.team else "",
        )
        form.choose(rules.grantable(acting()))
    done = "" if link or error else words_of(request.args.get("done", ""))
    page = render_template(
        "accounts/people/show.html",
        person=presenting.one(user),
        form=form,
        teams=[team.name for team in queries.teams()],
        sends=_sends(),
        link=link,
        error=error,
        done=done,
    )
    return Response(page, status)


def words_of(done: str) -> str:
    """Return what is said of what was just done."""
    return str(labels.DONE[done]) if done in labels.DONE else ""


@bp.get("/<int:number>")
@requires(Role.MANAGER)
def show(number: int) -> ResponseReturnValue:
    """Show one person, and what may be done."""
    return _show_page(_find(number))


@bp.post("/<int:number>/place")
@requires(Role.ADMIN)
@dangerous
def change(number: int) -> ResponseReturnValue:
    """Give a person another role, team or department."""
    user, form = _find(number), PlaceForm()
    form.choose(rules.grantable(acting()))
    if not form.validate_on_submit():
        return _show_page(user, form, status=422)
    try:
        service.change(
            acting(),
            number,
            role=form.to_role(),
            team=form.team.data or None,
            department=form.to_department(),
        )
    except Conflict:
        return _last_admin(number, form)
    return _back(number, "changed")


def _last_admin(number: int, form: PlaceForm | None = None) -> Response:
    error = _("This is the last active admin. Make somebody else one first.")
    return _show_page(_find(number), form, error=error, status=409)


@bp.post("/<int:number>/deactivated")
@requires(Role.ADMIN)
@dangerous
def deactivate(number: int) -> ResponseReturnValue:
    """Let a person in no more, from this moment on."""
    _find(number)
    try:
        service.deactivate(acting(), number)
    except Conflict:
        return _last_admin(number)
    return _back(number, "deactivated")


@bp.post("/<int:number>/activated")
@requires(Role.ADMIN)
@dangerous
def activate(number: int) -> ResponseReturnValue:
    """Let a person in again."""
    _find(number)
    service.activate(acting(), number)
    return _back(number, "activated")


@bp.post("/<int:number>/signed-out")
@requires(Role.ADMIN)
@dangerous
def end_sessions(number: int) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    _find(number)
    service.end_sessions(acting(), number)
    return _back(number, "ended")


@bp.post("/<int:number>/link")
@requires(Role.ADMIN)
@dangerous
def send_link(number: int) -> ResponseReturnValue:
    """Send a link to choose a password; without a mail server show it, this one time."""
    user = _find(number)
    if _sends():
        service.send_link(acting(), number, config().secret_key, _post())
        return _back(number, "sent")
    purpose, token = service.make_link(acting(), number, config().secret_key)
    response = _show_page(user, link=address(config(), purpose, token))
    response.headers["Cache-Control"] = "no-store"
    return response
