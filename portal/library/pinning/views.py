"""Pages of pins: for which teams an asset or a collection is pinned."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.rules import local_path
from portal.errors import Invalid, NotFound
from portal.library.collections import queries as collections
from portal.library.collections import service as collecting
from portal.library.collections.rules import NUMBER_MOST, Viewer
from portal.library.models import Asset
from portal.library.pinning import presenting, queries, service
from portal.library.pinning.forms import OwnPinForm, PinForm
from portal.library.rules import SLUG_LIMIT
from portal.web import locale

bp = Blueprint("pinning", __name__, url_prefix="/pins")


def _viewer() -> Viewer:
    return Viewer(current_user.id, current_user.role, current_user.team_id)


def _asset(slug: str, *, lock: bool = False) -> Asset:
    usable = len(slug) <= SLUG_LIMIT and "\x00" not in slug
    found = collections.published(slug, lock=lock) if usable else None
    if found is None:
        raise NotFound(gettext("This asset does not exist, or it is not published."))
    return found


@bp.get("/<slug>")
@allows(Act.PIN_TEAM)
def asset(slug: str) -> ResponseReturnValue:
    """Show for which teams an asset is pinned."""
    found = _asset(slug)
    title = collections.title_of(found.id, locale.code().value)
    return render_template(
        "library/pinning/asset.html",
        slug=slug,
        title=title or (slug, "en"),
        teams=presenting.team_choices(queries.teams(), queries.teams_with_asset(found.id)),
        form=PinForm(formdata=None),
    )


@bp.post("/<slug>")
@allows(Act.PIN_TEAM)
def pin_asset(slug: str) -> ResponseReturnValue:
    """Pin an asset for just the teams that were ticked."""
    form, found = PinForm(), _asset(slug, lock=True)
    if not form.validate_on_submit():
        raise Invalid
    service.pin_asset(_viewer(), found, form.team_ids())
    return redirect(url_for("library.show", slug=slug), 303)


@bp.post("/collections/<int:collection_id>")
@allows(Act.PIN_TEAM)
def pin_collection(collection_id: int) -> ResponseReturnValue:
    """Pin a collection for just the teams that were ticked."""
    form = PinForm()
    it = collecting.locked(_viewer(), min(collection_id, NUMBER_MOST))
    if not form.validate_on_submit():
        raise Invalid
    try:
        service.pin_collection(_viewer(), it, form.team_ids())
    except Invalid as error:
        message = gettext("That team does not see this collection: let everybody see it first.")
        raise Invalid(message) from error
    return redirect(url_for("collections.edit", collection_id=it.id, _anchor="pins"), 303)


@bp.post("/<slug>/mine")
@allows(Act.PIN_OWN)
def pin_own(slug: str) -> ResponseReturnValue:
    """Pin an asset for oneself, or take the pin off."""
    form, found = OwnPinForm(), _asset(slug)
    if not form.validate_on_submit():
        raise Invalid
    service.pin_own(current_user.id, found.id, pinned=form.pinned.data == "1")
    return redirect(local_path(form.next.data) or url_for("library.show", slug=slug), 303)
