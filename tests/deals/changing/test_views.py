"""The facts of a deal, changed by hand."""

import pytest
from sqlalchemy import select

from portal.deals.models import Deal
from tests import make

GOOD = {"name": "Delta", "currency": "EUR"}


def test_facts_are_changed_by_the_owner(db, client):
    rep = make.user()
    deal = make.deal(rep, amount=10)
    make.term("product", "gtx-pro")
    make.term("product", "mg-special")
    make.term(slug="kestrel")
    db.session.commit()
    client.sign_in(rep)
    assert 'value="10"' in client.get(f"/deals/{deal.id}/edit").text
    sent = GOOD | {
        "account": "Đại Dương", "region": "Huế", "amount": "1.200,5", "currency": "vnd",
        "closes_on": "2027-01-31", "products": ["gtx-pro", "mg-special"],
        "competitors": ["kestrel"],
    }  # fmt: skip
    assert client.post(f"/deals/{deal.id}/edit", data=sent).status == 303
    db.session.refresh(deal)
    assert (deal.name, deal.customer.name, deal.region, str(deal.amount), deal.currency) == (
        "Delta", "Đại Dương", "Huế", "1200.50", "VND",
    )  # fmt: skip
    assert [term.slug for term in deal.terms] == ["kestrel", "gtx-pro", "mg-special"]
    assert client.post(f"/deals/{deal.id}/edit", data=GOOD).status == 303
    db.session.refresh(deal)
    assert (deal.terms, deal.customer, deal.amount) == ([], None, None)


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"amount": "-3"}, {"currency": "?"}, {"closes_on": "x"}, {"region": "x" * 81},
     {"products": ["nothing"]}, {"competitors": ["\x00"]}],
)  # fmt: skip
def test_bad_input_is_told_and_nothing_changes(db, client, wrong):
    rep = make.user()
    deal = make.deal(rep, region="kept")
    db.session.commit()
    client.sign_in(rep)
    page = client.post(f"/deals/{deal.id}/edit", data=GOOD | {"region": "new"} | wrong)
    assert page.status == 422
    assert 'class="error"' in page.text
    assert db.session.scalars(select(Deal.region)).one() == "kept"


def test_only_what_it_is_about_can_be_said_of_a_deal_kept_elsewhere(db, client):
    rep = make.user()
    deal = make.deal(rep, source="crm", external_id="7")
    make.term("product", "gtx-pro")
    db.session.commit()
    client.sign_in(rep)
    assert 'name="amount"' not in client.get(f"/deals/{deal.id}/edit").text
    sent = {"name": "Mine now", "products": ["gtx-pro"]}
    assert client.post(f"/deals/{deal.id}/edit", data=sent).status == 303
    db.session.refresh(deal)
    assert (deal.name, [term.slug for term in deal.terms]) == ("Delta Foods", ["gtx-pro"])


def test_managers_give_deals_to_others(db, client):
    rep, other = make.user(), make.user(team_id=make.team().id)
    deal = make.deal(rep)
    db.session.commit()
    client.sign_in(rep)
    client.post(f"/deals/{deal.id}/edit", data=GOOD | {"owner": str(other.id)})
    db.session.refresh(deal)
    assert deal.owner_id == rep.id
    client.sign_in(make.user(role="manager"))
    client.post(f"/deals/{deal.id}/edit", data=GOOD | {"owner": str(other.id)})
    db.session.refresh(deal)
    assert (deal.owner_id, deal.team_id) == (other.id, other.team_id)
    client.sign_in(rep)
    assert client.get(f"/deals/{deal.id}/edit").status == 404
    client.sign_in(make.user(team_id=other.team_id))
    assert client.get(f"/deals/{deal.id}").status == 200
    assert client.get(f"/deals/{deal.id}/edit").status == 403
    assert client.post(f"/deals/{deal.id}/edit", data=GOOD).status == 403
