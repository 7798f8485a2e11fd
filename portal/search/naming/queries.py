"""The SELECTs of names: terms of the vocabulary, their other names, words of texts."""

from sqlalchemy import bindparam, func, select

from portal.db import db
from portal.library.models import FacetTerm, FormerSlug
from portal.library.queries import name_of
from portal.search.models import SearchWord


def term_names(language: str) -> dict[tuple[str, str], str]:
    """Return the name of every term of the vocabulary by (facet, slug)."""
    query = select(FacetTerm.facet, FacetTerm.slug, FacetTerm.names).order_by(FacetTerm.id)
    return {
        (row.facet, row.slug): name_of(row.names, row.slug, language)
        for row in db.session.execute(query)
    }


_WORDS = (
    select(SearchWord.id, SearchWord.word)
    .where(SearchWord.id >= bindparam("first"))
    .order_by(SearchWord.id)
)
_STATE = select(
    func.coalesce(func.max(FacetTerm.id), 0),
    func.coalesce(func.sum(FacetTerm.version), 0),
    func.count(),
)


def vocabulary_state() -> tuple[int, ...]:
    """Return what changes whenever a term is added, edited at the desk, or taken away."""
    return tuple(map(int, db.session.connection().execute(_STATE).one()))


def vocabulary_names() -> list[tuple[str, str]]:
    """Return every name and other name of the vocabulary with the word it is kept as."""
    query = select(FacetTerm).order_by(FacetTerm.id)
    return [
        (said, f"={term.facet}/{term.slug}")
        for term in db.session.scalars(query)
        for said in dict.fromkeys((*term.names.values(), *term.aliases))
    ]


def names_by_word() -> dict[str, list[str]]:
    """Return the names of competitors and products, without their other names, by their word.

    Other terms of the vocabulary, as stages, are called by words that mean much else.
    """
    query = select(FacetTerm).where(FacetTerm.facet.in_(("competitor", "product")))
    query = query.order_by(FacetTerm.id)
    return {
        f"={term.facet}/{term.slug}": list(dict.fromkeys(term.names.values()))
        for term in db.session.scalars(query)
    }


def former_slugs() -> dict[tuple[str, str], str]:
    """Return the slug that each former slug of the vocabulary leads to, by (facet, former)."""
    query = (
        select(FormerSlug.facet, FormerSlug.slug, FacetTerm.slug.label("now"))
        .join(FacetTerm, FacetTerm.id == FormerSlug.term_id)
        .order_by(FormerSlug.id)
    )
    return {(row.facet, row.slug): row.now for row in db.session.execute(query)}


def words_from(word_id: int) -> list[tuple[int, str]]:
    """Return (id, word) of the words texts have, a given one and those kept after it, in order."""
    rows = db.session.connection().execute(_WORDS, {"first": word_id})
    return [(number, word) for number, word in rows]
