"""Reads a chain from its start and tells what was changed, moved, removed or cut off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.audit.rules import FORGOTTEN, START, Details, Entry, Point, digest, seal

Row = tuple[Entry, Details | None]

MOST = 1000
"""How many findings are told."""
TRIED = 300
"""How many rows out of place are looked for, each at all the places that are wrong."""


class Trouble(StrEnum):
    """What is wrong at a place of the chain."""

    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    UNLINKED = "unlinked"
    CUT = "cut"
    BEYOND = "beyond"
    HEAD = "head"
    DETAILS = "details"
    HIDDEN = "hidden"
    ANCHOR = "anchor"

    @property
    def spans(self) -> bool:
        """Whether it is told of all entries from one to another."""
        return self in {Trouble.REMOVED, Trouble.CUT, Trouble.BEYOND}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an entry, or with all from `sequence` to `last`.

    Of one that was moved, `last` is where it belongs.
    """

    trouble: Trouble
    sequence: int
    last: int


@dataclass(slots=True)
class Report:
    """What reading the chain has found."""

    entries: int = 0
    head: Point = START
    forgotten: int = 0
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def tell(self, trouble: Trouble, sequence: int, last: int | None = None) -> None:
        """Add a finding, or count it when there are very many."""
        if len(self.findings) >= MOST:
            self.more += 1
            return
        self.findings.append(Finding(trouble, sequence, sequence if last is None else last))


class Reader:
    """Reads a chain once, entry by entry, remembering little."""

    def __init__(self, anchors: Iterable[Point] = (), start: Point = START) -> None:
        """Begin after `start`: before the first entry, or after one that is taken for granted."""
        self.report = Report()
        self._start = self._last = start
        self._trusted = True  # whether the hash of the last entry is what the next must follow
        self._accounted = 0
        self._missing: list[tuple[int, int]] = []
        self._odd: list[Entry] = []
        self._anchors = {anchor.sequence: anchor for anchor in anchors if anchor.sequence}

    def read(self, entry: Entry, details: Details | None) -> None:
        """Look at the next entry."""
        self.report.entries += 1
        if entry.sequence <= self._last.sequence:
            self._out_of_order(entry)
            return
        if entry.sequence > self._last.sequence + 1:
            self._missing.append((self._last.sequence + 1, entry.sequence - 1))
        after_gap = entry.sequence > self._last.sequence + 1
        good = digest(entry) == entry.hash
        if not good:
            self._odd.append(entry)
        elif not after_gap and self._trusted and entry.previous != self._last.hash:
            self.report.tell(Trouble.UNLINKED, entry.sequence)
        self._seal(entry, details)
        anchor = self._anchors.pop(entry.sequence, None)
        if anchor is not None and anchor.hash != entry.hash:
            self.report.tell(Trouble.ANCHOR, entry.sequence)
        self._last, self._trusted = Point(entry.sequence, entry.hash), good

    def _seal(self, entry: Entry, details: Details | None) -> None:
        if entry.action == FORGOTTEN and entry.after:
            count = entry.after.get("entries")
            self._accounted += count if isinstance(count, int) else 0
        if details is None:
            self.report.forgotten += bool(entry.sealed)
        elif seal(details) != entry.sealed:
            self.report.tell(Trouble.DETAILS, entry.sequence)

    def _out_of_order(self, entry: Entry) -> None:
        """Tell an entry that comes too late; where it stands it is not missing."""
        self.report.tell(Trouble.MOVED, entry.sequence)
        number = entry.sequence
        for at, (first, last) in enumerate(self._missing):
            if first <= number <= last:
                parts = [(first, number - 1), (number + 1, last)]
                self._missing[at : at + 1] = [(a, b) for a, b in parts if a <= b]
                return

    def end(self, head: Point | None) -> Report:
        """Tell what only the end can tell, and return all of it, in the order of the chain."""
        report, last = self.report, self._last
        self._place()
        for first, until in self._missing:
            report.tell(Trouble.REMOVED, first, until)
        if head is None:
            if last != self._start:
                report.tell(Trouble.HEAD, last.sequence)
        elif head.sequence > last.sequence:
            report.tell(Trouble.CUT, last.sequence + 1, head.sequence)
        elif head.sequence < last.sequence:
            report.tell(Trouble.BEYOND, head.sequence + 1, last.sequence)
        elif head.hash != last.hash:
            report.tell(Trouble.HEAD, last.sequence)
        for anchor in self._anchors.values():
            report.tell(Trouble.ANCHOR, anchor.sequence)
        if report.forgotten > self._accounted:
            report.tell(Trouble.HIDDEN, 0, report.forgotten - self._accounted)
        report.head = last
        report.findings.sort(key=lambda found: (found.sequence, found.last, found.trouble))
        return report

    def _place(self) -> None:
        """Tell the entries that are not what was written: moved from elsewhere, or changed."""
        places = [entry.sequence for entry in self._odd[:TRIED]]
        places += list(_numbers(self._missing, TRIED))
        for number, entry in enumerate(self._odd):
            home = None
            if number < TRIED:
                own = (p for p in places if digest(replace(entry, sequence=p)) == entry.hash)
                home = next(own, None)
            trouble = Trouble.CHANGED if home is None else Trouble.MOVED
            self.report.tell(trouble, entry.sequence, home)


def _numbers(spans: Iterable[tuple[int, int]], most: int) -> Iterator[int]:
    """Return the first so many numbers of some spans."""
    left = most
    for first, last in spans:
        upto = min(last, first + left - 1)
        yield from range(first, upto + 1)
        left -= upto - first + 1
        if not left:
            return


def verify(
    rows: Iterable[Row],
    head: Point | None,
    anchors: Iterable[Point] = (),
    start: Point = START,
) -> Report:
    """Read a chain in its order and tell everything that is not as it was written.

    `head` is where it ends by the database's own row; `anchors` are heads of before that
    somebody has kept elsewhere: they show a chain that was written anew, or cut off with its head.
    `start`: what the first of the rows follows, when it is not the first of all.
    """
    reader = Reader(anchors, start)
    for entry, details in rows:
        reader.read(entry, details)
    return reader.end(head)
