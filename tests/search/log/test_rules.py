"""The arrays of the log add up to what a plain loop over the visits says."""

import random
from collections import Counter, defaultdict

import numpy as np
import pytest

from portal.search.log import rows, rules, weeks
from portal.search.log.rows import FOUND, LED, Day, Log
from portal.search.log.rules import Column, Which
from portal.usage.visits import Search, Visit

MEANING = [0, 0, 1, 1, 2, 3]  # by wording: two spellings of the first two


def days(chance, count=10):
    """Random days: (number, visits)."""
    found = []
    for day in range(count):
        visits = []
        for _ in range(chance.randint(0, 8)):
            person = chance.choice((None, 1, 2, 3, 4, 5))
            searches = [
                Search(0, person, str(chance.randint(0, 5)), chance.random() < 0.6,
                       chance.random() < 0.5, chance.choice((None, "vi", "ru")))
                for _ in range(chance.randint(1, 3))
            ]  # fmt: skip
            visits.append(Visit(person, searches))
        found.append((100 + day, visits))
    return found


def log_of(found):
    made = [(day, rows.day_of(visits, int, {})) for day, visits in found]
    return Log.of(made, lambda wordings: np.array(MEANING, np.int32)[wordings])


def plain(found):
    """What the log says, by a loop: meaning → (times, people, nothing, poor, led, last)."""
    told = defaultdict(lambda: [0, set(), 0, 0, 0, 0])
    for day, visits in found:
        for visit in visits:
            for it in visit.searches:
                line = told[MEANING[int(it.query)]]
                line[0] += 1
                line[1] |= {it.person} - {None}
                line[2] += not it.found
                line[3] += it.found and not it.led
                line[4] += it.led
                line[5] = max(line[5], day)
    return {key: (it[0], len(it[1]), *it[2:]) for key, it in told.items()}


@pytest.mark.parametrize("seed", range(20))
def test_lines_are_what_a_loop_says(seed):
    found = days(random.Random(seed))
    lines = rules.grouped(log_of(found)).tally.lines()
    assert {
        it.meaning: (it.times, it.people, it.nothing, it.poor, it.led, it.last) for it in lines
    } == plain(found)


@pytest.mark.parametrize("seed", range(5))
def test_days_are_chosen_and_put_together(seed):
    found = days(random.Random(seed))
    whole = log_of(found)
    parts = log_of(found[:4]) + log_of(found[4:])
    assert all(
        np.array_equal(getattr(whole, f), getattr(parts, f)) for f in Log.__dataclass_fields__
    )
    assert (
        rules.grouped(whole.only(105)).tally.lines()
        == rules.grouped(log_of(found[5:])).tally.lines()
    )


def test_a_day_survives_being_packed():
    day = rows.day_of(days(random.Random(1))[0][1], int, {})
    again = Day.unpacked(*day.packed)
    assert np.array_equal(day.searches, again.searches)
    assert np.array_equal(day.visits, again.visits)


def test_an_empty_log_has_no_lines():
    log = log_of([])
    assert len(rules.grouped(log).tally) == 0
    assert rules.spellings(rules.grouped(log), 1, 3) == []
    assert rules.shares(rules.grouped(log), 1, lambda persons: persons) == {}


@pytest.mark.parametrize("seed", range(3))
def test_people_and_language_narrow_searches_and_visits(seed):
    found = days(random.Random(seed))
    log = log_of(found).only(0, people=np.array([1, 2]), language=1)
    some = [it for _, v in found for one in v if one.person in {1, 2} for it in one.searches]
    assert len(log.outcome) == sum(it.language == "vi" for it in some)
    first = [one for _, v in found for one in v if one.person in {1, 2}]
    assert len(log.visit_led) == sum(one.searches[0].language == "vi" for one in first)


@pytest.mark.parametrize(
    ("text", "told", "usual", "language"),
    [
        ("цена", "en", "vi", "ru"), ("giá", None, None, "vi"), ("gia", "vi", "ru", "vi"),
        ("price", None, "ru", "ru"), ("price", None, None, "en"), ("price", "de", None, "en"),
    ],
)  # fmt: skip
def test_which_language_a_search_is_in(text, told, usual, language):
    assert rows.LANGUAGES[rows.language_of(text, told, usual)] == language


def test_lists_hold_what_they_say():
    tally = rules.grouped(log_of(days(random.Random(3)))).tally
    assert all(it.nothing for it in rules.listed(tally, Which.NOTHING).lines())
    assert all(it.poor for it in rules.listed(tally, Which.POOR).lines())
    assert all(it.people >= 4 for it in rules.listed(tally, Which.ALL, least=5).lines())
    assert len(rules.listed(tally, Which.ALL, least=5)) < len(tally)


@pytest.mark.parametrize("column", Column)
@pytest.mark.parametrize("up", [True, False])
def test_every_column_sorts(column, up):
    lines = rules.in_order(
        rules.grouped(log_of(days(random.Random(4)))).tally, column, up=up
    ).lines()
    key = {
        Column.TIMES: lambda it: it.times, Column.PEOPLE: lambda it: it.people,
        Column.NOTHING: lambda it: it.nothing, Column.POOR: lambda it: it.poor,
        Column.OPENED: lambda it: it.led / it.times, Column.LAST: lambda it: it.last,
    }[column]  # fmt: skip
    assert [key(it) for it in lines] == sorted(map(key, lines), reverse=not up)


def test_spellings_come_by_how_often_they_were_typed():
    visits = [Visit(n, [Search(0, n, text, True, False, None)]) for n, text in enumerate("1011025")]
    log = log_of([(1, visits)])
    found = rules.grouped(log)
    assert rules.spellings(found, 0, 9) == [1, 0]
    assert rules.spellings(found, 3, 9) == [5]
    assert rules.spellings(found, 0, 1) == [1]
    assert rules.spellings(found, 2, 9) == []
    assert rules.spellings(found, 9, 9) == []


def test_teams_of_fewer_than_three_people_are_not_told():
    people = [1, 2, 3, 4, 5, 5, 5]
    log = log_of([(1, [Visit(n, [Search(0, n, "0", True, False, None)]) for n in people])])
    team = {1: 7, 2: 7, 3: 7, 4: 8, 5: 8}
    found = rules.grouped(log)
    assert rules.shares(found, 0, lambda p: np.array([team[n] for n in p.tolist()])) == {7: 3}


@pytest.mark.parametrize("seed", range(5))
def test_weeks_are_what_a_loop_says(seed):
    found = days(random.Random(seed), 40)
    today = 139
    first = today - (today + weeks.MONDAY) % 7 - 14
    told = weeks.by_week(log_of(found), first, today)
    assert [it.monday for it in told] == [first, first + 7, first + 14]
    visits, led, people = Counter(), Counter(), defaultdict(set)
    for day, its in found:
        for it in its:
            place = (day - first) // 7
            visits[place] += 1
            led[place] += it.led
            people[place] |= {it.person} - {None}
    for place, it in enumerate(told):
        assert (it.visits, it.led, it.people) == (visits[place], led[place], len(people[place]))
        assert (it.share is None) is (it.people < rules.FEW)


@pytest.mark.parametrize(("days_", "count"), [(7, 13), (90, 13), (365, 52)])
def test_the_chart_begins_on_a_monday(days_, count):
    from datetime import date

    from portal.usage.queries import EPOCH

    today = date(2026, 11, 25).toordinal() - EPOCH
    first = date.fromordinal(EPOCH + weeks.first_monday(today, days_))
    assert first.weekday() == 0
    assert (today - weeks.first_monday(today, days_)) // 7 + 1 == count


def test_the_outcome_is_two_bits():
    (row,) = rows.day_of([Visit(1, [Search(0, 1, "0", True, True, None)])], int, {}).searches
    assert row.tolist() == [0, 1, 0, FOUND | LED]
