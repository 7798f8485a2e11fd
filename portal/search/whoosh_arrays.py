"""Owns a segment's postings as arrays in Whoosh's files: written by the term, read without a loop.

Whoosh's own blocks of 128 postings take a step of Python for each posting, written and read. The
dictionary of terms, with what is known of each, stays as Whoosh has it.
"""

import struct
from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo

from portal.search.arrays import Posting

FIELD = "terms"
"""The only field there is."""
_KEY = struct.pack("!H", 0)  # the number of the field, before each term
_PLACE = struct.Struct("!qi")


SORTED_AT = 4_000_000
"""Postings that are sorted by term at once: some 4,000 texts, and 100 MB for a moment."""


class Gathered:
    """Postings by term, as documents come, until they are written."""

    def __init__(self) -> None:
        self._codes: dict[bytes, int] = {}
        # of each posting, in the order of documents: its term's code, its document, how often
        self._latest = (array("i"), array("i"), array("i"))
        # by code: document, frequency, …; whole numbers are exact in 32 bits up to 2**24
        self._sorted: list[bytearray] = []

    def take(self, number: int, counted: dict[bytes, int]) -> None:
        """Keep what a document has; documents come in their order."""
        codes = self._codes
        terms, numbers, counts = self._latest
        terms.extend([codes.setdefault(term, len(codes)) for term in counted])
        numbers.extend([number] * len(counted))
        counts.extend(counted.values())
        if len(terms) >= SORTED_AT:
            self._sort()

    def _sort(self) -> None:
        """Put what has come lately behind what each term has already."""
        if not self._latest[0]:
            return
        terms, numbers, counts = (np.array(each, np.int32) for each in self._latest)
        self._latest = (array("i"), array("i"), array("i"))
        order = np.argsort(terms, kind="stable")
        pairs = np.stack((numbers[order], counts[order]), axis=1, dtype=np.float32)
        terms, raw = terms[order], pairs.tobytes()
        starts = np.flatnonzero(np.diff(terms, prepend=-1))
        ends = np.append(starts[1:], len(terms))
        self._sorted += [bytearray() for _ in range(len(self._codes) - len(self._sorted))]
        places = ((8 * starts).tolist(), (8 * ends).tolist())
        for code, start, end in zip(terms[starts].tolist(), *places, strict=True):
            self._sorted[code] += raw[start:end]

    def iter_postings(self) -> Iterator[tuple[bytes, bytearray]]:
        """All postings, by term, forgotten on the way."""
        self._sort()
        for term in sorted(self._codes):
            code = self._codes[term]
            yield term, self._sorted[code]
            self._sorted[code] = bytearray()

    def cleanup(self) -> None:
        """Let go of everything."""
        self._codes, self._sorted = {}, []
        self._latest = (array("i"), array("i"), array("i"))


class ArrayCodec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's codec but for the postings."""

    # No lengths: they are in our own records, and asking Whoosh for them takes half the time.
    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> "_FieldWriter":  # noqa: ANN401
        """Return what writes `Gathered` postings."""
        return _FieldWriter(self, storage, segment)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]  # Whoosh has no types
    """Writes terms to Whoosh's dictionary, and postings as two arrays each."""

    def add_postings(self, _schema: Any, _lengths: Any, items: Any) -> None:  # noqa: ANN401
        """Write all postings, given by term in order."""
        self._fieldmap[FIELD] = 0
        add, write, told = self._tindex.add, self._postfile.write, W3TermInfo._struct.pack  # noqa: SLF001
        place = self._postfile.tell()
        for term, gathered in items:
            pairs = np.frombuffer(gathered, np.float32).reshape(-1, 2)
            if len(pairs) == 1:  # one document: the dictionary tells it all
                number, weight = pairs[0].tolist()
                info = told(0, weight, 1, 0, 0, weight, int(number), int(number))
                add(_KEY + term, info + _PLACE.pack(0, 0))
                continue
            numbers, weights = pairs[:, 0].astype("<i4"), pairs[:, 1].astype("<f4")
            raw = numbers.tobytes() + weights.tobytes()
            info = told(0, 0, len(numbers), 0, 0, 0, numbers[0], numbers[-1])
            add(_KEY + term, info + _PLACE.pack(place, len(raw)))
            write(raw)
            place += len(raw)


def posting(terms: Any, info: Any) -> Posting:  # noqa: ANN401 - Whoosh has no types
    """A posting as arrays; ``info`` is what the dictionary knows of the term."""
    if info.doc_frequency() == 1:
        return np.array([info.min_id()], np.int32), np.array([info.weight()], np.float32)
    many, (place, _) = info.doc_frequency(), info.extent()
    raw = terms._postfile.get(place, 8 * many)  # noqa: SLF001 - it has no other name for it
    return np.frombuffer(raw, "<i4", many), np.frombuffer(raw, "<f4", many, 4 * many)
