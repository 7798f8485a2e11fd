"""Pages of the library: the shelf, one asset in one language, and what pages tell of their use."""

from functools import partial

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Language
from portal.errors import Invalid, NotFound
from portal.library import listing, noting, presenting, queries
from portal.library.attachments import presenting as attaching
from portal.library.attachments import queries as attached
from portal.library.keeping import queries as keeping
from portal.library.keeping.pages import Page, Pages
from portal.library.links import asset_path
from portal.library.pinning import presenting as pinning
from portal.library.pinning import queries as pins
from portal.library.publishing import acting
from portal.library.publishing import queries as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action as Confirm
from portal.library.queries import AssetPage
from portal.library.rules import SLUG_LIMIT, Kind
from portal.usage import recorder
from portal.usage.forms import UseForm
from portal.usage.rules import Action, Source, clean_ref
from portal.web import locale, paging

bp = Blueprint("library", __name__)

PAGE_SIZE = 30
REMARKS, SAYS, TOKEN, PIN = "<!--remarks-->", "<!--says-->", "<!--token-->", "<!--pin-->"
"""Where in a page as it is kept this reader's own parts go; texts have no comments."""


def _sees_unpublished() -> bool:
    return policy.granted(current_user.role, Act.DESK_OF_ALL)


def _not_there() -> str:
    return str(gettext("This asset does not exist, or it is not published."))


@bp.get("/assets/<slug>", defaults={"language": None})
@bp.get("/assets/<slug>/<language>")
@allows(Act.ASSET_READ)
def show(slug: str, language: str | None) -> ResponseReturnValue:
    """Show an asset in the language asked for, else in the reader's best one."""
    known = language is None or language in set(Language)
    if not known or len(slug) > SLUG_LIMIT or "\x00" in slug:
        raise NotFound(_not_there())
    pages: Pages = current_app.extensions["arsenal.pages"]
    writes = policy.granted(current_user.role, Act.ASSET_BEGIN)
    key = (slug, language, locale.code(), writes, _sees_unpublished())
    mark = keeping.mark(slug, now=clock.now(), today=locale.today())
    rated = presenting.ratings([mark[0]]).get(mark[0], "") if mark else ""
    helped = presenting.helped(mark[0]) if mark else ""
    # a page with another rating, or another line, is drawn anew
    mark = (*mark, rated, helped) if mark else None
    page = pages.get(key, mark)
    if page is None:
        found = queries.asset_page(
            slug, asked=language, reader=locale.code(), unpublished=_sees_unpublished()
        )
        if found is None:
            raise NotFound(_not_there())
        if language and language != found.language:
            return redirect(asset_path(slug, found.language, trail=presenting.trail()), 303)
        page, same_for_all = _draw(found, rated, helped)
        if same_for_all and mark:
            pages.keep(key, mark, page)
    _note(page)
    main = [Markup(part) for part in _with_says(slug, page).split(TOKEN)]  # noqa: S704  # drawn below
    return render_template("library/show.html", title=page.title, main=main)


def _with_says(slug: str, page: Page) -> str:
    """Return a page with what is said of it and what this reader can say; by what lies above."""
    says = current_app.extensions.get("arsenal.says")
    main = page.main.decode()
    if says:
        remarks, rating = says(page.asset_id, slug, page.language, page.revision)
        main = main.replace(REMARKS, remarks, 1).replace(SAYS, rating, 1)
    pinned = bool(pins.own_among(current_user.id, [page.asset_id]))
    return main.replace(PIN, str(pinning.button(slug, pinned=pinned)), 1)


def _draw(found: AssetPage, rated: str, helped: str) -> tuple[Page, bool]:
    """Draw an asset's page; tell whether every reader of the same kind gets the same.

    In pieces, since the page around passes on every scrap.
    """
    view = presenting.page_view(found)
    body = render_template(presenting.body_template(found.kind), page=view)
    may_be_asked = view.fresh.condition != "fresh" and policy.granted(
        current_user.role, Act.ASSET_BEGIN
    )
    main = render_template(
        "library/_page.html",
        page=view,
        body=Markup(body),  # noqa: S704  # just drawn
        rated=rated,
        helped=helped,
        files=attaching.reader_views(attached.visible(found.asset_id)) if found.has_files else (),
        may_confirm=may_be_asked and _may_confirm(found.slug),
    )
    page = Page(found.asset_id, found.language, found.revision, found.title, main.encode())
    return page, not (may_be_asked or found.has_files)


def _may_confirm(slug: str) -> bool:
    """Whether the reader may say that an asset whose check is due, or soon will be, is true."""
    asset = publishing.asset_by_slug(slug)
    actor = Actor(current_user.id, current_user.role, current_user.department)
    return asset is not None and Confirm.CONFIRM in acting.allowed(actor, asset)


def _note(page: Page) -> None:
    """Note that the asset was viewed and, from a search, which hit of which search was opened.

    Each showing is a view, a reload too; a hit is opened once a search, however often it is shown.
    """
    source = request.args.get("from") or Source.LINK.value
    seen = partial(
        recorder.note,
        asset_id=page.asset_id,
        language=page.language,
        revision=page.revision,
        source=source,
    )
    seen(Action.VIEWED)
    ref = clean_ref(request.args.get("ref"))
    if source == Source.SEARCH and ref:
        seen(Action.OPENED, ref=ref, rank=paging.number_of(request.args.get("rank")))


@bp.post("/usage")
@allows(Act.USE_OWN)
def note() -> ResponseReturnValue:
    """Note that a sentence was copied or a page printed; there is nothing to answer."""
    form = UseForm()
    if not form.validate_on_submit():
        raise Invalid(f"not usable: {', '.join(sorted(form.errors))}")
    asset_id, language, revision = form.asset.data, form.language.data, form.revision.data
    if not noting.is_readable(
        asset_id, language=language, revision=revision, unpublished=_sees_unpublished()
    ):
        raise Invalid(_not_there())
    recorder.note(
        Action(form.action.data),
        asset_id=asset_id,
        language=language,
        revision=revision,
        section=form.section.data,
        sentence=form.sentence.data,
        source=form.source.data,
    )
    return Response(status=204)


@bp.get("/library")
@allows(Act.ASSET_READ)
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
