"""What makes two sayings one, whose they are to answer, and what is no call."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.calls import rules
from portal.calls.log import rules as log
from portal.calls.rules import KEY_MOST, Said
from portal.calls.voice.rules import asked_of, may_answer

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "words", "department"),
    [
        (Said.OBJECTION, "The price is too high", "marketing"),
        (Said.WISH, "An invoice by e-mail", "product"),
        (Said.COMPLAINT, "Late again", "customer-care"),
        (Said.COMPLAINT, "Wrong invoices", "accounting"),
        (Said.COMPLAINT, "Hóa đơn sai", "accounting"),
        (Said.COMPLAINT, "Giá cao quá", "accounting"),
        (Said.COMPLAINT, "Giao hàng chậm", "customer-care"),
        (Said.COMPLAINT, "Ошибка в счёте", "accounting"),
        (Said.COMPLAINT, "Сервисный центр не отвечает", "customer-care"),
        (Said.COMPLAINT, "Счётчик врёт", "customer-care"),
    ],
)
def test_whose_it_is(kind, words, department):
    assert rules.department_of(kind, words) == department


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quá  ĐẮT", "qua dat"),
        ("Дорого!", "дорого"),
        ("Ещё раз", "еще раз"),
        ("Too dear.", "too dear"),
    ],
)
def test_spellings_of_one_thing(one, other):
    assert rules.key_of(one) == rules.key_of(other)


@given(st.text(max_size=400))
def test_any_words_have_a_key(words):
    assert len(rules.key_of(words)) <= KEY_MOST
    assert rules.department_of(Said.COMPLAINT, words)
    assert all(line.strip() for line in rules.lines_of(words))


def test_lines():
    assert rules.lines_of(" - Dark mode\n\n* dark  MODE!\nOffline\r\n") == ["Dark mode", "Offline"]
    assert rules.lines_of(None) == []


def test_what_is_ahead_or_far():
    assert not rules.is_ahead(NOW + timedelta(minutes=4), NOW)
    assert rules.is_ahead(NOW + timedelta(minutes=6), NOW)
    assert rules.is_far(NOW - timedelta(days=800), NOW)
    assert not rules.is_far(NOW + timedelta(days=700), NOW)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("abc", "7:abc"),
        ("a\x00b c", "7:abc"),
        ("", ""),
        (None, ""),
        ("x" * 99, "7:" + "x" * 28),
        ("ж", ""),
    ],
)
def test_tokens_are_ones_own(sent, kept):
    assert rules.own_token(7, sent) == kept


@given(st.text(max_size=60))
def test_rows_of_anything(key):
    for row in log.rows_of([key], lambda name: key):
        assert 0 < row.asset_id <= rules.NUMBER_MOST
        assert row.stars in (None, 1, 2, 3, 4, 5)


def test_a_thing_is_said_once():
    known = [log.Point(Said.OBJECTION, "Too dear", None, 1, "too-dear")]
    found = log.points_of(
        known, {Said.OBJECTION: "too DEAR\nOld", Said.WISH: "Too dear"}, ["a", "a"]
    )
    assert [(p.kind, p.words, p.asset_id) for p in found] == [
        ("objection", "Too dear", 1),
        ("objection", "Old", None),
        ("wish", "Too dear", None),
        ("competitor", "", None),
    ]


@pytest.mark.parametrize(
    ("role", "department", "may"),
    [
        (Role.REP, "product", False),
        (Role.CONTRIBUTOR, "product", True),
        (Role.CONTRIBUTOR, "marketing", False),
        (Role.CONTRIBUTOR, None, False),
        (Role.MARKETER, "marketing", True),
        (Role.ADMIN, None, True),
    ],
)
def test_who_answers(role, department, may):
    assert may_answer(role=role, department=department, of="product") is may


def test_what_is_asked_of_the_voice():
    assert asked_of({}, "product").department == "product"
    assert asked_of({"department": "all"}, "product").department is None
    odd = asked_of(
        {"department": "x", "state": "x", "kind": "x", "days": "x", "product": "x" * 99}, None
    )
    assert (odd.department, odd.state, odd.kind, odd.days, odd.product) == (
        None,
        "open",
        "",
        90,
        "",
    )
