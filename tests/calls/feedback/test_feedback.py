"""When a deal has ended its owner is asked once what helped; only they answer, for a week."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, work
from portal.calls.feedback import service
from portal.calls.feedback.models import DealFeedback
from portal.calls.ratings.rules import Helped
from portal.db import db as _db
from portal.deals import service as deals
from portal.deals.models import DealTerm, LossReason
from portal.deals.pipelines.service import ready
from portal.deals.rules import Outcome
from portal.jobs.models import QueuedJob
from portal.library.notices.models import Notice
from portal.usage.models import UsageEvent
from tests import make


@pytest.fixture
def lost(deal, kestrel, story, lan, call):
    """A deal just lost, on which two assets were used in a call and a third was viewed."""
    ready()
    seen = make.asset("seen")
    make.text(seen, title="Price list")
    _db.session.add(
        UsageEvent(
            at=clock.now(), action="viewed", user_id=lan.id, asset_id=seen.id, deal_id=deal.id
        )
    )
    deals.end(deal, Outcome.LOST, at=clock.now())
    service.ask([deal.id])
    _db.session.commit()
    return deal


def kept(deal):
    _db.session.expire_all()
    return _db.session.get(DealFeedback, deal.id)


def notices():
    return _db.session.scalars(select(Notice).where(Notice.topic == "deal_feedback")).all()


def reason(slug_has_competitor=True):
    query = select(LossReason).where(LossReason.competitor.is_(slug_has_competitor))
    return _db.session.scalars(query.order_by(LossReason.id)).first()


# --- asking -------------------------------------------------------------------------------------


def test_ending_a_deal_asks_its_owner_once(db, lan, deal):
    deals.end(deal, Outcome.WON, at=clock.now())
    job = db.session.scalars(select(QueuedJob).where(QueuedJob.name == "deal_ended")).one()
    assert job.payload == {"deals": [deal.id]}
    assert work.HANDLERS["deal_ended"].work(job) == "1"
    assert work.HANDLERS["deal_ended"].work(job) == "0"
    (told,) = notices()
    assert (told.user_id, told.path, told.detail) == (
        lan.id, f"/feedback/{deal.id}", {"title": "Delta cold store"},
    )  # fmt: skip
    assert kept(deal).user_id == lan.id


def test_a_deal_that_ends_again_is_asked_about_again(db, lan, lost):
    service.skip(lost, lan.id)
    kept(lost).asked_at = clock.now() - timedelta(hours=1)
    deals.end(lost, Outcome.OPEN, at=clock.now())
    deals.end(lost, Outcome.WON, at=clock.now())
    assert [service.ask([lost.id]) for _ in range(2)] == [1, 0]
    assert (kept(lost).skipped, len(notices())) == (False, 2)


def test_old_open_and_ownerless_deals_are_not_asked_about(db, lan):
    now = clock.now()
    old = make.deal(lan, outcome="won", closed_at=now - timedelta(days=15))
    still = make.deal(lan, outcome="open")
    nobody = make.deal(None, outcome="won", closed_at=now)
    left = make.deal(make.user(active=False), outcome="won", closed_at=now)
    fresh = make.deal(lan, outcome="no-decision", closed_at=now - timedelta(days=13))
    ids = [it.id for it in (old, still, nobody, left, fresh)]
    assert service.ask([*ids, 2**31 - 1]) == 1
    assert [it.deal_id for it in db.session.scalars(select(DealFeedback))] == [fresh.id]


# --- the screen ---------------------------------------------------------------------------------


def test_one_screen_and_it_is_said(client, lan, lost, kestrel, story):
    client.sign_in(lan)
    assert f"/feedback/{lost.id}" in client.get("/ratings/").links()
    page = client.get(f"/feedback/{lost.id}")
    for title in ("Kestrel", "Delta Foods saves a day", "Price list"):
        assert title in page.words()
    sent = {
        f"helped-{kestrel.id}": "helped", f"helped-{story.id}": "hurt", "missing": "A price\ncomparison",
        "reason": str(reason().id), "reason_words": "Cheaper by a third",
    }  # fmt: skip
    done = client.post(f"/feedback/{lost.id}", data=sent)
    assert (done.status, done.location) == (303, f"/feedback/{lost.id}#next")
    assert client.post(f"/feedback/{lost.id}", data=sent).status == 303
    found = kept(lost)
    assert {it.asset_id: it.helped for it in found.assets} == {
        kestrel.id: "helped",
        story.id: "hurt",
    }
    assert found.missing == "A price\ncomparison"
    assert (lost.loss_reason_id, lost.loss_words) == (reason().id, "Cheaper by a third")
    assert f"/feedback/{lost.id}" not in client.get("/ratings/").links()
    client.post(f"/feedback/{lost.id}", data={f"helped-{kestrel.id}": "did-not"})
    assert {it.asset_id: it.helped for it in kept(lost).assets} == {kestrel.id: "did-not"}


def test_a_loss_to_somebody_offers_a_request(client, db, lan, lost):
    make.term(slug="kestrel", en="Kestrel")
    db.session.add(DealTerm(deal_id=lost.id, facet="competitor", slug="kestrel"))
    db.session.add(DealTerm(deal_id=lost.id, facet="product", slug="scan"))
    db.session.commit()
    client.sign_in(lan)
    assert not any("/requests/new?" in href for href in client.get(f"/feedback/{lost.id}").links())
    client.post(f"/feedback/{lost.id}", data={"missing": "A price comparison"})
    page = client.get(f"/feedback/{lost.id}")
    assert "Ask for content against Kestrel" in page.words()
    (ask,) = [href for href in page.links() if href.startswith("/requests/new?")]
    assert ask == "/requests/new?title=A+price+comparison&product=scan&competitor=kestrel"
    form = client.get(ask)
    assert form.tree.find(".//input[@name='title']").get("value") == "A price comparison"
    chosen = [
        o.get("value")
        for o in form.tree.findall(".//select[@name='competitor']/option")
        if o.get("selected") is not None
    ]
    assert chosen == ["kestrel"]


def test_a_reason_with_a_competitor_offers_one_too(client, db, lan, lost):
    client.sign_in(lan)
    client.post(f"/feedback/{lost.id}", data={"reason": str(reason(False).id)})
    assert "Ask for content against" not in client.get(f"/feedback/{lost.id}").words()
    client.post(f"/feedback/{lost.id}", data={"reason": str(reason().id)})
    assert "Ask for content against the competitor" in client.get(f"/feedback/{lost.id}").words()


def test_a_deal_won_is_not_asked_why_it_was_lost(client, db, lan, deal):
    ready()
    deals.end(deal, Outcome.WON, at=clock.now())
    service.ask([deal.id])
    db.session.commit()
    client.sign_in(lan)
    assert client.get(f"/feedback/{deal.id}").tree.find(".//select[@name='reason']") is None
    client.post(f"/feedback/{deal.id}", data={"reason": str(reason().id)})
    _db.session.expire_all()
    assert deal.loss_reason_id is None


def test_skipping(client, db, lan, lost):
    client.sign_in(lan)
    assert client.post(f"/feedback/{lost.id}/skip").status == 303
    assert kept(lost).skipped
    assert f"/feedback/{lost.id}" not in client.get("/ratings/").links()
    assert client.post(f"/feedback/{lost.id}", data={"missing": "After all"}).status == 303
    assert (kept(lost).skipped, kept(lost).missing) == (False, "After all")
    client.post(f"/feedback/{lost.id}/skip")
    assert not kept(lost).skipped  # what was said stays


def test_for_a_week(client, db, lan, lost):
    client.sign_in(lan).post(f"/feedback/{lost.id}", data={"missing": "First"})
    kept(lost).answered_at = clock.now() - timedelta(days=6)
    db.session.commit()
    assert client.post(f"/feedback/{lost.id}", data={"missing": "Second"}).status == 303
    kept(lost).answered_at = clock.now() - timedelta(days=8)
    db.session.commit()
    assert client.post(f"/feedback/{lost.id}", data={"missing": "Third"}).status == 409
    page = client.get(f"/feedback/{lost.id}")
    assert "Second" in page.words()
    assert page.tree.find(".//textarea") is None


def test_a_deal_opened_again_says_so(client, db, lan, lost):
    deals.end(lost, Outcome.OPEN, at=clock.now())
    db.session.commit()
    page = client.sign_in(lan).get(f"/feedback/{lost.id}")
    assert "opened again" in page.words()
    assert page.tree.find(".//textarea") is None
    assert client.post(f"/feedback/{lost.id}", data={"missing": "x"}).status == 409
    assert client.post(f"/feedback/{lost.id}/skip").status == 409
    assert f"/feedback/{lost.id}" not in client.get("/ratings/").links()


@pytest.mark.parametrize(
    "wrong",
    [
        {"missing": "x" * 2001},
        {"reason": "2000000000"},
        {"reason": "x"},
        {"reason_words": "y" * 2001},
    ],
)
def test_a_refused_form_keeps_what_was_said(client, lan, lost, kestrel, wrong):
    sent = {f"helped-{kestrel.id}": "hurt", "missing": "Prices"} | wrong
    page = client.sign_in(lan).post(f"/feedback/{lost.id}", data=sent)
    assert page.status == 422
    chosen = page.tree.find(f".//input[@name='helped-{kestrel.id}'][@value='hurt']")
    assert chosen.get("checked") is not None
    assert kept(lost).answered_at is None


def test_made_up_choices_are_refused(client, db, lan, lost, kestrel):
    client.sign_in(lan)
    assert client.post(f"/feedback/{lost.id}", data={f"helped-{kestrel.id}": "great"}).status == 422
    other = make.asset()
    db.session.commit()
    client.post(f"/feedback/{lost.id}", data={f"helped-{other.id}": "helped"})
    assert kept(lost).assets == []  # not used on this deal


# --- who ----------------------------------------------------------------------------------------


def test_only_the_owner_answers_managers_read(client, visitor, db, lan, lost):
    client.sign_in(lan).post(f"/feedback/{lost.id}", data={"missing": "Prices"})
    where = f"/feedback/{lost.id}"
    manager = visitor().sign_in(make.user(role="manager"))
    page = manager.get(where)
    assert "Prices" in page.words()
    assert page.tree.find(".//textarea") is None
    assert manager.post(where, data={"missing": "Mine"}).status == 403
    assert manager.post(f"{where}/skip").status == 403
    for role in ("rep", "marketer"):
        other = visitor().sign_in(make.user(role=role, team_id=lan.team_id))
        assert other.get(where).status == other.post(where).status == 404
    assert kept(lost).missing == "Prices"


def test_who_was_asked_may_answer_after_the_deal_went_on(client, visitor, db, lan, lost):
    new = make.user()
    lost.owner_id = new.id
    db.session.commit()
    for who, said in ((lan, "From Lan"), (new, "From the new one")):
        assert (
            visitor().sign_in(who).post(f"/feedback/{lost.id}", data={"missing": said}).status
            == 303
        )
        assert kept(lost).missing == said


def test_an_owner_may_tell_without_being_asked(client, db, lan, deal):
    client.sign_in(lan)
    assert client.get(f"/feedback/{deal.id}").status == 404  # it is open
    deal.outcome, deal.closed_at = "won", clock.now() - timedelta(days=40)
    db.session.commit()
    assert client.post(f"/feedback/{deal.id}", data={"missing": "Nothing"}).status == 303
    assert kept(deal).missing == "Nothing"
    for number in (0, 2**31, 10**20):
        assert client.get(f"/feedback/{number}").status == 404


def test_the_page_of_an_ended_deal_leads_here(client, visitor, lan, lost):
    where = f"/feedback/{lost.id}"
    assert where in client.sign_in(lan).get(f"/deals/{lost.id}").links()
    manager = visitor().sign_in(make.user(role="manager"))
    assert where in manager.get(f"/deals/{lost.id}").links()
    mate = visitor().sign_in(make.user(team_id=lan.team_id))
    assert where not in mate.get(f"/deals/{lost.id}").links()


def test_what_was_not_offered_is_not_kept(lan, lost, kestrel, story):
    did = {kestrel.id: Helped.HELPED, story.id: Helped.HURT}
    found = service.answer(lost, lan.id, helped=did, missing="", used=[kestrel.id])
    assert [it.asset_id for it in found.assets] == [kestrel.id]


def test_words_without_a_reason_are_kept(client, lan, lost):
    client.sign_in(lan).post(f"/feedback/{lost.id}", data={"reason_words": "They went quiet"})
    _db.session.expire_all()
    assert (lost.loss_reason_id, lost.loss_words) == (None, "They went quiet")
    service.answer(lost, lan.id, helped={}, missing="", used=[])
    assert lost.loss_words == "They went quiet"


def test_managers_read_what_is_said_of_their_team_and_of_all(db, client, lan, lost, kestrel):
    client.sign_in(lan)
    assert client.get("/feedback/").status == 403
    client.post(
        f"/feedback/{lost.id}", data={f"helped-{kestrel.id}": "hurt", "missing": "A price list"}
    )
    manager = make.user(role="manager", team_id=lan.team_id or make.team("North").id)
    other = make.user(role="manager", team_id=make.team("Else").id)
    lost.team_id = manager.team_id
    db.session.commit()
    page = client.sign_in(manager).get("/feedback/")
    assert f"/feedback/{lost.id}" in page.links()
    for said in ("Hurt: Kestrel", "What was missing? A price list", lan.name):
        assert said in page.words()
    assert f"/feedback/{lost.id}" not in client.sign_in(other).get("/feedback/").links()
    assert f"/feedback/{lost.id}" in client.get("/feedback/?of=all&page=99").links()
