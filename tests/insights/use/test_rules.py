import random

import pytest

from portal.insights.use import rules
from portal.insights.use.rules import Counts, Group


def group(key, people, members=None, views=None):
    return Group(
        key, f"T{key}", people if members is None else members, Counts(views or people, people)
    )


def keys(shown):
    return [it.key for it in shown.groups]


def test_large_groups_are_all_shown():
    shown = rules.without_small([group(1, 3), group(2, 9)])
    assert (keys(shown), shown.others) == ([1, 2], None)


def test_one_small_group_takes_another_with_it():
    shown = rules.without_small([group(1, 9), group(2, 4), group(3, 1)])
    assert keys(shown) == [1]
    assert shown.others.counts.people == 5


def test_a_large_team_of_which_one_used_it_is_small():
    assert keys(rules.without_small([group(1, 9), group(2, 4), group(3, 1, members=40)])) == [1]


def test_a_team_nobody_of_which_used_it_is_shown_unless_it_is_tiny():
    assert keys(rules.without_small([group(1, 9), group(2, 0, members=5)])) == [1, 2]
    assert 2 not in keys(rules.without_small([group(1, 9), group(2, 0, members=2), group(3, 8)]))


def test_what_can_not_be_hidden_together_is_not_shown_at_all():
    assert rules.without_small([group(1, 1), group(2, 1)]) == rules.Shown((), None)


def test_whoever_knows_a_group_does_not_find_the_other_by_it():
    groups = [group(1, 9), group(2, 2), group(3, 2), group(4, 5)]
    assert keys(rules.without_small(groups)) == [1, 4]
    assert keys(rules.without_small(groups, known={2})) == [1]


@pytest.mark.parametrize("seed", range(200))
def test_nobody_is_found_by_subtraction(seed):
    chance = random.Random(seed)
    groups = [
        group(n, people := chance.randrange(6), members=people + chance.randrange(3))
        for n in range(chance.randrange(1, 7))
    ]
    known = {0} if chance.randrange(2) else set()
    shown = rules.without_small(groups, known)
    for it in shown.groups:
        assert it.members >= 3
        assert it.counts.people not in {1, 2}
    hidden = [it for it in groups if it.key not in keys(shown) and it.key not in known]
    if hidden and shown.groups:  # total less what is shown and known
        assert len(hidden) > 1
        assert sum(it.counts.people for it in hidden) >= 3


def test_the_cohort_is_the_denominator_whoever_did_what():
    today = rules.monday(20_000) + 2
    weeks = rules.last_weeks(today)
    assert weeks[-1] == rules.monday(today) - 7
    found = rules.adoption({1, 2, 3}, {1: weeks, 2: weeks[:1], 9: weeks}, today)
    assert (found.people, found.adopted) == (3, 1)
    assert [count for _, count in found.per_week] == [2, 1, 1, 1]
    assert rules.adoption((), {}, today).people == 0


def test_a_week_begins_on_monday():
    assert rules.monday(0) == -3  # 1 January 1970 was a Thursday
    assert [rules.monday(day) for day in (3, 4, 10, 11)] == [-3, 4, 4, 11]


def test_rising_is_more_than_chance():
    assert rules.is_hot(Counts(views=12, people=3), 2)
    assert not rules.is_hot(Counts(views=12, people=2), 2)
    assert not rules.is_hot(Counts(views=12, people=3), 9)
    assert not rules.is_hot(Counts(views=4, people=3), 0)


def test_the_usual_start_is_the_median_of_what_was_reached():
    assert rules.usual_start([[1, 1], [0, 0], [5, 5]]) == [1, 2]
    assert rules.usual_start([]) == []


def test_empty_cells_come_last_either_way():
    rows = [{"x": None}, {"x": 1}, {"x": 2}]
    assert [row["x"] for row in rules.in_order(rows, "x", up=True)] == [1, 2, None]
    assert [row["x"] for row in rules.in_order(rows, "x", up=False)] == [2, 1, None]


@pytest.mark.parametrize(
    ("raw", "days"),
    [("7", 7), ("365", 365), (None, 30), ("8", 30), ("-7", 30), ("9" * 5000, 30), ("7\0", 30)],
)
def test_windows_from_outside(raw, days):
    assert rules.read_window(raw) == days
