"""`collections/….yaml` as values and back: an ordered list of assets. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.config import Language
from portal.errors import Invalid
from portal.library import yamltext
from portal.library.collections.rules import (
    DESCRIPTION_MOST,
    ENTRIES_MOST,
    NAME_MOST,
    NOTE_MOST,
    Reach,
)
from portal.library.folder import yamlkeys
from portal.library.folder.yamlkeys import prose, words
from portal.library.frontmatter import Keys

_KEYS = "name, description, language, reach, owner, team, pinned-for and assets"


@dataclass(frozen=True, slots=True)
class EntryTold:
    """One asset of the list and a word on when to use it."""

    asset: str
    note: str = ""
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CollectionFile:
    """What the file says."""

    name: str
    owner: str
    language: str
    reach: str
    team: str = ""
    description: str = ""
    pinned_for: tuple[str, ...] = ()
    entries: tuple[EntryTold, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same collection in two libraries."""
        return self.name, self.owner


def read(data: bytes) -> CollectionFile:
    """Return what a file says.

    Raises:
        Invalid: with the line, when it can not be read or says something wrongly.
    """
    file = yamlkeys.read(data)
    keys, lines = file.keys, file.lines
    told = CollectionFile(
        name=prose(keys, "name", NAME_MOST),
        owner=prose(keys, "owner", 200),
        language=keys.choice("language", {v.value: v.value for v in Language}) or Language.EN.value,
        reach=keys.choice("reach", {v.value: v.value for v in Reach}) or Reach.ALL.value,
        team=prose(keys, "team", 80),
        description=prose(keys, "description", DESCRIPTION_MOST),
        pinned_for=words(keys, "pinned-for"),
        entries=_entries(keys, file.items),
        lines=lines,
    )
    if keys.left:
        key = next(iter(keys.left))
        raise Invalid(f"`{key[:60]}` is not known: a collection has {_KEYS}", line=lines.get(key))
    if not told.name.strip():
        raise Invalid("`name` is missing", line=1)
    if told.reach == Reach.TEAM and not told.team:
        raise Invalid("`team` is missing", line=lines.get("reach"))
    return told


def _entries(keys: Keys, items: Mapping[tuple[str, int], int]) -> tuple[EntryTold, ...]:
    values = keys.said("assets") or []
    if not isinstance(values, list) or len(values) > ENTRIES_MOST:
        raise keys.refuse("assets", f"must be a list of at most {ENTRIES_MOST}")
    found: dict[str, EntryTold] = {}
    for number, value in enumerate(values):
        line = items.get(("assets", number))
        told: Any = {"asset": value} if isinstance(value, str) else value
        if not isinstance(told, dict) or set(told) - {"asset", "note"} or not told.get("asset"):
            raise Invalid("an entry is a slug, or has `asset` and maybe `note`", line=line)
        slug, note = str(told["asset"]), str(told.get("note") or "")
        if len(note) > NOTE_MOST:
            raise Invalid(f"`note` is longer than {NOTE_MOST} characters", line=line)
        if slug in found:
            raise Invalid(f"{slug[:60]!r} is listed twice", line=line)
        found[slug] = EntryTold(slug, note, line)
    return tuple(found.values())


def dump(it: CollectionFile) -> str:
    """Return the text of the file."""
    values: dict[str, Any] = {
        "name": it.name,
        "description": it.description,
        "language": it.language,
        "reach": it.reach,
        "team": it.team,
        "owner": it.owner,
        "pinned-for": list(it.pinned_for),
        "assets": [{"asset": e.asset, "note": e.note} if e.note else e.asset for e in it.entries],
    }
    return yamltext.dump({key: value for key, value in values.items() if value})
