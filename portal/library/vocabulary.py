"""The controlled vocabulary: `vocabulary.yaml` in and out, and words matched to its terms."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from portal.config import Language
from portal.db import db
from portal.errors import Invalid
from portal.library import frontmatter, yamltext
from portal.library.models import FacetTerm
from portal.library.rules import Facet
from portal.markup import fold, slugify

FILE = "vocabulary.yaml"
TERM_LIMIT = 80


class Vocabulary:
    """All terms, found by slug, name or alias; case, marks and punctuation do not count."""

    def __init__(self) -> None:
        """Read every term once; a vocabulary holds hundreds, not thousands."""
        self._slugs: dict[tuple[str, str], FacetTerm] = {}
        self._words: dict[tuple[str, str], FacetTerm] = {}
        query = select(FacetTerm).order_by(FacetTerm.facet, FacetTerm.slug)
        for term in db.session.scalars(query):
            self._learn(term)

    def _learn(self, term: FacetTerm) -> None:
        self._slugs[term.facet, term.slug] = term
        for word in (term.slug, *term.names.values(), *term.aliases):
            self._words.setdefault((term.facet, fold(word) or word), term)

    def term(self, facet: Facet, word: str, language: str) -> FacetTerm:
        """Return the term a word stands for; a word nobody knows becomes a term."""
        found = self._slugs.get((facet.value, word))
        found = found or self._words.get((facet.value, fold(word) or word))
        if found is None:
            found = self.put(facet, slugify(word), {language: word}, [])
        return found

    def put(
        self, facet: Facet, slug: str, names: Mapping[str, str], aliases: Iterable[str]
    ) -> FacetTerm:
        """Add a term, or give a known one these names and aliases; nothing is written for none."""
        term = self._slugs.get((facet.value, slug))
        names, aliases = dict(names), list(aliases)
        if term is None:
            term = FacetTerm(facet=facet.value, slug=slug, names=names, aliases=aliases)
            db.session.add(term)
            db.session.flush()
        elif names and (term.names != names or term.aliases != aliases):
            term.names, term.aliases = names, aliases
            db.session.flush()
        self._learn(term)
        return term


def load(data: bytes, vocabulary: Vocabulary) -> None:
    """Take over a `vocabulary.yaml`: facet → list of {slug, en, vi, ru, aliases}.

    Raises:
        Invalid: with the line of the facet, when it can not be read; nothing is changed then.
    """
    values, lines = yamltext.load(frontmatter.decode(data))
    terms = []
    for name, items in frontmatter.storable(values).items():
        line = lines.get(name)
        if name not in {facet.value for facet in Facet} or not isinstance(items, list):
            known = ", ".join(Facet)
            raise Invalid(f"`{name}`: expected a list of terms under one of: {known}", line=line)
        terms += [(Facet(name), *_term(item, line)) for item in items]
    for facet, slug, names, aliases in terms:
        vocabulary.put(facet, slug, names, aliases)


def _term(item: Any, line: int | None) -> tuple[str, dict[str, str], list[str]]:  # noqa: ANN401
    if isinstance(item, str):
        item = {"slug": item}
    unknown = set(item) - {"slug", "aliases", *Language} if isinstance(item, dict) else {"?"}
    if unknown or not item.get("slug"):
        raise Invalid("a term needs `slug` and may have en, vi, ru and aliases", line=line)
    slug, aliases = str(item["slug"]), item.get("aliases") or []
    if slug != slugify(slug, TERM_LIMIT):
        raise Invalid(f"the slug {slug[:60]!r} must be lower-case words and hyphens", line=line)
    names = {language.value: item[language] for language in Language if item.get(language)}
    if not isinstance(aliases, list):
        raise Invalid(f"the aliases of {slug!r} must be a list", line=line)
    return slug, {k: str(v).strip() for k, v in names.items()}, [str(a) for a in aliases]


def dump() -> str:
    """Return the whole vocabulary as `load` reads it, in a fixed order; "" when there is none."""
    facets: dict[str, list[dict[str, Any]]] = {}
    for term in db.session.scalars(select(FacetTerm).order_by(FacetTerm.facet, FacetTerm.slug)):
        entry: dict[str, Any] = {"slug": term.slug}
        entry |= {lang.value: term.names[lang] for lang in Language if lang in term.names}
        if term.aliases:
            entry["aliases"] = list(term.aliases)
        facets.setdefault(term.facet, []).append(entry)
    return yamltext.dump(facets) if facets else ""
