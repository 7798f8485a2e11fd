"""What moves between two ways to answer, by arithmetic done by hand."""

import pytest

from portal.search.moves import MOVED, Compared, moves, rank_of


def one(query="a", times=1, before=(), after=(), opened=()):
    return Compared(query, times, list(before), list(after), dict(opened))


def test_nothing_asked_moves_nothing():
    found = moves([])
    assert (found.searches, found.first_changed, found.overlap, found.mrr_after) == (
        0,
        0.0,
        0.0,
        0.0,
    )


def test_every_search_counts_as_often_as_it_was_asked():
    found = moves([one("a", 3, [1, 2], [2, 1]), one("b", 1, [1], [1])])
    assert (found.searches, found.different) == (4, 2)
    assert found.first_changed == pytest.approx(3 / 4)
    assert found.overlap == 1.0


@pytest.mark.parametrize(
    ("before", "after", "overlap"),
    [
        ([], [], 1.0), ([1], [], 0.0), ([1, 2], [1, 3], 0.5), (range(20), range(20, 40), 0.0),
        ([*range(10), 99], [*range(10), 98], 1.0), ([1], [1, 2, 3, 4], 0.25),
    ],
)  # fmt: skip
def test_how_much_of_the_first_ten_is_the_same(before, after, overlap):
    assert one(before=before, after=after).overlap == overlap


def test_nothing_found_is_told_before_and_after():
    found = moves([one("a", 2, [], [1]), one("b", 2, [1], [1])])
    assert (found.without_before, found.without_after) == (0.5, 0.0)
    assert found.first_changed == 0.5


def test_what_was_opened_is_looked_for_before_and_after():
    found = moves([one("a", 5, [1, 2, 3], [3, 2, 1], {3: 2, 1: 1}), one("b", 1, [1], [1], {7: 1})])
    assert found.opened == 4
    assert found.mrr_before == pytest.approx((1 / 3 + 1 / 3 + 1 + 0) / 4)
    assert found.mrr_after == pytest.approx((1 + 1 + 1 / 3 + 0) / 4)


def test_those_moved_most_come_first_and_what_stays_is_not_told():
    same = one("same", 9, [1, 2], [1, 2])
    order = one("order", 9, [1, 2], [2, 1])
    other = one("other", 1, [1, 2], [3, 4])
    tail = one("tail", 50, [1, 2], [1, 2, 3][::-1][::-1])
    found = moves([same, order, other, tail])
    assert [it.query for it in found.moved] == ["other", "tail", "order"]
    many = moves(one(str(n), 1, [n], [n + 1]) for n in range(30))
    assert len(many.moved) == MOVED


def test_the_rank_of_what_was_not_found_is_none():
    assert rank_of([5, 6], 6) == 2
    assert rank_of([5, 6], 7) is None
    assert rank_of([], None) is None
    assert one(opened={4: 1, 3: 1}).favourite == 3
