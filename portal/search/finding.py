"""Answers a search: the index proposes ids, the database disposes, snippets show why."""

import logging
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal.cache import ByteCache
from portal.config import Language
from portal.search import indexable, indexing, queries, rules, snippets
from portal.search.engine import Engine, Found, Hit, IndexDamagedError, Priors
from portal.search.meaning import Meaning, what
from portal.search.naming import queries as naming
from portal.search.passages import Prepared
from portal.search.queries import Card
from portal.search.rules import Asked
from portal.search.snippets import Snippet, Snippets

log = logging.getLogger(__name__)

SHOWN_BYTES, SHOWN_SIZE = 8 * 1024 * 1024, 3500
"""What cards may take in memory, and what one takes besides its summary."""
ANSWERED_BYTES, ANSWERED_SIZE, SNIPPET_SIZE = 8 * 1024 * 1024, 6000, 400
"""What answers may take in memory; what one takes, and one of its snippets besides its words."""
READ_AT_ONCE = 100
"""Texts that are read together for an exact phrase."""
MOST_WORDS = 12
"""Words of a search that may well be asked again: not a letter that somebody pasted."""
NOTHING = Found(hits=(), total=0, facets={})


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a text whatever was asked; competitors are (slug, names by language).

    ``drawn`` is for the page: what it made of all this, and on which day, by language of the
    interface. It goes when any of this changes.
    """

    card: Card
    languages: Sequence[str]
    competitors: Sequence[tuple[str, Mapping[str, str]]]
    drawn: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class FoundHit:
    """One asset found: its card, where and why; `rank` starts at 1 over all pages."""

    rank: int
    score: float
    shown: Shown
    snippet: Snippet

    @property
    def card(self) -> Card:
        """The card of the text that stands for the asset."""
        return self.shown.card

    @property
    def told(self) -> tuple[str, Snippet]:
        """The snippet, with the version of the text that it was cut from."""
        return self.shown.card.digest, self.snippet


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found; `facets` maps facet → value → number of assets."""

    asked: Asked
    total: int
    hits: tuple[FoundHit, ...]
    facets: Mapping[str, Mapping[str, int]]
    relaxed: bool
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Answered:
    """What one generation of the index found, with the snippets shown: (digest, snippet) by text.

    Whether any of it may be shown is asked anew each time, see `Finder._shown`.
    """

    found: Found
    snippets: Mapping[int, tuple[str, Snippet]]

    @property
    def size(self) -> int:
        """About as many bytes as it takes in memory."""
        shown = [snippet for _, snippet in self.snippets.values()]
        letters = sum(len(it.title) + len(it.html) + len(it.heading) for it in shown)
        letters += sum(len(it.sentence.text) for it in shown if it.sentence)
        return ANSWERED_SIZE + SNIPPET_SIZE * len(shown) + 2 * letters


@dataclass(slots=True)
class Finder:
    """An engine, the texts kept ready for snippets, and the answers given last; one a process.

    `priors` tells what is known of assets besides their texts, see `search.priors`.
    """

    engine: Engine
    priors: Callable[[], Priors | None] = lambda: None
    snippets: Snippets = field(default_factory=Snippets)
    meaning: Meaning = field(default_factory=Meaning)
    _kept: ByteCache[int, tuple[tuple[int, int, int], Shown]] = field(
        default_factory=lambda: ByteCache(SHOWN_BYTES)
    )
    _answered: ByteCache[Any, Answered] = field(default_factory=lambda: ByteCache(ANSWERED_BYTES))
    _newest: int = -1
    _names: dict[str, tuple[tuple[int, ...], dict[tuple[str, str], str]]] = field(
        default_factory=dict
    )

    def find(self, asked: Asked) -> Answer:
        """Answer a search; a damaged index finds nothing and is logged."""
        start = time.perf_counter()
        asked, key = self._understood(asked)
        kept = self._answered.get(key)
        if kept is None:
            self._forget_old()
        found = kept.found if kept else self._propose(asked)
        shown = self._shown(found.hits) if found.hits else {}
        live = [hit for hit in found.hits if hit.id in shown]
        told = kept.snippets if kept else {}
        hits = self._hits(asked, live, shown, told) if live else ()
        if len(asked.words) <= MOST_WORDS and not asked.understood.telling:
            self._remember(key, kept, Answered(found, {h.card.id: h.told for h in hits}))
        return Answer(
            asked=asked,
            total=found.total - (len(found.hits) - len(live)),
            hits=hits,
            facets=found.facets,
            relaxed=found.relaxed,
            elapsed_ms=(time.perf_counter() - start) * 1000,
        )

    def _forget_old(self) -> None:
        """Forget what was answered from generations of the index that are gone."""
        generation = self._generation()
        if generation != self._newest:
            self._newest = generation
            self._answered.keep_only(lambda key: key[0][0] == generation)
            self.meaning.forget_old(generation)

    def _understood(self, asked: Asked) -> tuple[Asked, Hashable]:
        """Return a search as it is meant and weighed, and what its answer may be kept by."""
        key: Hashable
        try:
            asked, key = self.meaning.of(asked, self.engine, self._ready)
        except IndexDamagedError:
            key = (-1, *what(asked))
        priors = self.priors()
        weighed = replace(asked, query=replace(asked.query, priors=priors))
        return weighed, (key, priors.serial if priors else 0)

    def _ready(self, text_ids: Sequence[int]) -> Iterator[tuple[int, Prepared]]:
        """Yield texts as the index has them, for reading in them."""
        for at in range(0, len(text_ids), READ_AT_ONCE):
            chunk = text_ids[at : at + READ_AT_ONCE]
            for text_id, (_, data) in queries.packed(chunk).items():
                prepared = Prepared.unpacked(data)
                if prepared is not None:
                    yield text_id, prepared

    def _remember(self, key: Hashable, kept: Answered | None, now: Answered) -> None:
        """Keep an answer for the next who asks the same, unless it is what is kept already."""
        if now.snippets and (kept is None or kept.snippets != now.snippets):
            self._answered.put(key, now, now.size)

    def slugs(
        self, text: str, language: Language | None, limit: int, prefer: Language | None = None
    ) -> list[str]:
        """Return the slugs of the assets found, best first: what relevance is measured on."""
        filters = {"language": [language.value]} if language else {}
        answer = self.find(rules.ask(text, filters=filters, size=limit, prefer=prefer))
        return [hit.card.slug for hit in answer.hits]

    def term_names(self, language: str) -> Mapping[tuple[str, str], str]:
        """Return the vocabulary's names, kept until the index or one of its terms changes."""
        state = (self._generation(), *naming.vocabulary_state())
        kept = self._names.get(language)
        if kept is None or kept[0] != state:
            kept = (state, naming.term_names(language))
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

    def _generation(self) -> int:
        try:
            return self.engine.generation()
        except IndexDamagedError:
            return -1

    def _shown(self, hits: Sequence[Hit]) -> dict[int, Shown]:
        """Return what is shown of those of the texts found that are published, by text.

        Asked anew each time: whether their assets are published, and in which version. Whatever
        else a card shows changes with the version or, sooner or later, the index.
        """
        generation = self._generation()
        live = queries.versions([hit.group for hit in hits])
        marks = {hit.id: (generation, *live[hit.group]) for hit in hits if hit.group in live}
        known = {
            i: kept[1] for i, m in marks.items() if (kept := self._kept.get(i)) and kept[0] == m
        }
        unknown = [i for i in marks if i not in known]
        if unknown:
            cards = queries.cards(unknown)
            assets = {card.asset_id for card in cards.values()}
            languages, rivals = queries.languages(assets), queries.competitors(assets)
            for i, card in cards.items():
                known[i] = Shown(card, languages[card.asset_id], rivals.get(card.asset_id, ()))
                self._kept.put(i, (marks[i], known[i]), SHOWN_SIZE + 2 * len(card.summary))
        return known

    def _hits(
        self,
        asked: Asked,
        live: Sequence[Hit],
        shown: Mapping[int, Shown],
        told: Mapping[int, tuple[str, Snippet]],
    ) -> tuple[FoundHit, ...]:
        """Put cards and snippets together, in the index's order; `told` are those of last time."""
        cards = [shown[hit.id].card for hit in live]
        ready = {c.id: told[c.id][1] for c in cards if told.get(c.id, ("",))[0] == c.digest}
        for text_id, prepared in self._prepared([c for c in cards if c.id not in ready]).items():
            ready[text_id] = snippets.best(prepared, asked.words, asked.understood.also)
        return tuple(
            FoundHit(
                rank=asked.query.offset + number,
                score=hit.score,
                shown=shown[hit.id],
                snippet=ready[hit.id],
            )
            for number, hit in enumerate(live, start=1)
            if hit.id in ready
        )

    def _prepared(self, cards: Sequence[Card]) -> dict[int, Prepared]:
        """Return the texts ready for snippets: kept here, kept in the database, or made now."""
        ready: dict[int, Prepared] = {}
        for card in cards:
            known = self.snippets.known(card.id, card.digest)
            if known is not None:
                ready[card.id] = known
        unknown = {card.id: card.digest for card in cards if card.id not in ready}
        if not unknown:
            return ready
        for text_id, (digest, data) in queries.packed(list(unknown)).items():
            if digest == unknown[text_id] and (kept := Prepared.unpacked(data)):
                ready[text_id] = kept
        ready |= _made([text_id for text_id in unknown if text_id not in ready])
        for text_id, digest in unknown.items():
            if text_id in ready:  # not, when it was retired since we asked
                self.snippets.keep(text_id, digest, ready[text_id])
        return ready


def _made(text_ids: Sequence[int]) -> dict[int, Prepared]:
    """Analyse texts the index has not prepared in this version."""
    if not text_ids:
        return {}
    facts, contents = indexable.published_facts(text_ids), indexable.contents(text_ids)
    return {f.id: indexing.prepared_of(f, contents[f.id]) for f in facts}
