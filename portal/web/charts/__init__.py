"""Charts drawn by the server: numbers and words in, SVG and real tables out.

No script, no inline style, colours from static/insights/charts.css. Widths are percentages and
heights pixels, so that text keeps its size on a phone. Words come in the reader's language and are
escaped here; numbers that are not finite are said to be missing. Every mark that has a meaning has
a shape of its own.
"""

from portal.web.charts.bars import Bar, Part, bars, steps
from portal.web.charts.funnel import FunnelHeads, Point, funnel
from portal.web.charts.heat import Cell, heat_map
from portal.web.charts.intervals import (
    Interval,
    IntervalHeads,
    interval,
    intervals,
    span_of,
    tone_key,
)
from portal.web.charts.lines import Line, time_series
from portal.web.charts.panels import Panel, small_multiples
from portal.web.charts.parts import Number, Scale, Tone, plain_number
from portal.web.charts.spark import bar, sparkline

__all__ = [
    "Bar",
    "Cell",
    "FunnelHeads",
    "Interval",
    "IntervalHeads",
    "Line",
    "Number",
    "Panel",
    "Part",
    "Point",
    "Scale",
    "Tone",
    "bar",
    "bars",
    "funnel",
    "heat_map",
    "interval",
    "intervals",
    "plain_number",
    "small_multiples",
    "span_of",
    "sparkline",
    "steps",
    "time_series",
    "tone_key",
]
