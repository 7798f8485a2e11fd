import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.paging import LARGEST, number_of, page_urls, paging, sort_links, with_args, without


@pytest.mark.parametrize(
    ("raw", "number"),
    [("3", 3), ("", 1), (None, 1), ("-2", 1), ("0", 1), ("x", 1), ("1e3", 1), ("٣", 1), ("²", 1)],
)
def test_a_page_number_is_read_kindly(raw, number):
    assert number_of(raw) == number


def test_a_huge_number_is_the_last_page():
    assert number_of("9" * 6000) == LARGEST
    assert number_of("500", last=7) == 7


@given(st.text())
def test_no_text_breaks_it(raw):
    assert 1 <= number_of(raw) <= LARGEST


@given(total=st.integers(0, 10**7), number=st.integers(-5, 10**6), size=st.integers(1, 100))
def test_a_page_lies_within_the_list_and_the_row_is_in_order(total, number, size):
    page = paging(total=total, number=number, size=size, url=str)
    assert 1 <= page.number <= page.last
    assert 0 <= page.offset == (page.number - 1) * size < max(1, total)
    shown = [link.number for link in page.links if link.number]
    assert shown == sorted(set(shown))
    assert [link.number for link in page.links if link.number and not link.url] in (
        [page.number],
        [],
    )
    assert bool(page.next) == (page.number < page.last)


def test_the_row_shows_the_ends_and_the_neighbours():
    page = paging(total=200, number=6, size=10, url=str)
    assert [link.number for link in page.links] == [1, 0, 5, 6, 7, 0, 20]


def test_a_gap_of_one_page_is_that_page():
    page = paging(total=50, number=5, size=10, url=str)
    assert [link.number for link in page.links] == [1, 0, 4, 5]
    assert [link.number for link in paging(total=50, number=4, size=10, url=str).links] == [
        1, 2, 3, 4, 5,
    ]  # fmt: skip


def test_a_list_of_one_page_has_no_row():
    assert paging(total=10, number=1, size=10, url=str).links == ()


def test_addresses_keep_filters_and_drop_the_first_page():
    url = page_urls("/", [("q", "giá cả"), ("kind", "faq"), ("page", "4"), ("fragment", "1")])
    assert url(1) == "/?q=gi%C3%A1+c%E1%BA%A3&kind=faq"
    assert url(2) == "/?q=gi%C3%A1+c%E1%BA%A3&kind=faq&page=2"


def test_one_value_of_many_can_be_taken_out():
    args = [("kind", "faq"), ("kind", "deck"), ("page", "2")]
    assert without("/", args, "kind", "faq") == "/?kind=deck"
    assert with_args("/", args, {"kind": None, "page": None}) == "/"


def test_a_heading_in_use_turns_round_and_others_start_their_own_way():
    links = sort_links(
        [("title", "Title", "asc"), ("views", "Views", "desc")],
        path="/u",
        args=[("q", "x"), ("page", "3"), ("sort", "views")],
        current="views",
        direction="desc",
    )
    assert [(link.order, link.url) for link in links] == [
        ("", "/u?q=x&sort=title&dir=asc"),
        ("descending", "/u?q=x&sort=views&dir=asc"),
    ]
