"""The heat map: a table whose cells say their figure, shaded and underlined by how large it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from portal.web.charts.parts import captioned, finite, finite_of, linked, nothing, words

SHADES = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: how much, the same in words, and what else is said below; `thin` marks few cases."""

    value: float | None
    said: str
    note: str = ""
    href: str | None = None
    title: str = ""
    thin: bool = False


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Cell | None]],
    *,
    corner: str,
    label: str,
    caption: str = "",
    most: float | None = None,
    empty: str = "",
) -> Markup:
    """Draw a table of figures; the larger one, the darker its cell and the longer the line in it.

    Args:
        rows: the words at the left.
        columns: the words above.
        cells: by row, then column; None where there is nothing.
        corner: what the words at the left are.
        label: names the table where it must be scrolled sideways.
        caption: of the table, hidden from the eye; the figure has its own.
        most: the value of the darkest shade; the largest one when None.
        empty: said when there are no rows or columns.
    """
    if not rows or not columns:
        return nothing(empty)
    largest = finite(most) or max(
        (0.0, *finite_of(cell.value for line in cells for cell in line if cell))
    )
    told = captioned(caption)
    heads = "".join(f'<th scope="col" dir="auto">{words(said)}</th>' for said in columns)
    lines = []
    for place, said in enumerate(rows):
        line = cells[place] if place < len(cells) else ()
        given = [line[i] if i < len(line) else None for i in range(len(columns))]
        shown = "".join(_cell(cell, largest or 1.0) for cell in given)
        lines.append(f'<tr><th scope="row" dir="auto">{words(said)}</th>{shown}</tr>')
    return Markup(  # noqa: S704  # words are escaped, the rest is numbers
        f'<div class="c-scroll" role="region" tabindex="0" aria-label="{words(label)}">'
        f'<table class="c-table c-heat">{told}<thead><tr><th scope="col">{words(corner)}</th>'
        f"{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _cell(cell: Cell | None, largest: float) -> str:
    value = finite(cell.value) if cell else None
    if cell is None or (value is None and not cell.said):
        return '<td class="c-none">–</td>'
    share = 0.0 if value is None else min(1.0, max(0.0, value / largest))
    shade = min(SHADES, -int(-SHADES * share // 1)) if share else 0
    css = f"c-h{shade}" + (" c-few" if cell.thin else "")
    title = f' title="{words(cell.title)}"' if cell.title else ""
    note = f"<small>{words(cell.note)}</small>" if cell.note else ""
    drawn = _line(share) if share else ""
    figure = linked(f"<b>{words(cell.said)}</b>", cell.href)
    return f'<td class="{css}"{title}>{figure}{note}{drawn}</td>'


def _line(share: float) -> str:
    """Draw how much it is, for those who do not see the shade."""
    line = f'<rect width="{100 * share:.1f}%" height="4"/>'
    return f'<svg width="100%" height="4" aria-hidden="true">{line}</svg>'
