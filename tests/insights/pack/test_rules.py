"""Weeks and months in the company's time, what goes out by itself, what is looked for in vain."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.insights.pack import rules
from portal.insights.pack.rules import Kind, Vain

HANOI, BERLIN, SANTIAGO = map(ZoneInfo, ("Asia/Ho_Chi_Minh", "Europe/Berlin", "America/Santiago"))
MONDAY = date(2026, 11, 30)


@given(st.dates(date(2000, 1, 3), date(2999, 12, 1)), st.sampled_from(Kind))
def test_spans_follow_one_another_without_gap(day, kind):
    span = rules.span_of(kind, day)
    assert span.first <= day <= span.last
    assert rules.before(span).after == span.first
    assert rules.following(span).first == span.after
    assert rules.span_of(kind, span.last) == span
    if kind is Kind.WEEK:
        assert (span.first.weekday(), span.after - span.first) == (0, timedelta(days=7))
    else:
        assert (span.first.day, span.after.day) == (1, 1)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        (HANOI, date(2026, 11, 23), datetime(2026, 11, 22, 17, tzinfo=UTC), 168),
        (BERLIN, date(2026, 3, 23), datetime(2026, 3, 22, 23, tzinfo=UTC), 167),
        (BERLIN, date(2026, 10, 19), datetime(2026, 10, 18, 22, tzinfo=UTC), 169),
        # there the clock goes forward at midnight: the Sunday begins at one
        (SANTIAGO, date(2026, 8, 31), datetime(2026, 8, 31, 4, tzinfo=UTC), 167),
    ],
)
def test_a_week_begins_at_midnight_of_the_company(zone, day, begins, hours):
    start, end = rules.span_of(Kind.WEEK, day).moments(zone)
    assert start == begins
    assert end - start == timedelta(hours=hours)


def test_the_meeting_looks_at_what_is_over():
    assert rules.latest(Kind.WEEK, MONDAY).first == date(2026, 11, 23)
    assert rules.latest(Kind.WEEK, MONDAY - timedelta(days=1)).first == date(2026, 11, 16)
    assert rules.latest(Kind.MONTH, MONDAY).first == date(2026, 10, 1)
    assert rules.latest(Kind.MONTH, date(2027, 1, 1)).first == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "first", "good"),
    [
        ("week", "2026-11-23", True),
        ("week", "2026-11-30", True),  # has begun
        ("week", "2026-12-07", False),
        ("week", "2026-11-24", False),
        ("month", "2026-11-01", True),
        ("month", "2026-11-30", False),
        ("year", "2026-01-01", False),
        ("week", "20261123", False),
        ("week", "2026-W48-1", False),
        ("week", "1999-12-27", False),
        ("month", "0001-01-01", False),
        ("week", "9999-12-27", False),
        ("week", "x" * 5000, False),
        ("week", "٢٠٢٦-١١-٢٣", False),
    ],
)
def test_an_address_names_a_first_day(kind, first, good):
    assert (rules.read(kind, first, MONDAY) is not None) is good


@pytest.mark.parametrize(
    ("today", "on", "sent", "goes"),
    [
        (MONDAY, date(2026, 11, 1), False, True),
        (MONDAY, date(2026, 11, 1), True, False),
        (MONDAY, None, False, False),
        (MONDAY + timedelta(days=2), date(2026, 11, 1), False, True),  # the worker stood still
        (MONDAY + timedelta(days=3), date(2026, 11, 1), False, False),
        (MONDAY, MONDAY, False, True),
        (MONDAY + timedelta(days=1), MONDAY + timedelta(days=1), False, False),
    ],
)
def test_a_pack_goes_out_by_itself_on_monday(today, on, sent, goes):
    found = rules.goes_out(Kind.WEEK, today, switched_on=on, is_sent=sent)
    assert (found is not None) is goes
    assert found is None or found.first == date(2026, 11, 23)


def test_searches_are_the_same_but_for_spelling_and_people_count_once():
    rows = [
        ("sap connector", "SAP connector", 1, 1),
        ("sap connector", "sap Connector", 2, 3),
        ("sap connector", "sap Connector", 1, 1),
        ("gia", "giá", None, 9),
        ("", "  ", 3, 9),
    ]
    assert rules.in_vain(rows) == [Vain("sap Connector", 5, 2), Vain("giá", 9, 0)]


def facts(**values):
    quiet = {"count": 0, "items": []}
    return {
        "hurting": [], "contradictions": 0, "overdue": {"answer": quiet, "ask": quiet},
        "declined": [], "vain": quiet, "stale": {"count": 3, "used": 0, "items": []},
    } | values  # fmt: skip


def test_nothing_is_to_be_decided_when_nothing_presses():
    assert rules.decisions(facts()) == []


def test_what_is_to_be_decided_follows_from_the_facts():
    found = rules.decisions(
        facts(
            hurting=[{"asset": 7, "best": -0.1}],
            contradictions=2,
            overdue={"answer": {"count": 1}, "ask": {"count": 2}},
            declined=[{"number": 4, "title": "Kestrel"}],
            vain={"items": [{"query": "sap", "people": 2}, {"query": "one", "people": 1}]},
            stale={"used": 1},
        )
    )
    assert found == [
        {"what": "hurts", "asset": 7},
        {"what": "contradiction", "count": 2},
        {"what": "overdue", "count": 3},
        {"what": "declined", "number": 4, "title": "Kestrel"},
        {"what": "gap", "query": "sap", "people": 2},
        {"what": "stale", "count": 1},
    ]
