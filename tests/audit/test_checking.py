"""Whatever is done to a chain is found: a change, a removal, a swap, a cut, a chain written anew."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.audit import checking, rules
from portal.audit.checking import Finding, Trouble, verify
from portal.audit.rules import FORGOTTEN, START, Details, Point
from tests.audit.test_rules import AT, entry


def chain(*told):
    """Rows of a good chain; each of `told` is a dict of what is special of an entry."""
    head, rows = START, []
    for number, special in enumerate(told):
        values = {"at": AT + timedelta(seconds=number), **special}
        details = values.pop("details", None)
        if details is not None:
            values["sealed"] = rules.seal(details)
        placed = rules.follow(head, entry(**values))
        head = Point(placed.sequence, placed.hash)
        rows.append((placed, details))
    return rows


def head_of(rows):
    return Point(rows[-1][0].sequence, rows[-1][0].hash) if rows else None


def six():
    return chain(*[{"key": str(n), "details": Details("s", {"address": f"{n}"})} for n in range(6)])


def found(rows, head, *anchors):
    return [(f.trouble, f.sequence, f.last) for f in verify(rows, head, anchors).findings]


def test_a_good_chain_is_good():
    rows = six()
    report = verify(iter(rows), head_of(rows), [head_of(rows), START, Point(2, rows[1][0].hash)])
    assert report.good
    assert (report.entries, report.head, report.forgotten) == (6, head_of(rows), 0)
    assert verify([], None).good
    assert verify([], START).good


def test_a_changed_row_is_told():
    rows = six()
    rows[2] = (replace(rows[2][0], actor=8), rows[2][1])
    assert found(rows, head_of(rows)) == [(Trouble.CHANGED, 3, 3)]


def test_a_changed_hash_is_told_once():
    rows = six()
    rows[2] = (replace(rows[2][0], hash="f" * 64), rows[2][1])
    assert found(rows, head_of(rows)) == [(Trouble.CHANGED, 3, 3)]


def test_a_row_changed_and_hashed_anew_does_not_fit_the_next():
    rows = six()
    forged = replace(rows[2][0], actor=8)
    rows[2] = (replace(forged, hash=rules.digest(forged)), rows[2][1])
    assert found(rows, head_of(rows)) == [(Trouble.UNLINKED, 4, 4)]


def test_removed_rows_are_told_as_one_span():
    rows = six()
    assert found(rows[:1] + rows[3:], head_of(rows)) == [(Trouble.REMOVED, 2, 3)]
    assert found(rows[1:], head_of(rows)) == [(Trouble.REMOVED, 1, 1)]


def test_swapped_rows_are_told_with_where_they_belong():
    rows = six()
    (a, one), (b, other) = rows[1], rows[3]
    rows[1], rows[3] = (replace(b, sequence=2), other), (replace(a, sequence=4), one)
    assert found(rows, head_of(rows)) == [(Trouble.MOVED, 2, 4), (Trouble.MOVED, 4, 2)]


def test_a_row_moved_to_another_place_is_told():
    rows = six()
    moved = (replace(rows[1][0], sequence=7), rows[1][1])
    told = found([rows[0], *rows[2:], moved], Point(7, moved[0].hash))
    assert told == [(Trouble.REMOVED, 2, 2), (Trouble.MOVED, 7, 2)]


def test_rows_read_out_of_order_are_told():
    rows = six()
    rows[1], rows[3] = rows[3], rows[1]
    assert (Trouble.MOVED, 2, 2) in found(rows, head_of(rows))
    rows = six()
    assert found([*rows, rows[5]], head_of(rows)) == [(Trouble.MOVED, 6, 6)]
    rows = six()
    late = [rows[0], rows[4], rows[2], rows[5]]
    assert found(late, head_of(rows)) == [
        (Trouble.REMOVED, 2, 2), (Trouble.MOVED, 3, 3), (Trouble.REMOVED, 4, 4),
    ]  # fmt: skip


def test_a_cut_end_is_told_by_the_head():
    rows = six()
    assert found(rows[:4], head_of(rows)) == [(Trouble.CUT, 5, 6)]
    assert found([], head_of(rows)) == [(Trouble.CUT, 1, 6)]
    assert found(rows, head_of(rows[:4])) == [(Trouble.BEYOND, 5, 6)]
    assert found(rows, None) == [(Trouble.HEAD, 6, 6)]
    assert found(rows, Point(6, "f" * 64)) == [(Trouble.HEAD, 6, 6)]


def test_an_anchor_tells_what_the_database_alone_can_not():
    rows = six()
    anchor = head_of(rows)
    assert found(rows[:4], head_of(rows[:4]), anchor) == [(Trouble.ANCHOR, 6, 6)]
    anew = chain(*[{"key": str(n), "actor": 8} for n in range(6)])
    assert found(anew, head_of(anew)) == []
    assert found(anew, head_of(anew), anchor) == [(Trouble.ANCHOR, 6, 6)]


def test_what_is_personal_may_go_but_not_change():
    rows = six()
    rows[1] = (rows[1][0], Details("s", {"address": "9"}))
    assert found(rows, head_of(rows)) == [(Trouble.DETAILS, 2, 2)]
    bare = chain({}, {})
    bare[1] = (bare[1][0], Details("s", {"address": "9"}))
    assert found(bare, head_of(bare)) == [(Trouble.DETAILS, 2, 2)]


@pytest.mark.parametrize(("counted", "good"), [(2, True), (1, False), ("2", False), (None, False)])
def test_what_was_forgotten_is_accounted_for(counted, good):
    personal = {"details": Details("s", {"address": "1"})}
    told = {"action": FORGOTTEN, "after": {"entries": counted} if counted else None}
    rows = [(one, None) for one, _ in chain(personal, personal, told)]
    report = verify(rows, head_of(rows))
    assert (report.good, report.forgotten) == (good, 2)
    if not good:
        assert report.findings[0].trouble is Trouble.HIDDEN
        assert report.findings[0].last == (1 if counted == 1 else 2)


def test_very_many_findings_are_counted(monkeypatch):
    monkeypatch.setattr(checking, "MOST", 3)
    monkeypatch.setattr(checking, "TRIED", 2)
    rows = [(replace(one, actor=9), details) for one, details in six()]
    report = verify(rows, head_of(rows))
    assert report.findings == [Finding(Trouble.CHANGED, n, n) for n in (1, 2, 3)]
    assert report.more == 3
    rows = six()
    moved = (replace(rows[4][0], sequence=7), rows[4][1])
    told = found([rows[0], moved], Point(7, moved[0].hash))  # 5 is not among the first two missing
    assert told == [(Trouble.REMOVED, 2, 6), (Trouble.CHANGED, 7, 7)]


KEPT = st.fixed_dictionaries(
    {"key": st.text(max_size=3), "actor": st.none() | st.integers(1, 9)},
    optional={"details": st.builds(Details, st.just("s"), st.fixed_dictionaries({"a": st.text()}))},
)
CHAINS = st.lists(KEPT, min_size=2, max_size=8).map(lambda told: chain(*told))
FIELDS = {
    "at": AT - timedelta(days=1), "actor": 99, "via": "x", "action": "x", "kind": "x", "key": "xxxx",
    "before": {"x": 1}, "after": None, "request_id": "x", "sealed": "x", "previous": "x",
    "hash": "x", "sequence": 99,
}  # fmt: skip


@given(CHAINS, st.data())
def test_any_one_change_is_found(rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(sorted(FIELDS)))
    head = head_of(rows)
    rows[at] = (replace(rows[at][0], **{field: FIELDS[field]}), rows[at][1])
    rows.sort(key=lambda row: row[0].sequence)
    assert not verify(rows, head).good


@given(CHAINS, st.data())
def test_any_removal_is_found(rows, data):
    head = head_of(rows)
    gone = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1))
    left = [row for at, row in enumerate(rows) if at not in gone]
    assert not verify(left, head).good
    closed = [(replace(one, sequence=n), d) for n, (one, d) in enumerate(left, 1)]
    assert not verify(closed, head).good


@given(CHAINS, st.data())
def test_any_other_order_is_found(rows, data):
    head = head_of(rows)
    other = data.draw(st.permutations(rows).filter(lambda other: other != rows))
    assert not verify(other, head).good
    numbered = [(replace(one, sequence=n), d) for n, (one, d) in enumerate(other, 1)]
    assert not verify(numbered, head).good


@given(CHAINS, st.data())
def test_any_cut_is_found(rows, data):
    head = head_of(rows)
    left = data.draw(st.integers(0, len(rows) - 1))
    assert not verify(rows[:left], head).good
    assert not verify(rows[:left], head_of(rows[:left]), [head]).good


@settings(max_examples=30)
@given(CHAINS)
def test_any_chain_left_alone_is_good(rows):
    report = verify(rows, head_of(rows), [Point(one.sequence, one.hash) for one, _ in rows])
    assert report.good, report.findings
