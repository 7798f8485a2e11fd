"""Pages of revisions: the list, one as it was drawn, two side by side; an old one restored."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Language
from portal.errors import NotFound
from portal.library.models import Asset
from portal.library.publishing import acting
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action
from portal.library.revisions import presenting, queries, rules
from portal.library.service import kept_content
from portal.web import paging

bp = Blueprint("revisions", __name__, url_prefix="/desk")

PAGE_SIZE = 40
NUMBER_MOST = 2**31 - 1


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _asset(slug: str, language: str, *, lock: bool = False) -> Asset:
    """Return an asset whose revisions this person may see.

    Raises:
        NotFound: when there is none, or no such language.
        Forbidden: when it is somebody else's work.
    """
    if language not in set(Language):
        raise NotFound
    return acting.seen(_actor(), slug, lock=lock)


def _missing() -> NotFound:
    return NotFound(gettext("There is no such revision."))


def _number(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    return min(int(text), NUMBER_MOST) if text.isascii() and text[:11].isdigit() else None


@bp.get("/<slug>/<language>/revisions")
@allows(Act.ASSET_DESK)
def history(slug: str, language: str) -> ResponseReturnValue:
    """List the revisions of a text; two of them can be chosen to compare."""
    asset = _asset(slug, language)
    page = paging.paging(
        total=queries.revision_count(asset.id, language),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(
            url_for("revisions.history", slug=slug, language=language), request.args.items()
        ),
    )
    lines = queries.revisions(asset.id, language, limit=page.size, offset=page.offset)
    return render_template(
        "library/revisions/history.html",
        asset=asset,
        language=language,
        served=presenting.served(asset, language),
        lines=lines,
        chosen=presenting.chosen(lines, presenting.served(asset, language)),
        may_restore=Action.EDIT in acting.allowed(_actor(), asset),
        paging=page,
    )


@bp.get("/<slug>/<language>/revisions/<int:number>")
@allows(Act.ASSET_DESK)
def show(slug: str, language: str, number: int) -> ResponseReturnValue:
    """Show a revision as its page looked: by the same cleaning and the same templates."""
    asset = _asset(slug, language)
    newest = queries.newest_number(asset.id, language)
    revision = queries.with_authors(asset.id, language, min(number, NUMBER_MOST)).get(number)
    if revision is None:
        raise _missing()
    document = publishing.draw(asset, language, kept_content(revision))
    drawn = presenting.drawn(asset, revision, document)
    if drawn is None:
        raise _missing()
    page, body = drawn
    return render_template(
        "library/revisions/show.html",
        asset=asset,
        language=language,
        revision=presenting.revision_view(asset, revision),
        newest=newest,
        page=page,
        body=body,
        may_restore=Action.EDIT in acting.allowed(_actor(), asset) and number != newest,
    )


@bp.get("/<slug>/<language>/compare")
@allows(Act.ASSET_DESK)
def compare(slug: str, language: str) -> ResponseReturnValue:
    """Show two revisions side by side; without numbers, what is newer than the published text."""
    asset = _asset(slug, language)
    new = _number("new") or queries.newest_number(asset.id, language)
    old = _number("old")
    if old is None:
        served = presenting.served(asset, language)
        old = served if served and served != new else max(1, new - 1)
    found = queries.with_authors(asset.id, language, old, new)
    if old not in found or new not in found:
        raise _missing()
    told = rules.compare(kept_content(found[old]), kept_content(found[new]))
    everything = bool(request.args.get("all"))
    return render_template(
        "library/revisions/compare.html",
        asset=asset,
        language=language,
        old=presenting.revision_view(asset, found[old]),
        new=presenting.revision_view(asset, found[new]),
        changes=told.changes,
        rows=presenting.row_views(told, everything=everything),
        everything=everything,
        link_to=presenting.compare_urls(asset, language, old, new),
    )


@bp.post("/<slug>/<language>/revisions/<int:number>/restored")
@allows(Act.ASSET_EDIT)
def restore(slug: str, language: str, number: int) -> ResponseReturnValue:
    """Save an older revision again as the newest one."""
    asset = _asset(slug, language, lock=True)
    newest = queries.newest_number(asset.id, language)
    if not 0 < number <= newest:
        raise _missing()
    publishing.restore_revision(_actor(), asset, language, number, base=newest)
    return redirect(url_for("revisions.history", slug=slug, language=language), 303)
