"""Owns reading: one segment of the index as arrays, and all segments together as a snapshot.

A segment never changes once written, so what is decoded of it is kept by its id, whatever is
added or deleted elsewhere.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from whoosh.reading import TermNotFound

from portal.search import arrays
from portal.search.arrays import NOTHING, Columns, Floats, Mask, Numbers, Posting, View, Vocabulary
from portal.search.small_segments import Few, FewSegment
from portal.search.whoosh_arrays import FIELD, posting

Identity = tuple[int, tuple[str, ...]]
"""A generation's number with its segments' ids. The number alone is not enough: an index made
anew counts from the start, and may have come as far as the one that was deleted."""

_serial = itertools.count()


def _open(storage: Any, segment: Any) -> tuple[Any, Any]:  # noqa: ANN401 - Whoosh has no types
    """The segment's terms and its documents, deleted ones included."""
    files = segment.open_compound_file(storage) if segment.is_compound() else storage
    codec = segment.codec()
    return codec.terms_reader(files, segment), codec.per_document_reader(files, segment)


def documents(storage: Any, segment: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401
    """The segment's living documents, as they were given to the writer."""
    if isinstance(segment, FewSegment):
        few = Few(Path(storage.folder), segment).documents()
        yield from (told for n, told in enumerate(few) if not segment.is_deleted(n))
        return
    terms, stored = _open(storage, segment)
    counted: dict[int, dict[bytes, int]] = defaultdict(dict)
    for (_, key), info in terms.items():
        if info.doc_frequency() == 1:
            counted[info.min_id()][key] = int(info.weight())
            continue
        numbers, frequencies = posting(terms, info)
        for number, frequency in zip(numbers.tolist(), frequencies.tolist(), strict=True):
            counted[number][key] = int(frequency)
    for number in range(segment.doc_count_all()):
        if not segment.is_deleted(number):
            yield {"terms": counted[number], "meta": stored.stored_fields(number)["meta"]}
    terms.close()
    stored.close()


def columns_of(records: Iterable[Any], vocabulary: Vocabulary) -> tuple[Columns, list[str]]:
    """What is known of a segment's documents besides their terms, and their stamps."""
    facts: list[list[int]] = []
    rows: list[tuple[int, int]] = []
    stamps: list[str] = []
    for number, (*numbers, stamp, facets) in enumerate(records):
        facts.append(numbers)
        stamps.append(stamp)
        for facet, values in facets.items():
            rows.extend((number, vocabulary.code(facet, value)) for value in set(values))
    ids, groups, days, lengths = np.array(facts, np.int64).reshape(-1, 4).T
    pairs = np.array(rows, np.int32).reshape(-1, 2).T
    return Columns(ids, groups, days, lengths, pairs[0], pairs[1]), stamps


class Part(Protocol):
    """What a snapshot is made of: a segment, wherever it is kept."""

    id: str
    columns: Columns
    stamps: list[str]

    def postings(self, key: bytes) -> Posting:
        """The documents having a term, deleted ones included, and how often."""
        ...

    def frequency(self, key: bytes) -> int:
        """How many documents have a term, deleted ones included."""
        ...


class Segment:
    """One immutable segment: columns read at once, postings whenever they are asked for.

    ``postings`` reads a file with one place in it: callers hold the engine's lock.
    """

    def __init__(self, storage: Any, segment: Any, vocabulary: Vocabulary) -> None:  # noqa: ANN401
        self.id: str = segment.segment_id()
        self._few: Few | None = None
        if isinstance(segment, FewSegment):
            self._few = Few(Path(storage.folder), segment)
            self._read(self._few.records, vocabulary)
            return
        self._terms, stored = _open(storage, segment)
        self._read(
            (stored.stored_fields(n)["meta"] for n in range(segment.doc_count_all())), vocabulary
        )
        stored.close()

    def _read(self, records: Iterable[Any], vocabulary: Vocabulary) -> None:
        self.columns, self.stamps = columns_of(records, vocabulary)

    def frequency(self, key: bytes) -> int:
        """How many documents have the term, deleted ones included; nothing is decoded."""
        if self._few is not None:
            return len(self._few.posting(key)[0])
        try:
            return int(self._terms.term_info(FIELD, key).doc_frequency())
        except TermNotFound:
            return 0

    def postings(self, key: bytes) -> Posting:
        """The documents having the term, deleted ones included."""
        if self._few is not None:
            return self._few.posting(key)
        try:
            return posting(self._terms, self._terms.term_info(FIELD, key))
        except TermNotFound:
            return NOTHING


def identity(toc: Any) -> Identity:  # noqa: ANN401 - Whoosh has no types
    """What tells a list of segments from every other; equal lists hold the same documents."""
    return toc.generation, tuple(segment.segment_id() for segment in toc.segments)


class Snapshot:
    """One generation: its segments, what is deleted in each, and the view made of both."""

    def __init__(
        self, generation: int, parts: Sequence[tuple[Part, Mask]], vocabulary: Vocabulary
    ) -> None:
        self.generation = generation
        self.serial = next(_serial)
        self.parts = parts
        self.identity: Identity = (generation, tuple(part.id for part, _ in parts))
        self._numbers: list[Numbers] = []
        start = 0
        for _, alive in parts:
            self._numbers.append(np.where(alive, np.cumsum(alive) - 1 + start, -1).astype(np.int32))
            start += int(alive.sum())
        self._vocabulary = vocabulary

    @cached_property
    def view(self) -> View:
        """All living entries as arrays: made for the first search, which who only writes spares."""
        return View(self._columns(), self._vocabulary)

    def _columns(self) -> Columns:
        if not self.parts:
            return Columns.empty()
        joined: dict[str, Any] = {}
        for name in ("ids", "groups", "days", "lengths"):
            joined[name] = np.concatenate(
                [getattr(part.columns, name)[alive] for part, alive in self.parts]
            )
        rows = [
            (numbers[part.columns.row_entry], part.columns.row_code)
            for (part, _), numbers in zip(self.parts, self._numbers, strict=True)
        ]
        joined["row_entry"] = np.concatenate([entry[entry >= 0] for entry, _ in rows])
        joined["row_code"] = np.concatenate([code[entry >= 0] for entry, code in rows])
        return Columns(**joined)

    def stamps(self) -> dict[int, str]:
        """Entry id → stamp, of all living entries."""
        return {
            int(part.columns.ids[number]): part.stamps[number]
            for part, alive in self.parts
            for number in np.flatnonzero(alive)
        }

    def frequency(self, term: str) -> int:
        """How many entries have the term; deleted ones count until their segment is merged."""
        key = term.encode("utf-8", "replace")
        return sum(part.frequency(key) for part, _ in self.parts)

    def postings(self, term: str) -> tuple[Numbers, Floats]:
        """The living entries with the term, and its impact on each."""
        found, frequencies = [], []
        key = term.encode("utf-8", "replace")
        for (part, _), numbers in zip(self.parts, self._numbers, strict=True):
            having, weights = part.postings(key)
            if len(having):
                entries = numbers[having]
                found.append(entries[entries >= 0])
                frequencies.append(weights[entries >= 0])
        if not found:
            return np.zeros(0, np.int32), np.zeros(0, np.float64)
        entries = np.concatenate(found)
        counts = np.concatenate(frequencies).astype(np.float64)
        return entries, arrays.impacts(counts, self.view.norms[entries], self.view.size)
