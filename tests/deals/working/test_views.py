"""The deal somebody works on: picked, shown on top, and what is used meanwhile tied to it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.deals.models import Deal, DealTerm
from portal.deals.pipelines import service as pipelines
from portal.deals.working.models import WorkingDeal
from portal.usage.models import UsageEvent
from tests import make

BAR = ".//div[@class='working']"


@pytest.fixture
def rep(client, db):
    person = make.user(team_id=make.team().id)
    client.sign_in(person)
    return person


def uses(db):
    rows = db.session.scalars(select(UsageEvent).order_by(UsageEvent.id))
    return [(row.action, row.deal_id, row.stage) for row in rows]


def test_what_is_opened_copied_printed_and_searched_is_tied_to_the_deal(db, client, rep):
    stages = {stage.slug: stage for stage in pipelines.ready().stages}
    asset = make.asset("kestrel")
    make.text(asset)
    deal = make.deal(rep, stage="Proposal", stage_id=stages["proposal"].id)
    client.get("/assets/kestrel/en")
    page = client.post("/deals/working/", data={"deal": deal.id, "next": "/assets/kestrel/en"})
    assert (page.status, page.location) == (303, "/assets/kestrel/en")
    page = client.get("/assets/kestrel/en")
    assert "Delta Foods" in page.words(BAR)
    assert "Proposal" in page.words(BAR)
    told = {"asset": asset.id, "language": "en", "revision": 1}
    assert client.post("/usage", data=told | {"action": "copied", "sentence": "We are quick."})
    deal = db.session.get(Deal, deal.id)
    deal.stage = "Negotiation"
    db.session.commit()
    assert client.post("/usage", data=told | {"action": "printed"})
    client.get("/?q=kestrel")
    assert uses(db) == [
        ("viewed", None, None),
        ("viewed", deal.id, "Proposal"),
        ("copied", deal.id, "Proposal"),
        ("printed", deal.id, "Negotiation"),
        ("searched", deal.id, "Negotiation"),
    ]
    assert client.post("/deals/working/", data={"deal": ""}).status == 303
    assert client.get("/assets/kestrel/en").tree.find(BAR) is None
    assert uses(db)[-1] == ("viewed", None, None)


def test_the_next_call_says_it_until_somebody_does(db, client, rep):
    mine, other = make.deal(rep, name="Next"), make.deal(rep, name="Other")
    now = clock.now()
    make.call(other, rep, state="planned", at=now + timedelta(hours=25))
    make.call(other, rep, state="planned", at=now - timedelta(hours=2))
    make.call(other, make.user(), state="planned", at=now + timedelta(minutes=1))
    db.session.commit()
    assert client.get("/").tree.find(BAR) is None
    make.call(mine, rep, state="planned", at=now + timedelta(hours=3))
    db.session.commit()
    assert "Next" in client.get("/").words(BAR)
    assert "your next call" in client.get("/").words(BAR)
    client.post("/deals/working/", data={"deal": other.id})
    assert "Other" in client.get("/").words(BAR)
    assert "your next call" not in client.get("/").words(BAR)
    client.post("/deals/working/", data={})
    assert client.get("/").tree.find(BAR) is None
    said = db.session.scalars(select(WorkingDeal)).one()
    said.since = now - timedelta(hours=13)
    db.session.commit()
    assert "Next" in client.get("/").words(BAR)


def test_what_ended_or_went_to_others_is_not_worked_on(db, client, rep):
    deal = make.deal(rep)
    db.session.commit()
    client.post("/deals/working/", data={"deal": deal.id})
    assert client.get("/").tree.find(BAR) is not None
    deal.outcome = "won"
    db.session.commit()
    assert client.get("/").tree.find(BAR) is None
    assert client.post("/deals/working/", data={"deal": deal.id}).status == 409
    deal.outcome, deal.owner_id, deal.team_id = "open", make.user().id, None
    db.session.commit()
    assert client.get("/").tree.find(BAR) is None
    assert client.post("/deals/working/", data={"deal": deal.id}).status == 404


@pytest.mark.parametrize("deal", ["0", "-1", "x", str(2**31), "9" * 30, "\x00"])
def test_no_deal_is_refused(db, client, rep, deal):
    assert client.post("/deals/working/", data={"deal": deal}).status in {400, 404, 422}


def test_nobody_is_led_elsewhere(db, client, rep):
    deal = make.deal(rep)
    db.session.commit()
    for there in ("https://evil.example/", "//evil.example", "/\\evil.example", "\x00"):
        page = client.post("/deals/working/", data={"deal": deal.id, "next": there})
        assert page.location == f"/deals/{deal.id}"
        assert client.get("/deals/working/", query_string={"next": there}).status == 200


def test_deals_are_picked_by_name(db, client, rep):
    make.deal(rep, name="Mine")
    make.deal(make.user(team_id=rep.team_id), name="Кофейня", account="Đại Dương")
    make.deal(make.user(), name="Кофе чужих")
    db.session.commit()
    assert "Кофейня" not in client.get("/deals/working/").words()
    for words in ("кофе", "КОФЕЙНЯ", "đại dương", "ĐẠI"):
        found = client.get("/deals/working/", query_string={"q": words}).words()
        assert "Кофейня" in found
        assert "чужих" not in found
    assert "Mine" in client.get("/deals/working/").words()
    assert client.get("/deals/working/?q=%00%25_").status == 200


def test_what_a_deals_own_page_leads_to_is_used_for_that_deal(db, client, rep):
    """Whatever the person works on; of a deal they may not see nothing is told."""
    asset = make.asset("kestrel", facets=[make.term("competitor", "kestrel")])
    make.text(asset)
    mine, other = make.deal(rep), make.deal(rep, name="Omega", stage="Demo")
    other.terms = [DealTerm(facet="competitor", slug="kestrel")]
    foreign = make.deal(make.user())
    db.session.commit()
    client.post("/deals/working/", data={"deal": mine.id})
    links = [a.get("href") for a in client.get(f"/deals/{other.id}").tree.iter("a")]
    (link,) = {href for href in links if "/assets/kestrel" in (href or "")}
    client.get(link)
    told = {"asset": asset.id, "language": "en", "revision": 1, "action": "copied"}
    client.post("/usage", data=told | {"source": "deal", "deal": other.id})
    client.post("/usage", data=told | {"source": "search", "deal": other.id})
    for number in (foreign.id, "x", "9" * 30, ""):
        client.get(f"/assets/kestrel/en?from=deal&deal={number}")
    assert uses(db) == [
        ("viewed", other.id, "Demo"),
        ("copied", other.id, "Demo"),
        *[(action, mine.id, None) for action in ("copied", *["viewed"] * 4)],
    ]


def test_once_the_deal_has_ended_the_next_call_says_it_again(db, client, rep):
    mine, next_one = make.deal(rep), make.deal(rep, name="Omega")
    make.call(next_one, rep, state="planned", at=clock.now() + timedelta(hours=2))
    db.session.commit()
    client.post("/deals/working/", data={"deal": mine.id})
    assert "Delta Foods" in client.get("/").words(BAR)
    db.session.get(Deal, mine.id).outcome = "won"
    db.session.commit()
    assert "Omega" in client.get("/").words(BAR)
    client.post("/deals/working/", data={"deal": ""})
    assert client.get("/").tree.find(BAR) is None
