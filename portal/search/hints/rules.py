"""What is suggested for what was typed so far: prefixes of words, marks optional. Pure.

Nobody's words are shown to others unless at least `SHARED` people searched for the same and opened
something, and then only what looks like a search: short, without addresses and numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.asset_requests.similar.rules import likely
from portal.markup import fold
from portal.search.priors.rules import TYPING

TYPED_MOST = 60
"""Characters of what was typed that are looked at."""
WORDS_MOST, WORD_MOST = 5, 40
TITLE_WORDS = 20
"""Words of a title that are kept."""
SHARED = 3
PHRASES_MOST = 2000
PHRASE_MOST, PHRASE_WORDS, DIGITS = 60, 6, 4


def words_of(text: str) -> list[str]:
    """Return the words of what was typed, folded; the last may be the beginning of one."""
    return [word[:WORD_MOST] for word in fold(text[:TYPED_MOST]).split()][:WORDS_MOST]


def title_words(title: str) -> dict[str, int]:
    """Return the different words of a title, folded, with their places."""
    found: dict[str, int] = {}
    for place, word in enumerate(fold(title).split()[:TITLE_WORDS]):
        found.setdefault(word[:WORD_MOST], place)
    return found


def after(prefix: str) -> str:
    """Return the first text behind all that begin with a prefix, letter by letter."""
    return prefix + "\U0010ffff"


def folded(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return fold(text).split()


def begin(typed: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each of the typed words begins one of these, all folded."""
    return bool(typed) and all(any(word.startswith(it) for word in words) for it in typed)


def begins(typed: Sequence[str], text: str) -> bool:
    """Whether each of the typed words begins a word of a text."""
    return begin(typed, folded(text))


@dataclass(frozen=True, slots=True)
class Made:
    """A search somebody made: when, what was typed, whether something was opened from it."""

    user_id: int
    at: datetime
    text: str
    opened: bool


def done(made: Iterable[Made]) -> list[Made]:
    """Leave out what was still being typed, as `priors.rules.settled` does; the latest first."""
    found: list[Made] = []
    later: datetime | None = None
    for it in made:
        if it.opened or later is None or later - it.at > TYPING:
            found.append(it)
        later = it.at
    return found


def different(made: Iterable[Made], key_of: Callable[[str], str], most: int) -> list[str]:
    """Return up to so many different searches of these, each as it was typed last."""
    found: dict[str, str] = {}
    for it in made:
        found.setdefault(key_of(it.text) or it.text, it.text)
        if len(found) == most:
            break
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Said:
    """A search that may be suggested to everybody."""

    text: str
    language: str
    people: int


def is_shareable(text: str) -> bool:
    """Whether a text looks like a search, not like something private that was pasted."""
    return (
        0 < len(text) <= PHRASE_MOST
        and len(text.split()) <= PHRASE_WORDS
        and "@" not in text
        and "://" not in text
        and sum(map(str.isdigit, text)) <= DIGITS
    )


def phrases(made: Iterable[Made], key_of: Callable[[str], str]) -> list[Said]:
    """Return what at least `SHARED` people searched for and opened something by, as most typed it.

    The beginning of a word of another one that as many typed is left out: they were not done.
    """
    people: dict[str, set[int]] = defaultdict(set)
    typed: dict[str, Counter[str]] = defaultdict(Counter)
    for it in made:
        key = key_of(it.text)
        if it.opened and key and is_shareable(it.text):
            people[key].add(it.user_id)
            typed[key][" ".join(it.text.split())] += 1
    found = []
    for key, who in people.items():
        if len(who) >= SHARED:
            text = min(typed[key], key=lambda t: (-typed[key][t], t))
            found.append(Said(text, likely(text) or "", len(who)))
    found.sort(key=lambda it: (-it.people, it.text))
    return _whole(found)[:PHRASES_MOST]


def _whole(found: Sequence[Said]) -> list[Said]:
    begun: dict[str, int] = {}
    for it in found:
        text = it.text.casefold()
        for end in range(1, len(text)):
            if text[end] != " ":
                begun[text[:end]] = max(begun.get(text[:end], 0), it.people)
    return [it for it in found if begun.get(it.text.casefold(), 0) < it.people]
