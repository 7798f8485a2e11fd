"""The page of languages: all assets, and how each language of them stands."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.library.coverage import presenting, standing
from portal.usage import queries as usage
from portal.usage.rules import window_of
from portal.web import paging

bp = Blueprint("coverage", __name__, url_prefix="/desk")

PAGE_SIZE = 40
USE_DAYS = 90


@bp.get("/languages")
@allows(Act.ASSET_DESK)
def index() -> ResponseReturnValue:
    """Show which languages all assets have, and where translations lag."""
    wanted = presenting.read_wanted()
    everyones = policy.granted(current_user.role, Act.DESK_OF_ALL)
    every = standing.assets(kind=wanted.kind, person_id=None if everyones else current_user.id)
    found = standing.wanted(every, language=wanted.language, status=wanted.status)
    page = paging.paging(
        total=len(found),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("coverage.index"), request.args.items()),
    )
    found = standing.ordered(found, used=None if wanted.newest else _used())
    shown = found[page.offset : page.offset + page.size]
    return render_template(
        "library/coverage/index.html",
        wanted=wanted,
        counts=presenting.count_views(standing.counts(every), wanted),
        lines=presenting.covered_views(shown, wanted),
        kinds=presenting.kind_choices(),
        total=len(found),
        paging=page,
    )


def _used() -> dict[int, int]:
    """Return how often each asset was read lately."""
    config: Config = current_app.config["PORTAL"]
    window = window_of(USE_DAYS, now=clock.now(), zone=ZoneInfo(config.timezone))
    return {asset_id: use.views for asset_id, use in usage.uses(window).items()}
