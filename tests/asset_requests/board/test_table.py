"""The table: who sees what, filters, order, words, bad addresses."""

from datetime import UTC, date, datetime

import pytest

from portal import clock
from portal.asset_requests.asking import service as asking
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action
from tests import make
from tests.asset_requests.board.conftest import acts


def titles(page):
    """The titles listed, in order."""
    items = page.tree.findall(".//ul[@class='rows asked-rows']/li/h2/a")
    return ["".join(a.itertext()) for a in items]


def test_a_rep_sees_her_own_and_her_teams(entered, ask):
    north, south = make.team(), make.team("South")
    browser, mine = entered("rep", department="sales", team_id=north.id, name="Minh")
    colleague = make.user(department="sales", team_id=north.id)
    stranger = make.user(department="sales", team_id=south.id)
    ask(mine, "Mine")
    ask(colleague, "My colleague’s")
    waited = ask(stranger, "Waited for")
    asking.support(acts(mine), waited)
    ask(stranger, "A stranger’s")
    page = browser.get("/requests/")
    assert set(titles(page)) == {"Mine", "Waited for"}
    assert "Mine 2" in page.words()
    assert titles(browser.get("/requests/?tab=team")) == ["Mine", "My colleague’s"]
    for tab in ("all", "queue", "x"):
        assert set(titles(browser.get(f"/requests/?tab={tab}"))) == {"Mine", "Waited for"}
    assert 'name="request"' not in page.text  # nothing to tick for who answers nothing


def test_who_answers_sees_the_queue(entered, marketer, ask):
    ask(title="For us")
    ask(title="For product", department="product")
    browser, _ = entered("contributor", department="product")
    assert titles(browser.get("/requests/")) == ["For product"]
    assert titles(browser.get("/requests/?tab=all")) == ["For product"]
    assert "All departments" not in browser.get("/requests/").words()
    browser, _ = marketer
    assert titles(browser.get("/requests/")) == ["For us"]
    assert set(titles(browser.get("/requests/?tab=all"))) == {"For us", "For product"}
    assert titles(browser.get("/requests/?tab=all&department=product")) == ["For product"]


def test_a_manager_of_sales_sees_all(entered, ask):
    ask(title="For us")
    browser, _ = entered("manager", department="sales")
    assert titles(browser.get("/requests/")) == ["For us"]


@pytest.fixture
def several(ask, marketer):
    _, mai = marketer
    ask(title="One", kind="faq", language="vi", competitor="kestrel", query="giá cả")
    two = ask(title="Hai Đông", kind="deck", urgent=True)
    moving.move(acts(mai), two, Action.TAKE_ON)
    three = ask(title="Three")
    moving.move(acts(mai), three, Action.DECLINE, note="No.")
    make.term(slug="kestrel", en="Kestrel Ltd")
    return two.id


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", "One Hai-Đông"), ("state=any", "One Hai-Đông Three"), ("state=done", "Three"),
        ("state=declined", "Three"), ("state=taken-on", "Hai-Đông"), ("state=x", "One Hai-Đông"),
        ("kind=faq", "One"), ("language=vi", "One"), ("competitor=kestrel", "One"),
        ("assignee=me", "Hai-Đông"), ("assignee=nobody", "One"), ("assignee=999999", ""),
        ("q=ONE", "One"), ("q=đông", "Hai-Đông"), ("q=GIÁ", "One"), ("q=%25", ""), ("q=_", ""),
        ("due=overdue", ""), ("due=soon", ""), ("kind=faq&state=any&assignee=me", ""),
    ],
)  # fmt: skip
def test_filters(marketer, several, said, found):
    page = marketer[0].get(f"/requests/?{said}")
    assert {t.replace(" ", "-") for t in titles(page)} == set(found.split())


def test_a_number_finds_its_request(marketer, several):
    assert titles(marketer[0].get(f"/requests/?q=%23{several}")) == ["Hai Đông"]


def test_a_line_says_what_is_at_stake_and_when_it_is_due(entered, marketer, ask, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 2, tzinfo=UTC))
    browser, _mai = marketer
    minh = make.user(department="sales", name="Minh Anh")
    deal = make.deal(minh, amount=120_000, closes_on=date(2026, 12, 24))
    other = make.user(department="sales")
    more = make.deal(other, amount=5_000_000, currency="VND")
    it = ask(minh, kind="faq", deal_id=deal.id, competitor="kestrel", language="ru")
    asking.support(acts(other), it, more.id)
    asset = make.asset()
    make.text(asset, title="Kestrel card")
    ask(minh, "A price is wrong", asset_id=asset.id, complaint="wrong", deal_id=deal.id)
    make.term(slug="kestrel", en="Kestrel Ltd")
    said = browser.get("/requests/?sort=weight").words()
    for words in (
        "Acknowledge: due tomorrow", "€120K + ₫5M", "2 wait", "Kestrel Ltd · Русский", "24, 2026",
        "Asked by Minh Anh", "Something is wrong: Kestrel card", "Asked",
    ):  # fmt: skip
        assert words in said, words
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 27, 2, tzinfo=UTC))
    page = browser.get("/requests/?due=overdue")
    assert "Acknowledge: overdue by" in page.words()
    assert "w-overdue" in page.text
    assert titles(browser.get("/requests/?due=soon")) == []


def test_due_soon_is_said_and_found(marketer, ask, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 2, tzinfo=UTC))
    it = ask()
    from portal.asset_requests.agreement import queries

    (first, *_) = [c for c in queries.clocks_of(it.id) if c.promise == "acknowledge"]
    monkeypatch.setattr(clock, "now", lambda: first.soon_at)
    page = marketer[0].get("/requests/?due=soon")
    assert titles(page) == [it.title]
    assert "w-soon" in page.text


def test_order(marketer, ask, db):
    minh = make.user(department="sales")
    small, large = make.deal(minh, amount=10), make.deal(minh, amount=1000)
    dong = make.deal(minh, amount=10**9, currency="VND")
    ask(minh, "Dong", deal_id=dong.id)
    ask(minh, "Small", deal_id=small.id)
    ask(minh, "Large", deal_id=large.id)
    ask(minh, "None")
    ask(minh, "Urgent", urgent=True)
    browser, _ = marketer
    assert titles(browser.get("/requests/?sort=weight"))[:2] == ["Large", "Small"]
    assert titles(browser.get("/requests/?sort=newest")) == [
        "Urgent", "None", "Large", "Small", "Dong",
    ]  # fmt: skip
    assert titles(browser.get("/requests/"))[0] == "Urgent"
    large.outcome = "lost"
    db.session.commit()
    assert titles(browser.get("/requests/?sort=weight"))[0] == "Small"


def test_pages(marketer, ask):
    minh = make.user(department="sales")
    for number in range(45):
        ask(minh, f"No. {number}")
    browser, _ = marketer
    assert len(titles(browser.get("/requests/"))) == 40
    second = browser.get("/requests/?page=2&kind=x")
    assert len(titles(second)) == 5
    assert "45 requests" in second.words()
    for said in ("-1", "0", "9" * 30, "%00", "x", "٣"):
        assert browser.get(f"/requests/?page={said}").status == 200


@pytest.mark.parametrize("path", ["/requests/", "/requests/board"])
@pytest.mark.parametrize(
    "said",
    [
        "tab=%00&state=%00&q=%00&assignee=%00&competitor=%00", "q=" + "x" * 3000, "q=%ED%A0%80",
        "assignee=-1", "assignee=99999999999999999999", "more=x", "more=declined", "_external=1",
        "_scheme=x&_anchor=y&endpoint=z", "sort=x&sort=y", "competitor=%27%3B--",
    ],
)  # fmt: skip
def test_hostile_addresses(marketer, ask, path, said):
    ask(title="<script>alert(1)</script>")
    page = marketer[0].get(f"{path}?{said}")
    assert page.status == 200
    assert "<script>alert" not in page.text


def test_the_places_of_requests(as_):
    rep, said = as_("rep").get("/requests/"), "Requests Wins Agreement Record Figures"
    assert rep.words(".//main/nav") == said
    assert "Requests" in rep.words(".//nav[@class='bottom']")
    assert as_("contributor").get("/requests/agreement").words(".//main/nav") == (
        "Requests Board Wins Agreement Record Figures"
    )
