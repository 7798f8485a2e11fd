"""The two charts that fit into a line of a table, on any page: a sparkline and a bar."""

from collections.abc import Sequence

from markupsafe import Markup

from portal.web.charts.parts import finite, words


def _points(values: Sequence[float], width: int, height: int) -> list[tuple[float, float]]:
    """Place values left to right; zero is the bottom line, the largest value the top."""
    top = max((*values, 1))
    step = width / max(1, len(values) - 1)
    return [(i * step, height - height * max(0.0, v) / top) for i, v in enumerate(values)]


def sparkline(values: Sequence[float], label: str, *, width: int = 130, height: int = 28) -> Markup:
    """A small line over equal steps of time, zero-based so that heights can be compared.

    Args:
        values: one number a step, the oldest first; negative ones and what is no number count as 0.
        label: what a screen reader says instead of the picture.
        width: of the view box, in px.
        height: of the view box, in px.
    """
    name, values = words(label), [finite(value) or 0.0 for value in values]
    start = (
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 -2 {width} {height + 4}"'
        f' role="img" aria-label="{name}">'
    )
    if not values:
        return Markup(start + "</svg>")  # noqa: S704  # the label is escaped
    points = _points(values, width, height)
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    return Markup(  # noqa: S704  # numbers and an escaped label
        f'{start}<path class="c-area" d="M0 {height}L{line}L{x:.1f} {height}Z"/>'
        f'<path class="c-line" d="M{line}"/>'
        f'<circle class="c-dot" cx="{x:.1f}" cy="{y:.1f}" r="2.4"/></svg>'
    )


def bar(share: float, label: str, *, height: int = 22) -> Markup:
    """A horizontal bar that fills `share` (0 to 1, bounded) of whatever width it is given."""
    filled = 100 * min(1.0, max(0.0, finite(share) or 0.0))
    return Markup(  # noqa: S704  # numbers and an escaped label
        f'<svg class="bar" width="100%" height="{height}" role="img" aria-label="{words(label)}">'
        f'<rect class="c-track" width="100%" height="{height}" rx="5"/>'
        f'<rect class="c-fill" width="{filled:.1f}%" height="{height}" rx="5"/></svg>'
    )
