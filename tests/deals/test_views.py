"""Deals added and brought on by hand."""

import pytest
from sqlalchemy import select

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
