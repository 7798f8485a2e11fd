"""Pages of delivering: find or begin what answers a request, and hand it over."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.asset_requests import acting, presenting
from portal.asset_requests.delivering import service
from portal.asset_requests.delivering.presenting import replay_of, replay_view
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.presenting import actor
from portal.asset_requests.rules import Action
from portal.asset_requests.similar.presenting import existing_views
from portal.config import Language
from portal.errors import Invalid
from portal.library.links import slug_in
from portal.library.models import Asset
from portal.library.publishing import queries as assets
from portal.library.rules import Kind
from portal.library.writing.forms import one_line
from portal.web import locale, words
from portal.web.forms import Form

bp = Blueprint("delivering", __name__, url_prefix="/requests")


def _found(raw: str) -> Asset | None:
    slug = slug_in(raw)
    return assets.asset_by_slug(slug) if slug and "\x00" not in slug else None


@bp.get("/<int:number>/deliver")
@allows(Act.REQUEST_DELIVER)
def choose(number: int) -> ResponseReturnValue:
    """Look for the asset that answers, try how it would be found, or begin one."""
    it = acting.seen(number)
    acting.require(actor(), it, Action.DELIVER)
    return _page(it, one_line(request.args.get("q"))[:300])


def _page(it: AssetRequest, typed: str, wrong: str = "") -> str:
    asset = _found(typed) if typed else it.draft
    # an address says nothing of what else may answer
    text = typed if typed and asset is None else it.query or it.title
    return render_template(
        "asset_requests/delivering/choose.html",
        it=it,
        typed=typed,
        asset=presenting.named(asset, desk=True),
        replay=replay_view(replay_of(it, asset)) if asset is not None else None,
        hits=existing_views(current_app.extensions["arsenal.hits"](text)),
        draft=presenting.named(it.draft, desk=True),
        kinds=[(k.value, words.KINDS[k.value]) for k in Kind],
        wrong=wrong,
    )


@bp.post("/<int:number>/deliver")
@allows(Act.REQUEST_DELIVER)
def deliver(number: int) -> ResponseReturnValue:
    """Answer a request with an asset; the search it began with is replayed."""
    if not Form().validate_on_submit():
        raise Invalid
    typed = one_line(request.form.get("asset"))[:600]
    who, it = actor(), acting.locked(number)
    acting.require(who, it, Action.DELIVER)
    asset = _found(typed)
    if asset is None or asset.state != "published":
        wrong = gettext("Only a published asset can be delivered. Which one?")
        return _page(acting.seen(number), typed, wrong), 422
    service.deliver(who, it, asset, replay_of(it, asset))
    return redirect(url_for("requests.show", number=number), 303)


@bp.post("/<int:number>/begin")
@allows(Act.REQUEST_DELIVER)
def begin(number: int) -> ResponseReturnValue:
    """Begin an asset for a request and open its editor."""
    if not Form().validate_on_submit():
        raise Invalid
    who, it = actor(), acting.locked(number)
    kind = _kind(it)
    language = Language(it.language) if it.language in set(Language) else locale.code()
    asset = service.begin(who, it, kind=kind, language=language, title=it.title)
    return redirect(url_for("writing.edit", slug=asset.slug, language=language.value), 303)


def _kind(it: AssetRequest) -> Kind:
    raw = request.form.get("kind") or it.kind
    if raw not in set(Kind):
        raise Invalid(gettext("Choose what it will be."))
    return Kind(str(raw))
