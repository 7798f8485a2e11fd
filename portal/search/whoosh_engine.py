"""Owns the embedded engine: Whoosh keeps the index on disk, ``scoring`` reads it as arrays.

A change of a few documents is a small file beside Whoosh's (``small_segments``), so that whoever
publishes does not wait; many of them are merged, and by ``tidy`` become segments of Whoosh's own.

Whoosh's segments never change once written; only the list of segments and their deleted
documents does (its "TOC"). So everything decoded from a segment is kept by the segment's id, and
a small change costs the decoding of one small segment. The index is pickled: its folder (mode
0700) is trusted like code and never restored from outside.
"""

import itertools
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import writing
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError, FileIndex, clean_files

from portal.cache import ByteCache
from portal.search import scoring, segment_writing, small_segments
from portal.search.arrays import Floats, Numbers, Vocabulary
from portal.search.engine import Entry, Found, IndexBusyError, IndexDamagedError, Query
from portal.search.locking import locked
from portal.search.segment_writing import add, alike, document, merge, schema, segment_writer
from portal.search.segments import Segment, Snapshot, identity
from portal.search.segments import documents as living

NAME = "arsenal2"
"""The index's name inside its folder; a new number makes older layouts invisible."""
CACHE_BYTES = 48 * 1024 * 1024
"""Decoded postings kept by one process."""
SETTLED = 0.05
"""Seconds after which a folder's time of change is taken to be final (clocks tick in steps)."""
PATIENCE = 60.0
"""Seconds a write waits for another writer."""


class WhooshEngine:
    """The ``Engine`` of a folder; one object a process, shared by its threads."""

    def __init__(self, folder: Path, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._storage = FileStorage(str(folder))
        self._schema = schema()
        self._vocabulary = Vocabulary()
        # Postings of the newest generation, joined and scored.
        self._cache: ByteCache[tuple[object, ...], Any] = ByteCache(cache_bytes)
        self._lock = threading.RLock()
        self._held = threading.local()
        self._seen: tuple[int, int] | None = None
        self._snapshot = Snapshot(-1, (), self._vocabulary)

    def search(self, query: Query) -> Found:
        """Answer from the newest generation; raises IndexDamagedError."""
        snapshot = self._newest()
        return scoring.search(snapshot.view, query, self._postings(snapshot))

    def frequencies(self, terms: Sequence[str]) -> list[int]:
        """About how many entries have each term; raises IndexDamagedError."""
        snapshot = self._newest()
        with self._reading():
            return [snapshot.frequency(term) for term in terms]

    def having(self, terms: Sequence[str]) -> list[int]:
        """The ids of the entries that have all these terms; raises IndexDamagedError."""
        snapshot = self._newest()
        return scoring.having(snapshot.view, terms, self._postings(snapshot))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except Exception as error:  # what a torn file makes of its reader
            raise IndexDamagedError(str(self._folder)) from error

    def _postings(self, snapshot: Snapshot) -> scoring.Postings:
        def postings(term: str) -> tuple[Numbers, Floats]:
            key = (snapshot.serial, term)
            kept: tuple[Numbers, Floats] | None = self._cache.get(key)
            if kept is None:
                with self._reading():
                    kept = snapshot.postings(term)
                self._cache.put(key, kept, 300 + kept[0].nbytes + kept[1].nbytes)
            return kept

        return postings

    def stamps(self) -> dict[int, str]:
        """Entry id → stamp, of everything in the index; raises IndexDamagedError."""
        return self._newest().stamps()

    def generation(self) -> int:
        """The generation a search would see now; raises IndexDamagedError.

        Counted in this process: the numbers on disk start again when the folder was deleted.
        """
        snapshot = self._newest()
        return snapshot.serial if snapshot.generation >= 0 else -1

    def write(self, upserts: Iterable[Entry], deletes: Iterable[int]) -> None:
        """Delete by id, then add or replace; raises IndexBusyError, IndexDamagedError."""
        entries = {entry.id: entry for entry in upserts}
        gone = frozenset(deletes) | entries.keys()
        with self._required():
            snapshot = self._newest(sure=True)
            doomed = list(_places(snapshot, gone))
            if not doomed and not entries:
                return
            documents = [document(entry) for entry in entries.values()]
            if len(documents) < segment_writing.SMALL_SEGMENT and self._append(doomed, documents):
                return
            writer = self._writer()
            for number in doomed:
                writer.delete_document(number)
            add(writer, documents)
            writer.commit(mergetype=merge)

    def tidy(self) -> bool:
        """Merge what small changes have left; returns whether there was anything to merge.

        Raises IndexBusyError, IndexDamagedError.
        """
        with self._required():
            snapshot = self._newest(sure=True)
            if snapshot.generation < 0 or not alike(self._toc().segments, segment_writing.TIDIED):
                return False
            self._writer().commit(mergetype=partial(merge, many=segment_writing.TIDIED))
            return True

    def rebuild(self, entries: Iterable[Entry]) -> int:
        """Build beside, swap, return the number of entries; raises IndexBusyError."""
        with self._required():
            writer = self._writer(anew=True)
            number = add(writer, map(document, entries))
            # One commit names the new segment alone: readers see all of it or nothing of it.
            writer.commit(mergetype=writing.CLEAR)
            return number

    def let_go(self) -> None:
        """Forget what was read: who inherits an open file shares its one place in it."""
        with self._lock:
            self._seen = None
            self._snapshot = Snapshot(-1, (), self._vocabulary)
            self._cache.clear()

    @contextmanager
    def writing(self, *, wait: float = 60.0) -> Iterator[bool]:
        """Hold the writer's lock; yields False when it is not to be had within ``wait`` s."""
        depth = getattr(self._held, "depth", 0)
        if depth:
            self._held.depth = depth + 1
            try:
                yield True
            finally:
                self._held.depth = depth
            return
        with (self._folder / "writer.lock").open("ab") as file:
            # The system lets go of it when the process dies, however it dies.
            if not locked(file.fileno(), wait):
                yield False
                return
            self._held.depth = 1
            try:
                yield True
            finally:
                self._held.depth = 0

    def _append(self, doomed: Iterable[int], documents: list[dict[str, Any]]) -> bool:
        """Write a few documents as a segment of their own; False: Whoosh has to merge first.

        When there are many as small, they become one with it.
        """
        self._begun()
        toc = self._toc()
        segments = toc.segments
        starts = np.cumsum([0, *(segment.doc_count_all() for segment in segments)])
        for number in doomed:
            place = int(np.searchsorted(starts, number, "right")) - 1
            segments[place].delete_document(number - int(starts[place]))
        segments = [segment for segment in segments if segment.doc_count()]
        small = alike(segments)
        if any(segment.doc_count() >= segment_writing.SMALL_SEGMENT for segment in small):
            return False
        merged = itertools.chain.from_iterable(living(self._storage, each) for each in small)
        given = [*merged, *documents]
        segments = [segment for segment in segments if segment not in small]
        if given:
            segments.append(small_segments.write(self._folder, NAME, given))
        generation = toc.generation + 1
        TOC(self._schema, segments, generation).write(self._storage, NAME)
        clean_files(self._storage, NAME, generation, segments)
        return True

    @contextmanager
    def _required(self) -> Iterator[None]:
        with self.writing(wait=PATIENCE) as held:
            if not held:
                raise IndexBusyError(str(self._folder))
            yield

    def _begun(self, *, anew: bool = False) -> None:
        """Tidy what a killed writer has left, and see that there is a list of segments."""
        for leftover in self._folder.glob(f"_{NAME}_*.toc.*"):
            leftover.unlink(missing_ok=True)
        shutil.rmtree(self._folder / f"{NAME}.tmp", ignore_errors=True)
        latest = TOC._latest_generation(self._storage, NAME)  # noqa: SLF001 - its only name
        if latest < 0 or (anew and not self._readable()):
            TOC(self._schema, [], latest + 1).write(self._storage, NAME)

    def _writer(self, *, anew: bool = False) -> Any:  # noqa: ANN401 - Whoosh has no types
        self._begun(anew=anew)
        return segment_writer(FileIndex(self._storage, schema=self._schema, indexname=NAME))

    def _toc(self) -> Any:  # noqa: ANN401 - Whoosh has no types
        return TOC.read(self._storage, NAME, schema=self._schema)

    def _readable(self) -> bool:
        try:
            self._toc()
        except Exception:  # noqa: BLE001 - a torn pickle raises anything at all
            return False
        return True

    def _newest(self, *, sure: bool = False) -> Snapshot:
        """The newest generation; the folder is listed only when it has changed."""
        try:
            state = self._folder.stat()
        except FileNotFoundError:
            self._seen = None  # what comes back may bear the old inode and time
            return Snapshot(-1, (), self._vocabulary)
        seen = (state.st_ino, state.st_mtime_ns)
        if seen == self._seen and not sure:
            return self._snapshot
        with self._lock:
            self._refresh()
            # While files still come and go, another may do so within the same tick.
            settled = time.time_ns() - state.st_mtime_ns > SETTLED * 1e9
            self._seen = seen if settled else None
            return self._snapshot

    def _refresh(self) -> None:
        for attempt in range(20):
            try:
                toc = self._toc()
                if self._snapshot.identity != identity(toc):
                    self._snapshot = self._load(toc)
                    self._cache.clear()  # what was scored for others nobody asks for again
            except EmptyIndexError:
                self._snapshot = Snapshot(-1, (), self._vocabulary)
                return
            except Exception as error:
                # A writer tidied up between our reading the list and opening a file of it; or a
                # file is torn, which makes the reader of pickles raise anything at all, again.
                if attempt == (19 if isinstance(error, FileNotFoundError) else 5):
                    raise IndexDamagedError(str(self._folder)) from error
                time.sleep(0.005)
            else:
                return

    def _load(self, toc: Any) -> Snapshot:  # noqa: ANN401 - Whoosh has no types
        known = {part.id: part for part, _ in self._snapshot.parts}
        parts = []
        for segment in toc.segments:
            part = known.get(segment.segment_id())
            if part is None:
                part = Segment(self._storage, segment, self._vocabulary)
            alive = np.ones(len(part.columns.ids), np.bool_)
            alive[list(segment.deleted_docs())] = False
            parts.append((part, alive))
        return Snapshot(toc.generation, parts, self._vocabulary)


def _places(snapshot: Snapshot, ids: frozenset[int]) -> Iterator[int]:
    """Whoosh's numbers of the living documents with these ids."""
    wanted = np.fromiter(ids, np.int64, len(ids))
    start = 0
    for part, alive in snapshot.parts:
        yield from (np.flatnonzero(np.isin(part.columns.ids, wanted) & alive) + start).tolist()
        start += len(alive)
