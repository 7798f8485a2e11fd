"""Pages of competitors, for everybody: the list, and all our material against one."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import NotFound
from portal.library.competitors import presenting, queries, rules
from portal.library.queries import sections_of
from portal.library.rules import Kind, nest
from portal.library.terms.rules import SLUG_MOST
from portal.web import locale

bp = Blueprint("competitors", __name__, url_prefix="/competitors")


@bp.get("/")
@allows(Act.ASSET_READ)
def index() -> ResponseReturnValue:
    """List the competitors."""
    lines = [presenting.line_view(line) for line in queries.competitors()]
    return render_template("library/competitors/index.html", lines=lines)


@bp.get("/<slug>")
@allows(Act.ASSET_READ)
def show(slug: str) -> ResponseReturnValue:
    """Show what there is against a competitor; one of another slug by now leads there."""
    usable = len(slug) <= SLUG_MOST and "\x00" not in slug
    found = queries.competitor(slug) if usable else None
    if found is None:
        raise NotFound(gettext("There is no such competitor."))
    if found.slug != slug:
        return redirect(url_for("competitors.show", slug=found.slug), 308)
    since = clock.now() - rules.LATELY
    rows = rules.one_each(queries.texts(found.id, since=since), locale.code().value)
    card = next((row for row in rows if row.kind == Kind.BATTLECARD.value), None)
    parts = []
    if card is not None:
        parts = rules.quick_parts(nest(sections_of(queries.sections(card.text_id))))
    field_of = current_app.extensions.get("arsenal.competitor")  # deals are above us
    return render_template(
        "library/competitors/show.html",
        page=presenting.page_view(found, rows, card, parts),
        field=field_of(found.id) if field_of else None,
        keeps=policy.granted(current_user.role, Act.ASSET_BEGIN),
    )
