"""Who is meant by an @ in what somebody says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal.accounts.rules import fold

MENTIONS_MOST = 20
"""People told by one comment at most."""
_AT = re.compile(r"(?<![\w@.])@(?=\w)")
_END = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be meant: by name, or by what stands before the @ of the e-mail."""

    id: int
    name: str
    local: str


def mentioned(text: str, people: Iterable[Named]) -> list[int]:
    """Return the people meant by `@Name` or `@local.part`, in the order they are first named.

    The longest name wins; a name ends where the word ends. Two people of one name are both meant.
    """
    known: dict[str, list[int]] = {}
    for it in people:
        for called in {fold(it.name), fold(it.local)}:
            known.setdefault(called, []).append(it.id)
    called_by_length = sorted(known, key=lambda called: (-len(called), called))
    folded, found = fold(text), []
    for match in _AT.finditer(folded):
        rest = folded[match.end() :]
        for called in called_by_length:
            if called and rest.startswith(called) and not _END.match(rest, len(called)):
                found += [number for number in known[called] if number not in found]
                break
        if len(found) >= MENTIONS_MOST:
            break
    return found[:MENTIONS_MOST]
