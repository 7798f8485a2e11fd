"""The page of findings, and what is decided about one."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import Forbidden, Invalid, NotFound
from portal.library.claims import surroundings
from portal.library.claims.forms import ID_MOST, WhyForm
from portal.library.publishing import acting
from portal.library.publishing.acting import Actor
from portal.library.publishing.presenting import kind_choices
from portal.library.publishing.rules import Action
from portal.library.quality import deciding, forms, presenting, queries, service
from portal.library.rules import SLUG_LIMIT
from portal.web import locale, paging

bp = Blueprint("quality", __name__, url_prefix="/desk/quality")

PAGE_SIZE = 20
USED_WITHIN = timedelta(days=90)


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


@bp.get("/")
@allows(Act.QUALITY_SETTLE)
def index() -> ResponseReturnValue:
    """List what the checks have found, by how much the asset is used."""
    everyones = policy.granted(current_user.role, Act.DESK_OF_ALL)
    wanted = forms.wanted_of(request.args, None if everyones else current_user.id)
    args = [(name, value) for name, value in request.args.items() if name != "page"]
    page = paging.paging(
        total=queries.asset_count(wanted),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("quality.index"), args),
    )
    used = queries.by_use(wanted, clock.now() - USED_WITHIN, limit=page.size, offset=page.offset)
    ids = [asset_id for asset_id, _ in used]
    return render_template(
        "library/quality/index.html",
        tabs=presenting.tabs(queries.counts(wanted), wanted.name),
        wanted=wanted,
        kinds=kind_choices(),
        severities=presenting.severities(),
        owners=surroundings.owners() if everyones else [],
        assets=presenting.asset_views(
            used, queries.listed(ids, wanted), surroundings.titles(ids), locale.code().value
        ),
        checked_at=queries.last_run(),
        paging=page,
    )


@bp.post("/assets/<slug>")
@allows(Act.QUALITY_SETTLE)
def check(slug: str) -> ResponseReturnValue:
    """Check an asset now."""
    if len(slug) > SLUG_LIMIT or "\x00" in slug:
        raise NotFound
    asset = acting.locked(slug)
    if Action.COMMENT not in acting.allowed(_actor(), asset):
        raise Forbidden
    service.check_asset(asset)
    return redirect(url_for("publishing.show", slug=slug, _anchor="quality"), 303)


@bp.post("/<int:finding_id>/dismissed")
@allows(Act.QUALITY_SETTLE)
def dismiss(finding_id: int) -> ResponseReturnValue:
    """Leave a finding as it is, with a reason."""
    form = WhyForm()
    if finding_id > ID_MOST:
        raise NotFound
    if not form.validate_on_submit():
        raise Invalid(gettext("Say in a few words why it is fine as it is."))
    found = deciding.dismiss(_actor(), finding_id, str(form.why.data))
    return _back(found.asset.slug)


@bp.post("/<int:finding_id>/reopened")
@allows(Act.QUALITY_SETTLE)
def reopen(finding_id: int) -> ResponseReturnValue:
    """Take up a finding again."""
    if finding_id > ID_MOST:
        raise NotFound
    return _back(deciding.reopen(_actor(), finding_id).asset.slug)


def _back(slug: str) -> ResponseReturnValue:
    """Return to where the person came from: the asset's page, or the list."""
    if request.args.get("from") == "asset":
        return redirect(url_for("publishing.show", slug=slug, _anchor="quality"), 303)
    args = [(key, request.args[key]) for key in ("check", "kind") if key in request.args]
    return redirect(paging.with_args(url_for("quality.index"), args, {}), 303)
