from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from portal.insights import rules
from portal.insights.rules import Column, Line


def line(number, title="Kestrel", views=0, last_used=None):
    return Line(number, f"a{number}", "faq", title, "en", views, 0, 0, last_used)


lines = st.lists(
    st.builds(line, st.integers(1, 99), st.sampled_from(["á", "B", "đ"]), st.integers(0, 3)),
    max_size=12,
)


@given(lines, st.sampled_from(Column), st.sampled_from(["asc", "desc"]), st.randoms())
def test_the_order_does_not_depend_on_where_one_began(found, column, direction, random):
    unique = list({one.id: one for one in found}.values())
    shuffled = random.sample(unique, len(unique))
    assert rules.in_order(unique, column, direction) == rules.in_order(shuffled, column, direction)


def test_equal_ones_are_in_alphabetical_order_both_ways():
    found = [line(1, "Đà Nẵng"), line(2, "Alpha"), line(3, "éclair", views=1)]
    assert [one.id for one in rules.in_order(found, Column.VIEWS, "desc")] == [3, 2, 1]
    assert [one.id for one in rules.in_order(found, Column.VIEWS, "asc")] == [2, 1, 3]


def test_never_used_is_longest_ago():
    used = line(1, last_used=datetime(2026, 1, 1, tzinfo=UTC))
    assert [one.id for one in rules.in_order([line(2), used], Column.LAST_USED, "desc")] == [1, 2]


def test_titles_are_found_without_diacritics():
    found = [line(1, "Thẻ đối đầu: Kestrel"), line(2, "Цены и скидки")]
    assert [one.id for one in rules.matching(found, "kestrel DOI")] == [1]
    assert [one.id for one in rules.matching(found, "цены")] == [2]
    assert len(rules.matching(found, "  ")) == 2


def test_odd_addresses_mean_the_usual():
    assert rules.read_column("'; drop") is Column.VIEWS
    assert rules.read_direction("up", Column.TITLE) == "asc"
    assert rules.read_direction(None, Column.VIEWS) == "desc"
    assert rules.read_direction("asc", Column.VIEWS) == "asc"
