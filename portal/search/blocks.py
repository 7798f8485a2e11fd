"""Owns postings as bytes: a segment's terms in order, in blocks that are read one by one.

Kept by whoever stores bytes under numbers (`postgres_engine` does); pickles nothing.
"""

import itertools
import json
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.search.arrays import NOTHING, Mask, Numbers, Posting, Vocabulary
from portal.search.engine import Entry, IndexDamagedError
from portal.search.segments import columns_of

TERMS, POSTINGS = 256, 8192
"""Terms and postings of a block, at most; a single term is never divided."""
SMALL = 64
"""A segment of fewer documents is one block, to be read whole."""
SIZES, MANY, TIDIED, MERGED = (1, 64, 512, 4096), 16, 8, 4096
"""So many segments of a size are merged (at leisure: fewer will do), of so many documents."""


def _packed(*arrays: NDArray[Any]) -> bytes:
    """Whole numbers as bytes, first bytes first: zlib finds far more alike in them."""
    return b"".join(a.astype("<i4").view(np.uint8).reshape(-1, 4).T.tobytes() for a in arrays)


def _unpacked(raw: bytes, at: int, many: int) -> Numbers:
    planes = np.frombuffer(raw, np.uint8, 4 * many, at).reshape(4, many)
    return np.ascontiguousarray(planes.T).view("<i4").ravel().astype(np.int32, copy=False)


class Block:
    """Some terms of a segment, in order, with their postings one after the other."""

    def __init__(self, packed: bytes) -> None:
        raw = zlib.decompress(packed)
        told, many = np.frombuffer(raw, "<i4", 2).tolist()
        at = 8 + told
        self.terms: list[str] = json.loads(raw[8:at])
        self.starts = _unpacked(raw, at, len(self.terms) + 1)
        at += self.starts.nbytes
        self.numbers = np.cumsum(_unpacked(raw, at, many), dtype=np.int32)
        self.counts = _unpacked(raw, at + 4 * many, many)

    @staticmethod
    def packed(terms: list[str], starts: Numbers, numbers: Numbers, counts: Numbers) -> bytes:
        """Its bytes in the table."""
        names = json.dumps(terms).encode()
        head = np.array([len(names), len(numbers)], "<i4").tobytes()
        steps = np.diff(numbers, prepend=np.int32(0))
        return zlib.compress(head + names + _packed(starts - starts[0], steps, counts), 1)

    def posting(self, term: str) -> Posting:
        """The documents having a term, and how often."""
        place = bisect_left(self.terms, term)
        if place == len(self.terms) or self.terms[place] != term:
            return NOTHING
        part = slice(self.starts[place], self.starts[place + 1])
        return self.numbers[part].copy(), self.counts[part].astype(np.float32)


def told(head: bytes) -> tuple[list[Any], list[str]]:
    """The records of a segment's documents, and the first term of each of its blocks."""
    records, firsts = json.loads(zlib.decompress(head))
    return records, firsts


class Making:
    """A segment being made: postings as documents come, sorted by term at the end."""

    def __init__(self) -> None:
        self.records: list[Any] = []
        self._codes: dict[str, int] = {}
        self._postings = (array("i"), array("i"), array("i"))  # term, document, frequency

    def add(self, entry: Entry) -> None:
        """Take an entry; what no database can keep of a term is a question mark."""
        counted, codes = Counter(entry.terms), self._codes
        if not "".join(counted).isprintable():
            counted = Counter(term.encode("utf-8", "replace").decode() for term in entry.terms)
        terms, numbers, counts = self._postings
        terms.extend([codes.setdefault(term, len(codes)) for term in counted])
        numbers.extend([len(self.records)] * len(counted))
        counts.extend(counted.values())
        facets = {facet: list(values) for facet, values in entry.facets.items() if values}
        self.records.append([entry.id, entry.group, entry.day, entry.length, entry.stamp, facets])

    def take(self, records: list[Any], alive: Mask, blocks: Iterable[Block]) -> None:
        """Take what still counts of a segment there is."""
        numbers = np.where(alive, np.cumsum(alive) - 1 + len(self.records), -1).astype(np.int32)
        self.records += itertools.compress(records, alive)
        for block in blocks:
            codes = [self._codes.setdefault(term, len(self._codes)) for term in block.terms]
            terms = np.repeat(np.array(codes, np.int32), np.diff(block.starts))
            places = numbers[block.numbers]
            for kept, given in zip(self._postings, (terms, places, block.counts), strict=True):
                kept.frombytes(given[places >= 0].tobytes())

    def head(self, firsts: list[str]) -> bytes:
        """What is known of the documents, and the first term of each block: see `told`."""
        return zlib.compress(json.dumps([self.records, firsts]).encode(), 1)

    def blocks(self) -> Iterator[tuple[str, bytes]]:
        """The first term of each block, and its bytes."""
        terms, numbers, counts = (np.array(each, np.int32) for each in self._postings)
        names = sorted(self._codes)
        rank = np.empty(len(names), np.int32)
        rank[[self._codes[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        order = np.argsort(rank[terms], kind="stable")  # documents stay in their order
        numbers, counts = numbers[order], counts[order]
        many = np.bincount(rank[terms], minlength=len(names))
        starts = np.concatenate(([0], np.cumsum(many))).astype(np.int32)
        at, whole = 0, len(self.records) < SMALL
        while at < len(names):
            full = int(np.searchsorted(starts, starts[at] + POSTINGS, "right")) - 1
            end = len(names) if whole else min(max(full, at + 1), at + TERMS, len(names))
            part = slice(starts[at], starts[end])
            told = (starts[at : end + 1], numbers[part], counts[part])
            yield names[at], Block.packed(names[at:end], *told)
            at = end


class Part:
    """A segment as arrays: its documents at once, its postings when first asked for."""

    def __init__(
        self,
        row: Any,  # noqa: ANN401  # of the table
        vocabulary: Vocabulary,
        read: Callable[["Part", str], Posting],
    ) -> None:
        self.id: str = row.id
        records, self._firsts = told(row.head)
        self.columns, self.stamps = columns_of(records, vocabulary)
        self._small = row.size < SMALL
        self._whole = Block(row.data) if self._small and self._firsts else None
        self._read = read

    def place(self, term: str) -> int:
        """The number of the block that may have a term; -1: it is read already, or none has."""
        return -1 if self._small else bisect_right(self._firsts, term) - 1

    def postings(self, key: bytes) -> Posting:
        """The documents having a term, deleted ones included, and how often."""
        term = key.decode()
        if self._small:
            return self._whole.posting(term) if self._whole else NOTHING
        return self._read(self, term)

    def frequency(self, key: bytes) -> int:
        """How many documents have a term, deleted ones included."""
        return len(self.postings(key)[0])


def alike(parts: Sequence[tuple[Any, Mask]], many: int, most: int) -> list[tuple[Any, Mask]]:
    """The segments to be merged now: the smallest of a size that has become many."""
    counted = sorted(((int(alive.sum()), n) for n, (_, alive) in enumerate(parts)))
    for least, size in itertools.pairwise(SIZES):
        found = [(count, n) for count, n in counted if least <= count < size <= most]
        if len(found) >= many:
            sums = itertools.accumulate(count for count, _ in found)
            # Two at least: one alone would only be written again.
            enough = max(2, sum(1 for total in sums if total <= MERGED))
            return [parts[n] for _, n in found[:enough]]
    return []


@contextmanager
def sound() -> Iterator[None]:
    """Whatever torn bytes make of their reader is a damaged index."""
    try:
        yield
    except Exception as error:
        raise IndexDamagedError("the index in the database") from error


def merged(parts: Iterable[tuple[Any, Mask]], heads: Iterable[Any], rows: Sequence[Any]) -> Making:
    """A segment begun with what still counts of others, given their heads and all their blocks."""
    making, known = Making(), {row.id: row.head for row in heads}
    with sound():
        for part, alive in parts:
            records, firsts = told(known[part.id])
            mine = [Block(row.data) for row in rows if row.segment_id == part.id]
            if len(mine) != len(firsts):
                raise IndexDamagedError(part.id)
            making.take(records, alive, mine)
    return making
