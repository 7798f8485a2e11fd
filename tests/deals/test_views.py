"""Deals added and brought on by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.deals.models import Deal
from portal.deals.pipelines import service as pipelines
from tests import make


def test_added_moved_and_won(db, client):
    rep = make.user(team_id=make.team().id, language="ru")
    stages = {stage.slug: stage for stage in pipelines.ready().stages}
    db.session.commit()
    client.sign_in(rep)
    sent = {"name": "Склад", "amount": "120 000,50", "currency": "rub", "closes_on": "2026-12-20"}
    page = client.post("/deals/", data=sent)
    assert page.status == 303
    assert (
        "120\u00a0000" in client.get("/deals/").text or "120 000" in client.get("/deals/").words()
    )
    assert (
        client.post(page.location, data={"stage": stages["proposal"].id, "outcome": "won"}).status
        == 303
    )
    deal = db.session.scalars(select(Deal)).one()
    assert (deal.outcome, deal.stage, str(deal.amount), deal.currency) == (
        "won",
        "Proposal",
        "120000.50",
        "RUB",
    )
    assert "Склад" not in client.get("/deals/").words()
    assert "Склад" in client.get("/deals/?ended=1").words()
    for page in ("x", "-1", "99999999999"):
        assert client.get(f"/deals/?ended=1&page={page}").status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"amount": "much"},
        {"amount": "-1"},
        {"currency": "€"},
        {"currency": "12345"},
        {"closes_on": "soon"},
    ],
)
def test_bad_input_is_told_and_kept(db, as_, wrong):
    page = as_("rep").post("/deals/", data={"name": "Delta", "currency": "EUR"} | wrong)
    assert page.status == 422
    assert 'class="error"' in page.text
    assert not db.session.scalars(select(Deal)).all()


def test_a_colleague_sees_and_does_not_change_a_deal(db, client):
    team = make.team()
    deal = make.deal(make.user(team_id=team.id), amount=1)
    kept = make.deal(make.user(), source="crm", external_id="7")
    db.session.commit()
    client.sign_in(make.user(team_id=team.id))
    assert client.get(f"/deals/{deal.id}").status == 200
    assert client.post(f"/deals/{deal.id}", data={"outcome": "won"}).status == 403
    assert client.get(f"/deals/{kept.id}").status == 404
    client.sign_in(make.user(role="manager"))
    assert client.post(f"/deals/{deal.id}", data={"outcome": "won"}).status == 303
    assert client.post(f"/deals/{kept.id}", data={"outcome": "won"}).status == 409
    assert client.post(f"/deals/{deal.id}", data={"outcome": "bomb"}).status == 422


def titles(page):
    return ["".join(it.itertext()) for it in page.tree.iterfind(".//li[@class='hit']/h2")]


def test_lists_are_filtered_sorted_and_paged(db, client):
    team = make.team()
    rep, colleague = make.user(team_id=team.id), make.user(team_id=team.id)
    stage = pipelines.ready().stages[0]
    make.deal(rep, name="Late", closes_on=date(2026, 1, 1), amount=5)
    make.deal(rep, name="Never")
    make.deal(rep, name="Soon", closes_on=date(2099, 1, 1), amount=70, stage_id=stage.id)
    make.deal(rep, name="Won", outcome="won")
    make.deal(colleague, name="Theirs", account="Đại Dương", closes_on=date(2098, 1, 1))
    make.deal(make.user(), name="Foreign")
    db.session.commit()
    client.sign_in(rep)
    assert titles(client.get("/deals/")) == ["Late", "Soon", "Never"]
    assert titles(client.get("/deals/?sort=amount")) == ["Soon", "Late", "Never"]
    assert titles(client.get("/deals/?scope=team")) == ["Late", "Theirs", "Soon", "Never"]
    assert titles(client.get("/deals/?scope=all")) == ["Late", "Theirs", "Soon", "Never"]
    assert titles(client.get("/deals/?outcome=ended")) == ["Won"]
    assert titles(client.get("/deals/?outcome=lost")) == []
    assert titles(client.get(f"/deals/?stage={stage.id}")) == ["Soon"]
    assert titles(client.get("/deals/?scope=team&q=đại")) == ["Theirs"]
    assert titles(client.get("/deals/?q=%25")) == []
    assert titles(client.get(f"/deals/?scope=all&owner={colleague.id}")) == ["Theirs"]
    assert "should have closed" in client.get("/deals/").words()
    for n in range(45):
        make.deal(rep, name=f"More {n}")
    db.session.commit()
    page = client.get("/deals/?q=More&sort=amount")
    assert len(titles(page)) == 40
    assert "/deals/?q=More&sort=amount&page=2" in page.links()
    assert client.get("/deals/?q=%00&stage=99999999999999&page=x").status == 200


def test_managers_see_teams_with_sums_and_what_is_late(db, client):
    north = make.team()
    lan, huy = (make.user(name=name, team_id=north.id) for name in ("Lan", "Huy"))
    today = clock.now().date()
    make.deal(lan, amount=1000, currency="EUR", closes_on=today - timedelta(days=3))
    make.deal(lan, amount=500, currency="EUR", closes_on=today - timedelta(days=1))
    soon = today + timedelta(days=3)
    make.deal(lan, amount=7_000_000, currency="VND", closes_on=soon)
    make.deal(huy, amount=20, currency="EUR", outcome="lost")
    make.deal(make.user(name="Alone"))
    db.session.commit()
    client.sign_in(make.user(role="manager"))
    page = client.get("/deals/teams")
    words = page.words()
    for said in ("North", "Lan", "€1.5K", "₫7M", "3 deals", "1 closes soon", "2 overdue",
                 "No team", "Alone", "no amount told"):  # fmt: skip
        assert said in words, said
    assert "Huy" not in words
    assert f"/deals/?scope=all&owner={lan.id}" in page.links()
    client.sign_in(lan)
    assert client.get("/deals/teams").status == 403


def test_a_name_of_letters_that_become_many_is_kept(db, as_):
    name = "\ufdfa" * 200  # one letter, eighteen when it is folded
    answer = as_("rep").post("/deals/", data={"name": "Delta", "account": name, "currency": "EUR"})
    assert answer.status == 303
    assert db.session.scalars(select(Deal)).one().customer.name == name


def test_the_same_form_sent_twice_adds_one_deal(db, as_):
    sent, rep = {"name": "Delta", "account": "Delta Foods", "currency": "EUR"}, as_("rep")
    assert rep.post("/deals/", data=sent).location == rep.post("/deals/", data=sent).location
    assert rep.post("/deals/", data=sent | {"account": "Other"}).status == 303
    assert len(db.session.scalars(select(Deal)).all()) == 2


def test_a_won_deal_does_not_say_why_it_was_lost(db, client):
    rep = make.user()
    pipelines.ready()
    deal = make.deal(rep)
    db.session.commit()
    client.sign_in(rep)
    reason = str(pipelines.queries.losses()[0].id)
    lost = {"outcome": "lost", "reason": reason, "reason_words": "w"}
    assert client.post(f"/deals/{deal.id}", data=lost).status == 303
    db.session.expire_all()
    kept = db.session.scalars(select(Deal)).one()
    assert (kept.loss_words, kept.loss_reason_id is None) == ("w", False)
    assert client.post(f"/deals/{kept.id}", data={"outcome": "won"}).status == 303
    db.session.expire_all()
    assert (kept.outcome, kept.loss_words, kept.loss_reason_id) == ("won", "", None)
