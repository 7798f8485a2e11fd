"""The controlled vocabulary: `vocabulary.yaml` in and out, and words matched to its terms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.config import Language
from portal.db import db
from portal.errors import Invalid
from portal.library import frontmatter, yamltext
from portal.library.models import FacetTerm, FormerSlug
from portal.library.rules import Facet
from portal.library.terms.rules import key_of, tidy
from portal.markup import slugify

FILE = "vocabulary.yaml"
TERM_LIMIT = 80


class Vocabulary:
    """All terms, found by slug, former slug, name or alias; case and marks do not count."""

    def __init__(self) -> None:
        """Read every term once; a vocabulary holds hundreds, not thousands."""
        self._slugs: dict[tuple[str, str], FacetTerm] = {}
        self._former: dict[tuple[str, str], FacetTerm] = {}
        self._words: dict[tuple[str, str], FacetTerm] = {}
        self._told: dict[FacetTerm, str] = {}  # slugs: what was committed is asked for again
        query = select(FacetTerm).order_by(FacetTerm.facet, FacetTerm.slug)
        for term in db.session.scalars(query):
            self._learn(term)
        former = select(FormerSlug.slug, FacetTerm).join_from(
            FormerSlug, FacetTerm, FacetTerm.id == FormerSlug.term_id
        )
        for slug, term in db.session.execute(former.order_by(FormerSlug.id)):
            self._learn_former(term, slug)

    def _learn(self, term: FacetTerm) -> None:
        self._slugs[term.facet, term.slug] = term
        self._told[term] = term.slug
        for word in (term.slug, *term.names.values(), *term.aliases):
            self._words.setdefault((term.facet, key_of(word)), term)

    def _learn_former(self, term: FacetTerm, slug: str) -> None:
        self._former[term.facet, slug] = term
        self._words.setdefault((term.facet, key_of(slug)), term)

    def known(self, facet: Facet, word: str) -> FacetTerm | None:
        """Return the term a word stands for, if there is one."""
        key = (facet.value, word)
        found = self._slugs.get(key) or self._former.get(key)
        return found or self._words.get((facet.value, key_of(word)))

    def slug_of(self, facet: Facet, word: str) -> str:
        """Return the slug of the term a word stands for, "" for none; no database is asked."""
        term = self.known(facet, word)
        return self._told[term] if term is not None else ""

    def term(self, facet: Facet, word: str, language: str) -> FacetTerm:
        """Return the term a word stands for; a word nobody knows becomes a term."""
        found = self.known(facet, word)
        if found is None:
            slug = slugify(word)
            found = self.known(facet, slug)  # the same word in other letters
            found = found or self.put(facet, slug, {language: word}, [])
        return found

    def is_former(self, facet: Facet, slug: str) -> bool:
        """Whether a slug leads to a term that has another one by now."""
        return (facet.value, slug) in self._former

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
            self._rewrite(term, names, aliases)
        self._learn(term)
        return term

    def _rewrite(self, term: FacetTerm, names: dict[str, str], aliases: list[str]) -> None:
        for word in (*term.names.values(), *term.aliases):
            if self._words.get((term.facet, key_of(word))) is term:
                del self._words[term.facet, key_of(word)]
        term.names, term.aliases = names, aliases
        term.version = (term.version or 1) + 1
        db.session.flush()

    def add_words(self, facet: Facet, slug: str, words: Iterable[str]) -> None:
        """Make aliases of those of the words that nobody knows, for the term a slug stands for."""
        term = self.known(facet, slug)
        new = tidy((w for w in words if self.known(facet, w) is None), {})
        if term is not None and new:
            self._rewrite(term, term.names, [*term.aliases, *new])
            self._learn(term)

    def add_former(self, term: FacetTerm, slugs: Iterable[str]) -> None:
        """Let slugs lead to a term that lead nowhere yet; one in use stays where it is."""
        for slug in slugs:
            if not {(term.facet, slug)} & (self._slugs.keys() | self._former.keys()):
                db.session.add(FormerSlug(facet=term.facet, slug=slug, term_id=term.id))
                self._learn_former(term, slug)
        db.session.flush()


@dataclass(frozen=True, slots=True)
class _Told:
    """A term as a file tells it; `retired` is None when the file does not say."""

    facet: Facet
    slug: str
    names: dict[str, str]
    aliases: list[str]
    former: list[str]
    retired: date | bool | None


def load(data: bytes, vocabulary: Vocabulary) -> None:
    """Take over a `vocabulary.yaml`: facet → list of {slug, en, vi, ru, aliases, former, retired}.

    A term told under a slug it had before is another one by now: only its words are taken over.
    An alias of a term that the file says nothing about stays with that one.

    Raises:
        Invalid: with the line of the facet, when it can not be read; nothing is changed then.
    """
    values, lines = yamltext.load(frontmatter.decode(data))
    terms: list[_Told] = []
    for name, items in frontmatter.storable(values).items():
        line = lines.get(name)
        if name not in {facet.value for facet in Facet} or not isinstance(items, list):
            known = ", ".join(Facet)
            raise Invalid(f"`{name}`: expected a list of terms under one of: {known}", line=line)
        terms += [_term(Facet(name), item, line) for item in items]
    current = [told for told in terms if not vocabulary.is_former(told.facet, told.slug)]
    here = {(told.facet.value, told.slug) for told in current}
    for told in current:
        term = vocabulary.put(told.facet, told.slug, told.names, _free(told, here, vocabulary))
        vocabulary.add_former(term, told.former)
        _set_retired(term, told.retired)
    for told in terms:
        if vocabulary.is_former(told.facet, told.slug):
            words = (*told.names.values(), *told.aliases)
            vocabulary.add_words(told.facet, told.slug, words)
    db.session.flush()


def _free(told: _Told, here: set[tuple[str, str]], vocabulary: Vocabulary) -> list[str]:
    """Return the aliases but for those of terms that the file says nothing about."""
    known = ((alias, vocabulary.known(told.facet, alias)) for alias in told.aliases)
    return [
        alias
        for alias, term in known
        if term is None or term.slug == told.slug or (term.facet, term.slug) in here
    ]


def _set_retired(term: FacetTerm, retired: date | bool | None) -> None:
    """A file that says only that a term is retired leaves the day it has, or means today."""
    if retired is True:
        retired = term.retired_on or clock.now().date()
    if retired is not None:
        term.retired_on = retired or None


def _term(facet: Facet, item: Any, line: int | None) -> _Told:  # noqa: ANN401
    if isinstance(item, str):
        item = {"slug": item}
    own = {"slug", "aliases", "former", "retired", *Language}
    unknown = set(item) - own if isinstance(item, dict) else {"?"}
    if unknown or not item.get("slug"):
        message = "a term needs `slug` and may have en, vi, ru, aliases, former and retired"
        raise Invalid(message, line=line)
    slug, retired = str(item["slug"]), item.get("retired")
    if slug != slugify(slug, TERM_LIMIT):
        raise Invalid(f"the slug {slug[:60]!r} must be lower-case words and hyphens", line=line)
    try:
        retired = date.fromisoformat(retired) if isinstance(retired, str) else retired
    except ValueError:
        retired = 0
    if not isinstance(retired, date | bool | None):
        raise Invalid(f"`retired` of {slug!r} must be a date, true or false", line=line)
    names = {language.value: item[language] for language in Language if item.get(language)}
    former = _list(item, "former", slug, line)
    if any(old != slugify(old, TERM_LIMIT) for old in former):
        raise Invalid(f"the former slugs of {slug!r} must be slugs", line=line)
    return _Told(
        facet=facet,
        slug=slug,
        names={k: str(v).strip() for k, v in names.items()},
        aliases=_list(item, "aliases", slug, line),
        former=former,
        retired=retired,
    )


def _list(item: Mapping[str, Any], key: str, slug: str, line: int | None) -> list[str]:
    values = item.get(key) or []
    if not isinstance(values, list):
        raise Invalid(f"the {key} of {slug!r} must be a list", line=line)
    return [str(value) for value in values]


def dump() -> str:
    """Return the whole vocabulary as `load` reads it, in a fixed order; "" when there is none."""
    facets: dict[str, list[dict[str, Any]]] = {}
    for name, entry in terms_told().items():
        facets.setdefault(name.partition("/")[0], []).append(entry)
    return yamltext.dump(facets) if facets else ""


def terms_told() -> dict[str, dict[str, Any]]:
    """Return each term as a file tells it, by facet and slug (`industry/retail`), in order."""
    former: dict[int, list[str]] = {}
    for row in db.session.scalars(select(FormerSlug).order_by(FormerSlug.slug)):
        former.setdefault(row.term_id, []).append(row.slug)
    found: dict[str, dict[str, Any]] = {}
    for term in db.session.scalars(select(FacetTerm).order_by(FacetTerm.facet, FacetTerm.slug)):
        entry: dict[str, Any] = {"slug": term.slug}
        entry |= {lang.value: term.names[lang] for lang in Language if lang in term.names}
        if term.aliases:
            entry["aliases"] = list(term.aliases)
        if term.id in former:
            entry["former"] = former[term.id]
        if term.retired_on:
            entry["retired"] = term.retired_on
        found[f"{term.facet}/{term.slug}"] = entry
    return found
