"""Snippets: the best section, its marked passage, its sentence, and what is missing."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.markup import plain
from portal.search.analysis import Word, query_terms
from portal.search.passages import LAYOUT, Passage, Prepared, Sentence
from portal.search.rules import Also
from portal.search.snippets import Snippets, best

CARD = (
    Passage("", "", "Kestrel is the cheaper rival of our warehouse software."),
    Passage(
        "objections",
        "Objections: too expensive",
        "They say it costs more. It pays back in five months. Ask for the invoice.",
        (
            Sentence("say-1", "Ask for the invoice."),
            Sentence("say-2", "It pays back in five months."),
        ),
    ),
    Passage("bang-gia", "Bảng giá", "Giá thuê kho hàng là 49 đồng một tháng, không phụ phí."),
    Passage("slow", "Скорость", "Склады работают быстрее, возражения редки."),
)


def look(query, passages=CARD, title="Kestrel card", extra=""):
    return best(Prepared.make(title, passages, extra), query_terms(query).words)


@pytest.mark.parametrize(
    ("query", "anchor"),
    [
        ("too expensive", "objections"),
        ("pays back months", "objections"),
        ("gia thue kho", "bang-gia"),
        ("giá thuê", "bang-gia"),
        ("возражение склада", "slow"),
        ("cheaper rival", ""),
        ("kestrel", ""),
    ],
)
def test_the_best_section(query, anchor):
    assert look(query).anchor == anchor


def test_the_best_sentence_of_the_section():
    assert look("expensive month").sentence.anchor == "say-2"
    assert look("expensive invoice").sentence.anchor == "say-1"
    assert look("expensive").sentence.anchor == "say-1"
    assert look("склад").sentence is None


def test_marks_and_escapes():
    text = 'a <script>alert("giá kho")</script> & <b>Giá</b>'
    html = look("giá kho", [Passage("x", "", text)], title="").html
    assert html == (
        "a &lt;script&gt;alert(&quot;<mark>giá kho</mark>&quot;)&lt;/script&gt; &amp; "
        "&lt;b&gt;<mark>Giá</mark>&lt;/b&gt;"
    )


def test_without_diacritics_and_decomposed():
    html = look("phu phi").html
    assert "<mark>phụ phí</mark>" in html
    decomposed = [
        Passage(p.anchor, p.heading, unicodedata.normalize("NFD", p.text), p.sentences)
        for p in CARD
    ]
    assert look(unicodedata.normalize("NFD", "phụ phí"), decomposed).html == look("phụ phí").html


def test_a_passage_of_a_long_text():
    text = " ".join(f"w{i}" for i in range(500)) + " kestrel price " + "z " * 400
    html = look("price kestrel w0", [Passage("x", "", text)], title="").html
    assert html.startswith("… ")
    assert html.endswith(" …")
    assert "<mark>kestrel price</mark>" in html
    assert len(html.split()) < 40


def test_what_is_missing():
    assert look("kestrel zebra склад tiger").missing == ("zebra", "tiger")
    assert look("kestrel retail").missing == ("retail",)
    assert look("kestrel retail", extra="Retail").missing == ()


def test_only_the_title_matches():
    found = look("card")
    assert (found.anchor, found.html[:10], found.missing) == ("", "Kestrel is", ())
    empty = look("card", [Passage("", "", ""), Passage("a", "A", "")])
    assert (empty.html, empty.sentence) == ("", None)
    assert look("card", []).html == ""


def test_the_section_whose_heading_matches_may_be_without_text():
    found = look("empty", [Passage("a", "Text", "words"), Passage("b", "Empty", "")])
    assert (found.anchor, found.html) == ("b", "")


def test_titles_are_marked():
    assert look("bang gia", [], title="Bảng giá <b>").title == ("<mark>Bảng giá</mark> &lt;b&gt;")


def test_prepared_texts_are_kept_by_digest_and_bounded():
    kept = Snippets(limit=20_000)
    first = Prepared.make("t", CARD)
    kept.keep(1, "a", first)
    assert kept.known(1, "a") is first
    assert kept.known(1, "b") is None
    for number in range(50):
        kept.keep(number, "c", Prepared.make("t", CARD))
    assert kept.known(1, "a") is None
    assert kept.known(49, "c") is not None


def test_a_text_survives_packing():
    words = query_terms("gia thue kho expensive склад").words
    prepared = Prepared.make("Kestrel giá", CARD, "extra")
    again = Prepared.unpacked(prepared.packed())
    assert best(again, words) == best(prepared, words)


@pytest.mark.parametrize(
    "data", [b"", b"rubbish", b"\x63\0\0\0" * 9, LAYOUT.to_bytes(4, "little") * 9]
)
def test_what_can_not_be_unpacked_is_made_anew(data):
    assert Prepared.unpacked(data) is None


some_text = st.text(alphabet="giákho WMS<>&\"'\u0301\u0130ßпоё\n", max_size=60)


@given(st.lists(st.tuples(some_text, some_text), max_size=4), some_text, some_text)
def test_any_text_is_shown_safely(parts, title, query):
    passages = [Passage(f"a{n}", *part) for n, part in enumerate(parts)]
    words = query_terms(query).words
    found = best(Prepared.make(title, passages), words)
    for html in (found.html, found.title):
        bare = re.sub("</?mark>", "", html)
        assert "<" not in bare
        assert ">" not in bare
        assert html.count("<mark>") == html.count("</mark>")
    shown = unicodedata.normalize("NFC", title)
    assert plain(found.title).split() == shown.split()


def test_what_is_found_in_place_of_what_was_typed_is_marked_and_named():
    prepared = Prepared.make("Bảng phí", [Passage("a", "Chi phí", "Chi phí triển khai, phí khác.")])
    words = (Word("price", (("price", 1.0), ("chi_phi", 0.1), ("phí", 0.1))),)
    also = (
        Also("chi phí", "price", ("chi_phi",)),
        Also("phí", "price", ("phí",)),
        Also("giá", "price", ("giá",)),
    )
    found = best(prepared, words, also)
    assert found.by == (("chi phí", "price"), ("phí", "price"))
    assert found.html == "<mark>Chi phí</mark> triển khai, <mark>phí</mark> khác."
    assert found.missing == ()
    mine = Prepared.make("Price", [Passage("a", "", "The price and chi phí.")])
    assert best(mine, words, also).by == (), "it has the word itself"
