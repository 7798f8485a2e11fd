"""Answers a search: the index proposes ids, the database disposes, snippets show why."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from portal.config import Language
from portal.search import queries, rules, snippets
from portal.search.engine import Engine, Found, Hit, IndexDamagedError
from portal.search.queries import Card
from portal.search.rules import Asked
from portal.search.snippets import Passage, Prepared, Sentence, Snippet, Snippets

log = logging.getLogger(__name__)

NOTHING = Found(hits=(), total=0, facets={})


@dataclass(frozen=True, slots=True)
class FoundHit:
    """One asset found: its card, where and why; `rank` starts at 1 over all pages."""

    rank: int
    score: float
    card: Card
    title: str
    snippet: Snippet
    languages: Sequence[str]
    competitors: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found; `facets` maps facet → value → number of assets."""

    asked: Asked
    total: int
    hits: tuple[FoundHit, ...]
    facets: Mapping[str, Mapping[str, int]]
    relaxed: bool
    elapsed_ms: float


@dataclass(slots=True)
class Finder:
    """An engine and the texts kept ready for snippets; one a process."""

    engine: Engine
    snippets: Snippets = field(default_factory=Snippets)
    _names: dict[str, tuple[int, dict[tuple[str, str], str]]] = field(default_factory=dict)

    def find(self, asked: Asked, reader: Language) -> Answer:
        """Answer a search for a reader; a damaged index finds nothing and is logged."""
        start = time.perf_counter()
        found = self._propose(asked)
        cards = queries.cards([hit.id for hit in found.hits]) if found.hits else {}
        live = [hit for hit in found.hits if hit.id in cards]
        hits = self._hits(asked, live, cards, reader) if live else ()
        return Answer(
            asked=asked,
            total=found.total - (len(found.hits) - len(live)),
            hits=hits,
            facets=found.facets,
            relaxed=found.relaxed,
            elapsed_ms=(time.perf_counter() - start) * 1000,
        )

    def slugs(self, text: str, language: Language | None, limit: int) -> list[str]:
        """Return the slugs of the assets found, best first: what relevance is measured on."""
        filters = {"language": [language.value]} if language else {}
        answer = self.find(rules.ask(text, filters=filters, size=limit), language or Language.EN)
        return [hit.card.slug for hit in answer.hits]

    def term_names(self, language: str) -> Mapping[tuple[str, str], str]:
        """Return the vocabulary's names, kept until the index changes."""
        try:
            generation = self.engine.generation()
        except IndexDamagedError:
            return queries.term_names(language)
        kept = self._names.get(language)
        if kept is None or kept[0] != generation:
            kept = (generation, queries.term_names(language))
            self._names[language] = kept
        return kept[1]

    def _propose(self, asked: Asked) -> Found:
        if asked.pointless:
            return NOTHING
        try:
            return self.engine.search(asked.query)
        except IndexDamagedError:
            log.exception("the index can not be read: run `portal search rebuild`")
            return NOTHING

    def _hits(
        self, asked: Asked, live: Sequence[Hit], cards: Mapping[int, Card], reader: Language
    ) -> tuple[FoundHit, ...]:
        """Put cards, snippets and what else is shown together, in the index's order."""
        groups = [hit.group for hit in live]
        languages = queries.languages(groups)
        competitors = queries.competitors(groups, reader)
        prepared = self._prepared([cards[hit.id] for hit in live])
        return tuple(
            FoundHit(
                rank=asked.query.offset + number,
                score=hit.score,
                card=cards[hit.id],
                title=snippets.highlight(cards[hit.id].title, asked.words),
                snippet=snippets.best(prepared[hit.id], asked.words),
                languages=languages[hit.group],
                competitors=competitors.get(hit.group, ()),
            )
            for number, hit in enumerate(live, start=1)
        )

    def _prepared(self, cards: Sequence[Card]) -> dict[int, Prepared]:
        """Return the texts ready for snippets, loading only those not kept."""
        ready: dict[int, Prepared] = {}
        for card in cards:
            known = self.snippets.known(card.id, card.revision)
            if known is not None:
                ready[card.id] = known
        unknown = [card for card in cards if card.id not in ready]
        sections = queries.sections([card.id for card in unknown]) if unknown else {}
        for card in unknown:
            make = partial(_prepare, card, sections.get(card.id, ()))
            ready[card.id] = self.snippets.prepare(card.id, card.revision, make)
        return ready


def _prepare(card: Card, sections: Sequence[Mapping[str, Any]]) -> Prepared:
    passages = [
        Passage(
            anchor=section["anchor"],
            heading=section["heading"],
            text=section["text"],
            sentences=tuple(Sentence(s["anchor"], s["text"]) for s in section["sayables"]),
        )
        for section in sections
    ]
    return Prepared(card.title, [Passage("", "", card.summary), *passages], card.owner)
