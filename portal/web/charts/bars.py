"""Bars and steps: a table whose second column draws the figure that the third one says."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from portal.web.charts.parts import captioned, finite, finite_of, linked, nothing, words

KINDS = 4
"""Ways to fill a part of a bar: plain, striped, outlined, dotted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stacked bar."""

    value: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its label, how long its bar is, and the same in words.

    `compare` draws a thin second bar, for the time before or the other side. `parts` divide the
    bar; their sum is its length then.
    """

    label: str
    value: float | None
    said: str
    compare: float | None = None
    compare_said: str = ""
    href: str | None = None
    parts: Sequence[Part] = ()
    lang: str = ""


def bars(
    rows: Sequence[Bar],
    heads: tuple[str, str],
    *,
    caption: str = "",
    key: Sequence[str] = (),
    most: float | None = None,
    empty: str = "",
) -> Markup:
    """Draw horizontal bars in the order given; all begin at zero and share one scale.

    Args:
        rows: what to draw; what is negative or no number has no bar, only its words.
        heads: the words above the labels and above the figures.
        caption: of the table, hidden from the eye; the figure has its own.
        key: what the parts of a stacked bar are, or the bar and its comparison.
        most: the value of a full bar; the largest one when None.
        empty: said when there are no rows.
    """
    if not rows:
        return nothing(empty)
    stacked = any(row.parts for row in rows)
    longest = finite(most) or max((0.0, *(length for row in rows for length in _lengths(row))))
    drawn = [_key(key, stacked=stacked), _open(heads, caption, "c-bars")]
    drawn.extend(_row(row, longest or 1.0) for row in rows)
    return Markup("".join(drawn) + "</tbody></table>")  # noqa: S704  # escaped above


def steps(
    rows: Sequence[Bar], heads: tuple[str, str], *, caption: str = "", empty: str = ""
) -> Markup:
    """Draw steps of which each is a part of the one before: shown, opened, used.

    The same table as `bars`, the bars in the middle of their column, so that it narrows downwards;
    `compare_said` tells what share went on.
    """
    if not rows:
        return nothing(empty)
    longest = max((0.0, *finite_of(row.value for row in rows))) or 1.0
    drawn = [_open(heads, caption, "c-bars c-steps")]
    drawn.extend(_row(row, longest, middle=True) for row in rows)
    return Markup("".join(drawn) + "</tbody></table>")  # noqa: S704  # escaped above


def _lengths(row: Bar) -> list[float]:
    whole = sum(max(0.0, v) for v in finite_of(part.value for part in row.parts))
    return finite_of((whole if row.parts else row.value, row.compare))


def _open(heads: tuple[str, str], caption: str, css: str) -> str:
    label, figure = heads
    told = captioned(caption)
    return (
        f'<table class="c-table {css}" role="table">{told}<thead role="rowgroup"><tr role="row">'
        f'<th scope="col" role="columnheader">{words(label)}</th><td class="c-plot"></td>'
        f'<th scope="col" role="columnheader" class="num">{words(figure)}</th></tr></thead>'
        '<tbody role="rowgroup">'
    )


def _row(row: Bar, longest: float, *, middle: bool = False) -> str:
    lang = f' lang="{words(row.lang)}"' if row.lang else ""
    other = f"<small>{words(row.compare_said)}</small>" if row.compare_said else ""
    return (
        f'<tr role="row"><th scope="row" role="rowheader" class="c-label"{lang} dir="auto">'
        f"{linked(words(row.label), row.href)}</th>"
        f'<td class="c-plot" aria-hidden="true">{_drawing(row, longest, middle=middle)}</td>'
        f'<td role="cell" class="num"><b>{words(row.said)}</b>{other}</td></tr>'
    )


def _drawing(row: Bar, longest: float, *, middle: bool) -> str:
    compare = finite(row.compare)
    height = 26 if compare is not None else 18
    drawn = [f'<svg class="c-b" width="100%" height="{height}">']
    left = 0.0
    if row.parts:
        for place, part in enumerate(row.parts):
            width = _share(part.value, longest)
            drawn.append(_part(left, min(width, 100 - left), place % KINDS, part.title))
            left = min(100.0, left + width)
    else:
        width = _share(row.value, longest)
        left = (100 - width) / 2 if middle else 0.0
        if width:
            drawn.append(
                f'<rect class="c-f" x="{left:.2f}%" width="{width:.2f}%" height="18" rx="3"/>'
            )
    if compare:
        drawn.append(
            f'<rect class="c-cmp" y="21" width="{_share(compare, longest):.2f}%" height="5"/>'
        )
    return "".join(drawn) + '<line class="c-foot" x1="0" x2="0" y1="0" y2="100%"/></svg>'


def _share(value: float | None, longest: float) -> float:
    number = finite(value)
    return 0.0 if number is None else 100 * min(1.0, max(0.0, number / longest))


def _part(left: float, width: float, kind: int, title: str) -> str:
    """Draw a part: a line as thick as the bar, whose dashes are its pattern, in a thin frame."""
    if width <= 0:
        return ""
    told = f"<title>{words(title)}</title>" if title else ""
    return (
        f'<g class="c-p{kind}">{told}'
        f'<line x1="{left:.2f}%" x2="{left + width:.2f}%" y1="9" y2="9"/>'
        f'<rect x="{left:.2f}%" y="1" width="{width:.2f}%" height="16"/></g>'
    )


def _key(key: Sequence[str], *, stacked: bool) -> str:
    if not key:
        return ""
    items = "".join(
        '<li><svg class="c-b" width="22" height="18" aria-hidden="true">'
        f"{_sample(place, stacked=stacked)}</svg>{words(said)}</li>"
        for place, said in enumerate(key)
    )
    return f'<ul class="c-key">{items}</ul>'


def _sample(place: int, *, stacked: bool) -> str:
    if stacked:
        return _part(0, 100, place % KINDS, "")
    if place:
        return '<rect class="c-cmp" y="7" width="22" height="5"/>'
    return '<rect class="c-f" y="2" width="22" height="14" rx="3"/>'
