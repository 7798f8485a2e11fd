"""Takes a hit's score apart by asking the engine for one term at a time: any engine will do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.search import indexable, indexing
from portal.search.engine import Engine, Hit, Query, Sort
from portal.search.explaining.rules import Sum, Term, WordPart
from portal.search.finding import Finder
from portal.search.priors.service import Known, Told
from portal.search.rules import Asked


@dataclass(frozen=True, slots=True)
class Why:
    """Why an asset is found: the language of the text that scores, its sum, its priors."""

    asset_id: int
    slug: str
    language: str
    sum: Sum
    told: Told | None


def why(finder: Finder, known: Known | None, asked: Asked, asset_id: int) -> Why | None:
    """Explain the score of an asset in a search; None when the search does not find it."""
    facts = {fact.id: fact for fact in indexable.facts_of_asset(asset_id)}
    if not facts or asked.pointless:
        return None
    alone = replace(asked.query, first=(), priors=None, sort=Sort.BEST, limit=1, offset=0)
    scored = {i: hit for i in facts if (hit := _one(finder.engine, alone, i)) is not None}
    if not scored:
        return None
    text_id = max(scored, key=lambda i: (scored[i].score, -i))
    fact = facts[text_id]
    places = indexing.where(fact, indexable.contents([text_id])[text_id])
    told = known.told(asset_id) if known else None

    def term(name: str, weight: float) -> Term:
        hit = _one(finder.engine, Query(words=(((name, weight),),), limit=1), text_id)
        return Term(name, hit.score if hit else 0.0, places.get(name, {}))

    query = asked.query
    words = tuple(
        WordPart(word.typed, tuple(term(*pair) for pair in alternatives))
        for word, alternatives in zip(asked.words, query.words, strict=False)
    )
    extra = tuple(found for pair in query.bonus if (found := term(*pair)).added)
    factors: Mapping[str, float] = told.factors if told and finder.priors() is not None else {}
    return Why(asset_id, fact.slug, fact.language, Sum(words, extra, factors), told)


def _one(engine: Engine, query: Query, text_id: int) -> Hit | None:
    """What the engine says of one text, by any word of the query."""
    asked = replace(query, match_all=False, among=frozenset({text_id}))
    return next(iter(engine.search(asked).hits), None)
