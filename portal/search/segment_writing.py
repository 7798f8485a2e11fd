"""Owns writing: what an entry is in Whoosh's terms, and how its segments are made and merged."""

import itertools
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import writing
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Existence

from portal.search.engine import Entry
from portal.search.segments import documents

SMALL_SEGMENT, MANY_SEGMENTS, MERGED_AT_ONCE = 32, 32, 512
"""Documents of a small segment; how many of a size are let be; most documents merged at once."""
TIDIED = 8
"""How many of a size are let be when nobody waits for what is written."""


class _Terms(FieldType):  # type: ignore[misc]  # Whoosh has no types
    """Our own terms with their frequency: nothing analysed, no positions, no byte payload."""

    def __init__(self) -> None:
        self.format = Existence()
        self.analyzer = self.vector = self.column_type = None
        self.indexed = True
        self.stored = self.scorable = self.unique = self.spelling = self.sortable = False

    def index(self, value: dict[bytes, int], **_: object) -> Iterator[tuple[Any, ...]]:
        """Whoosh asks: (term, frequency, weight, payload) of each term of a document."""
        for term, frequency in value.items():
            yield term, frequency, float(frequency), b""


class _Pool:
    """Where Whoosh's writer collects postings until it sorts them: by term from the start.

    Whoosh's own keeps a tuple for each and sorts them all.
    """

    def __init__(self) -> None:
        # Document, frequency, document, …: whole numbers are exact in 32 bits up to 2**24.
        self._terms: defaultdict[bytes, array[float]] = defaultdict(lambda: array("f"))

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        """Keep one posting; a document's come together, documents in their order."""
        self._terms[posting[1]].extend((posting[2], posting[3]))

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """All postings, by term and document."""
        for term in sorted(self._terms):
            pairs = iter(self._terms.pop(term))
            for number, frequency in zip(pairs, pairs, strict=True):
                yield "terms", term, int(number), frequency, b""

    def cleanup(self) -> None:
        """Let go of everything."""
        self._terms.clear()


def schema() -> Schema:
    """What a document of the index has: terms to search, and a record of all else."""
    return Schema(terms=_Terms(), meta=STORED())


def document(entry: Entry) -> dict[str, object]:
    """An entry as Whoosh takes it; ``segments.Segment`` reads the record in the same order."""
    counted = Counter(entry.terms)
    facets = {facet: tuple(values) for facet, values in entry.facets.items() if values}
    return {
        "terms": {term.encode("utf-8", "replace"): count for term, count in counted.items()},
        "meta": (entry.id, entry.group, entry.day, entry.length, entry.stamp, facets),
    }


def segment_writer(index: Any) -> Any:  # noqa: ANN401 - Whoosh has no types
    """Whoosh's writer of one new segment; its own lock is left out, since ours is held."""
    # No lengths: they are in our own records, and asking Whoosh for them takes half the time.
    codec = W3Codec(compression=0)
    codec.length_stats = False
    # Separate files are read in place; a compound one is copied into memory whole.
    writer = writing.SegmentWriter(index, _lk=False, codec=codec, compound=False)
    writer.pool = _Pool()
    return writer


def add(writer: Any, given: Iterable[dict[str, Any]]) -> int:  # noqa: ANN401 - no types
    """Give documents to the writer; returns how many there were."""
    number = 0
    for document in given:
        writer.add_document(**document)
        number += 1
    return number


def alike(segments: Iterable[Any], many: int | None = None) -> list[Any]:
    """The segments to be merged into one now: the smallest of a size that has become many."""
    kept = [segment for segment in segments if segment.doc_count()]
    for least, most in ((0, SMALL_SEGMENT), (SMALL_SEGMENT, MERGED_AT_ONCE)):
        found = [segment for segment in kept if least <= segment.doc_count() < most]
        if len(found) >= (many or MANY_SEGMENTS):
            found.sort(key=lambda each: int(each.doc_count()))
            sums = itertools.accumulate(int(segment.doc_count()) for segment in found)
            # Two at least: one alone would only be written again.
            return found[: max(2, sum(1 for total in sums if total <= MERGED_AT_ONCE))]
    return []


def merge(writer: Any, segments: list[Any], *, many: int | None = None) -> list[Any]:  # noqa: ANN401 - no types
    """Merge the small ones when they are many; returns the segments left as they are.

    Work is bounded, so that nobody waits for long; ``rebuild`` makes one segment of all.
    """
    merged = alike(segments, many)
    for segment in merged:
        add(writer, documents(writer.storage, segment))
    return [each for each in segments if each.doc_count() and each not in merged]
