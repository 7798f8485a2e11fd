"""What all charts are made of: clean words, bounded numbers, scales, ticks, marks, the frame."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Literal

from markupsafe import Markup, escape

Number = Callable[[float], str]
"""How a number is written in the reader's language; see portal.web.figures."""

Tone = Literal["helps", "hurts", "same", "thin", "decided"]
"""What is said of an asset: each has a colour and a shape."""

EDGE = 12
"""Percent from an edge within which words are kept inside."""
TINY = 1e-12
"""What is nearer to zero is zero, but for rounding."""
MOST = 1e15
"""Numbers beyond are drawn as this one; twice as much is still exact enough to place a mark."""

# what XML can not hold, and what turns the direction of the text that follows
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")

_MARKS = {
    "helps": '<path d="M0-6.5 6.5 5h-13z"/>',
    "hurts": '<path d="M0 6.5 6.5-5h-13z"/>',
    "same": '<circle r="5"/>',
    "thin": '<circle class="c-open" r="4.2"/>',
    "decided": '<path class="c-open" d="M-4.5-4.5h9v9h-9z"/>',
}


def plain_number(value: float) -> str:
    """Write a number for no language in particular."""
    return f"{value:.6g}".replace("-", "\N{MINUS SIGN}")


def words(text: object) -> str:
    """Return words for a page: escaped, without what no XML can hold or what turns the text."""
    said = str(text)
    return str(escape(said if said.isprintable() else _UNFIT.sub("", said)))


def shortened(text: str, most: int) -> str:
    """Return words that fit into `most` letters, with an ellipsis where they were cut."""
    said = " ".join(_UNFIT.sub("", text).split())
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


def finite(value: float | None) -> float | None:
    """Return the number bounded, or None for what is no number."""
    if value is None or not isfinite(value):
        return None
    return max(-MOST, min(MOST, float(value)))


def finite_of(values: Iterable[float | None]) -> list[float]:
    """Return the numbers there are."""
    return [number for value in values if (number := finite(value)) is not None]


def name_of(name: str) -> str:
    """Return a name that ids on the page can begin with.

    Raises:
        ValueError: it has something else in it than small letters, figures and dashes.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} can not begin an id: small letters, figures and dashes only")
    return name


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of numbers laid along 100 %."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a number lies, in percent; what lies beyond is put at the end."""
        share = (value - self.low) / (self.high - self.low)
        return 100 * min(1.0, max(0.0, share))

    def ticks(self, want: int = 6) -> list[float]:
        """Round numbers within the stretch, about `want` of them."""
        step = step_of(self.high - self.low, want)
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def step_of(width: float, want: int) -> float:
    """Return a round step, 1, 2 or 5 times a power of ten, that makes about `want` of a width."""
    raw = width / max(1, want)
    power: float = 10.0 ** floor(log10(raw))
    return next((times * power for times in (1, 2, 5) if times * power >= raw), 10 * power)


def scale_over(values: Iterable[float], *, want: int = 6, zero: bool = True) -> Scale:
    """Return the stretch that holds these numbers, rounded outwards to ticks.

    Args:
        values: finite numbers; none at all gives 0 to 1.
        want: about how many ticks it will have.
        zero: whether 0 belongs to it in any case.
    """
    held = [*values, *([0.0] if zero else [])]
    low, high = min(held, default=0.0), max(held, default=1.0)
    if high - low < max(1e-12, 1e-9 * max(abs(low), abs(high))):  # all the same: some air around
        air = max(1.0, abs(high) / 2)
        low, high = (0.0, 1.0) if zero else (low - air, high + air)
    step = step_of(high - low, want)
    return Scale(floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step)


def mark(tone: str, x: float, y: float, title: str = "") -> str:
    """Draw the shape of a tone at x percent and y pixels; `title` is escaped already."""
    told = f"<title>{title}</title>" if title else ""
    shape = _MARKS.get(tone, _MARKS["same"])
    return f'<svg class="c-m c-{tone}" x="{x:.2f}%" y="{y:g}">{told}{shape}</svg>'


def text(x: float, y: float, said: str, css: str = "", anchor: str = "middle") -> str:
    """Write escaped words at x percent and y pixels."""
    return f'<text class="c-t{css}" x="{x:.2f}%" y="{y:.1f}" text-anchor="{anchor}">{said}</text>'


def beside(y: float, said: str) -> str:
    """Write escaped words left of the plot, at the line y pixels down."""
    return f'<text class="c-t" x="0" dx="-8" y="{y + 4:.1f}" text-anchor="end">{said}</text>'


def anchor_at(x: float) -> str:
    """Return how words at x percent are anchored so that they stay inside."""
    return "start" if x < EDGE else "end" if x > 100 - EDGE else "middle"


def picture(
    name: str, css: str, height: float, told: tuple[str, str], body: Sequence[str]
) -> Markup:
    """Frame a drawing: what it is and what it shows are read aloud instead of it."""
    name = name_of(name)
    title, desc = told
    return Markup(  # noqa: S704  # words are escaped, the rest is numbers
        f'<svg class="{css}" width="100%" height="{height:g}" role="img"'
        f' aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{words(title)}</title>'
        f'<desc id="{name}-d">{words(desc)}</desc>{"".join(body)}</svg>'
    )


def stretched(y: float, height: float, body: str) -> str:
    """Frame paths whose x runs from 0 to 1000 over the whole width; strokes keep their width."""
    return (
        f'<svg class="c-in" y="{y:g}" width="100%" height="{height:g}"'
        f' viewBox="0 0 1000 {height:g}" preserveAspectRatio="none">{body}</svg>'
    )


def nothing(said: str) -> Markup:
    """Say why there is no picture."""
    return Markup('<p class="empty">%s</p>') % Markup(words(said))  # noqa: S704  # escaped


def captioned(caption: str) -> str:
    """Return the caption of a table, hidden from the eye; the figure around it has its own."""
    return f'<caption class="vh">{words(caption)}</caption>' if caption else ""


def linked(label: str, href: str | None) -> str:
    """Return an escaped label, as a link when there is somewhere to go."""
    return f'<a href="{words(href)}">{label}</a>' if href else label
