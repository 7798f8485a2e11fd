"""Owns segments of a few documents: one file each, written in a millisecond and held in memory.

Whoosh's own files take the writing of every term its time, which whoever publishes would wait
for. Its list of segments takes these among its own.
"""

import pickle
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Segment

from portal.search.arrays import NOTHING, Numbers, Posting

SUFFIX = ".few"


class FewSegment(W3Segment):  # type: ignore[misc]  # Whoosh has no types
    """What the list of segments keeps of such a file: its name, its size, what is deleted in it."""

    def __init__(self, index: str, documents: int) -> None:
        super().__init__(None, index, documents)


def write(folder: Path, index: str, documents: Iterable[dict[str, Any]]) -> FewSegment:
    """Write documents (as `segment_writing.document` makes them) into a file of their own."""
    records: list[Any] = []
    having: defaultdict[bytes, list[int]] = defaultdict(list)
    counted: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        records.append(document["meta"])
        for term, frequency in document["terms"].items():
            having[term].append(number)
            counted[term].append(frequency)
    terms = sorted(having)
    starts = np.cumsum([0, *(len(having[term]) for term in terms)], dtype=np.int32)
    numbers = np.fromiter((n for term in terms for n in having[term]), np.int32, starts[-1])
    counts = np.fromiter((n for term in terms for n in counted[term]), np.float32, starts[-1])
    segment = FewSegment(index, len(records))
    arrays = (starts.tobytes(), numbers.tobytes(), counts.tobytes())
    told = pickle.dumps((records, terms, *arrays), pickle.HIGHEST_PROTOCOL)
    (folder / segment.make_filename(SUFFIX)).write_bytes(told)
    return segment


class Few:
    """Such a file, read whole."""

    def __init__(self, folder: Path, segment: FewSegment) -> None:
        told = (folder / segment.make_filename(SUFFIX)).read_bytes()
        self.records: list[Any]
        self._terms: list[bytes]
        self.records, self._terms, starts, numbers, counts = pickle.loads(told)  # noqa: S301  # ours
        self._starts = np.frombuffer(starts, np.int32)
        self._numbers: Numbers = np.frombuffer(numbers, np.int32)
        self._counts: NDArray[np.float32] = np.frombuffer(counts, np.float32)

    def posting(self, term: bytes) -> Posting:
        """The documents having a term, deleted ones included, and how often."""
        place = bisect_left(self._terms, term)
        if place == len(self._terms) or self._terms[place] != term:
            return NOTHING
        part = slice(self._starts[place], self._starts[place + 1])
        return self._numbers[part], self._counts[part]

    def documents(self) -> Iterator[dict[str, Any]]:
        """All documents, deleted ones included, as they were given to `write`."""
        counted: defaultdict[int, dict[bytes, int]] = defaultdict(dict)
        starts = self._starts.tolist()
        numbers, counts = self._numbers.tolist(), self._counts.tolist()
        for place, term in enumerate(self._terms):
            for at in range(starts[place], starts[place + 1]):
                counted[numbers[at]][term] = int(counts[at])
        for number, record in enumerate(self.records):
            yield {"terms": counted[number], "meta": record}
