"""Which searches were in vain, who waits for requests, what is new; on both databases."""

from datetime import timedelta
from itertools import count

import pytest

from portal import clock
from portal.insights.gaps import queries
from portal.usage.models import UsageEvent
from tests import make

_refs = count(1)


@pytest.fixture
def search(db):
    """Somebody searches some seconds after an hour ago; returns the search's reference."""

    def put(text, user=1, *, at=0, results=5, source="search", deal=None, then=None):
        ref = f"{next(_refs):016x}"
        moment = clock.now() - timedelta(hours=1) + timedelta(seconds=at)
        db.session.add(
            UsageEvent(
                at=moment, action="searched", user_id=user, query=text, results=results,
                source=source, ref=ref, deal_id=deal,
            )
        )  # fmt: skip
        if then:
            db.session.add(
                UsageEvent(at=moment, action=then, user_id=user, ref=ref, asset_id=next(_refs))
            )
        db.session.flush()
        return ref

    return put


def found():
    since = clock.now() - timedelta(days=90)
    return {
        (it.text, it.user_id, it.deal_id): (it.times, it.empty) for it in queries.in_vain(since)
    }


def test_without_result_or_without_anything_opened_is_in_vain(search):
    search("nothing", results=0)
    search("not opened", at=100)
    search("opened", at=200, then="opened")
    search("copied", at=300, then="copied")
    assert found() == {("nothing", 1, None): (1, 1), ("not opened", 1, None): (1, 0)}


def test_each_person_and_deal_is_a_line_of_its_own(search):
    for user, deal in ((1, None), (1, 7), (2, 7)):
        search("cold", user, deal=deal, at=200 * user + (deal or 0) * 40)
    search("cold", 2, deal=7, at=3000, results=0)
    assert found() == {("cold", 1, None): (1, 0), ("cold", 1, 7): (1, 0), ("cold", 2, 7): (2, 1)}


def test_pauses_while_typing_are_steps_to_the_last_search(search):
    for at, text in enumerate(("kes", "kestr", "kestrel")):
        search(text, at=5 * at, source="instant")
    search("kestrel", 2, at=7, source="instant")  # another person's typing is not theirs
    assert found() == {("kestrel", 1, None): (1, 0), ("kestrel", 2, None): (1, 0)}


def test_typing_that_led_to_something_is_not_in_vain(search):
    search("kestr", source="instant", results=0)
    search("kestrel", at=4, then="opened")
    assert found() == {}


def test_the_same_search_again_is_one(search):
    search("kestrel")
    search("kestrel", at=20, then="opened")  # the second page
    search("nordhaul", at=1000)
    search("nordhaul", at=1500)  # asked anew, later
    assert found() == {("nordhaul", 1, None): (2, 0)}


def test_people_who_are_forgotten_are_not_taken_for_one(search):
    search("kes", None, source="instant")
    search("nord", None, at=3, source="instant")
    assert set(found()) == {("kes", None, None), ("nord", None, None)}


def test_old_searches_and_those_without_words_are_left_out(search, db):
    search("old", at=-91 * 86_400)
    search(None)
    assert found() == {}


def test_only_the_latest_are_looked_at(search):
    for number in range(5):
        search(f"word {number}", at=500 * number)
    since = clock.now() - timedelta(days=90)
    assert {it.text for it in queries.in_vain(since, 2)} == {"word 3", "word 4"}


def test_open_requests_and_those_that_ended_lately(db):
    since = clock.now() - timedelta(days=90)
    old = clock.now() - timedelta(days=200)
    open_one = make.request(title="Open", asked_at=old)
    declined = make.request(title="No", state="declined")
    delivered = make.request(title="Came", state="delivered")
    make.request(title="Long ago", state="declined", asked_at=old)
    make.request(title="Gone", state="withdrawn")
    numbers = {it.fact.number for it in queries.asked(since, 10)}
    assert numbers == {open_one.id, declined.id, delivered.id}
    assert len(queries.asked(since, 2)) == 2


def test_who_waits_is_still_here(db):
    owner, gone = make.user(), make.user(active=False)
    deal = make.deal(owner)
    one, other = make.request(owner, deal=deal), make.request(gone)
    assert queries.waiting([one.id, other.id]) == {one.id: [(owner.id, deal.id)], other.id: []}


def test_only_open_deals_wait(db):
    owner = make.user()
    open_deal = make.deal(owner, amount=100, currency="EUR")
    won = make.deal(owner, amount=100, outcome="won")
    stakes = queries.open_deals([open_deal.id, won.id, 2**31 - 1])
    assert list(stakes) == [open_deal.id]
    assert (stakes[open_deal.id].amount, stakes[open_deal.id].currency) == (100, "EUR")


def test_new_assets_are_published_ones(db):
    now = clock.now()
    make.asset("new", published_at=now)
    make.asset("draft", state="draft", published_at=now)
    make.asset("old", published_at=now - timedelta(days=9))
    assert list(queries.new_assets(now - timedelta(days=1))) == ["new"]
