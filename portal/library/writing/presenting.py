"""What the editor's pages show: kinds to choose from, what was typed before, the preview."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_time
from flask_babel import get_timezone

from portal import clock
from portal.library import presenting, queries
from portal.library.freshness import presenting as freshness
from portal.library.freshness import queries as care
from portal.library.models import Asset
from portal.library.presenting import PageView
from portal.library.publishing.models import Autosave
from portal.library.rules import Facet, Kind, minutes, nest
from portal.library.writing.labels import KIND_HINTS
from portal.markup import Document
from portal.web import locale, words


@dataclass(frozen=True, slots=True)
class KindCard:
    """A kind to begin an asset of."""

    code: str
    label: str
    hint: str


def kind_cards() -> list[KindCard]:
    """Return the kinds with what each is for."""
    return [
        KindCard(kind.value, words.label(words.KINDS, kind), words.label(KIND_HINTS, kind))
        for kind in Kind
    ]


@dataclass(frozen=True, slots=True)
class DraftView:
    """What a person typed and never saved, as the editor tells of it."""

    at: str
    epoch: int  # milliseconds, as a browser counts
    base: int
    newest: int

    @property
    def is_behind(self) -> bool:
        """Whether somebody has saved a revision since the typing began."""
        return self.base < self.newest


def places(asset: Asset, language: str) -> dict[str, tuple[str, int]]:
    """Return where the sections of a text as it is served begin, by their anchors.

    Each is named by its heading and by how many headings before it say the same.
    """
    text = next((it for it in asset.texts if it.language == language), None)
    found: dict[str, tuple[str, int]] = {}
    seen: Counter[str] = Counter()
    for section in text.sections if text else ():
        heading = section["heading"]
        if heading:
            found[section["anchor"]] = (heading, seen[heading.casefold()])
            seen[heading.casefold()] += 1
    return found


def draft_view(draft: Autosave, newest: int) -> DraftView:
    """Tell of what was typed and never saved."""
    return DraftView(
        at=when(draft.at), epoch=int(draft.at.timestamp() * 1000), base=draft.base, newest=newest
    )


def when(moment: datetime) -> str:
    """Return the time of day, with the date when it was not today."""
    zone = get_timezone()
    if moment.astimezone(zone).date() != clock.now().astimezone(zone).date():
        return locale.moment(moment)
    return str(format_time(moment, "short", tzinfo=zone, locale=str(locale.code())))


def time_of_day(moment: datetime) -> str:
    """Return the time of day to the second, as the editor's status line has it."""
    return str(format_time(moment, "HH:mm:ss", tzinfo=get_timezone(), locale=str(locale.code())))


def preview(
    asset: Asset, language: str, content: Mapping[str, Any], document: Document
) -> PageView:
    """Show a text that is not saved as its page would show it."""
    names: dict[Facet, list[str]] = {}
    for term in asset.facets:
        name = queries.name_of(term.names, term.slug, language)
        names.setdefault(Facet(term.facet), []).append(name)
    return PageView(
        asset_id=asset.id,
        slug=asset.slug,
        revision=0,
        kind=asset.kind,
        kind_label=words.label(words.KINDS, asset.kind),
        language=language,
        languages=[],
        title=content["title"],
        summary=content["summary"],
        owner=asset.owner.name if asset.owner else "",
        department_label=words.label(words.DEPARTMENTS, asset.department),
        state=asset.state,
        state_label=words.label(words.STATES, asset.state),
        fresh=freshness.fresh_view(asset.checked_on, care.months_of(asset.id), locale.today()),
        minutes=minutes(document.words),
        facets=[(words.label(words.FACETS, f), names[f]) for f in Facet if f in names],
        rivals={},
        fields=content["fields"],
        sections=nest(document.sections),
        related=[],
    )


def body_template(kind: str) -> str:
    """Return the template that draws the text of a kind, the very one of the asset's page."""
    return presenting.body_template(kind)
