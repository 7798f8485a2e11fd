"""Prefixes of words with marks optional; what is one's own, and what may be shown to others."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.search.hints import rules
from portal.search.hints.rules import Made, Said
from portal.search.promoting.rules import key_of

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def made(user_id, text, *, opened=True, ago=0):
    return Made(user_id, NOW - timedelta(seconds=ago), text, opened)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("kes", "Against Kestrel WMS"),
        ("wms kes", "Against Kestrel WMS"),
        ("bang gi", "Bảng giá Arsenal"),
        ("Đô", "Đội hình"),
        ("цен", "Наши цены"),
        ("ещё", "Еще один"),
    ],
)
def test_typed_words_begin_words(typed, text):
    assert rules.begins(rules.words_of(typed), text)


@pytest.mark.parametrize(
    ("typed", "text"), [("estrel", "Kestrel"), ("kes x", "Kestrel"), ("", "a")]
)
def test_others_do_not(typed, text):
    assert not rules.begins(rules.words_of(typed), text)


def test_what_three_people_found_something_by_is_said_as_most_typed_it():
    found = rules.phrases(
        [made(1, "gia kestrel"), made(2, "giá Kestrel"), made(3, "giá Kestrel"), made(3, "other")],
        key_of,
    )
    assert found == [Said("giá Kestrel", "vi", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "mail lan@client.example",
        "call 0912345678",
        "https://client.example",
        "a very long text that somebody has pasted from a mail of a client there",
        "one two three four five six seven",
        "?!",
    ],
)
def test_what_does_not_look_like_a_search_is_never_said(text):
    assert rules.phrases([made(user, text) for user in range(9)], key_of) == []


def test_two_people_are_too_few_however_often_they_search():
    assert rules.phrases([made(user % 2, "secret deal") for user in range(40)], key_of) == []


def test_who_opened_nothing_does_not_count():
    tried = [made(user, "kestrel fees", opened=user < 2) for user in range(9)]
    assert rules.phrases(tried, key_of) == []


def test_the_beginning_of_a_word_is_left_out_where_the_whole_is_said():
    typed = [made(user, text) for user in range(3) for text in ("kest", "kestrel")]
    typed += [made(user, "kestrel price") for user in range(4)]
    assert [it.text for it in rules.phrases(typed, key_of)] == ["kestrel price", "kestrel"]


def test_ones_own_latest_first_without_what_was_being_typed():
    latest = [
        made(1, "kestrel price", ago=0, opened=False),
        made(1, "kestrel pr", ago=2, opened=False),
        made(1, "merlin", ago=90),
        made(1, "prices of kestrel", ago=500),
        made(1, "склад", ago=900),
    ]
    done = rules.done(latest)
    assert rules.different(done, key_of, 2) == ["kestrel price", "merlin"]
    assert rules.different(done, key_of, 9) == ["kestrel price", "merlin", "склад"]
