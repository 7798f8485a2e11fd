"""Pages of notices: what a person was told, opened and marked as read."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import Invalid
from portal.library.notices import presenting, queries, service
from portal.library.notices.presenting import NoticeView
from portal.usage.rules import INTEGER_MOST
from portal.web import paging
from portal.web.forms import Form

bp = Blueprint("notices", __name__, url_prefix="/desk")

PAGE_SIZE = 40
NEWEST = 3


@bp.app_template_global()
def newest_notices() -> list[NoticeView]:
    """Return the latest of what the person signed in has not read."""
    return presenting.notice_views(queries.notices(current_user.id, limit=NEWEST, unread=True))


@bp.get("/notices")
@allows(Act.NOTICE_READ)
def index() -> ResponseReturnValue:
    """Show what the person was told, unread first."""
    page = paging.paging(
        total=queries.count(current_user.id),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("notices.index"), ()),
    )
    found = queries.notices(current_user.id, limit=page.size, offset=page.offset)
    return render_template(
        "library/notices/index.html",
        notices=presenting.notice_views(found),
        unread=queries.unread_count(current_user.id),
        paging=page,
    )


@bp.post("/notices/<int:notice_id>/open")
@allows(Act.NOTICE_READ)
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Mark a notice as read and go to what it is about."""
    if not Form().validate_on_submit():
        raise Invalid
    notice = service.read(current_user.id, min(notice_id, INTEGER_MOST))
    return redirect(presenting.leads_to(notice, current_user.role), 303)


@bp.post("/notices/read")
@allows(Act.NOTICE_READ)
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    if not Form().validate_on_submit():
        raise Invalid
    service.read_all(current_user.id)
    return redirect(url_for("notices.index"), 303)
