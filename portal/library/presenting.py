"""What the library's pages show: labels in the reader's language, and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for
from flask_babel import gettext

from portal.config import Language
from portal.library.freshness import presenting as freshness
from portal.library.freshness.presenting import FreshView
from portal.library.links import asset_path, competitor_path
from portal.library.listing import Listed
from portal.library.queries import AssetPage, Related
from portal.library.rules import Facet, Kind, Nested
from portal.web import locale, paging, words

TRAIL = ("from", "ref", "rank")
"""What an address says about where the reader came from."""
FROM_SHELF = "from=browse"


@dataclass(frozen=True, slots=True)
class RelatedView:
    """Another asset to read."""

    url: str
    title: str
    kind_label: str
    language: str


@dataclass(frozen=True, slots=True)
class PageView:
    """An asset as its page shows it; `languages` are (code, name, address, current)."""

    asset_id: int
    slug: str
    revision: int
    kind: str
    kind_label: str
    language: str
    languages: Sequence[tuple[str, str, str, bool]]
    title: str
    summary: str
    owner: str
    department_label: str
    state: str
    state_label: str
    fresh: FreshView
    minutes: int
    facets: Sequence[tuple[str, Sequence[str]]]
    rivals: Mapping[str, str]  # competitor as `facets` names it → address of its page
    fields: Mapping[str, Any]
    sections: Sequence[Nested]
    related: Sequence[RelatedView]
    newer: tuple[str, str, str] | None = None  # the original, if it is newer: code, name, address


BODIES = {
    Kind.BATTLECARD.value: "library/_battlecard.html",
    Kind.FAQ.value: "library/_faq.html",
    Kind.CASE_STUDY.value: "library/_story.html",
}


def body_template(kind: str) -> str:
    """Return the template that draws the text of an asset of a kind."""
    return BODIES.get(kind, "library/_article.html")


def page_view(page: AssetPage) -> PageView:
    """Show an asset."""
    return PageView(
        asset_id=page.asset_id,
        slug=page.slug,
        revision=page.revision,
        kind=page.kind,
        kind_label=words.label(words.KINDS, page.kind),
        language=page.language,
        languages=[
            (code, locale.NAMES[code], asset_path(page.slug, code), code == page.language)
            for code in locale.NAMES
            if code in page.languages
        ],
        title=page.title,
        summary=page.summary,
        owner=page.owner,
        department_label=words.label(words.DEPARTMENTS, page.department),
        state=page.state,
        state_label=words.label(words.STATES, page.state),
        fresh=freshness.page_view(
            page.checked_on,
            page.months,
            locale.today(),
            ask=page.owner if page.owner_is_here else "",
        ),
        minutes=page.minutes,
        facets=[
            (words.label(words.FACETS, facet), [_term(page, facet, name) for name in names])
            for facet, names in page.facets
        ],
        rivals={
            _term(page, Facet.COMPETITOR, name): competitor_path(slug) for name, slug in page.rivals
        },
        fields=page.fields,
        sections=page.sections,
        related=[_related(it) for it in page.related],
        newer=(page.newer, locale.NAMES[Language(page.newer)], asset_path(page.slug, page.newer))
        if page.newer
        else None,
    )


def _related(it: Related) -> RelatedView:
    return RelatedView(
        url=asset_path(it.slug, it.language, trail="from=related"),
        title=it.title,
        kind_label=words.label(words.KINDS, it.kind),
        language=it.language,
    )


def _term(page: AssetPage, facet: Facet, name: str) -> str:
    """Return a term's name; one that is not offered any more says so."""
    retired = (facet, name) in page.retired
    return gettext("%(name)s (out of use)", name=name) if retired else name


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind or language to narrow the shelf to; `code` is empty for all."""

    code: str
    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An asset on the shelf."""

    url: str
    title: str
    summary: str
    kind: str
    kind_label: str
    language: str
    fresh: FreshView
    owner: str
    other_languages: Sequence[tuple[str, str]]
    rated: str


@dataclass(frozen=True, slots=True)
class ShelfView:
    """A page of the shelf."""

    total: int
    kinds: Sequence[Choice]
    languages: Sequence[Choice]
    items: Sequence[ItemView]
    paging: paging.Paging


def _item(listed: Listed, today: date, rated: str) -> ItemView:
    return ItemView(
        url=asset_path(listed.slug, listed.language, trail=FROM_SHELF),
        title=listed.title,
        summary=listed.summary,
        kind=listed.kind,
        kind_label=words.label(words.KINDS, listed.kind),
        language=listed.language,
        fresh=freshness.fresh_view(listed.checked_on, listed.months, today),
        owner=listed.owner,
        other_languages=[
            (code, asset_path(listed.slug, code, trail=FROM_SHELF))
            for code in listed.languages
            if code != listed.language
        ],
        rated=rated,
    )


def ratings(asset_ids: Sequence[int]) -> dict[int, str]:
    """Return how assets are rated, each drawn as an <li>; by what lies above, if it is there."""
    of = current_app.extensions.get("arsenal.ratings")
    return {i: shown.html for i, shown in of(asset_ids).items()} if of else {}


def helped(asset_id: int) -> str:
    """Return what closed deals say of an asset, drawn as a <p>; by what lies above, if it is."""
    of = current_app.extensions.get("arsenal.helps")
    return of(asset_id) if of else ""


def shelf_view(
    items: Sequence[Listed],
    counts: Mapping[str, int],
    *,
    kind: str | None,
    language: str | None,
    page: paging.Paging,
) -> ShelfView:
    """Show a page of the shelf with the kinds and languages to choose from."""
    path, args, today = url_for("library.index"), shelf_args(), locale.today()
    rated = ratings([listed.asset_id for listed in items])

    def to(name: str, value: str | None) -> str:
        return paging.with_args(path, args, {name: value})

    everything = Choice("", gettext("All"), to("kind", None), kind is None, sum(counts.values()))
    kinds = [
        Choice(k, words.label(words.KINDS_MANY, k), to("kind", k), k == kind, counts.get(k, 0))
        for k in Kind
        if counts.get(k) or k == kind
    ]
    languages = [Choice("", gettext("All languages"), to("language", None), language is None)]
    languages += [
        Choice(code, name, to("language", code), code == language)
        for code, name in locale.NAMES.items()
    ]
    return ShelfView(
        total=page.total,
        kinds=[everything, *kinds],
        languages=languages,
        items=[_item(it, today, rated.get(it.asset_id, "")) for it in items],
        paging=page,
    )


def shelf_args() -> list[tuple[str, str]]:
    """Return what the address says about the shelf, without the page."""
    return [(name, request.args[name]) for name in ("kind", "language") if request.args.get(name)]


def trail() -> str:
    """Return what the address says about where the reader came from, encoded."""
    return urlencode({name: request.args[name] for name in TRAIL if name in request.args})
