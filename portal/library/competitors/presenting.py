"""What a competitor's page shows: names in the reader's language, the card, the rest by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from portal.library.competitors import rules
from portal.library.competitors.queries import Competitor, CompetitorLine, TextRow
from portal.library.competitors.rules import Quick
from portal.library.links import asset_path
from portal.library.queries import name_of
from portal.library.rules import Kind
from portal.usage.rules import Source
from portal.web import locale, words

TRAIL = f"from={Source.COMPETITOR.value}"


@dataclass(frozen=True, slots=True)
class TextView:
    """An asset against a competitor, in one language."""

    url: str
    asset_id: int
    language: str
    revision: int
    title: str
    summary: str
    kind: str
    kind_label: str
    checked_on: date | None
    owner: str
    uses: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The assets of one kind; `url` leads to all of them, when more are there than shown."""

    label: str
    items: Sequence[TextView]
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class CardView:
    """The battlecard on top, with what can be said at once; `to` is its address."""

    text: TextView
    parts: Sequence[Quick]

    def to(self, anchor: str) -> str:
        """Return the address of a section of the card."""
        return f"{self.text.url}#{anchor}"


@dataclass(frozen=True, slots=True)
class PageView:
    """A competitor's page."""

    slug: str
    name: str
    language: str
    aliases: Sequence[str]
    retired_on: date | None
    card: CardView | None
    shelves: Sequence[Shelf]
    total: int
    search_url: str


def text_view(row: TextRow) -> TextView:
    """Show an asset."""
    return TextView(
        url=asset_path(row.slug, row.language, trail=TRAIL),
        asset_id=row.asset_id,
        language=row.language,
        revision=row.revision,
        title=row.title,
        summary=row.summary,
        kind=row.kind,
        kind_label=words.label(words.KINDS, row.kind),
        checked_on=row.checked_on,
        owner=row.owner,
        uses=row.uses,
    )


def page_view(
    it: Competitor, rows: Sequence[TextRow], card: TextRow | None, parts: Sequence[Quick]
) -> PageView:
    """Show a competitor; `rows`: one an asset, `card` one of them."""
    rest = rules.by_kind(row for row in rows if row is not card)
    name = name_of(it.names, it.slug, locale.code().value)
    return PageView(
        slug=it.slug,
        name=name,
        language=next((code for code, said in it.names.items() if said == name), "en"),
        aliases=[alias for alias in it.aliases if alias != name],
        retired_on=it.retired_on,
        card=CardView(text_view(card), parts) if card else None,
        shelves=[_shelf(it.slug, kind, texts) for kind, texts in rest.items()],
        total=len(rows),
        search_url=url_for("search.page", competitor=it.slug),
    )


def _shelf(slug: str, kind: Kind, texts: Sequence[TextRow]) -> Shelf:
    more = len(texts) > rules.MOST_OF_A_KIND
    return Shelf(
        label=words.label(words.KINDS_MANY, kind),
        items=[text_view(row) for row in texts[: rules.MOST_OF_A_KIND]],
        total=len(texts),
        url=url_for("search.page", competitor=slug, kind=kind.value) if more else "",
    )


@dataclass(frozen=True, slots=True)
class LineView:
    """A competitor in the list."""

    url: str
    name: str
    language: str
    aliases: Sequence[str]
    assets: int
    has_card: bool
    checked_on: date | None
    retired_on: date | None


def line_view(line: CompetitorLine) -> LineView:
    """Show a competitor in the list."""
    name = name_of(line.names, line.slug, locale.code().value)
    return LineView(
        url=url_for("competitors.show", slug=line.slug),
        name=name,
        language=next((code for code, said in line.names.items() if said == name), "en"),
        aliases=line.aliases,
        assets=line.assets,
        has_card=bool(line.cards),
        checked_on=line.card_checked_on,
        retired_on=line.retired_on,
    )
