"""Pages of the desk: the list of work, an asset in the works, its moves, comments and times."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.errors import Invalid, NotFound
from portal.library.attachments import presenting as attaching
from portal.library.attachments import queries as attached
from portal.library.claims import contradictions
from portal.library.freshness import presenting as care
from portal.library.models import Asset
from portal.library.publishing import (
    acting,
    listing,
    moving,
    notifying,
    presenting,
    queries,
    reviewing,
)
from portal.library.publishing.acting import Actor
from portal.library.publishing.forms import CommentForm, MoveForm, ScheduleForm
from portal.library.publishing.rules import Action
from portal.library.quality import presenting as quality
from portal.library.quality import queries as findings
from portal.library.sources import presenting as sources
from portal.library.translation import presenting as translation
from portal.usage.queries import downloads
from portal.web import locale, paging

bp = Blueprint("publishing", __name__, url_prefix="/desk")

PAGE_SIZE = 40
EVENTS = 12


def actor() -> Actor:
    """Return who acts: the person signed in."""
    return Actor(current_user.id, current_user.role, current_user.department)


def visible(slug: str, *, lock: bool = False) -> Asset:
    """Return an asset whose desk page this person may see: to whom it is something.

    Raises:
        NotFound: when there is none.
        Forbidden: when it is somebody else's work.
    """
    return acting.seen(actor(), slug, lock=lock)


@bp.get("/")
@allows(Act.ASSET_DESK)
def index() -> ResponseReturnValue:
    """List what is in the works, and what is published."""
    wanted = presenting.wanted_of(request.args, actor())
    counts = listing.counts(wanted)
    total = counts[wanted.phase] if wanted.phase else sum(counts.values())
    args = [(name, value) for name, value in request.args.items() if name != "page"]
    page = paging.paging(
        total=total,
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("publishing.index"), args),
    )
    lines = listing.work(wanted, reader=locale.code(), limit=page.size, offset=page.offset)
    return render_template(
        "library/publishing/index.html",
        tabs=presenting.phase_tabs(counts, wanted.phase),
        kinds=presenting.kind_choices(),
        wanted=wanted,
        whose=presenting.whose_of(wanted),
        whoses=presenting.whose_choices(actor()),
        lines=[presenting.work_view(line) for line in lines],
        total=presenting.total_label(total),
        paging=page,
    )


@bp.get("/<slug>")
@allows(Act.ASSET_DESK)
def show(slug: str) -> ResponseReturnValue:
    """Show an asset in the works: its languages, moves, comments, times and timeline."""
    asset = visible(slug)
    allowed = acting.allowed(actor(), asset)
    config: Config = current_app.config["PORTAL"]
    zone = ZoneInfo(config.timezone)
    return render_template(
        "library/publishing/show.html",
        asset=asset,
        phase=acting.phase(asset).value,
        phase_label=presenting.phase_label(asset),
        source=sources.source_view(asset),
        texts=presenting.text_lines(asset, queries.newest_of(asset.id)),
        languages=translation.language_views(asset),
        moves=presenting.move_views(slug, allowed),
        may={action.value: action in allowed for action in Action},
        files=attaching.desk_view(attached.held(asset.id), downloads(asset.id), config),
        comments=queries.comments(asset.id),
        comment_form=CommentForm.about([it.language for it in asset.texts], locale.code().value),
        times=[
            moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
            for moment in (asset.publish_at, asset.retire_at)
        ],
        zone=config.timezone,
        waits=presenting.waits_label(notifying.waits_for(asset)),
        facts=presenting.facts(asset),
        care=care.care_view(asset, locale.today(), may_assign=Action.ASSIGN in allowed),
        quality=quality.panel(
            asset,
            findings.findings([asset.id]),
            contradictions.tally(asset.id, clock.now().date()),
            may_decide=Action.EDIT in allowed,
        ),
        events=[presenting.event_view(it) for it in queries.timeline(asset.id, limit=EVENTS)],
    )


@bp.post("/<slug>/moves/<action>")
@allows(Act.ASSET_DESK)
def move(slug: str, action: str) -> ResponseReturnValue:
    """Move an asset from phase to phase."""
    form = MoveForm()
    if action not in set(Action):
        raise NotFound
    asset = visible(slug, lock=True)
    if not form.validate_on_submit():
        raise Invalid(gettext("The reason is too long."))
    reason = form.reason.data or ""
    moving.move(actor(), asset, Action(action), reason=reason, today=locale.today())
    return redirect(url_for("publishing.show", slug=slug), 303)


@bp.post("/<slug>/times")
@allows(Act.ASSET_SCHEDULE)
def schedule(slug: str) -> ResponseReturnValue:
    """Set when an asset is published and retired by itself."""
    form = ScheduleForm()
    asset = visible(slug, lock=True)
    if not form.validate_on_submit():
        raise Invalid
    publish_at, retire_at = form.moments(current_app.config["PORTAL"].timezone)
    moving.schedule(actor(), asset, publish_at=publish_at, retire_at=retire_at)
    return redirect(url_for("publishing.show", slug=slug), 303)


@bp.post("/<slug>/comments")
@allows(Act.ASSET_COMMENT)
def comment(slug: str) -> ResponseReturnValue:
    """Say something about a text under review."""
    form = CommentForm()
    asset = visible(slug, lock=True)
    if not form.validate_on_submit():
        raise Invalid(gettext("Write a comment of at most 4,000 characters."))
    reviewing.comment(
        actor(),
        asset,
        language=form.language.data,
        anchor=form.anchor.data or "",
        body=form.body.data,
    )
    return redirect(url_for("publishing.show", slug=slug, _anchor="comments"), 303)


@bp.post("/<slug>/comments/<int:comment_id>/settled")
@allows(Act.ASSET_COMMENT)
def settle(slug: str, comment_id: int) -> ResponseReturnValue:
    """Mark a comment as settled, or open it again."""
    asset = visible(slug, lock=True)
    reviewing.settle(actor(), asset, min(comment_id, 2**31 - 1))
    return redirect(url_for("publishing.show", slug=slug, _anchor="comments"), 303)
