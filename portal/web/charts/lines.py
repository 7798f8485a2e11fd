"""Time series: lines over equal steps of time, told apart by their dashes, named at their ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from portal.web.charts.parts import (
    Number,
    Scale,
    beside,
    finite,
    finite_of,
    nothing,
    picture,
    plain_number,
    scale_over,
    shortened,
    stretched,
    text,
    words,
)

TOP, FOOT = 10, 26
"""Room above the plot and for the dates below it, in px."""
NAME_MOST, SHORT = 16, 9
"""Letters of a name at the end of its line; the whole name is in the key above the chart."""
APART = 15
"""Px between two names at the right edge."""
LABELS, KINDS = 6, 5


@dataclass(frozen=True, slots=True)
class Line:
    """A line: one value a step, None where there is none; `low` and `high` give it a band."""

    name: str
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things lie: the value axis, the number of steps, the height of the plot."""

    scale: Scale
    steps: int
    height: float

    def x(self, step: int) -> float:
        return 100 * step / (self.steps - 1) if self.steps > 1 else 50.0

    def y(self, value: float) -> float:
        return self.height * (1 - self.scale.at(value) / 100)

    def pairs(self, values: Sequence[float | None]) -> Iterator[list[tuple[float, float]]]:
        """Give the stretches without a gap, as points of the stretched frame."""
        run: list[tuple[float, float]] = []
        for step in range(self.steps):
            value = finite(values[step]) if step < len(values) else None
            if value is not None:
                run.append((10 * self.x(step), self.y(value)))
            elif run:
                yield run
                run = []
        if run:
            yield run


def time_series(
    series: Sequence[Line],
    dates: Sequence[str],
    *,
    name: str,
    title: str,
    desc: str,
    number: Number = plain_number,
    missing: str = "–",
    empty: str = "",
    height: int = 220,
    most: float | None = None,
    whole: bool = False,
) -> Markup:
    """Draw lines over time; what is missing is a gap.

    Args:
        series: up to five lines; each has its own dash.
        dates: the words of each step, the oldest first.
        name: what the ids of this picture begin with, unique on the page.
        title: what the picture is.
        desc: what it shows, in a sentence, read aloud.
        number: writes a number in the reader's language.
        missing: said where there is no number.
        empty: said instead of an empty picture.
        height: in px.
        most: the top of the axis, when it is known: 100 for a percentage.
        whole: the values are whole numbers, and so are the ticks.
    """
    held = [v for one in series for v in finite_of([*one.values, *one.low, *one.high])]
    if not dates or not held:
        return nothing(empty or missing)
    top = finite(most)
    scale = scale_over([*held, *([top] if top is not None else [])], want=4)
    plot = _Plot(scale, len(dates), height - TOP - FOOT)
    drawn = [*_grid(plot, number, whole=whole), *_dates(plot, dates, height)]
    drawn.append(stretched(TOP, plot.height, "".join(_paths(plot, series))))
    drawn.extend(_single(plot, series))
    drawn.extend(_ends(plot, series, number))
    drawn.extend(_hits(plot, series, dates, number, missing))
    wide = max(len(number(tick)) for tick in scale.ticks(4))
    named = max(len(one.name) for one in series) if len(series) > 1 else 0
    room = " c-rn" if named > SHORT else " c-rs" if named else ""
    css = f"c-ts c-l{min(12, wide)}{room}"
    return _key(series) + picture(name, css, height, (title, desc), drawn)


def _grid(plot: _Plot, number: Number, *, whole: bool) -> Iterator[str]:
    for tick in plot.scale.ticks(4):
        if whole and tick != int(tick):
            continue
        y = TOP + plot.y(tick)
        css = "c-base" if tick == 0 else "c-grid"
        yield f'<line class="{css}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield beside(y, words(number(tick)))


def _dates(plot: _Plot, dates: Sequence[str], height: int) -> Iterator[str]:
    """Name about six steps, the last one among them; a phone shows every other name."""
    every = max(1, -(-(plot.steps - 1) // LABELS))
    for count, step in enumerate(range(plot.steps - 1, -1, -every)):
        css = " c-alt" if count % 2 else ""
        yield text(plot.x(step), height - 6, words(shortened(dates[step], 14)), css)


def _paths(plot: _Plot, series: Sequence[Line]) -> Iterator[str]:
    for place, one in enumerate(series):
        band = [
            (v if finite(v) is not None and finite(w) is not None else None)
            for v, w in zip(one.low, one.high, strict=False)
        ]
        other = [None if v is None else w for v, w in zip(band, one.high, strict=False)]
        for low, high in zip(plot.pairs(band), plot.pairs(other), strict=True):
            yield f'<path class="c-band c-s{place % KINDS}" d="{_path([*low, *reversed(high)])}Z"/>'
    for place, one in enumerate(series):
        d = "".join(_path(run) for run in plot.pairs(one.values) if len(run) > 1)
        if d:
            yield f'<path class="c-ln c-s{place % KINDS}" d="{d}"/>'


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _single(plot: _Plot, series: Sequence[Line]) -> Iterator[str]:
    """Draw a dot where a value stands alone between gaps."""
    for place, one in enumerate(series):
        for run in plot.pairs(one.values):
            if len(run) == 1:
                (x, y), *_rest = run
                yield _dot(place, x / 10, TOP + y)


def _dot(place: int, x: float, y: float) -> str:
    return f'<circle class="c-pt c-s{place % KINDS}" cx="{x:.2f}%" cy="{y:.1f}" r="3.5"/>'


def _ends(plot: _Plot, series: Sequence[Line], number: Number) -> Iterator[str]:
    """Name each line at its last value; names that would touch are moved apart."""
    ends: list[tuple[float, float, int, str]] = []
    for place, one in enumerate(series):
        steps = range(min(plot.steps, len(one.values)) - 1, -1, -1)
        last = next((s for s in steps if finite(one.values[s]) is not None), None)
        if last is None:
            continue
        value = finite(one.values[last]) or 0.0
        x, y = plot.x(last), TOP + plot.y(value)
        yield _dot(place, x, y)
        shown = words(shortened(one.name, NAME_MOST)) if len(series) > 1 else ""
        named = f' <tspan class="c-name">{shown}</tspan>' if shown else ""
        ends.append((y + 4, x, place, f'<tspan class="c-v">{words(number(value))}</tspan>{named}'))
    for y, place, said in _apart(ends, TOP + plot.height + 4):
        yield f'<text class="c-t c-end c-s{place}" x="100%" dx="10" y="{y:.1f}">{said}</text>'


def _apart(
    ends: Sequence[tuple[float, float, int, str]], bottom: float
) -> Iterator[tuple[float, int, str]]:
    """Push names down until none touch, then the whole stack up when it stands too low."""
    placed: list[tuple[float, int, str]] = []
    for y, _x, place, said in sorted(ends):
        placed.append((max(y, placed[-1][0] + APART) if placed else y, place, said))
    below = bottom
    for y, place, said in reversed(placed):
        yield min(y, below), place, said
        below = min(y, below) - APART


def _hits(
    plot: _Plot,
    series: Sequence[Line],
    dates: Sequence[str],
    number: Number,
    missing: str,
) -> Iterator[str]:
    """Lay a strip over each step that says its values when the pointer rests on it."""
    width = 100 / max(1, plot.steps - 1)
    for step, said in enumerate(dates):
        told = [words(said)]
        for one in series:
            value = finite(one.values[step]) if step < len(one.values) else None
            told.append(f"{words(one.name)}: {words(missing if value is None else number(value))}")
        left = max(0.0, plot.x(step) - width / 2)
        right = min(100.0, plot.x(step) + width / 2)
        yield (
            f'<rect class="c-hit" x="{left:.2f}%" y="{TOP}" width="{right - left:.2f}%"'
            f' height="{plot.height:g}"><title>{"&#10;".join(told)}</title></rect>'
        )


def _key(series: Sequence[Line]) -> Markup:
    """Say which dash is which; a single line needs no key."""
    if len(series) < 2:  # noqa: PLR2004
        return Markup("")
    items = "".join(
        '<li><svg width="28" height="10" aria-hidden="true">'
        f'<line class="c-ln c-s{place % KINDS}" x1="1" x2="27" y1="5" y2="5"/></svg>'
        f"{words(one.name)}</li>"
        for place, one in enumerate(series)
    )
    return Markup(f'<ul class="c-key c-lines">{items}</ul>')  # noqa: S704  # escaped above
