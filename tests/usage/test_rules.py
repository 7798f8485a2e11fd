from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.usage import rules
from portal.usage.rules import window_of

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
LEEDS = ZoneInfo("Europe/London")


@given(st.text() | st.none())
def test_a_kept_text_is_short_and_fit_for_any_database(text):
    kept = rules.clean_text(text, 20)
    if kept is not None:
        assert 0 < len(kept) <= 20
        assert "\0" not in kept
        kept.encode()
        assert rules.clean_text(kept, 20) == kept


def test_an_ordinary_sentence_is_kept_as_it_is():
    sentence = "Triển khai mất 9,5 tuần.\nНе 9–14 месяцев."
    assert rules.clean_text(sentence, 500) == sentence


@pytest.mark.parametrize(
    ("number", "kept"), [(0, 0), (2**31 - 1, 2**31 - 1), (2**31, None), (-1, None), (None, None)]
)
def test_numbers_fit_the_ledger(number, kept):
    assert rules.clean_number(number) == kept


def test_only_known_shapes_are_kept():
    assert rules.clean_ref("0123456789abcdef") == "0123456789abcdef"
    assert rules.clean_ref("0123456789ABCDEF") is None
    assert rules.clean_ref("0123456789abcdef\n") is None
    assert rules.clean_language("vi") == "vi"
    assert rules.clean_language("vi\n") is None
    assert rules.clean_source("palette") == "palette"
    assert rules.clean_source("elsewhere") is None


def test_filters_are_short_lists_of_short_texts():
    given_ = {
        "kind": frozenset({"faq", "battlecard"}),
        "language": "vi",
        "empty": [],
        "n": 3,
        "bad\0": ["\0"],
    }
    assert rules.clean_filters(given_) == {
        "kind": ["battlecard", "faq"],
        "language": ["vi"],
        "n": ["3"],
    }
    assert rules.clean_filters(None) is None
    many = rules.clean_filters({f"k{n}": ["x" * 200] * 50 for n in range(50)})
    assert (len(many), len(many["k0"]), len(many["k0"][0])) == (12, 20, 80)


@pytest.mark.parametrize("said", ["prefetch", "prefetch;prerender", "PREFETCH", "preview"])
def test_guesses_are_known(said):
    assert rules.is_prefetch(["", said])
    assert not rules.is_prefetch(["", ""])


def test_a_week_in_saigon_begins_at_its_own_midnight():
    window = window_of(
        7, now=datetime(2026, 11, 20, 17, 30, tzinfo=UTC), zone=SAIGON
    )  # already the 21st
    assert window.first.isoformat() == "2026-11-15"
    assert window.start == datetime(2026, 11, 14, 17, tzinfo=UTC)
    assert [s.offset for s in window.stretches] == [7 * 3600]


def test_summer_time_makes_two_stretches():
    window = window_of(7, now=datetime(2026, 10, 28, 12, tzinfo=UTC), zone=LEEDS)
    assert [s.offset for s in window.stretches] == [3600, 0]
    assert window.stretches[1].since == datetime(2026, 10, 25, 1, tzinfo=UTC)


@given(
    st.integers(0, 15 * 366 * 86_400).map(
        lambda s: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
    ),
    st.sampled_from(
        [
            "UTC",
            "Asia/Ho_Chi_Minh",
            "Europe/London",
            "America/New_York",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
        ]
    ),
    st.sampled_from((7, 30, 90)),
    st.floats(0, 1),
)
def test_the_stretches_tell_the_companys_clock(now, name, days, part):
    zone = ZoneInfo(name)
    window = window_of(days, now=now, zone=zone)
    moment = window.start + (now - window.start) * part
    stretch = [s for s in window.stretches if s.since <= moment][-1]
    assert stretch.offset == moment.astimezone(zone).utcoffset().total_seconds()
    assert window.start.astimezone(zone).date() == window.first
    assert now.astimezone(zone).date() == window.first + timedelta(days=days - 1)
