"""What is told is made fit to keep, and what is personal of it is kept apart."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.audit import rules
from portal.audit.rules import START, Details, Entry, Point

AT = datetime(2026, 11, 2, 9, 30, 0, 5, tzinfo=UTC)


def entry(**values):
    told = {
        "sequence": 0, "at": AT, "actor": 7, "via": "web", "action": "user.role_changed",
        "kind": "user", "key": "12", "before": {"role": "rep"}, "after": {"role": "manager"},
        "request_id": "r1", "sealed": "", "previous": "",
    }  # fmt: skip
    return Entry(**told | values)


def test_an_entry_follows_the_head():
    first = rules.follow(START, entry())
    second = rules.follow(Point(first.sequence, first.hash), entry())
    assert (first.sequence, first.previous, second.sequence) == (1, rules.FIRST, 2)
    assert second.previous == first.hash != second.hash


def test_the_hash_is_the_same_as_ever():
    """A hash that changes with a release would make every chain of before look forged."""
    assert rules.digest(rules.follow(START, entry())) == FIXED


FIXED = "4386b342074f692084de055aa5a0ff4c37dd65d512da5638e5695929649ea28a"

OTHERS = {
    "sequence": 2, "at": AT + timedelta(microseconds=1), "actor": None, "via": "command",
    "action": "user.added", "kind": "team", "key": "13", "before": None, "after": {"role": "rep"},
    "request_id": "r2", "sealed": "a" * 64, "previous": "b" * 64,
}  # fmt: skip


@pytest.mark.parametrize("field", OTHERS)
def test_everything_an_entry_says_is_in_its_hash(field):
    assert rules.digest(entry(**{field: OTHERS[field]})) != rules.digest(entry())
    assert set(OTHERS) | {"hash"} == set(Entry.__slots__)


def test_one_moment_has_one_hash_in_any_zone():
    there = AT.astimezone(timezone(timedelta(hours=7)))
    assert rules.digest(entry(at=there)) == rules.digest(entry())


def test_a_seal_depends_on_salt_and_on_what_is_sealed():
    one = rules.seal(Details("s", {"address": "192.0.2.1"}))
    assert one == rules.seal(Details("s", {"address": "192.0.2.1"}))
    assert one != rules.seal(Details("t", {"address": "192.0.2.1"}))
    assert one != rules.seal(Details("s", {"address": "192.0.2.2"}))


def test_a_point_is_printed_and_read_again():
    there = Point(17, "ab" * 32)
    assert rules.point(f" {there}\n") == there
    for wrong in ("", "17", f"x:{'ab' * 32}", f"17:{'AB' * 32}", "17:ab", f"{'9' * 11}:{'ab' * 32}",
                  f"²:{'ab' * 32}", f"{'ab' * 32}"):  # fmt: skip
        assert rules.point(wrong) is None


def test_names_of_people_are_kept_apart():
    told = {"name": "Lan", "email": "lan@example.com", "role": "rep"}
    kept = rules.split("user", None, told)
    assert kept == (None, {"role": "rep"}, {"after": {"name": "Lan", "email": "lan@example.com"}})
    assert rules.split("user", told, {"role": "rep"})[2].keys() == {"before"}
    assert rules.split("pipeline", None, {"name": "Direct"}) == (None, {"name": "Direct"}, {})
    assert rules.split("mail", None, {"email": "a@example.com"})[1:] == (
        {}, {"after": {"email": "a@example.com"}},
    )  # fmt: skip


def test_what_is_told_is_cut_to_what_can_be_kept():
    deep = {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}
    assert rules.plain(deep)["a"]["b"]["c"]["d"]["e"]["f"] == "{'g': 1}"
    assert rules.plain({"b", "a"}) == ["a", "b"]
    assert rules.plain([1.5, AT.date(), None, True, "x\0\ud800"]) == [
        "1.5", "2026-11-02", None, True, "x",
    ]  # fmt: skip
    assert len(rules.plain("x" * 999)) == rules.TEXT_MOST
    assert len(rules.plain(list(range(999)))) == rules.LIST_MOST
    assert len(rules.plain({n: n for n in range(999)})) == rules.LIST_MOST


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=20,
)


@given(ANYTHING)
def test_what_is_kept_reads_as_it_was_hashed(value):
    kept = rules.plain(value)
    again = json.loads(json.dumps(kept, ensure_ascii=False))
    assert rules.canonical(again) == rules.canonical(kept)
    assert "\0" not in json.dumps(kept, ensure_ascii=False)
    assert rules.plain(kept) == kept
