"""The funnel plot: each asset's effect against how many deals it was seen on.

Few deals scatter widely by chance alone; the dashed funnel holds 95 of 100 assets that have no
effect. What lies outside of it is named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from markupsafe import Markup

from portal.web.charts.naming import Mark, Room, named_marks
from portal.web.charts.parts import (
    TINY,
    Number,
    Scale,
    Tone,
    beside,
    finite,
    mark,
    nothing,
    picture,
    plain_number,
    stretched,
    text,
    words,
)

CLAIMS = frozenset({"helps", "hurts"})
TOP, FOOT = 12, 40
NAMED = 8
"""Assets named at most."""
AIR = 1.12
"""Room beyond the farthest effect and the most deals."""
Z = 1.96
CURVE = 40
"""Points of each curve."""


@dataclass(frozen=True, slots=True)
class Point:
    """An asset: its effect, on how many deals, what is said of it; `named` asks for its name.

    It leads nowhere: a picture has no stops for the keyboard, the links are in the table beside it.
    """

    label: str
    effect: float | None
    n: float
    tone: Tone = "same"
    title: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class FunnelHeads:
    """The words beside the axes and at the limits: "deals", "points", "95 % by chance"."""

    n: str
    effect: str
    limits: str


@dataclass(frozen=True, slots=True)
class _Plot:
    deals: Scale
    effects: Scale
    height: float

    def x(self, n: float) -> float:
        return self.deals.at(log(n))

    def y(self, effect: float) -> float:
        return self.height * (1 - self.effects.at(effect) / 100)


def limit(n: float, spread: float, floor: float) -> float:
    """Return how far from zero chance alone carries an asset with n deals, 95 times of 100."""
    return Z * sqrt(spread * spread / n + floor * floor)


def funnel(
    points: Sequence[Point],
    heads: FunnelHeads,
    *,
    name: str,
    title: str,
    desc: str,
    spread: float,
    floor: float = 0.0,
    number: Number = plain_number,
    count: Number = plain_number,
    empty: str = "",
    height: int = 340,
) -> Markup:
    """Draw effects against deals, with the limits of chance around zero.

    Args:
        points: what to draw; those without an effect or a deal are left out.
        heads: the words beside the axes.
        name: what the ids of this picture begin with, unique on the page.
        title: what the picture is.
        desc: what it shows, in a sentence, read aloud.
        spread: the standard deviation of a single deal's outcome, in the unit of the effects.
        floor: a standard deviation that more deals do not lessen, in the same unit.
        number: writes an effect.
        count: writes a number of deals.
        empty: said instead of an empty picture.
        height: in px.
    """
    held = [
        (point, effect, n)
        for point in points
        if (effect := finite(point.effect)) is not None and (n := finite(point.n) or 0.0) >= 1
    ]
    if not held:
        return nothing(empty)
    spread, floor = abs(finite(spread) or 0.0), abs(finite(floor) or 0.0)
    plot = _plot(held, height)
    drawn = [*_axes(plot, heads, number, count, height)]
    drawn.append(stretched(TOP, plot.height, _curves(plot, spread, floor)))
    drawn.extend(_marks(plot, held))
    drawn.append(_names(plot, held, _outside(held, spread, floor)))
    wide = max(len(number(tick)) for tick in plot.effects.ticks(5))
    return _key(heads.limits) + picture(
        name, f"c-fp c-l{min(12, wide)}", height, (title, desc), drawn
    )


Held = tuple[Point, float, float]


def _plot(held: Sequence[Held], height: int) -> _Plot:
    """Lay out the axes: deals by their logarithm, effects evenly around zero."""
    fewest, most = min(n for *_, n in held), max(n for *_, n in held)
    low, high = log(fewest / AIR), log(most * AIR)
    far = max(abs(effect) for _, effect, _ in held) or 1.0
    return _Plot(Scale(low, high), Scale(-far * AIR, far * AIR), height - TOP - FOOT)


def _axes(
    plot: _Plot, heads: FunnelHeads, number: Number, count: Number, height: int
) -> Iterator[str]:
    for tick in plot.effects.ticks(5):
        y = TOP + plot.y(tick)
        css = "c-zero" if abs(tick) < TINY else "c-grid"
        yield f'<line class="{css}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield beside(y, words(number(tick)))
    ticks = [n for n in _round_counts() if plot.deals.low <= log(n) <= plot.deals.high]
    for place, n in enumerate(ticks):
        css = " c-alt" if place % 2 else ""
        yield text(plot.x(n), height - 22, words(count(n)), css)
    yield text(0, TOP - 2, words(heads.effect), " c-said c-halo", "start")
    yield text(100, height - 5, words(heads.n), " c-said", "end")


def _round_counts() -> Iterator[int]:
    for power in range(16):
        yield from (times * 10**power for times in (1, 2, 5))


def _curves(plot: _Plot, spread: float, floor: float) -> str:
    """Draw the two limits; where one leaves the plot it runs along its edge."""
    low, high = plot.deals.low, plot.deals.high
    counts = [exp(low + (high - low) * i / CURVE) for i in range(CURVE + 1)]
    sides = [
        [(10 * plot.x(n), plot.y(sign * limit(n, spread, floor))) for n in counts]
        for sign in (1, -1)
    ]
    inside = "L".join(f"{x:.1f} {y:.1f}" for x, y in [*sides[0], *reversed(sides[1])])
    lines = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)
        for side in sides
        if len(kept := [(x, y) for x, y in side if 0 < y < plot.height]) > 1
    )
    return f'<path class="c-chance" d="M{inside}Z"/>' + (
        f'<path class="c-limit" d="{lines}"/>' if lines else ""
    )


def _key(said: str) -> Markup:
    """Say what the dashed funnel is."""
    if not said:
        return Markup("")
    return Markup(  # noqa: S704  # escaped
        '<ul class="c-key"><li><svg width="28" height="10" aria-hidden="true">'
        f'<line class="c-limit" x1="1" x2="27" y1="5" y2="5"/></svg>{words(said)}</li></ul>'
    )


def _outside(held: Sequence[Held], spread: float, floor: float) -> list[Held]:
    """Return what is named: what was asked for, then what lies farthest beyond its limit."""
    found = [
        (not point.named, -abs(effect) / (limit(n, spread, floor) or 1.0), i)
        for i, (point, effect, n) in enumerate(held)
        if point.named or (abs(effect) > limit(n, spread, floor) and point.tone in CLAIMS)
    ]
    return [held[i] for *_, i in sorted(found)[:NAMED]]


def _marks(plot: _Plot, held: Sequence[Held]) -> Iterator[str]:
    """Draw each asset, the claims last so that they lie on top."""
    for point, effect, n in sorted(held, key=lambda it: it[0].tone in CLAIMS):
        title = words(point.title or point.label)
        x, y = plot.x(n), round(TOP + plot.y(effect), 1)
        yield mark(point.tone, x, y, title)


def _names(plot: _Plot, held: Sequence[Held], named: Sequence[Held]) -> str:
    """Write the names of some assets; the marks of all claims stay uncovered."""
    claims = [
        Mark("", plot.x(n), TOP + plot.y(effect))
        for point, effect, n in held
        if point.tone in CLAIMS
    ]
    marks = [Mark(point.label, plot.x(n), TOP + plot.y(effect)) for point, effect, n in named]
    return named_marks(marks, claims, Room(TOP, TOP + plot.height, TOP + plot.y(0)))
