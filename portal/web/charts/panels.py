"""Small multiples: many small lines on one scale, to be compared at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from portal.web.charts.parts import finite, finite_of, linked, nothing, stretched, words

HEIGHT = 48


@dataclass(frozen=True, slots=True)
class Panel:
    """A small line: its name, its values, the figure beside its name, and all of it in words."""

    label: str
    values: Sequence[float | None]
    said: str
    summary: str
    href: str | None = None
    lang: str = ""


def small_multiples(
    panels: Sequence[Panel], *, first: str = "", last: str = "", empty: str = ""
) -> Markup:
    """Draw the panels, all from zero to the largest value of any.

    Args:
        panels: what to draw, in this order.
        first: names the first step, under each line.
        last: names the last step.
        empty: said when there are none.
    """
    if not panels:
        return nothing(empty)
    held = [value for panel in panels for value in finite_of(panel.values)]
    low, high = min((0.0, *held)), max((0.0, *held))
    drawn = "".join(
        _panel(panel, low, high if high > low else low + 1, (first, last)) for panel in panels
    )
    return Markup(f'<ul class="c-panels">{drawn}</ul>')  # noqa: S704  # escaped below


def _panel(panel: Panel, low: float, high: float, ends: tuple[str, str]) -> str:
    count = len(panel.values)
    runs: list[list[tuple[float, float]]] = [[]]
    for step, given in enumerate(panel.values):
        value = finite(given)
        if value is None:
            runs.append([])
        else:
            x = 1000 * step / (count - 1) if count > 1 else 500.0
            runs[-1].append((x, HEIGHT * (1 - (value - low) / (high - low))))
    drawn = _inner([run for run in runs if run], HEIGHT * high / (high - low))
    lang = f' lang="{words(panel.lang)}"' if panel.lang else ""
    times = "".join(f"<span>{words(said)}</span>" for said in ends) if any(ends) else ""
    label = linked(words(panel.label), panel.href)
    return (
        f'<li><div class="c-ph"><span{lang} dir="auto">{label}</span>'
        f"<b>{words(panel.said)}</b></div>"
        f'<svg class="c-panel" width="100%" height="{HEIGHT + 8}" role="img"'
        f' aria-label="{words(panel.summary)}">{drawn}</svg>'
        + (f'<div class="c-pf" aria-hidden="true">{times}</div>' if times else "")
        + "</li>"
    )


def _inner(runs: Sequence[Sequence[tuple[float, float]]], zero: float) -> str:
    """Draw the zero line, the area, the line, a dot at each lone value and at the end."""
    paths = []
    for run in runs:
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in run)
        first, last = f"{run[0][0]:.1f} {zero:.1f}", f"{run[-1][0]:.1f} {zero:.1f}"
        paths.append(f'<path class="c-area" d="M{first}L{line}L{last}Z"/>')
        paths.append(f'<path class="c-ln c-s0" d="M{line}"/>')
    dots = [run[0] for run in runs if len(run) == 1]
    if runs and runs[-1][-1] not in dots:
        dots.append(runs[-1][-1])
    y = zero + 4
    return (
        f'<line class="c-base" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        + stretched(4, HEIGHT, "".join(paths))
        + "".join(
            f'<circle class="c-pt c-s0" cx="{x / 10:.2f}%" cy="{y + 4:.1f}" r="3"/>'
            for x, y in dots
        )
    )
