"""The page of the trial: what suggestions by chance have told so far."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.insights.recommending import figures, queries
from portal.web.figures import percent, points

bp = Blueprint("recommending", __name__)

LOOKED_BACK = timedelta(days=365)


@bp.get("/insights/experiment")
def experiment() -> ResponseReturnValue:
    """Show what the trial says so far, or that it is too early."""
    since = clock.now() - LOOKED_BACK
    used, won = queries.used(since), queries.won(since)
    return render_template(
        "insights/recommending/experiment.html",
        enough=figures.ENOUGH,
        used=used,
        used_more=figures.difference(used.by_chance, used.by_rank),
        won=won,
        won_more=figures.difference(won.more, won.less),
        percent=percent,
        points=points,
    )
