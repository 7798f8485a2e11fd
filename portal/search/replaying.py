"""A search done again for one asset: where it comes, and what keeps it from coming first."""

from collections.abc import Mapping, Sequence

from portal.asset_requests.delivering.rules import FIRST, Replayed, Why
from portal.search import analysis, queries, rules
from portal.search.finding import Answer, Finder

LOOKED_AT = rules.MAX_PAGE_SIZE
AHEAD = 3


def replay(
    finder: Finder,
    text: str,
    filters: Mapping[str, Sequence[str]],
    *,
    slug: str,
    reader: str,
) -> Replayed:
    """Search as somebody did, and say where an asset came; see `Replayed`.

    Args:
        finder: what answers searches.
        text: what was typed then.
        filters: what it was narrowed to.
        slug: the asset.
        reader: the language the person reads.
    """
    narrowed = dict(filters)
    answer = _find(finder, text, narrowed, reader)
    rank = _rank(answer, slug)
    if rank is not None and rank <= FIRST:
        return Replayed(text, rank, answer.total, Why.FOUND)
    ahead = [(hit.card.slug, hit.card.title) for hit in answer.hits[:AHEAD]]
    missing, weak, is_behind = _words(text, slug)
    kept_out = _kept_out(finder, text, narrowed, slug, reader) if rank is None else []
    why = Why.LOW
    if is_behind:
        why = Why.BEHIND
    elif kept_out:
        why = Why.FILTERED
    elif missing:
        why = Why.WORDS
    return Replayed(text, rank, answer.total, why, kept_out, missing, weak, ahead)


def _find(finder: Finder, text: str, filters: Mapping[str, Sequence[str]], reader: str) -> Answer:
    told = {name: list(values) for name, values in filters.items()}
    prefer = rules.reader_of(reader)
    return finder.find(rules.ask(text, filters=told, size=LOOKED_AT, prefer=prefer))


def _rank(answer: Answer, slug: str) -> int | None:
    return next((hit.rank for hit in answer.hits if hit.card.slug == slug), None)


def _kept_out(
    finder: Finder, text: str, filters: dict[str, Sequence[str]], slug: str, reader: str
) -> list[str]:
    """Return the facets without which the asset would be found: those it lacks."""
    if not filters or _rank(_find(finder, text, {}, reader), slug) is None:
        return []
    single = []
    for name, values in filters.items():
        only = {name: values}
        if _rank(_find(finder, text, only, reader), slug) is None:
            single.append(name)
    return single


def _words(text: str, slug: str) -> tuple[list[str], list[str], bool]:
    """Return the words of a search an asset lacks, those not in its title, and whether it waits.

    Of its texts the one that has most of the words counts: hits are texts, not assets.
    """
    wanted = {word.typed: {term for term, _ in word.alternatives} for word in rules.ask(text).words}
    found: list[tuple[list[str], list[str]]] = []
    for title, body in queries.said_by(slug):
        whole = set(analysis.document_terms(f"{title}\n{body}").terms)
        named = set(analysis.document_terms(title).terms)
        lacks = [word for word, terms in wanted.items() if not terms & whole]
        weak = [word for word, terms in wanted.items() if terms & whole and not terms & named]
        found.append((lacks, weak))
    missing, weak = min(found, key=lambda pair: len(pair[0]), default=(list(wanted), []))
    return missing, weak, queries.waits_for_index(slug)
