"""What searches mean in this process: the index, the words there are, the synonyms as edited."""

from collections.abc import Hashable
from typing import Any

from portal.cache import ByteCache
from portal.search import exact, trade, wording
from portal.search.dictionary import Dictionary
from portal.search.engine import Engine
from portal.search.exact import Texts
from portal.search.expanding import Table, terms_for
from portal.search.naming import queries as naming
from portal.search.nicknames import Called, Names
from portal.search.rules import Asked
from portal.search.synonyms import queries as synonyms
from portal.search.understanding import Knowledge, understand

KEPT_BYTES, KEPT_SIZE = 2 * 1024 * 1024, 6000
"""What searches understood may take in memory, and about what one takes."""


class Meaning:
    """What this process knows, kept until it changes; and the searches understood last."""

    def __init__(self) -> None:
        self._dictionary = Dictionary()
        self._table: tuple[Hashable, Table] | None = None
        self._called: tuple[int, Names] | None = None
        self._kept: ByteCache[Any, Asked] = ByteCache(KEPT_BYTES)

    def of(self, asked: Asked, engine: Engine, texts: Texts) -> tuple[Asked, Hashable]:
        """Return a search as it is meant, and a key of all that decides its answer.

        Raises IndexDamagedError.
        """
        state = synonyms.state()
        key = (engine.generation(), state, *what(asked))
        kept = self._kept.get(key)
        if kept is None:
            names = self._names(engine.generation())
            known = Knowledge(self._dictionary.words, self._synonyms(state), names)
            kept = understand(asked, engine.frequencies, known)
            if kept.phrases or kept.without:
                kept = exact.narrowed(kept, engine, texts)
            self._kept.put(key, kept, KEPT_SIZE + 4 * len(asked.typed))
        return kept, key

    def forget_old(self, generation: int) -> None:
        """Forget what was understood by other generations of the index."""
        self._kept.keep_only(lambda key: key[0] == generation)

    def _synonyms(self, state: Hashable) -> Table:
        kept = self._table
        if kept is None or kept[0] != state:
            groups = trade.synonyms() | synonyms.edited()
            kept = self._table = (state, Table(groups.values()))
        return kept[1]

    def _names(self, generation: int) -> Names:
        """The vocabulary's nicknames: whatever has one is indexed anew when it changes."""
        kept = self._called
        if kept is None or kept[0] != generation:
            lexicon, terms = wording.vocabulary(), {}
            for word, names in naming.names_by_word().items():
                found = (term for name in names for term in terms_for(name))
                terms[word] = tuple(dict.fromkeys(found))

            def called(text: str) -> list[Called]:
                found = wording.places(text, lexicon)
                return [Called(at, size, terms[word]) for at, size, word in found if word in terms]

            kept = self._called = (generation, called)
        return kept[1]


def what(asked: Asked) -> tuple[Hashable, ...]:
    """All that decides what is found, and what of it is marked."""
    query = asked.query
    filters = tuple(sorted((name, tuple(sorted(of))) for name, of in query.filters.items()))
    rest = (query.match_all, query.at_least, query.prefer, query.sort, query.limit, query.offset)
    said = (asked.typed, asked.phrases, asked.without, asked.literal, asked.pointless)
    return (*said, asked.words, query.bonus, filters, query.first, *rest)
