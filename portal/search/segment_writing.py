"""Owns writing: what an entry is in Whoosh's terms, and how its segments are made and merged."""

import itertools
from collections import Counter
from collections.abc import Iterable
from typing import Any

from whoosh import writing
from whoosh.fields import STORED, Schema

from portal.search.engine import Entry
from portal.search.segments import documents
from portal.search.whoosh_arrays import ArrayCodec, Gathered

SMALL_SEGMENT, MANY_SEGMENTS, MERGED_AT_ONCE = 32, 32, 512
"""Documents of a small segment; how many of a size are let be; most documents merged at once."""
TIDIED = 8
"""How many of a size are let be when nobody waits for what is written."""


def schema() -> Schema:
    """What Whoosh keeps of a document itself: the record of all but its terms."""
    return Schema(meta=STORED())


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
    # Separate files are read in place; a compound one is copied into memory whole.
    writer = writing.SegmentWriter(index, _lk=False, codec=ArrayCodec(), compound=False)
    writer.pool = Gathered()
    return writer


def add(writer: Any, given: Iterable[dict[str, Any]]) -> int:  # noqa: ANN401 - no types
    """Give documents to the writer; returns how many there were."""
    first: int = writer.docnum
    kept, meta = writer.perdocwriter, writer.schema["meta"]
    for document in given:
        number = writer.docnum
        kept.start_doc(number)
        kept.add_field("meta", meta, document["meta"], 0)
        kept.finish_doc()
        writer.pool.take(number, document["terms"])
        writer.docnum = number + 1
        writer._added = True  # noqa: SLF001 - its own `add_document` takes each term by itself
    return int(writer.docnum) - first


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
