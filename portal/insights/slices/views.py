"""The page of a slice: what helps in the deals of an industry, region, product, rival, period."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.insights.helps import labels
from portal.insights.helps.labels import on_page
from portal.insights.helps.rules import sees_unpublished
from portal.insights.lift import queries as lift
from portal.insights.lift.models import LiftModel
from portal.insights.slices import presenting, queries, rules
from portal.insights.slices.rules import Slice, Wish
from portal.usage.rules import midnight
from portal.web import paging, sending

bp = Blueprint("insights_slices", __name__, url_prefix="/insights")

PAGE_SIZE = 50


@bp.get("/slices")
@allows(Act.FIGURES_SEE)
def index() -> ResponseReturnValue:
    """Show assets in some of the deals, with ranges and without claims."""
    wish, unpublished = rules.wish_of(request.args), sees_unpublished(current_user.role)
    config: Config = current_app.config["PORTAL"]
    zone, kept = ZoneInfo(config.timezone), lift.model()
    deals, found = _counted(wish, kept, zone)
    asked = request.args.get("format")
    if asked in sending.FORMATS:
        rows = presenting.named(found.found, unpublished=unpublished)
        return sending.sent(presenting.table(rows), asked)
    args = [(name, getattr(wish, name)) for name in (*rules.NAMES, "period")]
    args = [(name, value) for name, value in args if value]
    path = url_for("insights_slices.index")
    page = paging.paging(
        total=len(found.found),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(path, args),
    )
    rows = presenting.named(
        found.found[page.offset : page.offset + page.size], unpublished=unpublished
    )
    return render_template(
        "insights/slices/index.html",
        wish=wish,
        choices=presenting.choices(zone),
        deals=deals,
        most=queries.MOST,
        left_out=found.left_out,
        table=on_page(presenting.table(rows)) if rows else None,
        plot=presenting.plot(rows) if rows else None,
        paging=page,
        names=labels.NAMES,
        judged_at=kept.judged_at if kept else None,
        files=[paging.with_args(path, args, {"format": it}) for it in sending.FORMATS],
    )


def _counted(wish: Wish, kept: LiftModel | None, zone: ZoneInfo) -> tuple[int, Slice]:
    """Return how many deals a slice has, and what they say; nothing when none is asked for."""
    if kept is None or not wish.any:
        return 0, Slice([], 0)
    since = until = None
    if wish.period:
        since, until = (midnight(day, zone) for day in rules.days_of(wish.period))
    facts: Any = queries.facts(kept.generation, wish, since, until)
    found = rules.compare(facts.won, facts.sizes, facts.asset, facts.stratum, kept.spread)
    return len(facts.won), found
