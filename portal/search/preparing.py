"""Owns making texts ready to be indexed: a few in this process, a whole library in several.

Analysing takes most of the time of building an index, and needs nothing but the texts.
"""

import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from portal.search import indexing, taking
from portal.search.engine import Entry
from portal.search.indexable import TextContent, TextFacts

logger = logging.getLogger(__name__)

Lot = tuple[Sequence[TextFacts], Mapping[int, TextContent]]
"""Facts of texts, and what is searched of each by its id."""

SHARED_FROM = 1500
"""Texts from which other processes help: their start takes a second or two."""
HELPERS_MOST = 4
AHEAD = 2
"""Lots a helper has to do or has done: what is held in memory meanwhile."""


class Ready(NamedTuple):
    """What is kept of a text: its index entry, its row ready for snippets, its words."""

    entry: Entry
    row: dict[str, Any]
    said: Collection[str]


def ready(lot: Lot) -> list[Ready]:
    """Return what is to be kept of each text of a lot; one without content is left out."""
    facts, contents = lot
    made = []
    for fact in facts:
        content = contents.get(fact.id)
        if content is not None:
            take = cache(taking.take)  # each part of it once, for both
            prepared = indexing.prepared_of(fact, content, take)
            row = {"text_id": fact.id, "digest": fact.digest, "data": prepared.packed()}
            made.append(Ready(indexing.entry_of(fact, content, take), row, prepared.said))
    return made


def all_ready(lots: Iterable[Lot]) -> Iterator[list[Ready]]:
    """Yield what `ready` makes of each lot, in their order.

    From `SHARED_FROM` texts on, as many processes as there are processors help; where none can be
    started, or one is killed, this one does it all.
    """
    lots = iter(lots)
    first, texts = [], 0
    for lot in lots:
        first.append(lot)
        texts += len(lot[0])
        if texts >= SHARED_FROM:
            break
    helpers = min(os.cpu_count() or 1, HELPERS_MOST)
    if texts < SHARED_FROM or helpers == 1 or multiprocessing.current_process().daemon:
        yield from map(ready, first)
        yield from map(ready, lots)
        return
    # begun anew, not forked: a fork would share the database's connections
    started = multiprocessing.get_context("spawn")
    try:
        made = ProcessPoolExecutor(helpers, started, initializer=_end_with_parent)
    except (OSError, ImportError, RuntimeError):  # there are no semaphores here
        yield from map(ready, _each(first, lots))
        return
    with made as pool:
        yield from _shared(pool, _each(first, lots), helpers * AHEAD)


def _end_with_parent() -> None:
    """Let a helper end when who started it is gone, however that came."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _each(first: Iterable[Lot], rest: Iterable[Lot]) -> Iterator[Lot]:
    yield from first
    yield from rest


def _shared(pool: ProcessPoolExecutor, lots: Iterator[Lot], ahead: int) -> Iterator[list[Ready]]:
    """Yield what helpers make of the lots, a few of which are under way at any time."""
    waiting: deque[tuple[Lot, Future[list[Ready]] | None]] = deque()
    begin = True
    while begin or waiting:
        begin = False
        for lot in islice(lots, ahead - len(waiting)):
            waiting.append((lot, _submitted(pool, lot)))
        if waiting:
            yield _done(*waiting.popleft())


def _submitted(pool: ProcessPoolExecutor, lot: Lot) -> Future[list[Ready]] | None:
    try:
        return pool.submit(ready, lot)
    except (BrokenProcessPool, OSError):
        return None


def _done(lot: Lot, future: Future[list[Ready]] | None) -> list[Ready]:
    try:
        if future is not None:
            return future.result()
    except BrokenProcessPool:
        logger.warning("a process that helped to build the index has ended; going on without")
    return ready(lot)
