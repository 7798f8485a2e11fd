"""Why a search does not bring an asset: where it comes now, and which words each text lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.asset_requests.delivering.rules import Replayed
from portal.config import Language
from portal.search import analysis, indexable, indexing, queries, replaying, rules, wording
from portal.search.finding import Finder, FoundHit
from portal.search.log import queries as log
from portal.search.log.rows import LANGUAGES, language_of

SHOWN = 5
"""Results of a search that are shown."""
OFFERED = 8
"""Assets offered for what was typed to find the right one by hand."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the asset: words of the search it lacks, and those that are not in its title."""

    language: str
    title: str
    lacks: Sequence[str]
    weak: Sequence[str]


@dataclass(frozen=True, slots=True)
class Looked:
    """A search and the asset that should have come: where it comes now, and why no better."""

    slug: str
    title: str
    language: str
    replayed: Replayed
    texts: Sequence[Text]
    terms: frozenset[tuple[str, str]]

    @property
    def missing(self) -> list[str]:
        """The words of the search no text of the asset has."""
        first, *others = (text.lacks for text in self.texts)
        return [word for word in first if all(word in lacks for lacks in others)]


def hits(finder: Finder, text: str, most: int, reader: str) -> tuple[Sequence[FoundHit], int]:
    """Return the first results of a search for who reads that language, and how many there are."""
    answer = finder.find(rules.ask(text, size=most, prefer=Language(reader)))
    return answer.hits, answer.total


def looked(finder: Finder, text: str, slug: str, reader: str) -> Looked | None:
    """Return what keeps an asset from coming first; None when no such asset is published."""
    facts = indexable.published_facts(log.texts_of(slug))
    if not facts:
        return None
    contents = indexable.contents([fact.id for fact in facts])
    words = rules.ask(text).words
    wanted = {word.typed: {term for term, _ in word.alternatives} for word in words}
    texts = []
    for fact in facts:
        content = contents[fact.id]
        terms = set(indexing.entry_of(fact, content).terms)
        named = set(analysis.document_terms(content.title).terms)
        lacks = [word for word, any_of in wanted.items() if not any_of & terms]
        weak = [w for w, any_of in wanted.items() if any_of & terms and not any_of & named]
        texts.append(Text(fact.language, content.title, lacks, weak))
    texts.sort(key=lambda it: (len(it.lacks), it.language != reader, it.language))
    best = next((it for it in texts if it.language == reader), texts[0])
    return Looked(
        slug, best.title, best.language,
        replaying.replay(finder, text, {}, slug=slug, reader=reader), texts,
        frozenset((term.facet, term.slug) for fact in facts for term in fact.facets),
    )  # fmt: skip


def said_as(text: str, missing: Sequence[str], reader: str) -> dict[str, str]:
    """Return what to say another way, under the language it is in: what lacks, or all of it.

    Plain Latin letters may be Vietnamese in haste; Russian they are not, whoever reads.
    """
    said = " ".join(missing) or text
    usual = Language.EN.value if reader == Language.RU else reader
    return {LANGUAGES[language_of(said, None, usual)]: said}


def about(text: str) -> Mapping[str, str]:
    """Return what a request for it is about: the competitor it names."""
    return wording.named(text)


def waits(slug: str) -> bool:
    """Whether the index has still to learn the last change of an asset."""
    return queries.waits_for_index(slug)
