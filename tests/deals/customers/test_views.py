"""The page of a customer."""

import pytest

from portal import clock
from portal.deals.customers.service import named
from portal.deals.models import Customer
from portal.usage.models import UsageEvent
from tests import make


def test_deals_counts_and_uses_are_those_one_may_see(db, client):
    rep, other = make.user(team_id=make.team().id), make.user(name="Far away")
    customer = named("Delta Foods")
    make.term("industry", "retail", en="Retail", vi="Bán lẻ")
    mine = make.deal(rep, name="Mine", customer=customer, outcome="won")
    make.deal(rep, name="Second", customer=customer, outcome="lost")
    theirs = make.deal(other, name="Theirs", customer=customer, amount=777_000)
    asset = make.asset()
    make.text(asset, title="Card against Kestrel")
    for deal, action in ((mine, "viewed"), (mine, "copied"), (theirs, "printed")):
        make._add(
            UsageEvent(at=clock.now(), action=action, asset_id=asset.id, deal_id=deal.id,
                       user_id=deal.owner_id)
        )  # fmt: skip
    db.session.commit()
    client.sign_in(rep)
    assert f"/deals/customers/{customer.id}" in client.get(f"/deals/{mine.id}").links()
    words = client.get(f"/deals/customers/{customer.id}").words()
    assert "Theirs" not in words
    assert "777" not in words
    for said in ("Mine", "Second", "0 open", "1 won", "1 lost", "Card against Kestrel", "2 uses"):
        assert said in words, said
    sent = {"industry": "bán lẻ", "country": "Việt Nam", "employees": "120"}
    assert client.post(f"/deals/customers/{customer.id}", data=sent).status == 303
    db.session.refresh(customer)
    assert (customer.industry, customer.country, customer.employees) == ("retail", "Việt Nam", 120)
    words = client.get(f"/deals/customers/{customer.id}").words()
    assert "Retail" in words
    assert "120 employees" in words
    client.sign_in(make.user())
    assert client.get(f"/deals/customers/{customer.id}").status == 404
    assert client.post(f"/deals/customers/{customer.id}", data=sent).status == 404
    client.sign_in(make.user(team_id=rep.team_id))
    assert client.get(f"/deals/customers/{customer.id}").status == 200
    assert client.post(f"/deals/customers/{customer.id}", data=sent).status == 403
    client.sign_in(make.user(role="manager"))
    assert "Theirs" in client.get(f"/deals/customers/{customer.id}").words()


@pytest.mark.parametrize(
    "wrong",
    [{"employees": "-1"}, {"employees": "many"}, {"employees": "9" * 12}, {"country": "x" * 81},
     {"industry": "x" * 81}],
)  # fmt: skip
def test_bad_input_is_told(db, client, wrong):
    rep = make.user()
    customer = named("Delta Foods")
    make.deal(rep, customer=customer)
    db.session.commit()
    client.sign_in(rep)
    page = client.post(f"/deals/customers/{customer.id}", data=wrong)
    assert page.status == 422
    assert 'class="error"' in page.text
    assert db.session.get(Customer, customer.id).country == ""


def test_there_is_no_such_customer(db, as_):
    for number in (0, 7, 2**31, 10**20):
        assert as_("manager").get(f"/deals/customers/{number}").status == 404
