"""What may be written of pipelines, stages and reasons for losing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.deals.rules import key_of, keys_of
from portal.markup import slugify

NAME_MOST = 80
ALIASES_MOST = 1000
"""Characters of all the words other systems have for one stage."""
STAGES_MOST = 30
REASONS_MOST = 10
"""Reasons for losing that are offered: among more nobody chooses with care."""


class Flaw(StrEnum):
    """What is wrong with a list of stages or reasons."""

    NAMELESS = "nameless"
    TWICE = "twice"
    TOO_MANY = "too-many"
    NONE_OPEN = "none-open"


@dataclass(frozen=True, slots=True)
class Said:
    """A stage or a reason as it was filled in; `id` None: a new one."""

    id: int | None
    names: Mapping[str, str]
    aliases: Sequence[str]
    position: int
    retired: bool = False
    outcome: str = "open"
    term: str | None = None
    competitor: bool = False


def words_in(text: str) -> list[str]:
    """Return the words of a text with one in a line or between semicolons, each once."""
    found: dict[str, str] = {}
    for word in text.replace("\n", ";").split(";"):
        kept = " ".join(word.split())[:NAME_MOST]
        if kept:
            found.setdefault(key_of(kept), kept)
    return list(found.values())


def flaw_of_stages(said: Sequence[Said]) -> tuple[Flaw, int | None] | None:
    """Return what is wrong with the stages of a pipeline and where (by index), if anything."""
    found = _flaw(said, STAGES_MOST)
    if found is None and not any(it.outcome == "open" and not it.retired for it in said):
        return Flaw.NONE_OPEN, None
    return found


def flaw_of_reasons(said: Sequence[Said]) -> tuple[Flaw, int | None] | None:
    """Return what is wrong with the reasons for losing and where, if anything."""
    return _flaw(said, REASONS_MOST)


def _flaw(said: Sequence[Said], most: int) -> tuple[Flaw, int | None] | None:
    taken: set[str] = set()
    for place, it in enumerate(said):
        if not any(it.names.values()):
            return Flaw.NAMELESS, place
        if it.retired:
            continue
        keys = keys_of(it.names, it.aliases, "")
        if keys & taken:
            return Flaw.TWICE, place
        taken |= keys
    if sum(not it.retired for it in said) > most:
        return Flaw.TOO_MANY, None
    return None


def ordered(said: Iterable[Said]) -> list[Said]:
    """Return what was filled in by its place; those of the same place as they were told."""
    return sorted(said, key=lambda it: it.position)


def slug_for(names: Mapping[str, str], taken: Collection[str]) -> str:
    """Return a slug for a new stage or reason that none of the others has."""
    word = names.get("en") or next((name for name in names.values() if name), "")
    base = slugify(word, NAME_MOST - 4) or "stage"
    return next(
        slug
        for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3)))
        if slug not in taken
    )
