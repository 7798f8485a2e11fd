"""Keeps the words of all texts: written down when a text is indexed, followed by each process."""

import threading
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import delete, select

from portal.db import db, inserting
from portal.search import analysis
from portal.search.models import SearchWord
from portal.search.naming import queries as naming
from portal.search.spelling import Lexicon, is_correctable

CHUNK = 500
"""Words named in one statement: SQLite takes a bounded number of parameters."""


def _chunks(words: Sequence[str]) -> Iterator[Sequence[str]]:
    return (words[at : at + CHUNK] for at in range(0, len(words), CHUNK))


def learn(said: Iterable[str], *, instead: bool = False) -> None:
    """Keep the words that no text had before; `instead`: and none that these texts do not have."""
    plain = {analysis.plain_letters(word) for word in said}
    words = sorted(word for word in plain if is_correctable(word))
    if instead:  # the rows of words that stay keep their numbers, which processes follow
        known = set(db.session.scalars(select(SearchWord.word)))
        for gone in _chunks(sorted(known.difference(words))):
            db.session.execute(delete(SearchWord).where(SearchWord.word.in_(gone)))
    else:
        known = set()
        for chunk in _chunks(words):
            query = select(SearchWord.word).where(SearchWord.word.in_(chunk))
            known.update(db.session.scalars(query))
    new = [{"word": word} for word in words if word not in known]
    if new:
        once = inserting(SearchWord).on_conflict_do_nothing(index_elements=["word"])
        db.session.connection().execute(once, new)


class Dictionary:
    """The words as this process knows them; reads only those that are new."""

    def __init__(self) -> None:
        self._lexicon = Lexicon()
        self._last = (0, "")
        self._lock = threading.Lock()

    def words(self) -> Lexicon:
        """Return all words there are by now."""
        with self._lock:
            new = naming.words_from(self._last[0])
            if not new or new[0] != self._last:  # its last word is gone: somebody made them anew
                self._lexicon, new = Lexicon(), naming.words_from(0)
            if new[1:] or len(self._lexicon) == 0:
                self._lexicon.add(word for _, word in new)
                self._last = new[-1] if new else (0, "")
            return self._lexicon
