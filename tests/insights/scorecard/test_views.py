"""The scorecard: one goal, both sides' word, for everybody; who sets, promises and settles."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from portal import clock
from portal.db import db as _db
from portal.insights.scorecard import queries
from portal.insights.scorecard.models import SharedGoal, SidePromise
from tests import make
from tests.insights.pack.conftest import owes, use

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
PAGE = "/insights/scorecard"
REVENUE = {"measure": "revenue", "target": "10,000", "currency": "eur", "period": "quarter"}


@pytest.fixture(autouse=True)
def _monday(db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ha():
    """A manager of Marketing."""
    return make.user("ha@example.com", name="Hà", role="manager", department="marketing")


@pytest.fixture
def quoc():
    """A manager of Sales."""
    return make.user("quoc@example.com", name="Quốc", role="manager", department="sales")


def won(amount, currency="EUR", *, days=5, outcome="won"):
    at = NOW - timedelta(days=days)
    return make.deal(outcome=outcome, amount=amount, currency=currency, closed_at=at)


def test_nothing_is_there_at_first(as_):
    page = as_("rep").get(PAGE)
    assert "No goal is set yet" in page.words()
    assert "Nothing was promised yet." in page.words()
    assert page.tree.find(".//main//form") is None


def test_a_manager_sets_the_goal_and_currencies_are_never_added(client, visitor, ha, quoc):
    for amount in (1000, 2000, 3500):
        won(Decimal(amount))
    won(Decimal(1_000_000), "VND")
    won(Decimal(9000), days=120)  # of another quarter
    won(Decimal(9000), outcome="lost")
    client.sign_in(ha)
    for _ in range(2):
        assert client.post(f"{PAGE}/goal", data=REVENUE).status == 303
    assert _db.session.query(SharedGoal).count() == 1
    words = client.get(PAGE).words()
    assert "€6,500 of €10,000 of 3 won deals in EUR" in words
    assert "65% of the goal" in words
    assert "Besides, not added up: ₫1,000,000 of 1 deal in VND" in words
    assert "Set by Hà on Nov 30, 2026." in words
    rep = visitor().sign_in(make.user()).get(PAGE).words()
    assert "€6,500" in rep
    assert "1,000,000" not in rep
    assert "1 deal in VND" in rep


def test_the_other_side_agrees(client, visitor, ha, quoc):
    client.sign_in(ha).post(f"{PAGE}/goal", data=REVENUE)
    number = queries.goals()[0].id
    words = client.get(PAGE).words()
    assert "Sales has not agreed yet." in words
    assert "We agree" not in words
    assert client.post(f"{PAGE}/goal/{number}").status == 403
    other = visitor().sign_in(quoc)
    assert "We agree" in other.get(PAGE).words()
    assert other.post(f"{PAGE}/goal/{number + 1}").status == 409
    for _ in range(2):
        assert other.post(f"{PAGE}/goal/{number}").status == 303
    assert "Agreed by Quốc on Nov 30, 2026." in client.get(PAGE).words()
    assert "We agree" not in other.get(PAGE).words()


def test_the_same_goal_from_the_other_side_is_an_agreement(client, visitor, ha, quoc):
    for who in (ha, ha, quoc):
        visitor().sign_in(who).post(f"{PAGE}/goal", data=REVENUE)
    assert [it.agreed_by for it in queries.goals()] == [quoc]
    visitor().sign_in(ha).post(f"{PAGE}/goal", data=REVENUE | {"target": "20000"})
    assert [it.agreed_by for it in queries.goals()] == [None, quoc]


def test_a_goal_is_of_its_own_currency(client, quoc):
    for amount, currency in ((1, "EUR"), (2, "EUR"), (4_000_000, "VND")):
        won(Decimal(amount), currency)
    sent = REVENUE | {"target": "8.000.000", "currency": "VND"}
    assert client.sign_in(quoc).post(f"{PAGE}/goal", data=sent).status == 303
    words = client.get(PAGE).words()
    assert "₫4,000,000 of ₫8,000,000 of 1 won deal in VND" in words
    assert "50% of the goal" in words
    assert "not added up: €3 of 2 deals in EUR" in words


def test_a_sum_of_few_deals_is_not_told_to_reps(client, visitor, ha):
    won(Decimal(4321))
    client.sign_in(ha).post(f"{PAGE}/goal", data=REVENUE)
    assert "€4,321" in client.get(PAGE).words()
    words = visitor().sign_in(make.user()).get(PAGE).words()
    assert "4,321" not in words
    assert "43%" not in words
    assert "is told from three won deals on" in words


@pytest.mark.parametrize(
    ("measure", "target", "said"),
    [
        ("win-rate", "50", "67% of 50% 2 of 3"),
        ("deals-won", "4", "2 deals of 4 deals"),
        ("on-time", "90", "0% of 90% 0 of 1"),
        ("adoption", "75", "33% of 75% 1 of 3"),
    ],
)
def test_other_goals(client, quoc, measure, target, said):
    old = NOW - timedelta(days=90)
    used, _, _ = (make.user(department="sales", created_at=old) for _ in range(3))
    make.user(department="sales")  # came yesterday: not of those who are counted
    it = make.asset()
    for days in (2, 3, 16):
        use(it, used, at=NOW - timedelta(days=days))
    won(None), won(None), won(None, outcome="lost"), won(None, outcome="no-decision")
    owes(make.request(used), "deliver", department="marketing")
    client.sign_in(quoc)
    sent = {"measure": measure, "target": target, "period": "month", "currency": "EUR"}
    assert client.post(f"{PAGE}/goal", data=sent).status == 303
    assert said in client.get(PAGE).words()


@pytest.mark.parametrize(("people", "told"), [(3, True), (2, False)])
def test_who_uses_the_portal_is_told_as_on_the_page_of_use(client, people, told):
    old = NOW - timedelta(days=90)
    everybody = [
        make.user(department="sales", role=role, created_at=old)
        for role in ("manager", "rep", "rep")[:people]
    ]
    it = make.asset()
    for who in everybody[:2]:  # a manager of Sales is one of them
        for days in (2, 16):
            use(it, who, at=NOW - timedelta(days=days))
    for days in (0, 2):  # this week is not over
        use(it, everybody[-1], at=NOW - timedelta(days=days))
    client.sign_in(everybody[0])
    sent = {"measure": "adoption", "target": "50", "period": "month", "currency": "EUR"}
    assert client.post(f"{PAGE}/goal", data=sent).status == 303
    assert ("67% of 50% 2 of 3" in client.get(PAGE).words()) is told
    assert ("2 of 3 people" in client.get("/insights/use").words()) is told
    assert ("– of 50%" in client.get(PAGE).words()) is not told


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "likes"}, {"target": ""}, {"target": "much"}, {"target": "-1"},
        {"target": "9" * 30}, {"currency": "EURO"}, {"currency": "É1"}, {"period": "week"},
        {"measure": "win-rate", "target": "101"},
    ],
)  # fmt: skip
def test_what_was_typed_of_a_wrong_goal_is_kept(client, quoc, wrong):
    page = client.sign_in(quoc).post(f"{PAGE}/goal", data=REVENUE | wrong)
    assert page.status == 422
    assert page.tree.find(".//p[@class='error']") is not None
    kept = page.tree.find(".//input[@name='target']").get("value")
    assert kept == (REVENUE | wrong)["target"]
    assert queries.goals() == []


def test_only_managers_of_both_sides_set_goals_and_promise(client):
    client.sign_in(make.user(role="admin", department="product"))
    assert client.post(f"{PAGE}/goal", data=REVENUE).status == 422
    assert client.post(f"{PAGE}/promises", data={"words": "x"}).status == 422
    assert queries.goals() == []


def test_former_goals_are_told(client, visitor, ha, quoc):
    client.sign_in(ha).post(f"{PAGE}/goal", data=REVENUE)
    visitor().sign_in(quoc).post(f"{PAGE}/goal", data=REVENUE | {"target": "20000"})
    words = client.get(PAGE).words()
    assert "of €20,000" in words
    assert "Won revenue, each quarter: €10,000 Hà, Nov 30, 2026" in words


def test_a_side_promises_and_keeps_it_or_not(client, visitor, ha, quoc):
    client.sign_in(quoc)
    sent = {"words": "Ten demos", "owner": quoc.id, "due_on": "2026-11-30", "once": "p"}
    for _ in range(2):
        assert client.post(f"{PAGE}/promises", data=sent).status == 303
    (made,) = _db.session.query(SidePromise).all()
    assert (made.side, made.month, made.kept) == ("sales", "2026-11", None)
    other = visitor().sign_in(ha)
    assert other.post(f"{PAGE}/promises/{made.id}", data={"kept": "0"}).status == 303
    assert "not kept" in client.get(PAGE).words()
    assert other.post(f"{PAGE}/promises/{made.id}", data={"kept": ""}).status == 303
    assert made.kept is None
    assert other.post(f"{PAGE}/promises/{made.id}", data={"kept": "2"}).status == 422
    assert other.post(f"{PAGE}/promises/{2**31}", data={"kept": "1"}).status == 404


def test_what_is_open_goes_with_us_into_the_next_month(client, quoc, monkeypatch):
    client.sign_in(quoc)
    sent = {"words": "Ten demos", "owner": quoc.id, "due_on": "2026-11-30", "once": "p"}
    client.post(f"{PAGE}/promises", data=sent)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=3))
    words = client.sign_in(quoc).get(PAGE).words()
    assert "Ten demos" in words
    assert "November 2026 · late" in words


@pytest.mark.parametrize(
    "wrong", [{"words": ""}, {"due_on": "2026-12-01"}, {"due_on": "x"}, {"owner": "0"}]
)
def test_what_was_typed_of_a_wrong_promise_is_kept(client, quoc, wrong):
    sent = {"words": "Ten demos", "owner": quoc.id, "due_on": "2026-11-30", "once": "p"} | wrong
    page = client.sign_in(quoc).post(f"{PAGE}/promises", data=sent)
    assert page.status == 422
    assert page.tree.find(".//input[@name='words']").get("value") == sent["words"]
    assert _db.session.query(SidePromise).count() == 0


def test_the_record_of_both_sides_is_beside_the_goal(client, quoc):
    owes(make.request(make.user(department="sales")), "deliver", department="marketing")
    words = client.sign_in(quoc).get(PAGE).words()
    assert "Deliver 0 of 1" in words
    assert "1 asked, 0 delivered, 0 used" in words
