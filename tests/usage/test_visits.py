"""What a visit is: where it ends, which of its searches count, which of them led to something."""

import random

import pytest

from portal.usage.visits import AGAIN, PAUSE, TYPING, Fact, visits

ME, OTHER = 1, 2


def search(at, query="kestrel", person=ME, *, results=3, source="search", ref=None):
    return Fact(at, person, "searched", source, ref, query, results)


def did(at, action="opened", person=ME, *, source="search", ref=None):
    return Fact(at, person, action, source, ref)


def told(*facts):
    """Each visit as its searches: (query, found, led)."""
    return [[(s.query, s.found, s.led) for s in visit.searches] for visit in visits(facts)]


def test_nothing_is_no_visit():
    assert told() == []
    assert told(did(0, "viewed", source="home")) == []


@pytest.mark.parametrize(("pause", "count"), [(PAUSE, 1), (PAUSE + 1, 2)])
def test_a_long_pause_ends_a_visit(pause, count):
    assert len(told(search(0, "one"), search(pause, "two"))) == count


def test_whatever_somebody_does_keeps_a_visit_going():
    facts = search(0), did(PAUSE, "viewed", source="home"), did(2 * PAUSE)
    assert told(*facts) == [[("kestrel", True, True)]]
    assert told(facts[0], facts[2]) == [[("kestrel", True, False)]]


def test_what_was_opened_answers_the_searches_before_it_alone():
    assert told(search(0, "kestral", results=0), search(60), did(70), search(200, "price")) == [
        [("kestral", False, True), ("kestrel", True, True), ("price", True, False)]
    ]


@pytest.mark.parametrize(
    ("action", "source", "led"),
    [
        ("opened", "search", True),
        ("opened", None, True),
        ("copied", "search", True),
        ("viewed", "palette", True),
        ("downloaded", "instant", True),
        ("viewed", "browse", False),  # found, but not by searching
        ("copied", "link", False),
        ("searched", "search", False),
    ],
)
def test_what_counts_as_found(action, source, led):
    assert told(search(0), did(5, action, source=source)) == [[("kestrel", True, led)]]


def test_opened_in_the_same_second_counts():
    assert told(did(0), search(0)) == [[("kestrel", True, True)]]


@pytest.mark.parametrize(
    ("source", "soon", "kept"),
    [("instant", TYPING, 1), ("instant", TYPING + 1, 2), ("search", TYPING, 2)],
)
def test_steps_while_typing_do_not_count(source, soon, kept):
    (searches,) = told(search(0, "kes", source=source), search(soon, "kestrel"))
    assert len(searches) == kept
    assert searches[-1][0] == "kestrel"


@pytest.mark.parametrize(("soon", "kept"), [(AGAIN, 1), (AGAIN + 1, 2)])
def test_the_same_again_is_the_same(soon, kept):
    assert len(told(search(0), search(soon))[0]) == kept


def test_people_do_not_open_for_one_another():
    assert told(search(0), did(5, person=OTHER)) == [[("kestrel", True, False)]]


def test_who_is_not_known_is_told_by_the_reference():
    facts = [
        search(0, "a", None, ref="1" * 16),
        search(1, "b", None, ref="2" * 16),
        search(2, "c", None),
        did(3, person=None, ref="2" * 16),
    ]
    assert told(*facts) == [[("a", True, False)], [("b", True, True)], [("c", True, False)]]


def test_whatever_the_order_the_visits_are_the_same():
    chance = random.Random(7)
    facts = [search(90 * n, str(n % 5), n % 3) for n in range(60)]
    facts += [did(90 * n + 7, person=n % 3) for n in range(0, 60, 7)]
    expected = sorted(map(str, told(*facts)))
    for _ in range(5):
        chance.shuffle(facts)
        assert sorted(map(str, told(*facts))) == expected


def test_a_search_without_words_does_not_count():
    assert told(search(0, None), search(1, "")) == []
