"""Names beside the marks of a plot, placed so that they cover no other and no claim's mark.

A name that finds no room beside its mark stands farther from zero, tied to it by a line; one that
finds none at all is left to the table. How wide letters are is guessed: a server measures none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.web.charts.parts import EDGE, shortened, words

LETTERS = 21
ON_PHONES = 2
"""Names that a phone shows."""
WIDE, NARROW = 2.8, 1.1
"""Percent of the width a letter takes on a phone and elsewhere."""
HALF = 50
"""Names left of it go right, the others left."""
STEP, STEPS = 15.0, 5
"""Px between two names, and how many such steps a name may stand apart from its mark."""

Box = tuple[float, float, float]
"""What lies from one x to another, in percent, at a height in px."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at x percent and y px, and what it is called."""

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Room:
    """The px between which names may stand, and where zero is."""

    top: float
    bottom: float
    zero: float


def named_marks(marks: Sequence[Mark], others: Sequence[Mark], room: Room) -> str:
    """Write names, the most important first; `others` are marks that must stay uncovered."""
    taken: list[Box] = [(it.x - 1, it.x + 1, it.y + 4) for it in (*marks, *others)]
    ties, names = [], []
    for place, it in enumerate(marks):
        said = shortened(it.label, LETTERS)
        found, css = None, ""
        if place < ON_PHONES:
            found = _free(it, len(said) * WIDE, room, taken)
        if found is None:
            found, css = _free(it, len(said) * NARROW, room, taken), " c-alt"
        if found is None:
            continue
        taken.append(found)
        apart = abs(found[2] - it.y - 4) > 1
        ties.append(_tie(it, found[2], css) if apart else "")
        names.append(_name(words(said), it, found, css, apart=apart))
    return "".join(ties + names)  # names on top, with a halo that cuts the ties


def _free(it: Mark, wide: float, room: Room, taken: Sequence[Box]) -> Box | None:
    """Find room for a name: at its mark's height first, then farther from zero."""
    out = -STEP if it.y < room.zero else STEP
    right, left = (it.x + 2, it.x + 2 + wide), (it.x - 2 - wide, it.x - 2)
    for step in range(STEPS):
        y = it.y + 4 + out * step
        for a, b in (right, left) if it.x < HALF else (left, right):
            inside = a > -EDGE / 2 and b < 100 + EDGE / 2 and room.top < y < room.bottom
            if inside and not any(abs(y - o) < STEP and a < r and f < b for f, r, o in taken):
                return a, b, y
    return None


def _tie(it: Mark, y: float, css: str) -> str:
    start, end = (it.y - 8, y + 3) if y < it.y else (it.y + 8, y - 11)
    return (
        f'<line class="c-tie{css}" x1="{it.x:.2f}%" x2="{it.x:.2f}%"'
        f' y1="{start:.1f}" y2="{end:.1f}"/>'
    )


def _name(said: str, it: Mark, box: Box, css: str, *, apart: bool) -> str:
    anchor, away = ("start", 10) if box[0] > it.x else ("end", -10)
    return (
        f'<text class="c-t c-nm c-halo{css}" x="{it.x:.2f}%" dx="{0 if apart else away}"'
        f' y="{box[2]:.1f}" text-anchor="{anchor}">{said}</text>'
    )
