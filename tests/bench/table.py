"""The table of figures: measured, asked, and how it compares with the floors of the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line; `least` or `most` is what was asked, when something was."""

    name: str
    measured: float
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def good(self):
        low = self.least is None or self.measured >= self.least
        return low and (self.most is None or self.measured <= self.most)

    @property
    def asked(self):
        if self.most is not None:
            return f"≤ {self.most:g} {self.unit}"
        return f"≥ {self.least:g} {self.unit}" if self.least is not None else ""


def show(title, figures):
    """Print the table; returns whether everything asked for was reached."""
    print(f"\n{title}")
    print(f"{'figure':<44}{'measured':>14}  {'asked':<14}{'':<7}note")
    for figure in figures:
        measured = f"{figure.measured:,.{3 if figure.measured < 1 else 1}f} {figure.unit}"
        verdict = ("ok" if figure.good else "MISSED") if figure.asked else ""
        line = f"{figure.name:<44}{measured:>14}  {figure.asked:<14}{verdict:<7}{figure.note}"
        print(line.rstrip(), flush=True)
    return all(figure.good for figure in figures)


WIDE = 40
"""Letters of the longest bar of a plot."""


def plot(title, unit, points):
    """Print how a figure grows: a bar for each (name, value), the largest one the longest."""
    most = max(value for _, value in points) or 1
    print(f"\n{title}, {unit}")
    for name, value in points:
        bar = "█" * max(1, round(WIDE * value / most))
        print(f"{name:>16}  {bar:<{WIDE}}  {value:,.{3 if value < 1 else 1}f}", flush=True)
