"""How alike two requests are, from their words and what they are about: pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log, sqrt

from portal.asset_requests.rules import FACETS

SHOWN = 3
"""Requests and assets offered at a time."""
ASKED_MOST = 40
"""Words of the text that are looked up: the heaviest."""
ROWS_MOST = 6000
"""Rows of words read for one suggestion; the rarest words come first."""
CANDIDATES = 40
"""Requests whose all words are compared."""
LEAST = 0.1
"""Requests less alike are not offered."""
BESIDE = 0.42
"""Nor those that are less than this part as alike as the best one."""
LEAST_CHARACTERS = 3
"""A shorter text says nothing yet."""
ABOUT = ("kind", *FACETS)
"""What a request can be about, but its words."""
NAMED = "=competitor/"
"""How a word begins that names a competitor, however it was spelt."""

BONUS = {"competitor": 1.3, "product": 1.15, "kind": 1.15, "stage": 1.05, "industry": 1.15}
"""What being about the same multiplies by."""
PENALTY = {"competitor": 0.3, "product": 0.6, "kind": 0.9, "stage": 1.0, "industry": 0.8}
"""What being about another one does."""
SAME_LANGUAGE = 1.05


@dataclass(frozen=True, slots=True)
class Said:
    """What a request says, as it is compared: its words with weights, what it is about."""

    words: Mapping[str, int]
    about: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None


def is_enough(title: str) -> bool:
    """Whether so much was typed that looking for the like makes sense."""
    return sum(map(str.isalnum, title)) >= LEAST_CHARACTERS


def asked_words(words: Mapping[str, int]) -> dict[str, int]:
    """Return the words to look up: those that weigh most, a bounded number."""
    most = sorted(words, key=lambda word: (-words[word], word))[:ASKED_MOST]
    return {word: words[word] for word in most}


def worth(requests: int, having: int) -> float:
    """Return how much it tells that two requests have a word that so many of them have."""
    return log(1 + max(requests, having) / (having + 0.5))


def rarest(having: Mapping[str, int]) -> list[str]:
    """Return the words whose rows are read: the rarest first, at least one, ROWS_MOST in all."""
    chosen: list[str] = []
    total = 0
    for word in sorted(having, key=lambda word: (having[word], word)):
        total += having[word]
        if chosen and total > ROWS_MOST:
            break
        chosen.append(word)
    return chosen


def candidates(
    asked: Mapping[str, int],
    rows: Iterable[tuple[int, str, int]],
    having: Mapping[str, int],
    requests: int,
) -> list[int]:
    """Return the numbers of the requests that share most with what is asked, the best first."""
    score: dict[int, float] = {}
    told = {
        word: weight * worth(requests, having[word]) ** 2
        for word, weight in asked.items()
        if word in having
    }
    for number, word, weight in rows:
        score[number] = score.get(number, 0.0) + told.get(word, 0.0) * weight
    return sorted(score, key=lambda number: (-score[number], number))[:CANDIDATES]


def alike(asked: Said, other: Said, having: Mapping[str, int], requests: int) -> float:
    """Return how alike two requests are: 0 nothing shared, 1 the same words; more with bonuses.

    It is the cosine of their words, each by its worth. `having` says how many requests have a
    word; one that nobody has counted is taken for as rare as those of what is asked.
    """
    counted = sorted(having[word] for word in asked.words if word in having)
    if not counted:
        return 0.0
    usual = counted[len(counted) // 2]
    worths = {
        word: worth(requests, having.get(word, usual)) for word in {*asked.words, *other.words}
    }
    own = sum((weight * worths[word]) ** 2 for word, weight in asked.words.items())
    its = sum((weight * worths[word]) ** 2 for word, weight in other.words.items())
    shared = sum(
        weight * other.words[word] * worths[word] ** 2
        for word, weight in asked.words.items()
        if word in other.words
    )
    return shared / sqrt(own * its) * agreement(asked, other) if shared else 0.0


def _competitors(said: Said) -> set[str]:
    """Return the competitors a request is about: chosen, or named in its words."""
    found = {word.removeprefix(NAMED) for word in said.words if word.startswith(NAMED)}
    chosen = said.about.get("competitor")
    return found | {chosen} if chosen else found


def agreement(asked: Said, other: Said) -> float:
    """Return by what the likeness is multiplied for being about the same, or about another one."""
    factor = 1.0
    ours, theirs = _competitors(asked), _competitors(other)
    if ours and theirs:
        factor *= (BONUS if ours & theirs else PENALTY)["competitor"]
    for facet in BONUS:
        mine, its = asked.about.get(facet), other.about.get(facet)
        if facet != "competitor" and mine and its:
            factor *= (BONUS if mine == its else PENALTY)[facet]
    if asked.language and asked.language == other.language:
        factor *= SAME_LANGUAGE
    return factor


def best(scored: Mapping[int, float]) -> list[int]:
    """Return the numbers to offer, the most alike first, the older first of equal ones."""
    least = max(LEAST, BESIDE * max(scored.values(), default=0.0))
    good = [number for number, score in scored.items() if score >= least]
    return sorted(good, key=lambda number: (-scored[number], number))[:SHOWN]


_CYRILLIC = re.compile("[\u0400-\u04ff]")
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_MARKED = re.compile("[àáãèéìíòóõùúýĩũ]", re.IGNORECASE)


def speaks(text: str) -> str | None:
    """Return the language a short text shows by its letters; None when they may be any."""
    if _CYRILLIC.search(text):
        return "ru"
    return "vi" if _VIETNAMESE.search(text) else None


def likely(text: str) -> str | None:
    """Return the language a short text is likely in: here, other marks are Vietnamese as well."""
    return speaks(text) or ("vi" if _MARKED.search(text) else None)
