"""Whom a figure is about: a competitor, one of our products, us, or what the asset is about."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

US = "us"
THEM = "them"
_OWN = (
    r"we|our|ours|us|chúng tôi|chúng ta|bên em|bên mình|nhà mình|của mình|của ta|mình|"
    r"мы|наш[аеиу]?|наш(?:его|ему|им|их|ей)|нас|нам|нами"
)
_THEIRS = r"they|their|theirs|them|phía họ|của họ|họ|они|их|им|ими|у них"


@dataclass(frozen=True, slots=True)
class Term:
    """A competitor or product of the vocabulary and the words it goes by."""

    facet: str
    slug: str
    words: tuple[str, ...]

    @property
    def subject(self) -> str:
        """What claims keep as their subject: `competitor:kestrel`."""
        return f"{self.facet}:{self.slug}"


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a sentence names somebody."""

    start: int
    subject: str


class Vocabulary:
    """Finds the terms of a vocabulary in sentences: one expression, made once."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Take the terms; the longer word wins where two fit."""
        self._subjects: dict[str, str] = {}
        terms = tuple(terms)
        self.digest = "\n".join(f"{t.subject} {' '.join(t.words)}" for t in terms)
        for term in terms:
            for word in term.words:
                if len(word) > 1:
                    self._subjects.setdefault(word.casefold(), term.subject)
        names = sorted(self._subjects, key=lambda word: (-len(word), word))
        named = "|".join(re.escape(name) for name in names) or r"(?!)"
        self._named = re.compile(
            rf"(?<!\w)(?:(?P<name>{named})|(?P<own>{_OWN})|(?P<theirs>{_THEIRS}))(?!\w)",
            re.IGNORECASE,
        )

    def mentions(self, text: str) -> list[Mention]:
        """Return who is named or meant, in the order of the text."""
        found = []
        for match in self._named.finditer(text):
            if match["name"]:
                subject = self._subjects.get(match["name"].casefold())
            else:
                subject = US if match["own"] else THEM
            if subject:
                found.append(Mention(match.start(), subject))
        return found


@lru_cache(maxsize=8)
def vocabulary_of(terms: tuple[Term, ...]) -> Vocabulary:
    """Return the vocabulary of these terms, kept while they stay the same."""
    return Vocabulary(terms)


def competitor_of(subject: str) -> str:
    """Return the competitor's slug of a subject, or ""."""
    facet, _, slug = subject.partition(":")
    return slug if facet == "competitor" else ""


@dataclass(frozen=True, slots=True)
class Stage:
    """What decides who is meant where nobody is named: heading, part, and the asset's facets."""

    fallback: str  # of what names nobody
    own: str  # what `we` and `our` stand for
    theirs: str  # what `they` stands for; "" when nobody can tell

    def resolve(self, subject: str) -> str:
        """Return whom a mention means."""
        if subject == US:
            return self.own
        if subject == THEM:
            return self.theirs or self.fallback
        return subject

    def subject_at(self, mentions: Collection[Mention], place: int) -> str:
        """Return whom a figure is about: who was named last before it, else first after it."""
        before = [m for m in mentions if m.start <= place]
        if before:
            return self.resolve(before[-1].subject)
        named = [m for m in mentions if m.subject not in {US, THEM}]
        return self.resolve(named[0].subject) if named else self.fallback


_THEIR_PARTS = frozenset({"quick-facts", "why-they-win", "pricing"})


def stage_of(
    *, slug: str, kind: str, competitors: Collection[str], products: Collection[str],
    part: str, named: Collection[Mention],
) -> Stage:  # fmt: skip
    """Tell who is meant in a section of an asset.

    `competitors` and `products` are the asset's own slugs; `part` the anchor of the section's
    chapter; `named` what its headings name.
    """
    own = f"product:{next(iter(products))}" if len(products) == 1 else US
    only = f"competitor:{next(iter(competitors))}" if len(competitors) == 1 else ""
    rivals = [m.subject for m in named if competitor_of(m.subject)]
    theirs = rivals[-1] if rivals else only
    if rivals:
        return Stage(rivals[-1], own, theirs)
    if kind == "battlecard" and only and part in _THEIR_PARTS:
        return Stage(only, own, theirs)
    if kind == "case-study":
        return Stage(f"asset:{slug}", own, theirs)
    # what is tagged with neither product nor competitor is hardly about us: notes, manuals
    return Stage(own if products or competitors else f"asset:{slug}", own, theirs)
