"""Two people change one deal: nothing either has typed is lost, and nobody wins unseen."""

import pytest

from portal.deals.changing.rules import met, seen
from tests import make
from tests.page import Client


def began(page):
    """What a form remembers of the facts it began with."""
    found = {it.get("name"): it for it in page.tree.iter("input")}
    return found["before"].get("value")


def form(page, **typed):
    names = ("name", "account", "region", "amount", "currency", "closes_on")
    values = {it.get("name"): it.get("value") or "" for it in page.tree.iter("input")}
    return {name: values[name] for name in names} | {"before": began(page)} | typed


@pytest.mark.parametrize(
    ("before", "now", "mine", "theirs", "both"),
    [
        ("a", "a", "b", [], []),
        ("a", "b", "a", ["x"], []),
        ("a", "b", "c", [], ["x"]),
        ("a", "b", "b", [], []),
    ],
)
def test_how_changes_meet(before, now, mine, theirs, both):
    found = met({"x": before}, {"x": now}, {"x": mine})
    assert (found.theirs, found.both) == (theirs, both)


@pytest.mark.parametrize("text", ["", "x", "[]", "7", '{"a": 1}', "[" * 5000])
def test_what_a_form_does_not_say_is_not_compared(text):
    assert seen(text) == {}


def test_what_two_people_change_is_kept_or_asked_about(app, db, client):
    rep = make.user()
    deal = make.deal(rep, amount=10)
    make.term("product", "gtx-pro", en="GTX Pro")
    db.session.commit()
    path = f"/deals/{deal.id}/edit"
    client.sign_in(rep)
    page = client.get(path)
    manager = Client(app).sign_in(make.user("m@example.com", role="manager"))
    other = manager.get(path)
    sent = form(other, amount="20", products=["gtx-pro"], owner=str(rep.id))
    assert manager.post(path, data=sent).status == 303
    assert client.post(path, data=form(page, region="Huế")).status == 303
    db.session.refresh(deal)
    assert (deal.region, deal.amount, [it.slug for it in deal.terms]) == ("Huế", 20, ["gtx-pro"])
    refused = client.post(path, data=form(page, amount="30,5", region="Huế"))
    assert refused.status == 422
    assert "Amount: there now “20”, yours “30.50”" in refused.words()
    assert 'value="30,5"' in refused.text
    db.session.refresh(deal)
    assert deal.amount == 20
    again = form(refused, amount="30,5", products=["gtx-pro"])
    assert client.post(path, data=again).status == 303
    db.session.refresh(deal)
    assert (str(deal.amount), [it.slug for it in deal.terms]) == ("30.50", ["gtx-pro"])
