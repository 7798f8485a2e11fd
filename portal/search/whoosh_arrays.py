"""Owns a segment's postings as arrays in Whoosh's files: written by the term, read without a loop.

Whoosh's own blocks of 128 postings take a step of Python for each posting, written and read. The
dictionary of terms, with what is known of each, stays as Whoosh has it.
"""

import struct
from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo

from portal.search.arrays import Posting

FIELD = "terms"
"""The only field there is."""
_KEY = struct.pack("!H", 0)  # the number of the field, before each term
_PLACE = struct.Struct("!qi")


class Gathered:
    """Postings by term, as documents come, until they are written."""

    def __init__(self) -> None:
        # Document, frequency, document, …: whole numbers are exact in 32 bits up to 2**24.
        self._terms: defaultdict[bytes, array[float]] = defaultdict(lambda: array("f"))

    def take(self, number: int, counted: dict[bytes, int]) -> None:
        """Keep what a document has; documents come in their order."""
        terms = self._terms
        for term, frequency in counted.items():
            terms[term].extend((number, frequency))

    def iter_postings(self) -> Iterator[tuple[bytes, "array[float]"]]:
        """All postings, by term, forgotten on the way."""
        for term in sorted(self._terms):
            yield term, self._terms.pop(term)

    def cleanup(self) -> None:
        """Let go of everything."""
        self._terms.clear()


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
            if len(gathered) == 2:  # noqa: PLR2004 - one document: the dictionary tells it all
                number, weight = gathered
                info = told(0, weight, 1, 0, 0, weight, int(number), int(number))
                add(_KEY + term, info + _PLACE.pack(0, 0))
                continue
            pairs = np.frombuffer(gathered, np.float32).reshape(-1, 2)
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
