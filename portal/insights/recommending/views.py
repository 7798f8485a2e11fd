"""The page of the trial: what suggestions by chance have told so far."""

from datetime import timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.insights.recommending import figures, queries
from portal.insights.recommending.presenting import shares, table
from portal.web import sending
from portal.web.figures import points

bp = Blueprint("recommending", __name__)

LOOKED_BACK = timedelta(days=365)


@bp.get("/insights/experiment")
@allows(Act.FIGURES_SEE)
def experiment() -> ResponseReturnValue:
    """Show what the trial says so far, or that it is too early."""
    since = clock.now() - LOOKED_BACK
    used, won = queries.used(since), queries.won(since)
    by = [(gettext("by rank"), used.by_rank), (gettext("by chance"), used.by_chance)]
    believed = [
        (gettext("an asset we believe in more"), won.more),
        (gettext("an asset we believe in less"), won.less),
    ]
    if (kind := request.args.get("format")) in sending.FORMATS:
        return sending.sent(table(believed, by), kind)
    return render_template(
        "insights/recommending/experiment.html",
        enough=figures.ENOUGH,
        used=used,
        used_more=figures.difference(used.by_chance, used.by_rank),
        used_picture=shares(
            by,
            label=gettext("Suggested"),
            guess=gettext("Used later"),
            counted=gettext("Used, of times shown"),
        ),
        won=won,
        won_more=figures.difference(won.more, won.less),
        won_picture=shares(
            believed,
            label=gettext("By chance came first"),
            guess=gettext("Share won"),
            counted=gettext("Won, of deals ended"),
        ),
        points=points,
        files=[url_for(".experiment", format=it) for it in sending.FORMATS],
    )
