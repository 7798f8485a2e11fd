"""Owns the engine that keeps its index in PostgreSQL, so that several web machines share one.

As in the embedded one, what was indexed together is a segment that never changes: a head that
tells its documents, and `blocks` of terms with their postings. Only which of its documents still
count does, and one row tells when. Decoded postings are kept by segment, so that a small change
costs every reader one small segment; `scoring` finds the same as over any other engine.

The writer's lock and all that it writes are one connection's: when the process or its machine
dies, both end together. A pooler in between must give each connection a session of its own.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import numpy as np
import sqlalchemy as sa

from portal.cache import ByteCache
from portal.search import blocks, scoring
from portal.search import index_tables as tables
from portal.search.arrays import NOTHING, Floats, Mask, Numbers, Posting, Vocabulary
from portal.search.blocks import Block, Making, Part
from portal.search.engine import Entry, Found, IndexBusyError, IndexDamagedError, Query
from portal.search.segments import Snapshot

CACHE_BYTES = 48 * 1024 * 1024
"""Decoded postings kept by one process."""
PATIENCE = 60.0
"""Seconds a write waits for another writer."""
SEGMENT = 20_000
"""Documents of a segment when the index is made anew."""
ATTEMPTS = 20
_BYTES_EACH = 300
"""What a kept posting costs besides its numbers: key, tuple, two array headers."""

Answer = TypeVar("Answer")


class _OvertakenError(Exception):
    """What was to be read is gone: the index has changed, or it is damaged."""


class PostgresEngine:
    """The ``Engine`` of a database; one object a process, shared by its threads."""

    def __init__(self, url: str, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._engine = tables.connecting(url)
        self._vocabulary = Vocabulary()
        # Postings of segments and, joined and scored, of generations; the oldest go by themselves.
        self._cache: ByteCache[tuple[object, ...], Any] = ByteCache(cache_bytes)
        self._lock = threading.RLock()
        self._turn, self._held = threading.Lock(), threading.local()
        self._kept: tuple[str | None, Snapshot] = (None, Snapshot(-1, (), self._vocabulary))

    def search(self, query: Query) -> Found:
        """Answer from the newest generation; raises IndexDamagedError."""
        asked = [term for word in query.words for term, _ in word]
        asked += [*(term for term, _ in query.bonus), *query.without]
        return self._asking(asked, lambda now: scoring.search(now.view, query, self._postings(now)))

    def frequencies(self, terms: Sequence[str]) -> list[int]:
        """About how many entries have each term; raises IndexDamagedError."""
        return self._asking(terms, lambda now: [now.frequency(term) for term in terms])

    def having(self, terms: Sequence[str]) -> list[int]:
        """The ids of the entries that have all these terms; raises IndexDamagedError."""
        return self._asking(terms, lambda now: scoring.having(now.view, terms, self._postings(now)))

    def _asking(self, terms: Iterable[str], answer: Callable[[Snapshot], Answer]) -> Answer:
        """Answer from the newest generation; what goes while it is read is read anew."""
        for _ in range(ATTEMPTS):
            mark, snapshot = self._newest()
            try:
                self._foresee(snapshot, terms)
                return answer(snapshot)
            except _OvertakenError:
                if self._mark() == mark:
                    raise IndexDamagedError("postings are missing") from None
        raise IndexDamagedError("the index changes faster than it can be read")

    def stamps(self) -> dict[int, str]:
        """Entry id → stamp, of everything in the index; raises IndexDamagedError."""
        return self._newest()[1].stamps()

    def generation(self) -> int:
        """The generation a search would see now, as counted in this process."""
        snapshot = self._newest()[1]
        return snapshot.serial if snapshot.generation >= 0 else -1

    def write(self, upserts: Iterable[Entry], deletes: Iterable[int]) -> None:
        """Delete by id, then add or replace; raises IndexBusyError, IndexDamagedError."""
        entries = {entry.id: entry for entry in upserts}
        gone = np.array(sorted(frozenset(deletes) | entries.keys()), np.int64)
        with self._required() as connection:
            parts = self._newest()[1].parts
            left = [(part, alive & ~np.isin(part.columns.ids, gone)) for part, alive in parts]
            dying = {now[0].id: now[1] for now, was in zip(left, parts, strict=True)
                     if (now[1] != was[1]).any()}  # fmt: skip
            if not dying and not entries:
                return
            merged = blocks.alike(left, blocks.MANY, blocks.SIZES[2])
            making = self._merging(merged)
            for entry in entries.values():
                making.add(entry)
            over = {part.id for part, _ in merged} | {i for i, n in dying.items() if not n.any()}
            with tables.transaction(connection):
                tables.bury(connection, {i: dying[i] for i in dying.keys() - over})
                tables.drop(connection, over)
                tables.put(connection, making)
                tables.advance(connection)

    def tidy(self) -> bool:
        """Merge what small changes have left; returns whether there was anything to merge.

        Raises IndexBusyError, IndexDamagedError.
        """
        with self._required() as connection:
            parts = self._newest()[1].parts
            merged = blocks.alike(parts, blocks.TIDIED, blocks.SIZES[-1])
            if merged:
                making = self._merging(merged)
                with tables.transaction(connection):
                    tables.drop(connection, [part.id for part, _ in merged])
                    tables.put(connection, making)
                    tables.advance(connection)
            return bool(merged)

    def rebuild(self, entries: Iterable[Entry]) -> int:
        """Build beside, swap, return the number of entries; raises IndexBusyError."""
        count = 0
        # One transaction: readers see all of it or nothing of it.
        with self._required() as connection, tables.transaction(connection):
            connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            tables.clear(connection)
            making = Making()
            for entry in entries:
                making.add(entry)
                count += 1
                if count % SEGMENT == 0:
                    tables.put(connection, making)
                    making = Making()
            tables.put(connection, making)
            tables.advance(connection)
        return count

    def let_go(self) -> None:
        """Close the connections and forget what was read: no two processes may share them."""
        with self._lock:
            self._engine.dispose()
            self._kept = (None, Snapshot(-1, (), self._vocabulary))
            self._cache.clear()

    @contextmanager
    def writing(self, *, wait: float = 60.0) -> Iterator[bool]:
        """Hold the writer's lock; yields False when it is not to be had within ``wait`` s."""
        if getattr(self._held, "connection", None) is not None:
            yield True
            return
        # Threads take turns here first: each that waits there would hold a connection.
        if not self._turn.acquire(timeout=max(wait, 0)):
            yield False
            return
        try:
            with tables.locked(self._engine, wait) as connection:
                self._held.connection = connection
                yield connection is not None
        finally:
            self._held.connection = None
            self._turn.release()

    @contextmanager
    def _required(self) -> Iterator[sa.Connection]:
        with self.writing(wait=PATIENCE) as held:
            # One that was cut off has lost the lock, and would come back without it.
            if not held or self._held.connection.invalidated:
                raise IndexBusyError("the index in the database")
            yield self._held.connection

    def _mark(self) -> str | None:
        rows = tables.read(self._engine, tables.MARK)
        return rows[0].mark if rows else None

    def _newest(self) -> tuple[str | None, Snapshot]:
        """The newest generation with its mark: one row is read when nothing has changed."""
        mark = self._mark()
        if self._kept[0] != mark:
            with self._lock:
                if self._kept[0] != mark:
                    self._kept = self._load()
                    self._forget_old(self._kept[1])
                return self._kept
        return self._kept

    def _forget_old(self, snapshot: Snapshot) -> None:
        """Forget what nobody asks for again: of generations before, and of merged segments."""
        wanted = {snapshot.serial, *(part.id for part, _ in snapshot.parts)}
        self._cache.keep_only(lambda key: key[0] in wanted)

    def _load(self) -> tuple[str | None, Snapshot]:
        """Read the list of segments, and those that are new, in one statement: one moment."""
        known = {part.id: part for part, _ in self._kept[1].parts}
        rows = tables.read(self._engine, tables.ALL, {"known": [*known, ""], "small": blocks.SMALL})
        if not rows:
            return None, Snapshot(-1, (), self._vocabulary)
        with blocks.sound():
            parts = [
                (
                    known.get(row.id) or Part(row, self._vocabulary, self._posting),
                    tables.living(row),
                )
                for row in rows
                if row.id
            ]
            return rows[0].mark, Snapshot(rows[0].generation, parts, self._vocabulary)

    def _postings(self, snapshot: Snapshot) -> scoring.Postings:
        def postings(term: str) -> tuple[Numbers, Floats]:
            key = (snapshot.serial, term)
            kept: tuple[Numbers, Floats] | None = self._cache.get(key)
            if kept is None:
                kept = snapshot.postings(term)
                self._cache.put(key, kept, _BYTES_EACH + kept[0].nbytes + kept[1].nbytes)
            return kept

        return postings

    def _foresee(self, snapshot: Snapshot, asked: Iterable[str]) -> None:
        """Read at once what the terms of a query will need."""
        new = [term for term in asked if self._cache.get((snapshot.serial, term)) is None]
        terms = {term.encode("utf-8", "replace").decode() for term in new}
        parts = cast("Sequence[tuple[Part, Mask]]", snapshot.parts)
        wanted = [
            (part, term) for part, _ in parts for term in terms
            if part.place(term) >= 0 and self._cache.get((part.id, term)) is None
        ]  # fmt: skip
        if wanted:
            self._fetch(wanted)

    def _posting(self, part: Part, term: str) -> Posting:
        kept: Posting | None = self._cache.get((part.id, term))
        return self._fetch([(part, term)])[part.id, term] if kept is None else kept

    def _fetch(self, wanted: Sequence[tuple[Part, str]]) -> dict[tuple[str, str], Posting]:
        """Read postings of terms in segments, and keep them."""
        found: dict[tuple[str, str], Posting] = {}
        places: dict[tuple[str, int], list[str]] = defaultdict(list)
        for part, term in wanted:
            places[part.id, part.place(term)].append(term)
        asked = [place for place in places if place[1] >= 0]
        rows = tables.read(self._engine, tables.SOME, {"places": asked}) if asked else []
        if len(rows) < len(asked):
            raise _OvertakenError
        with blocks.sound():
            read = {(row.segment_id, row.number): Block(row.data) for row in rows}
        for (segment, place), terms in places.items():
            for term in terms:
                posting = read[segment, place].posting(term) if place >= 0 else NOTHING
                size = _BYTES_EACH + posting[0].nbytes + posting[1].nbytes
                self._cache.put((segment, term), posting, size)
                found[segment, term] = posting
        return found

    def _merging(self, parts: Sequence[tuple[Any, Mask]]) -> Making:
        """A segment begun with what still counts of others."""
        given = {"ids": [part.id for part, _ in parts]}
        if not parts:
            return Making()
        heads = tables.read(self._engine, tables.HEADS, given)
        return blocks.merged(parts, heads, tables.read(self._engine, tables.BLOCKS, given))
