"""What the index keeps of a text."""

from collections import Counter
from dataclasses import replace

import pytest

from portal.library.rules import Kind
from portal.search import analysis
from portal.search.indexable import Term, TextContent, TextFacts
from portal.search.indexing import HEADING, KIND_WORDS, TITLE, entry_of, stamp

FACTS = TextFacts(
    id=7,
    asset_id=3,
    slug="kestrel",
    kind="battlecard",
    language="vi",
    owner="Linh",
    digest="d",
    day=700_000,
    facets=(Term("competitor", "kestrel", {"en": "Kestrel WMS", "vi": "Kestrel"}, ["KWMS"]),),
)
CONTENT = TextContent(
    title="Thẻ đối đầu",
    summary="",
    tags=["giá"],
    sections=[{"heading": "Vì sao ta thắng", "text": "Triển khai nhanh"}],
)


def count(entry, word):
    term = analysis.query_terms(word).words[0].alternatives[0][0]
    return Counter(entry.terms)[term]


def test_words_count_by_where_they_stand():
    entry = entry_of(FACTS, CONTENT)
    plain = entry_of(replace(FACTS, kind="guide"), CONTENT)
    assert count(plain, "đối") == TITLE
    assert count(plain, "thắng") == HEADING
    assert count(plain, "nhanh") == 1
    assert count(entry, "đối") > TITLE, "the kind's own words are searched too"


def test_names_in_the_texts_language_and_aliases_are_searched():
    entry = entry_of(FACTS, CONTENT)
    assert count(entry, "KWMS") == 1
    assert count(entry, "kestrel") == 1


def test_facets_and_identity_are_kept():
    entry = entry_of(FACTS, CONTENT)
    assert (entry.id, entry.group, entry.day) == (7, 3, 700_000)
    assert entry.facets["kind"] == ("battlecard",)
    assert entry.facets["language"] == ("vi",)
    assert entry.facets["competitor"] == ("kestrel",)
    assert entry.facets["industry"] == ()


@pytest.mark.parametrize(
    "change",
    [
        {"asset_id": 4},
        {"slug": "other"},
        {"kind": "faq"},
        {"language": "en"},
        {"owner": "Mai"},
        {"digest": "e"},
        {"day": 700_001},
        {"facets": ()},
        {"facets": (Term("competitor", "kestrel", {"en": "Other"}, ["KWMS"]),)},
        {"facets": (Term("competitor", "kestrel", {"en": "Kestrel WMS", "vi": "Kestrel"}, []),)},
    ],
)
def test_the_stamp_changes_with_everything_the_entry_is_made_of(change):
    assert stamp(replace(FACTS, **change)) != stamp(FACTS)


def test_every_kind_can_be_asked_for_by_its_words():
    assert set(KIND_WORDS) == {kind.value for kind in Kind}
