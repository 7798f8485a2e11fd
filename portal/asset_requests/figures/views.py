"""The page of figures: what became of what was asked of late, the same for both sides."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.asset_requests.figures import presenting, queries, rules

bp = Blueprint("figures", __name__, url_prefix="/requests")

WINDOWS = (30, 90, 365)


@bp.get("/figures")
@allows(Act.FIGURES_SEE)
def index() -> ResponseReturnValue:
    """Show the figures of a window of days."""
    raw = request.args.get("days", "")
    days = int(raw) if raw in {str(window) for window in WINDOWS} else 90
    now = clock.now()
    lines = rules.count(queries.asked(now, days), now)
    return render_template(
        "asset_requests/figures/index.html",
        days=days,
        windows=WINDOWS,
        lines=[presenting.line_view(line) for line in lines],
        states=presenting.states(),
    )
