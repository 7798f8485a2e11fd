"""The page of one asset's figures: its line, its moments, its deals, how it went by quarter."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.deals.pipelines.queries import pipelines
from portal.errors import NotFound
from portal.insights.behind import presenting, queries, rules
from portal.insights.behind.queries import Named
from portal.insights.behind.rules import Cell, Kept, Quarter, Sheet
from portal.insights.helps import labels
from portal.insights.helps import presenting as listing
from portal.insights.helps import queries as helps
from portal.insights.helps.queries import Line
from portal.insights.helps.rules import sees_money, sees_unpublished
from portal.insights.lift import queries as lift
from portal.library.freshness.queries import titles
from portal.library.links import asset_path
from portal.library.rules import SLUG_LIMIT
from portal.web import locale, paging, sending
from portal.web.money import value_words

bp = Blueprint("insights_lift_asset", __name__, url_prefix="/insights/helps/asset")

PAGE_SIZE = 25


@bp.get("/<slug>")
@allows(Act.FIGURES_SEE)
def show(slug: str) -> ResponseReturnValue:
    """Show what closed deals say of one asset, and the deals behind for those who may see them."""
    unpublished = sees_unpublished(current_user.role)
    usable = len(slug) <= SLUG_LIMIT and slug.isprintable()
    asset = queries.asset(slug, unpublished=unpublished) if usable else None
    if asset is None:
        raise NotFound(gettext("This asset does not exist, or it is not published."))
    kept = lift.model()
    generation = kept.generation if kept else 0
    cells = queries.cells(generation, asset.id)
    stages = [stage for way in pipelines() for stage in way.stages]
    names = presenting.stage_names(stages)
    order = {it.id: place for place, it in enumerate(stages)}
    moments = presenting.moments_table(rules.moments(cells, order), names, f"{slug}-moments")
    quarters = _quarters(generation, asset.id, cells)
    by_quarter = presenting.quarters_table(quarters, f"{slug}-quarters")
    asked = request.args.get("format")
    if asked in sending.FORMATS:
        which = by_quarter if request.args.get("table") == Sheet.QUARTERS else moments
        return sending.sent(which, asked)
    return render_template(
        "insights/behind/show.html",
        asset=asset,
        asset_url=asset_path(slug),
        moments=moments,
        quarters=by_quarter,
        trend=presenting.trend(quarters),
        files=_files(slug),
        names=labels.NAMES,
        judged_at=kept.judged_at if kept else None,
        **_told(asset, helps.line(slug, unpublished=unpublished)),
        **_deals(generation, asset.id, slug, names),
    )


def _told(asset: Named, line: Line | None) -> dict[str, object]:
    """Return what is said of the asset, how far it came, how it is used and rated."""
    since = clock.now() - listing.LATELY
    reach = queries.reach(asset.id)
    shown = listing.shown([line], since)[0] if line else None
    if shown:
        language, title, used = shown.language, shown.title, shown.use
    else:
        named = titles([asset.id], locale.code().value)
        language, title = named.get(asset.id, ("", asset.slug))
        used = helps.use_of([asset.id], since).get(asset.id, helps.NONE)
    return {
        "title": title,
        "language": language,
        "shown": shown,
        "score_words": listing.rated_words(asset.id),
        "said": presenting.said(line) if line else "",
        "range": presenting.range_of(line) if line else "",
        "hidden": presenting.hidden_words(line) if line else "",
        "plot": listing.plot([listing.interval_of(shown)], title) if shown else None,
        "reach": labels.reach(reach.closed, reach.open),
        "worth": value_words(reach.worth) if sees_money(current_user.role) else "",
        "use": labels.use(used.people, used.views),
    }


def _quarters(generation: int, asset_id: int, cells: list[Cell]) -> list[Quarter]:
    config: Config = current_app.config["PORTAL"]
    zone = ZoneInfo(config.timezone)
    found = [
        Kept(at.astimezone(zone).date(), won, stratum)
        for at, won, stratum in queries.newest(generation, asset_id)
    ]
    return rules.quarters(found, cells)


def _deals(generation: int, asset_id: int, slug: str, names: dict[int, str]) -> dict[str, object]:
    """Return a page of the deals behind, and how many this person may not see."""
    viewer = (current_user.id, current_user.role, current_user.team_id)
    total, visible = queries.behind(generation, asset_id, viewer)
    page = paging.paging(
        total=visible,
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("insights_lift_asset.show", slug=slug), []),
    )
    found = queries.deals(generation, asset_id, viewer, limit=page.size, offset=page.offset)
    strata = queries.strata(generation, asset_id, [it.id for it in found])
    return {
        "deals": presenting.deals_behind(found, strata, names),
        "total": total,
        "others": total - visible,
        "paging": page,
    }


def _files(slug: str) -> dict[str, list[str]]:
    return {
        it.value: [
            url_for("insights_lift_asset.show", slug=slug, table=it.value, format=kind)
            for kind in sending.FORMATS
        ]
        for it in Sheet
    }
