"""What is decided about words: which are the same, which clash, what a merge keeps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.markup import fold, slugify

SLUG_MOST = 80
WORD_MOST = 80
ALIASES_MOST = 500


@dataclass(frozen=True, slots=True)
class Words:
    """All that a term is called; `former` are slugs it had before."""

    id: int | None
    slug: str
    names: Mapping[str, str]
    aliases: Sequence[str] = ()
    former: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """A word that another term of the facet has already."""

    word: str
    other: Words


def key_of(word: str) -> str:
    """Return what two words share that count as the same: case and marks do not count."""
    return fold(word) or word


def keys_of(term: Words) -> dict[str, str]:
    """Return every word a term is found by, as it is written, by its key."""
    found: dict[str, str] = {}
    for word in (*term.names.values(), *term.aliases, term.slug, *term.former):
        found.setdefault(key_of(word), word)
    return found


def clash(mine: Words, others: Iterable[Words]) -> Clash | None:
    """Return the first word of a term that another one has, in the order its words are told."""
    taken: dict[str, Words] = {}
    for other in others:
        if other.id is None or other.id != mine.id:
            for key in keys_of(other):
                taken.setdefault(key, other)
    for key, word in keys_of(mine).items():
        if key in taken:
            return Clash(word, taken[key])
    return None


def tidy(aliases: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Return aliases without repetitions and without what a name says already; order stays."""
    known = {key_of(name) for name in names.values()}
    kept: dict[str, str] = {}
    for alias in aliases:
        if alias and key_of(alias) not in known:
            kept.setdefault(key_of(alias), alias)
    return list(kept.values())


def gained(target: Words, source: Words) -> list[str]:
    """Return the aliases a term gains when another is merged into it: all its words, once."""
    known = {key_of(word) for word in (*target.names.values(), *target.aliases)}
    return [
        word
        for word in tidy((*source.names.values(), *source.aliases), {})
        if key_of(word) not in known
    ]


def is_slug(text: str) -> bool:
    """Whether a text can be a term's slug."""
    return bool(text) and text == slugify(text, SLUG_MOST)


def first_slug(names: Mapping[str, str]) -> str:
    """Return the slug of a new term: of its English name, else of any other."""
    return slugify(names.get("en") or next(iter(names.values()), ""), SLUG_MOST)
