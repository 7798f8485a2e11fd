"""Pages of the library: the shelf, and one asset in one language."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.rules import Role
from portal.config import Language
from portal.errors import NotFound
from portal.library import listing, presenting, queries
from portal.library.links import asset_path
from portal.library.queries import AssetPage
from portal.library.rules import SLUG_LIMIT, Kind
from portal.usage import recorder
from portal.usage.rules import Action, Source
from portal.web import locale, paging

bp = Blueprint("library", __name__)

PAGE_SIZE = 30


@bp.get("/assets/<slug>", defaults={"language": None})
@bp.get("/assets/<slug>/<language>")
def show(slug: str, language: str | None) -> ResponseReturnValue:
    """Show an asset in the language asked for, else in the reader's best one."""
    known = language is None or language in set(Language)
    found = None
    if known and len(slug) <= SLUG_LIMIT and "\x00" not in slug:
        found = queries.asset_page(
            slug,
            asked=language,
            reader=locale.code(),
            unpublished=current_user.role.covers(Role.MARKETER),
        )
    if found is None:
        raise NotFound(gettext("This asset does not exist, or it is not published."))
    if language and language != found.language:
        return redirect(asset_path(slug, found.language, trail=presenting.trail()), 303)
    _note(found)
    return render_template("library/show.html", page=presenting.page_view(found))


def _note(page: AssetPage) -> None:
    """Note that the asset was viewed and, from a search, which hit of which search was opened."""
    source = request.args.get("from") or Source.LINK.value
    seen = partial(
        recorder.note,
        asset_id=page.asset_id,
        language=page.language,
        revision=page.revision,
        source=source,
    )
    seen(Action.VIEWED)
    ref = request.args.get("ref")
    if source == Source.SEARCH and ref:
        seen(Action.OPENED, ref=ref, rank=paging.number_of(request.args.get("rank")))


@bp.get("/library")
def index() -> ResponseReturnValue:
    """Show what is published, by kind and language."""
    kind = request.args.get("kind")
    kind = kind if kind in set(Kind) else None
    language = request.args.get("language")
    language = language if language in set(Language) else None
    counts = listing.counts(language)
    page = paging.paging(
        total=counts.get(kind, 0) if kind else sum(counts.values()),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("library.index"), presenting.shelf_args()),
    )
    items = listing.shelf(
        kind=kind, language=language, reader=locale.code(), limit=page.size, offset=page.offset
    )
    view = presenting.shelf_view(items, counts, kind=kind, language=language, page=page)
    return render_template("library/index.html", listing=view)
