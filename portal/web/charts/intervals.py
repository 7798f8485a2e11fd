"""The interval plot: a best guess and its range for each row, along one axis with a zero line.

The plot is a table: a screen reader reads label, guess, range, number and verdict; the drawings are
hidden from it. On a phone each row takes two lines, the drawing below the words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from portal.web.charts.parts import (
    TINY,
    Number,
    Scale,
    Tone,
    anchor_at,
    captioned,
    finite,
    finite_of,
    linked,
    mark,
    plain_number,
    scale_over,
    text,
    words,
)

HEIGHT = 28
"""Of a row's drawing, in px."""
LONG = 60
"""Px by which the zero line goes beyond its drawing; the cell cuts it, so that rows join."""
ENOUGH = 0.9
"""The share of the ranges that the axis holds whole; the others end in an arrowhead."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A row: what it is about, the best guess, its range, and what is said of it.

    `title` is shown when the pointer rests on the drawing; `verdict` and `n_words` have columns of
    their own, which are left out when no row has any; `more` is written small below the label. A
    guess that is no number is said to be missing.
    """

    label: str
    guess: float | None
    low: float | None
    high: float | None
    n_words: str = ""
    tone: Tone = "same"
    href: str | None = None
    title: str = ""
    verdict: str = ""
    lang: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class IntervalHeads:
    """The words above the columns."""

    label: str
    plot: str
    guess: str
    n: str = ""
    verdict: str = ""


def _joined(low: str, high: str) -> str:
    return f"{low} … {high}"


def span_of(rows: Sequence[Interval]) -> Scale:
    """Return the axis for these rows: every guess, zero, and nine ranges of ten."""
    lows = sorted(finite_of(row.low for row in rows))
    highs = sorted(finite_of(row.high for row in rows))
    held = finite_of(row.guess for row in rows)
    if lows:
        held.append(lows[int(len(lows) * (1 - ENOUGH))])
    if highs:
        held.append(highs[min(len(highs) - 1, int(len(highs) * ENOUGH))])
    return scale_over(held)


def interval(row: Interval, span: Scale, *, missing: str = "–") -> Markup:
    """Draw one row: range, arrowheads where it goes on, zero line, and the mark of its tone.

    Hidden from screen readers: the figures stand beside it.
    """
    guess, low, high = finite(row.guess), finite(row.low), finite(row.high)
    at = span.at
    zero = f"{at(0.0):.2f}%"
    parts = [
        f'<svg class="c-iv c-{row.tone}" width="100%" height="{HEIGHT}" aria-hidden="true">',
        f"<title>{words(row.title)}</title>" if row.title else "",
        f'<line class="c-zero" x1="{zero}" x2="{zero}" y1="{-LONG}" y2="{HEIGHT + LONG}"/>',
    ]
    if guess is None:
        parts.append(text(at(0.0), 18, words(missing)))
    else:
        if low is not None and high is not None:
            parts.append(_range(min(low, high), max(low, high), span))
        parts.append(mark(row.tone, at(guess), HEIGHT / 2))
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704  # words are escaped, the rest is numbers


def _range(low: float, high: float, span: Scale) -> str:
    """Draw the range; an end inside the axis gets a cap, one beyond it an arrowhead."""
    x1, x2, y = span.at(low), span.at(high), HEIGHT / 2
    drawn = [f'<line class="c-range" x1="{x1:.2f}%" x2="{x2:.2f}%" y1="{y:g}" y2="{y:g}"/>']
    for x, beyond, arrow in (
        (x1, low < span.low, "m6-5-7 5 7 5"),
        (x2, high > span.high, "m-6-5 7 5-7 5"),
    ):
        if beyond:
            head = f'<path class="c-arrow" d="{arrow}"/>'
            drawn.append(f'<svg class="c-m" x="{x:.2f}%" y="{y:g}">{head}</svg>')
        else:
            at = f'x1="{x:.2f}%" x2="{x:.2f}%"'
            drawn.append(f'<line class="c-cap" {at} y1="{y - 5:g}" y2="{y + 5:g}"/>')
    return "".join(drawn)


def _axis(span: Scale, number: Number, zero_label: str) -> str:
    """Draw the ticks and what zero means; every other tick gives way on a phone."""
    ticks = span.ticks()
    middle = next((i for i, tick in enumerate(ticks) if abs(tick) < TINY), 0)
    drawn = ['<svg class="c-axis" width="100%" height="34" aria-hidden="true">']
    if zero_label:
        x = span.at(0.0)
        drawn.append(text(x, 12, words(zero_label), " c-said", anchor_at(x)))
    for i, tick in enumerate(ticks):
        css = " c-alt" if (i - middle) % 2 else ""
        x = span.at(tick)
        drawn.append(text(x, 29, words(number(tick)), css))
    return "".join(drawn) + "</svg>"


def intervals(
    rows: Sequence[Interval],
    heads: IntervalHeads,
    *,
    unit: str,
    zero_label: str = "",
    number: Number = plain_number,
    tick: Number | None = None,
    range_words: Callable[[str, str], str] = _joined,
    missing: str = "–",
    caption: str = "",
) -> Markup:
    """Draw the rows in the order given, as a table.

    Args:
        rows: what to draw.
        heads: the words above the columns.
        unit: what the numbers count, shown beside the head of the guess: points.
        zero_label: what zero means, in two or three words.
        number: writes a number in the reader's language, with its sign.
        tick: writes a number at the axis; `number` when None.
        range_words: joins the two ends of a range, written already.
        missing: said where there is no number.
        caption: of the table, hidden from the eye; the figure has its own.
    """
    span = span_of(rows)
    with_n, with_verdict = any(r.n_words for r in rows), any(r.verdict for r in rows)
    told = captioned(caption)
    unit = f' <small class="n">{words(unit)}</small>' if unit else ""
    axis = _axis(span, tick or number, zero_label)
    drawn = [
        f'<table class="c-table c-ivs" role="table">{told}<thead role="rowgroup"><tr role="row">',
        _head(words(heads.label), "c-label"),
        _head(f'<span class="vh">{words(heads.plot)}</span>{axis}', "c-plot"),
        _head(words(heads.guess) + unit, "num"),
        _head(words(heads.n), "num c-n") if with_n else "",
        _head(words(heads.verdict), "c-verdict") if with_verdict else "",
        '</tr></thead><tbody role="rowgroup">',
    ]
    n_cell = f'<td role="cell" class="num c-n" data-label="{words(heads.n)}">'
    for row in rows:
        drawn.append(_row(row, span, number, range_words, words(missing)))
        if with_n:
            drawn.append(f"{n_cell}{words(row.n_words)}</td>")
        if with_verdict:
            drawn.append(f'<td role="cell" class="c-verdict">{words(row.verdict)}</td>')
        drawn.append("</tr>")
    return Markup("".join(drawn) + "</tbody></table>")  # noqa: S704  # escaped above


def _head(inner: str, css: str) -> str:
    return f'<th scope="col" role="columnheader" class="{css}">{inner}</th>'


def _row(
    row: Interval,
    span: Scale,
    number: Number,
    range_words: Callable[[str, str], str],
    missing: str,
) -> str:
    """Write a row up to its figure: label, drawing, guess and range."""
    guess, low, high = finite(row.guess), finite(row.low), finite(row.high)
    figure = missing if guess is None else f"<b>{words(number(guess))}</b>"
    if guess is not None and low is not None and high is not None:
        ends = range_words(number(min(low, high)), number(max(low, high)))
        figure += f"<small>{words(ends)}</small>"
    more = f"<small>{words(row.more)}</small>" if row.more else ""
    label = linked(words(row.label), row.href)
    if row.lang:  # what stands below it is in the reader's language
        label = f'<span lang="{words(row.lang)}">{label}</span>'
    return (
        f'<tr role="row"><th scope="row" role="rowheader" class="c-label" dir="auto">'
        f"{label}{more}</th>"
        f'<td role="cell" class="c-plot">{interval(row, span, missing="")}</td>'
        f'<td role="cell" class="num">{figure}</td>'
    )


def tone_key(said: Mapping[Tone, str]) -> Markup:
    """Say what each mark means, in the order given: `{"helps": _("helps"), …}`."""
    items = "".join(
        '<li><svg width="16" height="16" aria-hidden="true">'
        f"{mark(tone, 50, 8)}</svg>{words(label)}</li>"
        for tone, label in said.items()
    )
    return Markup(f'<ul class="c-key">{items}</ul>')  # noqa: S704  # escaped above
