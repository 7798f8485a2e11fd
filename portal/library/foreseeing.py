"""What is made of files before they are saved, while no transaction is open: drawings and claims.

Finding claims takes longer than saving them. It needs to know what the asset will be about, so
that is foreseen from its files; where it comes out otherwise they are found when it is saved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.library import service
from portal.library.claims import keeping
from portal.library.claims.keeping import About
from portal.library.claims.rules import Claim
from portal.library.claims.subjects import Term, vocabulary_of
from portal.library.claims.subjects import Vocabulary as Subjects
from portal.library.files import SourceFile
from portal.library.rules import Facet, Kind
from portal.library.vocabulary import Vocabulary
from portal.markup import Document, slugify

_SUBJECTS = (Facet.COMPETITOR, Facet.PRODUCT)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A body as it will be shown, and its claims if the asset turns out as foreseen."""

    document: Document
    claims: Mapping[About, Sequence[Claim]]


def slug_of(vocabulary: Vocabulary, facet: Facet, word: str) -> str:
    """Return the slug of the term a word stands for, or will stand for; no database is asked."""
    known = vocabulary.slug_of(facet, word)
    return known or vocabulary.slug_of(facet, slugify(word)) or slugify(word)


def about(vocabulary: Vocabulary, group: Sequence[SourceFile], kind: Kind) -> About:
    """Return what an asset will be about if its files are all there is of it."""
    terms = [
        (facet.value, slug_of(vocabulary, facet, word))
        for source in group
        for facet, words in source.facets.items()
        for word in words
    ]
    return keeping.about(group[0].slug, kind.value, terms)


def subjects(
    vocabulary: Vocabulary, terms: Sequence[Term], sources: Iterable[SourceFile]
) -> Subjects:
    """Return whom sentences can be about: the terms there are and those the files bring."""
    new: dict[tuple[str, str], Term] = {}
    for source in sources:
        for facet in _SUBJECTS:
            for word in source.facets.get(facet, ()):
                slug = slug_of(vocabulary, facet, word)
                if not vocabulary.slug_of(facet, slug):
                    new.setdefault((facet.value, slug), Term(facet.value, slug, (word,)))
    every = sorted((*terms, *new.values()), key=lambda term: (term.facet, term.slug))
    return vocabulary_of(tuple(every))


def draw(
    source: SourceFile, fields: Mapping[str, object], link_of: service.LinkOf,
    it: About, words: Subjects,
) -> Drawn:  # fmt: skip
    """Draw a file's text and find its claims.

    Raises:
        Invalid: when the body would take too long to draw.
    """
    document = service.draw(source.body, title=source.title, link_of=link_of)
    sections = service.drawn(document)["sections"]
    found = keeping.found_in(it, source.language.value, sections, fields, words)
    return Drawn(document, {it: found})
