"""The page of lost deals without content, as files as well."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.deals.pipelines import queries as pipelines
from portal.insights.covering import queries as covering
from portal.insights.losses import presenting, queries, rules
from portal.search import suggesting
from portal.search.suggesting import Answering
from portal.web import locale, paging, sending

bp = Blueprint("losses", __name__, url_prefix="/insights/gaps/losses")


def _find(reason: str, competitor: str) -> Sequence[Answering]:
    about = {"competitor": competitor} if competitor else {}
    finder = current_app.extensions["arsenal.finder"]
    return suggesting.answers(finder, reason, about=about, prefer=str(locale.code()))


@bp.get("")
@allows(Act.FIGURES_DESK)
def index() -> ResponseReturnValue:
    """Show what deals are lost for and to whom, and what there is on it."""
    sums = queries.sums(clock.now() - timedelta(days=rules.WINDOW_DAYS))
    rows = presenting.shown(
        rules.losses(sums),
        {it.id: it for it in pipelines.losses(retired=True)},
        covering.names("competitor"),
        covering.by_competitor(locale.today()),
        _find,
    )
    table = presenting.table(rows)
    if (kind := request.args.get("format")) in sending.FORMATS:
        return sending.sent(table, kind)
    path = url_for("losses.index")
    return render_template(
        "insights/losses/index.html",
        rows=rows,
        table=table,
        gaps=sum(it.is_gap for it in rows),
        files=[paging.with_args(path, (), {"format": kind}) for kind in sending.FORMATS],
    )
