"""The page of an asset's timeline, in pages and tracks."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.library.models import Asset
from portal.library.publishing import acting
from portal.library.publishing.acting import Actor
from portal.library.timeline import presenting, queries, rules
from portal.library.timeline.rules import Track
from portal.usage import queries as usage
from portal.usage.rules import window_of
from portal.web import locale, paging

bp = Blueprint("timeline", __name__, url_prefix="/desk")

PAGE_SIZE = 40


@bp.get("/<slug>/timeline")
@allows(Act.ASSET_DESK)
def show(slug: str) -> ResponseReturnValue:
    """Show what happened to an asset and how it was used, the latest first."""
    actor = Actor(current_user.id, current_user.role, current_user.department)
    asset = acting.seen(actor, slug)
    said = request.args.get("track")
    track = Track(said) if said in set(Track) else None
    config: Config = current_app.config["PORTAL"]
    zone = ZoneInfo(config.timezone)
    weeks = []
    if track in {None, Track.USE}:
        window = window_of(rules.WEEKS * 7, now=clock.now(), zone=zone)
        used = usage.by_day(window, asset.id)
        weeks = rules.weekly((day, use.views, use.copies) for day, use in used.items())
    path = url_for("timeline.show", slug=slug)
    args = [("track", track.value)] if track else []
    page = paging.paging(
        total=(0 if track is Track.USE else queries.count(asset.id, track)) + len(weeks),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(path, args),
    )
    events = (
        [] if track is Track.USE else queries.events(asset.id, track, limit=page.offset + page.size)
    )
    return render_template(
        "library/timeline/show.html",
        asset=asset,
        title=_title(asset),
        lines=presenting.merged(events, weeks, zone=zone, offset=page.offset, size=page.size),
        tracks=[
            (label, paging.with_args(path, (), {"track": value or None}), value == (track or ""))
            for value, label in presenting.track_labels()
        ],
        paging=page,
    )


def _title(asset: Asset) -> tuple[str, str]:
    """Return (language, title) of an asset for its reader."""
    texts = {text.language: text.title for text in asset.texts}
    language = locale.code().value
    found = language if language in texts else next(iter(texts), "en")
    return found, texts.get(found, asset.slug)
