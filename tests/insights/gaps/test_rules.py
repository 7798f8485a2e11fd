"""Searches and requests of the same meaning are one gap, in whatever order they come."""

import random
from decimal import Decimal

import pytest

from portal.asset_requests.rules import Stake
from portal.asset_requests.similar.rules import is_enough
from portal.insights.gaps import rules, weighing
from portal.insights.gaps.rules import Item, Way, Wording
from portal.insights.gaps.weighing import Sort
from portal.markup import fold

TRADE = {"price": "=price", "gia": "=price", "cena": "=price", "kestrel": "=competitor/kestrel",
         "nordhaul": "=competitor/nordhaul", "cold": "=cold", "lanh": "=cold"}  # fmt: skip


def words(text):
    """Words as search gives them, simplified: stems, concepts of the trade, named competitors."""
    found = {}
    for word in fold(text).split():
        stem = word.removesuffix("s")
        found[stem] = 4
        if stem in TRADE:
            found[TRADE[stem]] = 6
    return found


def typed(text, user=1, deal=None, *, times=1, last=1000):
    return Wording(text, user, deal, times, 0, last)


def items_of(*wordings, most=100):
    return rules.merged(wordings, words, most)


def asked(title, *, number=1, state="asked", people=(9,), deals=(), last=1000, **about):
    is_answer = state in ("delivered", "accepted")
    return Item(
        Way.ANSWER if is_answer else Way.REQUEST, title, fold(title), words(title),
        people=frozenset(people), deals=frozenset(deals), last=last, number=number, state=state,
        about=about,
    )  # fmt: skip


def texts(groups):
    return {frozenset(item.text for item in group) for group in groups}


def test_letters_case_and_diacritics_make_no_other_search():
    (it,) = items_of(
        typed("Giá Kestrel", 1, 5), typed("gia kestrel", 2, 6), typed("GIÁ  kestrel!", 2)
    )
    assert (it.times, it.people, it.deals) == (3, {1, 2}, {5, 6})
    assert it.about == {"competitor": "kestrel"}


def test_the_spelling_typed_most_often_is_shown():
    (it,) = items_of(
        typed("kestrel price"), typed("Kestrel PRICE", times=3), typed("kestrel  price")
    )
    assert it.text == "Kestrel PRICE"


def test_what_was_not_typed_far_enough_is_none():
    assert items_of(typed("ke"), typed("?!"), typed("k-")) == []


def test_same_meaning_is_one_group_across_languages():
    found = rules.together(
        items_of(
            typed("kestrel price"),
            typed("prices kestrel"),
            typed("giá kestrel"),
            typed("nordhaul price"),
            typed("driver training plan"),
        )
    )
    assert texts(found) == {
        frozenset({"kestrel price", "prices kestrel", "giá kestrel"}),
        frozenset({"nordhaul price"}),
        frozenset({"driver training plan"}),
    }


def test_a_request_joins_the_search_it_came_from():
    found = rules.together([*items_of(typed("zebra blanket")), asked("Zebra  BLANKET")])
    assert len(found) == 1


def some_wordings(seed):
    luck = random.Random(seed)
    pool = [
        "kestrel",
        "price",
        "giá",
        "cold",
        "lạnh",
        "nordhaul",
        "dock",
        "driver",
        "pilot",
        "plan",
    ]
    return [
        typed(
            " ".join(luck.choices(pool, k=luck.randint(1, 4))), luck.choice([None, 1, 2, 3, 4]),
            luck.choice([None, 1, 2, 3]), times=luck.randint(1, 5), last=luck.randint(1, 9999),
        )
        for _ in range(luck.randint(1, 60))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_order_does_not_matter_and_every_search_counts_once(seed):
    wordings = some_wordings(seed)
    counted = [it for it in wordings if is_enough(it.text)]
    requests = [asked("Kestrel price", number=1), asked("Cold stores pilot", number=2, deals=(1,))]
    stakes = {1: Stake(1, Decimal(10), "EUR", None), 2: Stake(2, Decimal(5), "VND", None)}

    def found(order):
        shuffled = list(wordings)
        order.shuffle(shuffled)
        items = [*items_of(*shuffled), *requests]
        order.shuffle(items)
        return rules.together(items)

    first, second = found(random.Random(1)), found(random.Random(2))
    assert texts(first) == texts(second)
    gaps = [weighing.gap_of(group, stakes) for group in first]
    assert sum(gap.times for gap in gaps) == sum(it.times for it in counted)
    assert sorted(n for gap in gaps for n in gap.requests) == [1, 2]
    again = [weighing.gap_of(group, stakes) for group in second]
    assert weighing.in_order(gaps, Sort.VALUE, "EUR") == weighing.in_order(again, Sort.VALUE, "EUR")


def test_each_open_deal_counts_once_and_currencies_stay_apart():
    group = [
        *items_of(typed("kestrel price", 1, 5), typed("price kestrel", 2, 5), typed("kestrel prices", 3, 7)),
        asked("Kestrel price", deals=(5, 8, 9), people=(1, 4)),
    ]  # fmt: skip
    stakes = {
        5: Stake(5, Decimal(100), "EUR", None),
        7: Stake(7, None, "EUR", None),
        8: Stake(8, Decimal(30), "VND", None),
    }
    gap = weighing.gap_of(group, stakes)
    assert (gap.deals, gap.people) == (3, 4)  # deal 9 is not open
    assert gap.value == {"EUR": Decimal(100), "VND": Decimal(30)}


def test_people_nobody_knows_any_more_are_somebody():
    (it,) = items_of(typed("kestrel price", None, times=4))
    assert weighing.gap_of([it], {}).people == 1


@pytest.mark.parametrize(
    ("state", "came", "answered"),
    [("delivered", 2000, True), ("accepted", 2000, True), ("delivered", 500, False),
     ("asked", 2000, False)],
)  # fmt: skip
def test_what_was_delivered_since_is_answered(state, came, answered):
    group = [
        *items_of(typed("kestrel price", last=1000)),
        asked("Kestrel price", state=state, last=came),
    ]
    assert rules.is_answered(group) is answered


def test_an_open_request_is_not_answered_by_what_came_for_another():
    group = [
        asked("Kestrel price", last=1),
        asked("Kestrel price", number=2, state="delivered", last=9),
    ]
    assert not rules.is_answered(group)


def test_a_request_that_was_only_delivered_is_no_gap():
    assert rules.is_answered([asked("Kestrel price", state="delivered")])


def test_declined_requests_are_told_apart():
    gap = weighing.gap_of([asked("Kestrel price", number=4, state="declined", kind="deck")], {})
    assert (gap.requests, gap.declined, gap.about) == ((), (4,), {"kind": "deck"})


def gaps():
    stakes = {
        1: Stake(1, Decimal(10), "EUR", None),
        2: Stake(2, Decimal(900), "VND", None),
        3: Stake(3, None, "EUR", None),
    }
    return [
        weighing.gap_of(items_of(it), stakes)
        for it in (
            typed("aaa", 1, 1, times=1, last=3), typed("bbb", 1, 2, times=2, last=2),
            typed("ccc", 1, 3, times=9, last=1), typed("ddd", 1, None, times=1, last=9),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "currency", "order"),
    [(Sort.VALUE, "EUR", "acbd"), (Sort.VALUE, "VND", "bcad"), (Sort.TIMES, "EUR", "cbad"),
     (Sort.LAST, "EUR", "dabc"), (Sort.DEALS, "EUR", "acbd")],
)  # fmt: skip
def test_the_heaviest_comes_first(sort, currency, order):
    assert "".join(gap.text[0] for gap in weighing.in_order(gaps(), sort, currency)) == order


def test_what_a_search_names_is_filled_in_when_it_is_one():
    assert rules.named({"=competitor/kestrel": 5, "=price": 6, "=persona/cfo": 1}) == {
        "competitor": "kestrel"
    }
    assert rules.named({"=competitor/kestrel": 5, "=competitor/nordhaul": 5}) == {}
