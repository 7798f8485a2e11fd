"""The page of one request, and its moves."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.asset_requests import acting, rules
from portal.asset_requests.acting import Person
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.moving import presenting, service
from portal.asset_requests.moving.forms import MoveForm
from portal.asset_requests.presenting import actor
from portal.asset_requests.rules import Action, number_of
from portal.errors import Invalid, NotFound
from portal.library.collections import queries as assets
from portal.library.models import Asset
from portal.web.forms import Form

bp = Blueprint("requests", __name__, url_prefix="/requests")


@bp.get("/<int:number>")
@allows(Act.REQUEST_SEE)
def show(number: int) -> ResponseReturnValue:
    """Show a request: what is asked, who waits, what is owed; `do`: a move whose words are next."""
    return _page(actor(), acting.seen(number), at=request.args.get("do", ""))


def _page(who: Person, it: AssetRequest, *, form: MoveForm | None = None, at: str = "") -> str:
    told = presenting.page(who, it)
    return render_template("asset_requests/moving/show.html", **told, form=form, at=at)


def _instead(form: MoveForm) -> Asset | None:
    """Return the published asset a declined request is answered with.

    Raises:
        Invalid: when what was given is none.
    """
    if not (form.instead.data or "").strip():
        return None
    found = assets.published(form.slug) if form.slug and "\x00" not in form.slug else None
    if found is None:
        raise Invalid(gettext("There is no published asset of this name or address."))
    return found


@bp.post("/<int:number>/moves/<name>")
@keeps_text
@allows(Act.REQUEST_SEE)
def move(number: int, name: str) -> ResponseReturnValue:
    """Move a request on; somebody else may have been faster."""
    form = MoveForm()
    action = Action(name) if name in {it.value for it in service.PLAIN} else None
    if action is None:
        raise NotFound
    who, it = actor(), acting.locked(number)
    if not form.validate_on_submit():
        if "csrf_token" in form.errors:
            raise Invalid
        form.note.errors = [gettext("At most %(n)d characters, please.", n=rules.NOTE_MOST)]
        return _page(who, acting.seen(number), form=form, at=name), 422
    said = form.note.data or ""
    try:
        instead = _instead(form) if action is Action.DECLINE else None
        words_of = current_app.extensions["arsenal.words"]
        service.move(who, it, action, note=said, instead=instead, words=words_of)
    except Invalid as error:
        form.note.errors = [
            error.reason if said.strip() else gettext("Please say it in a few words.")
        ]
        return _page(who, acting.seen(number), form=form, at=name), 422
    return redirect(url_for("requests.show", number=number), 303)


@bp.post("/<int:number>/assign")
@allows(Act.REQUEST_ASSIGN)
def assign(number: int) -> ResponseReturnValue:
    """Give a request to somebody."""
    person = number_of(request.form.get("person"))
    if not Form().validate_on_submit() or person is None:
        raise Invalid
    who, it = actor(), acting.locked(number)
    try:
        service.assign(who, it, person)
    except Invalid as error:
        raise Invalid(gettext("This person can not answer it.")) from error
    return redirect(url_for("requests.show", number=number), 303)
