"""The page of background work, for those who look after the portal."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import Conflict
from portal.jobs import queries, service
from portal.library.background import labels, presenting
from portal.web import paging

bp = Blueprint("background", __name__, url_prefix="/desk/jobs")

PAGE_SIZE = 40
NUMBER_MOST = 2**31 - 1


@bp.get("")
@allows(Act.JOBS_KEEP)
def index() -> ResponseReturnValue:
    """List what waits, runs, has failed and was done."""
    counts = queries.counts()
    state = request.args.get("state", "")
    if state not in labels.STATES:
        state = presenting.first_state(counts)
    args = [(name, value) for name, value in request.args.items() if name != "page"]
    page = paging.paging(
        total=counts.get(state, 0),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("background.index"), args),
    )
    jobs = queries.jobs(state, limit=page.size, offset=page.offset)
    return render_template(
        "library/background/index.html",
        tabs=presenting.tabs(counts, state),
        jobs=presenting.job_views(jobs, state),
        duties=presenting.duty_views(queries.duties()),
        idle=presenting.is_idle(queries.workers()),
        paging=page,
    )


@bp.post("/<int:job_id>/retry")
@allows(Act.JOBS_KEEP)
def retry(job_id: int) -> ResponseReturnValue:
    """Try a job that failed again, at once."""
    try:
        service.retry(min(job_id, NUMBER_MOST))
    except Conflict as error:
        raise Conflict(gettext("This job has not failed: look at the list again.")) from error
    return redirect(url_for("background.index"), 303)


@bp.post("/<int:job_id>/drop")
@allows(Act.JOBS_KEEP)
def drop(job_id: int) -> ResponseReturnValue:
    """Give up a job that failed."""
    try:
        service.drop(min(job_id, NUMBER_MOST))
    except Conflict as error:
        raise Conflict(gettext("This job has not failed: look at the list again.")) from error
    return redirect(url_for("background.index"), 303)
