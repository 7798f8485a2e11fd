"""The page of the coverage map, as files as well."""

from datetime import date, datetime, timedelta

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.insights.covering import presenting, queries, rules
from portal.web import locale, paging, sending

Used = dict[rules.Key, tuple[int, int]]
EVERY = timedelta(minutes=10)
"""How long use on closed deals is believed: it changes slowly and is the dear part."""
KEPT_MOST = 100

bp = Blueprint("covering", __name__, url_prefix="/insights/gaps/coverage")


@bp.get("")
@allows(Act.FIGURES_SEE)
def index() -> ResponseReturnValue:
    """Show against whom and at which stage there is content, and where deals wait without any."""
    trades = queries.names("industry")
    asked = request.args.get("industry", "")
    industry = asked if asked in trades else ""
    shown = _map(industry)
    table = presenting.table(shown)
    if (kind := request.args.get("format")) in sending.FORMATS:
        return sending.sent(table, kind)
    path = url_for("covering.index")
    args = [("industry", industry)] if industry else []
    return render_template(
        "insights/covering/index.html",
        picture=presenting.picture(shown),
        table=table,
        industries=presenting.industries(trades),
        industry=industry,
        gaps=sum(cell.is_gap for cell in shown.cells.values()),
        files=[paging.with_args(path, args, {"format": kind}) for kind in sending.FORMATS],
    )


def _used(today: date, industry: str) -> Used:
    """Return how deals with use ended, as it was some minutes ago; tests undo what they write."""
    kept: dict[tuple[date, str], tuple[datetime, Used]]
    kept = current_app.extensions.setdefault("arsenal.coverage", {})
    now, key = clock.now(), (today, industry)
    if key in kept and timedelta() <= now - kept[key][0] < EVERY and not current_app.testing:
        return kept[key][1]
    if len(kept) >= KEPT_MOST:
        kept.clear()
    kept[key] = (now, queries.used(today, industry))
    return kept[key][1]


def _map(industry: str) -> presenting.Map:
    today = locale.today()
    rivals, stages = queries.names("competitor"), queries.names("stage")
    cells = rules.cells_of(
        queries.assets(today, industry), queries.waiting(industry), _used(today, industry)
    )
    order = [slug for slug in queries.stage_order() if slug in stages]
    known = [*order, *(slug for slug in stages if slug not in order)]
    return presenting.Map(
        cells=cells,
        rivals=rules.rivals_of(cells, rivals),
        stages=rules.stages_of(cells, known),
        rival_names=rivals,
        stage_names=stages,
        industry=industry,
    )
