"""What a search means, whatever is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config import Language
from portal.search import rules
from portal.search.engine import Entry, Sort
from portal.search.rules import ask
from portal.search.whoosh_engine import WhooshEngine


def test_all_words_are_wanted_first():
    query = ask("giá kho", filters={"kind": ["faq"]}).query
    assert (query.match_all, query.at_least) == (True, rules.FEW)
    assert query.filters == {"kind": {"faq"}}
    assert [dict(word).keys() for word in query.words] == [{"giá", "gia"}, {"kho"}]


def test_nothing_typed_lists_the_newest():
    asked = ask("  \t ")
    assert (asked.blank, asked.pointless, asked.query.words) == (True, False, ())
    assert asked.query.sort is Sort.NEWEST


@pytest.mark.parametrize("text", ["🙂", "?!", "***", "\u200f", "\x00", "\ud800", "--", '"""'])
def test_what_has_no_word_is_pointless_not_everything(text):
    asked = ask(text)
    assert (asked.pointless, asked.blank, asked.query.words) == (True, False, ())


@pytest.mark.parametrize(
    ("raw", "page"),
    [
        (None, 1), ("", 1), ("3", 3), (" 2 ", 2), ("-5", 1), ("0", 1), ("9" * 400, 500),
        ("٣", 1), ("1e9", 1), ("²", 1), ("x", 1), (7, 7), (10**30, 500),
    ],
)  # fmt: skip
def test_pages(raw, page):
    asked = ask("giá", page=raw, size=10)
    assert (asked.page, asked.query.offset, asked.query.limit) == (page, (page - 1) * 10, 10)


@pytest.mark.parametrize(("size", "limit"), [(-1, 1), (0, 1), (20, 20), (10**9, 100)])
def test_sizes(size, limit):
    assert ask("giá", size=size).query.limit == limit


def test_filters_are_known_and_bounded():
    filters = rules.filters_of(
        {
            "kind": ["faq", "faq", " ", "\x00guide"],
            "language": [],
            "evil": ["x"],
            "product": [f"p{i}" for i in range(99)],
            "stage": ["s" * 999],
        }
    )
    assert filters["kind"] == {"faq", "guide"}
    assert filters.keys() == {"kind", "product", "stage"}
    assert len(filters["product"]) == rules.MAX_VALUES
    assert {len(value) for value in filters["stage"]} == {rules.MAX_VALUE}


def test_kinds_and_languages_nothing_can_have_are_no_filters():
    many = [f"k{i}" for i in range(900)]
    assert rules.filters_of({"kind": many, "language": ["zz", "EN", "\x00"]}) == {}
    assert rules.filters_of({"kind": [*many, "faq"], "language": ["xx", "vi"]}) == {
        "kind": {"faq"},
        "language": {"vi"},
    }


def test_a_value_repeated_leaves_room_for_others():
    filters = rules.filters_of({"product": ["p"] * 30 + ["q"]})
    assert filters == {"product": {"p", "q"}}


def test_sorting_and_preferring():
    assert ask("giá", sort="newest").query.sort is Sort.NEWEST
    assert ask("giá", sort="'; drop").query.sort is Sort.BEST
    assert ask("giá", prefer=Language.VI).query.prefer == "vi"


def test_what_was_typed_is_shown_again_cleaned():
    assert ask(" a\x00b \u202e c\ud800 ").text == "a b c"
    assert len(ask("x " * 9000).text) <= rules.SHOWN_TEXT
    assert ask(" ".join(f"w{i}" for i in range(300))).shortened


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = WhooshEngine(tmp_path_factory.mktemp("index"))
    engine.write([Entry(1, 1, ["giá", "gia"], 1, {"kind": ("faq",)}, 1, "s")], [])
    return engine


@given(st.text() | st.binary(max_size=300).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_no_text_is_an_error(engine, text):
    asked = ask(text, filters={"kind": [text]}, sort=text, page=text)
    engine.search(asked.query)
    asked.text.encode()


def test_ten_kilobytes_are_fine(engine):
    for text in ("giá " * 2500, "x" * 10_000, '"(' * 5000, "a_" * 5000, "\u0301" * 10_000):
        assert len(ask(text).query.words) <= 32
        engine.search(ask(text).query)
    assert engine.search(ask("gia AND OR NOT *:* kind:x").query).hits
