import re
import time
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web import charts
from portal.web.charts import (
    Bar,
    Cell,
    FunnelHeads,
    Interval,
    IntervalHeads,
    Line,
    Panel,
    Part,
    Point,
    Scale,
)
from portal.web.charts.parts import scale_over

HEADS = IntervalHeads("Asset", "Range", "Best guess", "Deals", "Verdict")
AXES = FunnelHeads("deals", "points", "by chance")
TOLD = {"name": "x", "title": "t", "desc": "d"}
HOSTILE = '"><script>alert(1)</script>\x00\x1b\ud800\u202e&'
TONES = ("helps", "hurts", "same", "thin", "decided")

anything = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))
some_text = st.text(st.characters(codec=None), max_size=30)


def tree(markup):
    """The drawing as XML would read it, which forgives nothing."""
    return ET.fromstring(f"<div>{markup}</div>")


def drawn(values, text="a"):
    """Every chart with these numbers and words."""
    rows = [
        Interval(text, v, w, u, text, TONES[i % 5], text, text, text, text, text)
        for i, (v, w, u) in enumerate(
            zip(values, values[::-1], values[1:] + values[:1], strict=True)
        )
    ]
    series = [Line(text, values, values[::-1], values), Line(text, values[1:])]
    points = [
        Point(text, v, 20 if v is None else v, TONES[i % 5], text, i < 3)
        for i, v in enumerate(values)
    ]
    bars = [
        Bar(text, v, text, v, text, text, [Part(v or 0, text)] * (i % 2))
        for i, v in enumerate(values)
    ]
    cells = [[Cell(v, text, text, text, text) for v in values], [None]]
    return (
        charts.intervals(rows, HEADS, unit=text, zero_label=text, caption=text),
        charts.time_series(series, [text] * len(values), **TOLD, empty=text),
        charts.funnel(points, AXES, **TOLD, spread=48, floor=1, empty=text),
        charts.bars(bars, (text, text), caption=text, key=(text, text), empty=text),
        charts.steps(bars, (text, text), caption=text, empty=text),
        charts.heat_map(
            [text, text],
            [text] * len(values),
            cells,
            corner=text,
            label=text,
            caption=text,
            empty=text,
        ),
        charts.small_multiples(
            [Panel(text, values, text, text, text, text)], first=text, last=text
        ),
        charts.sparkline([v or 0 for v in values], text),
        charts.tone_key(dict.fromkeys(TONES, text)),
    )


def outside(node, height=None, *, stretched=False):
    """The places outside of their picture: beyond 0 to 100 %, beyond the height, beyond the frame of a path."""
    for child in node:
        inner, frame = height, stretched
        if child.tag == "svg":
            frame = "viewBox" in child.attrib
            inner = (
                float(child.get("viewBox").split()[3])
                if frame
                else float(child.get("height", height or 0))
            )
        for name in ("x", "x1", "x2", "cx", "width"):
            value = child.get(name, "")
            if value.endswith("%") and not 0 <= float(value[:-1]) <= 100:
                yield child.tag, name, value
        zero_line = "c-zero" in child.get("class", "")
        for name in ("y", "y1", "y2", "cy"):
            value = child.get(name)
            if (
                value
                and not zero_line
                and not value.endswith("%")
                and inner
                and not -1 <= float(value) <= inner + 1
            ):
                yield child.tag, name, value, inner
        if frame and child.tag == "path":
            for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", child.get("d")):
                if not (0 <= float(x) <= 1000 and -0.1 <= float(y) <= inner + 0.1):
                    yield "path", x, y
        yield from outside(child, inner, stretched=frame)


@given(st.lists(anything, max_size=12))
def test_any_numbers_make_wellformed_pictures_that_stay_inside(values):
    for markup in drawn(values):
        assert not re.search(r"\b(nan|inf)\b", markup), markup
        assert list(outside(tree(markup))) == [], markup


@pytest.mark.parametrize(
    "values",
    [
        [],
        [0.0],
        [5.0],
        [3.0] * 4,
        [-2.0] * 3,
        [1e300, -1e300],
        [1.7e308, -1.7e308],
        [5e-324, 0.0],
        [1e15, 1e15 - 0.25],
        [float("nan")] * 3,
        [float("inf"), float("-inf")],
        [None, 1.0, None],
    ],
)
def test_awkward_numbers(values):
    for markup in drawn(values):
        assert list(outside(tree(markup))) == []


@given(some_text)
def test_no_words_become_markup(text):
    for markup in drawn([1.0, 3.0, -2.0], text):
        root = tree(markup)
        assert {node.tag for node in root.iter()} <= {
            *("div ul li table caption thead tbody tr th td a b small span figure p".split()),
            *("svg g line path rect circle text tspan title desc".split()),
        }


def test_hostile_words():
    for markup in drawn([1.0, 3.0, -2.0], HOSTILE):
        assert "<script" not in markup
        assert not set(markup) & set("\x00\x1b\ud800\u202e")
        tree(markup)


def test_nothing_inline():
    for markup in drawn([1.0, 3.0, -2.0]):
        assert not re.search(r"\sstyle=|\son\w+=", markup)


def test_every_tone_has_a_shape_of_its_own():
    shapes = set()
    for tone in TONES:
        (svg,) = tree(charts.tone_key({tone: "x"})).iter("li")
        shapes.add(
            tuple(
                (n.tag, n.get("d"), n.get("class"))
                for n in svg.iter()
                if n.tag in {"path", "circle"}
            )
        )
    assert len(shapes) == len(TONES)


def test_every_line_has_a_dash_of_its_own_and_its_name_is_said_beside_it():
    root = tree(
        charts.time_series([Line("Views", [1, 2]), Line("Copies", [2, 3])], ["a", "b"], **TOLD)
    )
    assert [n.get("class") for n in root.iter("line") if "c-ln" in n.get("class", "")] == [
        "c-ln c-s0",
        "c-ln c-s1",
    ]
    assert [n.text for n in root.iter("tspan") if n.get("class") == "c-name"] == ["Views", "Copies"]


def test_a_picture_is_named_and_told_in_words():
    svg = tree(
        charts.time_series(
            [Line("a", [1, 2])], ["x", "y"], name="use", title="Use", desc="It grew."
        )
    ).find("svg")
    assert svg.get("role") == "img"
    told = {node.get("id"): node.text for node in svg if node.get("id")}
    assert [told[it] for it in svg.get("aria-labelledby").split()] == ["Use", "It grew."]


@pytest.mark.parametrize("name", ["", "Use", "a b", '"', "ü", "1"])
def test_a_name_that_can_be_no_id_is_refused(name):
    with pytest.raises(ValueError, match="can not begin an id"):
        charts.time_series([Line("a", [1])], ["x"], name=name, title="t", desc="d")


def test_a_gap_breaks_the_line_and_a_lone_value_is_a_dot():
    root = tree(
        charts.time_series([Line("a", [1, 2, None, 5, None, 2, 3])], list("abcdefg"), **TOLD)
    )
    (line,) = (n for n in root.iter("path") if "c-ln" in n.get("class"))
    assert line.get("d").count("M") == 2
    assert len([n for n in root.iter("circle") if n.get("cx") == "50.00%"]) == 1


def test_names_at_the_ends_do_not_touch():
    lines = [Line(str(i), [1, 10 + i / 100]) for i in range(5)]
    root = tree(charts.time_series(lines, ["a", "b"], **TOLD))
    ys = sorted(float(n.get("y")) for n in root.iter("text") if "c-end" in n.get("class"))
    assert all(b - a >= 14.9 for a, b in pairwise(ys))


def test_a_range_beyond_the_axis_ends_in_an_arrowhead():
    span = Scale(-10, 10)
    assert charts.interval(Interval("a", 1, -3, 4), span).count("c-arrow") == 0
    assert charts.interval(Interval("a", 1, -30, 4), span).count("c-arrow") == 1
    assert charts.interval(Interval("a", 1, -30, 40), span).count("c-arrow") == 2


def test_the_axis_holds_every_guess_and_zero():
    rows = [Interval("a", g, g - 1, g + 1) for g in (*[3.0] * 19, 28.0)]
    span = charts.span_of(rows)
    assert span.low <= 0
    assert span.high >= 28


def test_a_guess_that_is_no_number_is_said_to_be_missing():
    markup = charts.intervals(
        [Interval("a", float("nan"), 1, 2)], HEADS, unit="", missing="no figure"
    )
    assert "no figure" in markup
    assert "c-range" not in markup


def test_the_rows_of_an_interval_plot_are_read_as_a_table():
    rows = [Interval("Deck", 4.2, -1, 9, "120", "same", "/a", verdict="No difference")]
    root = tree(
        charts.intervals(rows, HEADS, unit="points", range_words="{} to {}".format, caption="Lift")
    )
    assert [n.text for n in root.iter("caption")] == ["Lift"]
    assert all(n.get("scope") for n in root.iter("th"))
    assert all(
        n.get("aria-hidden")
        for n in root.iter("svg")
        if n.get("class") in {"c-axis", "c-iv c-same"}
    )
    said = " ".join(root.find(".//tbody").itertext())
    assert said.split() == "Deck 4.2 −1 to 9 120 No difference".split()


def test_what_chance_does_narrows_with_the_root_of_the_deals():
    from portal.web.charts.funnel import limit

    assert limit(100, 50, 0) == pytest.approx(9.8)
    assert limit(400, 50, 0) == pytest.approx(4.9)
    assert limit(10**12, 50, 1) == pytest.approx(1.96, abs=1e-3)


def test_a_funnel_names_what_lies_outside():
    points = [Point(f"inside {i}", 1, 100) for i in range(20)]
    points += [Point("great", 30, 200, "helps"), Point("poor", -30, 220, "hurts")]
    root = tree(charts.funnel(points, AXES, **TOLD, spread=48))
    assert {n.text for n in root.iter("text") if "c-nm" in n.get("class")} == {"great", "poor"}
    assert len([n for n in root.iter("title") if (n.text or "").startswith("inside")]) == 20


def test_an_empty_chart_says_so():
    for markup in (
        charts.time_series([], [], **TOLD, empty="Nobody looked."),
        charts.funnel([], AXES, **TOLD, spread=1, empty="Nobody looked."),
        charts.bars([], ("a", "b"), empty="Nobody looked."),
        charts.steps([], ("a", "b"), empty="Nobody looked."),
        charts.heat_map([], [], [], corner="", label="", empty="Nobody looked."),
        charts.small_multiples([], empty="Nobody looked."),
    ):
        assert tree(markup).find("p").text == "Nobody looked."


def test_a_cell_says_its_figure_and_the_longest_line_is_the_largest():
    cells = [[Cell(10, "10"), Cell(5, "5"), Cell(0, "0"), None]]
    root = tree(charts.heat_map(["r"], list("abcd"), cells, corner="", label=""))
    found = [(n.get("class"), "".join(n.itertext())) for n in root.iter("td")]
    assert found == [("c-h5", "10"), ("c-h3", "5"), ("c-h0", "0"), ("c-none", "–")]
    assert [n.get("width") for n in root.iter("rect")] == ["100.0%", "50.0%"]


def test_parts_of_a_bar_lie_end_to_end():
    root = tree(charts.bars([Bar("a", None, "10", parts=[Part(6), Part(0), Part(4)])], ("a", "b")))
    assert [(n.get("x1"), n.get("x2")) for n in root.iter("line") if n.get("y1") == "9"] == [
        ("0.00%", "60.00%"),
        ("60.00%", "100.00%"),
    ]


@given(st.lists(st.floats(-1e15, 1e15), max_size=9), st.booleans())
def test_a_scale_holds_what_it_was_made_for_between_few_ticks(values, zero):
    scale = scale_over(values, zero=zero)
    assert scale.low < scale.high
    air = 1e-8 * (scale.high - scale.low)  # of which nothing is seen
    assert all(scale.low - air <= v <= scale.high + air for v in values)
    assert 1 <= len(scale.ticks()) <= 16


def test_sixty_rows_are_drawn_quickly():
    rows = [
        Interval(f"Asset {i}", i / 7, i / 7 - 4, i / 7 + 4, str(i), "same", "/a", "t", "v")
        for i in range(60)
    ]
    took = []
    for _ in range(5):
        began = time.perf_counter()
        charts.intervals(rows, HEADS, unit="points")
        took.append(time.perf_counter() - began)
    print(f"60 rows: {1000 * min(took):.2f} ms")
    assert min(took) < 0.006  # 3 ms are promised; the machine may be shared
