"""Keeps the words of titles in step with the index, counts phrases, and finds what to suggest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from portal import clock
from portal.db import db
from portal.search.hints import queries, rules
from portal.search.hints.models import Phrase, TitleWord
from portal.search.hints.rules import Said
from portal.search.promoting.rules import key_of

BACK = timedelta(days=180)
TITLES, SEARCHES, RIVALS = 5, 4, 2
"""What is suggested at most."""


def keep_titles(session: Session, titles: Sequence[tuple[int, str, str]], gone: list[int]) -> None:
    """Replace the words of the titles of texts, (text, language, title), and of those gone."""
    ids = [text_id for text_id, _, _ in titles] + gone
    session.execute(delete(TitleWord).where(TitleWord.text_id.in_(ids)))
    rows = [
        {"text_id": text_id, "word": word, "language": language, "place": place}
        for text_id, language, title in titles
        for word, place in rules.title_words(title).items()
    ]
    if rows:
        session.execute(insert(TitleWord), rows)


def refresh() -> int:
    """Count anew what several people searched for and opened something by; flushed."""
    now = clock.now()
    found = rules.phrases(queries.led_on(now - BACK), key_of)
    db.session.execute(delete(Phrase))
    if found:
        db.session.execute(
            insert(Phrase),
            [
                {"text": it.text, "language": it.language, "people": it.people, "counted_at": now}
                for it in found
            ],
        )
    db.session.flush()
    return len(found)


@dataclass(slots=True)
class Phrases:
    """The searches that may be suggested to everybody; one a process, read again when counted."""

    _state: tuple[Any, ...] | None = None
    _kept: Sequence[tuple[list[str], Said]] = ()

    def beginning(self, typed: Sequence[str], reader: str) -> list[str]:
        """Return those whose words begin so, in the reader's language first."""
        state = queries.phrases_state()
        if state != self._state:
            self._kept = [(rules.folded(it.text), it) for it in queries.phrases()]
            self._state = state
        found = [it for words, it in self._kept if rules.begin(typed, words)]
        found.sort(key=lambda it: it.language not in {"", reader})
        return [it.text for it in found[:SEARCHES]]


def searches(user_id: int, typed: Sequence[str], shared: Iterable[str]) -> list[tuple[str, bool]]:
    """Return (search, own?) that begin so: one's own, then others'; each once."""
    made, most = rules.done(queries.own_searches(user_id)), SEARCHES // 2 if typed else SEARCHES
    if typed:
        made = [it for it in made if rules.begins(typed, it.text)]
    found: dict[str, tuple[str, bool]] = {}
    for text in rules.different(made, key_of, most):
        found[key_of(text) or text] = (text, True)
    for text in shared:
        found.setdefault(key_of(text) or text, (text, False))
    return list(found.values())[:SEARCHES]


def titles(typed: Sequence[str], reader: str) -> list[int]:
    """Return the texts whose titles begin so: the reader's language, then others; each asset once.

    Of many, those that begin the title come first, then what is opened most from searches.
    """
    found: dict[int, int] = {}
    for own in (True, False):
        rows = queries.titles(typed, reader, own=own)
        rows.sort(key=lambda row: (row[2] > 0, -row[3], row[0]))
        for text_id, asset_id, _, _ in rows:
            found.setdefault(asset_id, text_id)
        if len(found) >= TITLES:
            break
    return list(found.values())[:TITLES]
