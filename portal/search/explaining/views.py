"""The page that says why a search lists an asset; alone, for who has script, below the hit."""

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import NotFound
from portal.library.links import asset_path
from portal.search import queries, rules
from portal.search.explaining import presenting, service
from portal.search.promoting import rules as promoting
from portal.usage.rules import INTEGER_MOST
from portal.web import locale, paging

bp = Blueprint("why", __name__)


@bp.get("/search/why")
@allows(Act.SEARCH)
def show() -> ResponseReturnValue:
    """Explain the score of one asset in a search."""
    args = request.args
    asset_id = rules.number(args.get("asset"), default=0, least=0, most=INTEGER_MOST)
    cards = queries.by_assets([asset_id], locale.code().value)
    if not cards:
        raise NotFound(gettext("This asset does not exist, or it is not published."))
    asked = rules.ask(args.get("q", ""), filters=args.to_dict(flat=False), prefer=locale.code())
    extensions = current_app.extensions
    found = service.why(
        extensions["arsenal.finder"], extensions.get("arsenal.priors"), asked, asset_id
    )
    back = paging.with_args(url_for("search.page"), rules.args_of(asked), {})
    told = {
        "card": cards[0],
        "url": asset_path(cards[0].slug, cards[0].language),
        "query": asked.text,
        "why": presenting.why_view(found) if found else None,
        "language": found.language if found else "",
        "back": back,
        "promotes": policy.granted(current_user.role, Act.PROMOTIONS_KEEP)
        and bool(promoting.key_of(asked.text)),
    }
    if args.get("fragment"):
        return render_template("search/explaining/_why.html", **told)
    return render_template("search/explaining/why.html", **told)
