"""What the pages of collections show: labels, addresses, what is not available any more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext

from portal.library.collections.queries import CollectionLine, EntryLine
from portal.library.collections.rules import Reach
from portal.library.links import asset_path
from portal.library.rules import State
from portal.usage.rules import Source
from portal.web import words

TRAIL = f"from={Source.COLLECTION.value}"


def reach_label(reach: str) -> str:
    """Return who sees a collection, in words."""
    labels = {
        Reach.ALL.value: gettext("Everybody sees it"),
        Reach.TEAM.value: gettext("The team sees it"),
        Reach.PRIVATE.value: gettext("Only its owner sees it"),
    }
    return str(labels.get(reach, reach))


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry; `url` is empty when its asset is not available."""

    id: int
    url: str
    title: str
    language: str
    summary: str
    note: str
    kind: str
    kind_label: str
    checked_on: date | None
    owner: str


def entry_views(lines: Iterable[EntryLine], *, editor: bool) -> list[EntryView]:
    """Show entries; what is not published only an editor gets to see, as not available."""
    return [
        EntryView(
            id=line.id,
            url=asset_path(line.slug, line.language, trail=TRAIL) if _is_there(line) else "",
            title=line.title,
            language=line.language,
            summary=line.summary,
            note=line.note,
            kind=line.kind,
            kind_label=words.label(words.KINDS, line.kind),
            checked_on=line.checked_on,
            owner=line.owner,
        )
        for line in lines
        if editor or _is_there(line)
    ]


def _is_there(line: EntryLine) -> bool:
    return line.state == State.PUBLISHED.value


@dataclass(frozen=True, slots=True)
class LineView:
    """A collection in a list; `holds`: the asset somebody wants to add is in it."""

    id: int
    url: str
    name: str
    description: str
    language: str
    reach_label: str
    owner: str
    updated_at: datetime
    assets: int
    pinned: bool
    holds: bool


def line_view(line: CollectionLine, holding: set[int] | None = None) -> LineView:
    """Show a collection in a list."""
    return LineView(
        id=line.id,
        url=url_for("collections.show", collection_id=line.id),
        name=line.name,
        description=line.description,
        language=line.language,
        reach_label=reach_label(line.reach),
        owner=line.owner,
        updated_at=line.updated_at,
        assets=line.assets,
        pinned=line.pinned,
        holds=line.id in (holding or set()),
    )
