"""The facts of an asset as one value: compared, told apart, named where they differ."""

import hashlib
from dataclasses import dataclass, fields
from datetime import date

from portal.library.rules import Facet


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an asset beside its texts; terms are slugs, in order."""

    kind: str
    owner: int | None
    backup_owner: int | None
    department: str | None
    checked_on: date | None
    product: tuple[str, ...] = ()
    competitor: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    persona: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()

    def terms(self, facet: Facet) -> tuple[str, ...]:
        """Return the slugs of a facet."""
        found: tuple[str, ...] = getattr(self, facet.value)
        return found

    def digest(self) -> str:
        """Return what tells these facts from others."""
        return hashlib.sha256(repr(self).encode("utf-8", "replace")).hexdigest()[:32]


def changed(before: Facts, after: Facts) -> list[str]:
    """Return the names of the facts that differ, in order."""
    names = [field.name for field in fields(Facts)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def new_words(text: str, most: int, many: int) -> list[str]:
    """Return the words of a line separated by commas, each once, as long as a term may be."""
    words = dict.fromkeys(" ".join(word.split()) for word in text.split(","))
    return [word[:most] for word in words if word][:many]
