"""Owns what a search means: from what was typed and ticked to a ``Query``; nothing is an error."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import NamedTuple

from portal.config import Language
from portal.library.rules import Kind
from portal.markup import fold
from portal.search import analysis, operators
from portal.search.analysis import Word
from portal.search.engine import Query, Sort

MAX_TEXT = 10_000
"""Characters of a query that are looked at."""
SHOWN_TEXT = 200
"""Characters of it that pages and records repeat."""
PAGE_SIZE, MAX_PAGE_SIZE, MAX_PAGE = 20, 100, 500
"""Hits of a page; hits a program may ask for at once; the last page there is."""
MAX_VALUES, MAX_VALUE = 20, 100
"""Values ticked of one facet; characters of a value."""
FACETS = (
    "kind", "language", "product", "competitor", "industry", "persona", "stage", "owner",
    "freshness",
)  # fmt: skip
"""What hits can be filtered by, in the order shown."""
CLOSED = {
    "kind": frozenset(kind.value for kind in Kind),
    "language": frozenset(language.value for language in Language),
    "freshness": frozenset(("fresh", "due", "overdue")),
}
"""The facets whose values are all known beforehand; no asset can have another."""
TERMS = tuple(facet for facet in FACETS if facet not in CLOSED and facet != "owner")
"""The facets whose values are words of the vocabulary."""
MOST_RIVALS = 2
"""Competitors the palette offers for what was typed."""
FEW = 5
"""All words are wanted, unless fewer assets than this have them all."""

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]+"
)


class Also(NamedTuple):
    """A phrase searched besides what was typed: found by ``phrase``, for ``typed``."""

    phrase: str
    typed: str
    terms: tuple[str, ...]


class Understood(NamedTuple):
    """What a search was taken to mean; see ``understanding``.

    ``corrected``: the text searched in place of what was typed. ``also``: what was searched
    besides. ``telling``: the words taken of a text too long to search for all of it. ``inexact``:
    no text has a phrase exactly so, so its words were searched.
    """

    corrected: str = ""
    also: tuple[Also, ...] = ()
    telling: tuple[str, ...] = ()
    inexact: bool = False


AS_TYPED = Understood()
AS_TYPED_ARG = "typed"
"""The argument of an address that asks for the words as typed and no others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as understood. ``text`` is what was typed, cleaned and cut, for showing again.

    ``blank``: nothing was typed, so everything is listed. ``pointless``: something was typed
    that has no word in it (``?!``, an emoji): there is nothing to find, ``query`` must not run.
    ``words`` explain snippets. ``shortened``: only the most useful words were used. ``typed`` is
    all that was typed, without operators; ``phrases`` and ``without`` are what those say, see
    ``operators``. ``literal``: nothing is to be guessed or widened. ``understood``: what was.
    """

    text: str
    words: tuple[Word, ...]
    query: Query
    page: int
    blank: bool
    pointless: bool
    shortened: bool
    typed: str = ""
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    literal: bool = False
    understood: Understood = AS_TYPED

    @property
    def only_without(self) -> bool:
        """Whether it says only what is not wanted."""
        return bool(self.without) and not self.words


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """The text without NUL, lone surrogates, direction marks and needless blanks, cut."""
    return " ".join(_UNSEEN.sub(" ", text[: 2 * limit]).split())[:limit].rstrip()


def number(raw: str | int | None, *, default: int, least: int, most: int) -> int:
    """A whole number within bounds; the default for anything that is none."""
    text = str(raw if raw is not None else "").strip()[:20]
    if re.fullmatch(r"[+-]?[0-9]+", text) is None:
        return default
    return max(least, min(most, int(text)))


def sort_of(raw: str | None, *, blank: bool) -> Sort:
    """The order asked for; without a text there is no best, so the newest come first."""
    if blank or raw == Sort.NEWEST:
        return Sort.NEWEST
    return Sort.BEST


def filters_of(raw: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The known facets among ``raw`` with their values, bounded; what is unknown is ignored."""
    chosen = {}
    for facet in FACETS:
        values = dict.fromkeys(clean(value, MAX_VALUE) for value in raw.get(facet, ()))
        closed = CLOSED.get(facet, values)
        kept = [value for value in values if value and value in closed][:MAX_VALUES]
        if kept:
            chosen[facet] = frozenset(kept)
    return chosen


def renamed(
    filters: Mapping[str, Iterable[str]], former: Mapping[tuple[str, str], str]
) -> dict[str, list[str]]:
    """Return filters with the slugs of today, where a link says one that a term had before."""
    return {
        facet: [former.get((facet, value), value) for value in values]
        for facet, values in filters.items()
    }


def ask(
    text: str = "",
    *,
    filters: Mapping[str, Iterable[str]] | None = None,
    sort: str | None = None,
    page: str | int | None = None,
    size: int = PAGE_SIZE,
    prefer: Language | None = None,
    literal: bool = False,
) -> Asked:
    """Understand a search; every text and every number is fine.

    All words are wanted first; the engine does with any of them when few texts have them all
    (so it is with questions and pasted letters) or others fit far better: see ``Query``.
    """
    typed = clean(text)
    parsed = operators.parse(typed)
    terms = analysis.query_terms(parsed.text)
    size = max(1, min(MAX_PAGE_SIZE, size))
    place = number(page, default=1, least=1, most=MAX_PAGE)
    query = Query(
        words=tuple(word.alternatives for word in terms.words),
        bonus=terms.bonus,
        match_all=True,
        at_least=FEW,
        filters=filters_of(filters or {}),
        prefer=prefer.value if prefer else None,
        sort=sort_of(sort, blank=not typed),
        limit=size,
        offset=(place - 1) * size,
    )
    return Asked(
        text=typed[:SHOWN_TEXT].rstrip(),
        words=terms.words,
        query=query,
        page=place,
        blank=not text.strip(),
        pointless=bool(text.strip()) and not terms.words,
        shortened=terms.shortened,
        typed=parsed.text,
        phrases=parsed.phrases,
        without=parsed.without,
        literal=literal,
    )


def reader_of(code: str | None) -> Language | None:
    """The language somebody reads, by its code; None for any other code."""
    return Language(code) if code in set(Language) else None


def with_first(asked: Asked, groups: Iterable[int]) -> Asked:
    """Return a search in which some assets stand first whatever their words."""
    return replace(asked, query=replace(asked.query, first=tuple(groups)))


def args_of(asked: Asked, text: str | None = None) -> list[tuple[str, str]]:
    """Return what an address says of a search, as understood; `text` stands for what was typed."""
    query = asked.query
    args = [("q", asked.text if text is None else text)]
    for facet in FACETS:
        args += [(facet, value) for value in sorted(query.filters.get(facet, ()))]
    if query.sort is Sort.NEWEST and not asked.blank:
        args.append(("sort", query.sort.value))
    if asked.literal:
        args.append((AS_TYPED_ARG, "1"))
    return [(name, value) for name, value in args if value]


def rivals(text: str, names: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
    """Return (slug, name) of the first competitors whose name begins with what was typed."""
    typed = fold(text)
    return [
        (slug, name)
        for (facet, slug), name in sorted(names.items())
        if typed and facet == "competitor" and fold(name).startswith(typed)
    ][:MOST_RIVALS]


def near(text: str, names: Iterable[str]) -> list[str]:
    """Return up to four words of the vocabulary close to what was typed and not found."""
    known = {name.casefold(): name for name in names}
    found: dict[str, None] = {}
    for word in text.casefold().split()[:8]:
        found.update(dict.fromkeys(get_close_matches(word[:40], known, n=2, cutoff=0.6)))
        found.update(dict.fromkeys(name for name in known if len(word) > 2 and word in name))  # noqa: PLR2004
    return [known[name] for name in list(found)[:4]]
