"""Which bytes of a file are asked for, and what goes with them: pure, the view does the rest."""

import re
from dataclasses import dataclass

CSP = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Whatever the file is: opened on its own it loads nothing, runs nothing and has no origin."""
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\s*\Z")


class RangeError(Exception):
    """A range that begins behind the end."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start`, `length` of them, of `size`."""

    start: int
    length: int
    size: int

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the file."""
        return self.length == self.size

    @property
    def content_range(self) -> str:
        """The header for a part."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def part_of(header: str | None, size: int) -> Part | None:
    """Return the part a Range header asks for; None for the whole, also when it is not understood.

    Raises:
        RangeError: when it begins behind the end.
    """
    found = _RANGE.match(header or "")
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many
        length = min(int(last), size)
        if not length:
            raise RangeError
        return Part(size - length, length, size)
    start = int(first)
    if start >= size:
        raise RangeError
    end = min(int(last), size - 1) if last else size - 1
    return Part(start, end - start + 1, size) if end >= start else None
