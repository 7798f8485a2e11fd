import re
from xml.etree import ElementTree as ET

import pytest

from portal.web.charts import bar, sparkline


def points(svg):
    """The corners of the line, as numbers."""
    path = re.search(r'class="c-line" d="M([^"]+)"', svg)[1]
    return [tuple(float(n) for n in pair.split()) for pair in path.split("L")]


def test_the_line_starts_at_zero_and_the_largest_value_touches_the_top():
    line = points(sparkline([0, 5, 10], "views", width=100, height=20))
    assert line == [(0, 20), (50, 10), (100, 0)]


@pytest.mark.parametrize("values", [[], [0, 0, 0], [7], [-3, 2], list(range(90))])
def test_any_series_is_a_well_formed_picture_with_a_name(values):
    svg = sparkline(values, "7 views")
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "7 views"
    if values:
        assert all(0 <= y <= 28 for _, y in points(svg))


def test_nothing_all_the_time_is_a_line_at_the_bottom():
    assert {y for _, y in points(sparkline([0, 0], "none"))} == {28}


@pytest.mark.parametrize("draw", [lambda t: sparkline([1], t), lambda t: bar(0.5, t)])
def test_a_label_can_not_become_markup(draw):
    text = '"><script>alert(1)</script>'
    root = ET.fromstring(draw(text))
    assert root.get("aria-label") == text


@pytest.mark.parametrize(("share", "width"), [(0.5, "50.0%"), (-1, "0.0%"), (7, "100.0%")])
def test_a_bar_is_bounded(share, width):
    assert f'class="c-fill" width="{width}"' in bar(share, "x")


def test_no_inline_style():
    assert "style=" not in sparkline([1, 2], "x") + bar(1, "x")
