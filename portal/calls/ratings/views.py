"""Pages of ratings: what one has to rate and has rated, and a rating without a call."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.calls.feedback import queries as feedback
from portal.calls.models import Call
from portal.calls.presenting import named as naming
from portal.calls.ratings import forms, presenting, queries, rules, service
from portal.calls.ratings.forms import RateForm, Said
from portal.calls.ratings.presenting import Line
from portal.calls.ratings.queries import Rated
from portal.config import Language
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.links import asset_path
from portal.library.rules import SLUG_LIMIT
from portal.web.forms import Form

bp = Blueprint("ratings", __name__)


def _lines() -> tuple[list[Line], list[Line], dict[int, Call]]:
    """Return what the reader has to rate, what they have rated, and the calls by number."""
    now = clock.now()
    uses = queries.unrated(current_user.id, now - rules.ASKED_FOR)
    calls = queries.calls([use.call_id for use in uses])
    given = presenting.given(queries.by(current_user.id), now)
    return presenting.to_give(uses, calls), given, calls


def _page(to_give: list[Line], given: list[Line]) -> str:
    return render_template(
        "calls/ratings/index.html",
        to_give=to_give,
        given=given,
        deals=[naming(it.deal) for it in feedback.waiting(current_user.id)],
        helped=forms.HELPED,
    )


@bp.get("/ratings/")
@allows(Act.RATE)
def index() -> ResponseReturnValue:
    """List what the reader used and has not rated, deals to say something about, ratings given."""
    to_give, given, _ = _lines()
    return _page(to_give, given)


@bp.post("/ratings/")
@keeps_text
@allows(Act.RATE)
def save() -> ResponseReturnValue:
    """Keep several ratings at once; when one of them is not to be taken, none is."""
    if not Form().validate_on_submit():
        raise Invalid
    to_give, given, calls = _lines()
    told: dict[str, Said] = {}
    for line in [*to_give, *given]:
        said = forms.said(request.form, line.key)
        if said is not None and line.may_change:
            told[line.key] = said
    if any(said.error for said in told.values()):
        return _page(presenting.typed(to_give, told), presenting.typed(given, told)), 422
    for line in [*to_give, *given]:
        if line.key in told:
            _rate(line, told[line.key], calls)
    return redirect(url_for("ratings.index"), 303)


def _rate(line: Line, said: Said, calls: dict[int, Call]) -> None:
    call = calls.get(line.call_id or 0) or queries.call(line.call_id)
    service.rate(
        current_user.id, line.asset_id,
        language=line.asset_language, revision=line.revision, stars=said.stars or 0,
        helped=said.helped, why=said.why, call=call,
    )  # fmt: skip


def _about(slug: str, language: str) -> Rated:
    usable = len(slug) <= SLUG_LIMIT and "\x00" not in slug and language in set(Language)
    found = queries.rated(slug, language) if usable else None
    if found is None:
        raise NotFound(gettext("This asset does not exist, or it is not published."))
    return found


def _asset_page(form: RateForm, about: Rated, mine: presenting.Mine | None) -> str:
    url = asset_path(about.slug, about.language)
    return render_template(
        "calls/ratings/asset.html", form=form, about=about, mine=mine, url=url, helped=forms.HELPED
    )


@bp.get("/assets/<slug>/<language>/rating")
@allows(Act.RATE)
def asset(slug: str, language: str) -> ResponseReturnValue:
    """Show the form that rates an asset without a call."""
    about = _about(slug, language)
    mine = presenting.mine_of(queries.said(about.asset_id, language, current_user.id))
    return _asset_page(presenting.filled(mine, about.revision), about, mine)


@bp.post("/assets/<slug>/<language>/rating")
@keeps_text
@allows(Act.RATE)
def rate(slug: str, language: str) -> ResponseReturnValue:
    """Rate an asset without a call; who owns it has no say in how useful it was."""
    about = _about(slug, language)
    if about.owner_id == current_user.id:
        raise Forbidden(gettext("It is yours: let others say how useful it was."))
    form = RateForm()
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        mine = presenting.mine_of(queries.said(about.asset_id, language, current_user.id))
        return _asset_page(form, about, mine), 422
    try:
        service.rate(
            current_user.id, about.asset_id,
            language=language, revision=rules.revision_of(form.revision.data, about.revision),
            stars=int(form.stars.data), helped=form.helped_value, why=form.why.data or "",
        )  # fmt: skip
    except Conflict as error:
        raise Conflict(gettext("A rating can be changed for seven days.")) from error
    if about.state != "published":
        return redirect(url_for("ratings.index"), 303)
    return redirect(asset_path(slug, language, anchor="rate"), 303)
