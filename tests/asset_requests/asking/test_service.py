"""Asked once, waited for together, merged without loss."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.asset_requests import acting, queries
from portal.asset_requests.asking import service
from portal.asset_requests.models import AssetRequest, RequestWord
from portal.asset_requests.rules import Action, State
from portal.asset_requests.talk import service as talk
from portal.errors import Conflict, Forbidden, Invalid
from portal.library.notices.models import Notice
from tests import make
from tests.asset_requests.conftest import as_person, words


def told(db, user):
    rows = db.session.scalars(select(Notice).where(Notice.user_id == user.id).order_by(Notice.id))
    return [(row.topic, row.path) for row in rows]


def test_asking_keeps_words_an_event_what_is_due_and_tells_the_department(db, ask, lan, tom):
    it = ask(situation="They fear the cold.", query="kestrel cold")
    assert (it.state, it.requester_id) == ("asked", lan.id)
    assert [e.action for e in queries.events([it.id])] == ["ask"]
    assert queries.waiting(it.id) == [lan.id]
    assert set(db.session.scalars(select(RequestWord.word))) >= {"kestrel", "cold", "fear"}
    assert told(db, tom) == [("request_asked", f"/requests/{it.id}")]
    assert told(db, lan) == []


def test_the_same_form_asks_once(db, ask):
    assert ask(token="one").id == ask("Something else", token="one").id
    assert db.session.scalar(select(func.count()).select_from(AssetRequest)) == 1


def test_somebody_elses_form_is_refused(ask, tom):
    ask(token="one")
    with pytest.raises(Forbidden):
        ask(token="one", by=tom)


def test_a_deal_of_another_team_can_not_be_named(ask, lan):
    other = make.user(team_id=make.team("South").id)
    theirs = make.deal(other)
    for deal_id in (theirs.id, 10**6, -1, 2**40):
        with pytest.raises(Invalid):
            ask(deal_id=deal_id, token=f"d{deal_id}")
    assert ask(deal_id=make.deal(lan).id).supporters[0].deal.name == "Delta Foods"


def test_the_weight_counts_each_open_deal_once_and_no_one_who_left(db, ask, lan, north):
    deal = make.deal(lan, amount=120_000, currency="EUR", closes_on=clock.now().date())
    it = ask(deal_id=deal.id)
    mate, gone = (make.user(team_id=north.id) for _ in range(2))
    service.support(as_person(mate), it, deal.id)
    dong = make.deal(gone, amount=5_000_000_000, currency="VND")
    service.support(as_person(gone), it, dong.id)
    found = queries.weights([it.id])[it.id]
    assert found.people == 3
    assert {c: int(v) for c, v in found.value.items()} == {"EUR": 120_000, "VND": 5_000_000_000}
    gone.active, deal.outcome = False, "won"
    db.session.flush()
    found = queries.weights([it.id])[it.id]
    assert (found.people, found.value, found.closes_on) == (2, {}, None)


def test_me_too_twice_is_one_and_may_name_another_deal(ask, lan):
    it, mate = ask(), make.user()
    service.support(as_person(mate), it)
    deal = make.deal(mate)
    service.support(as_person(mate), it, deal.id)
    service.support(as_person(mate), it)
    row = queries.supporter(it.id, mate.id)
    assert row.deal_id == deal.id
    assert queries.waiting(it.id) == [lan.id, mate.id]
    service.leave(as_person(mate), it)
    assert queries.waiting(it.id) == [lan.id]
    with pytest.raises(Forbidden):
        service.leave(as_person(lan), it)


def test_nobody_waits_for_what_is_settled(ask, lan, tom):
    it = ask()
    it.state = State.DECLINED.value
    with pytest.raises(Conflict):
        service.support(as_person(tom), it)


def test_merging_keeps_all_who_wait_all_said_and_all_that_happened(db, ask, lan, tom, north):
    mate = make.user(team_id=north.id)
    deal = make.deal(lan)
    it, into = ask(deal_id=deal.id), ask("Cold stores against Kestrel", by=mate)
    both = make.user()
    service.support(as_person(both), it)
    service.support(as_person(both), into)
    service.support(as_person(lan), into)
    talk.comment(as_person(lan), it, "They ask every week.")
    service.merge(as_person(tom), it.id, into.id)
    assert (it.state, it.merged_into_id) == ("merged", into.id)
    assert set(queries.waiting(into.id)) == {lan.id, mate.id, both.id}
    assert queries.supporter(into.id, lan.id).deal_id == deal.id
    told = select(Notice.user_id).where(Notice.path == f"/requests/{into.id}")
    assert {lan.id, both.id} <= set(
        db.session.scalars(told.where(Notice.topic == "request_comment"))
    )
    happened = queries.events([into.id, *queries.merged_into(into.id)])
    assert "They ask every week." in [e.note for e in happened]
    assert not db.session.scalars(select(RequestWord).where(RequestWord.request_id == it.id)).all()
    with pytest.raises(Conflict):
        service.merge(as_person(tom), it.id, into.id)


def test_a_request_is_not_merged_into_itself_nor_by_who_asked(ask, lan, tom):
    it, into = ask(), ask("Another")
    with pytest.raises(Invalid):
        service.merge(as_person(tom), it.id, it.id)
    with pytest.raises(Forbidden):
        service.merge(as_person(lan), it.id, into.id)


def test_what_is_asked_can_be_said_better_and_other_hours_count(db, ask, lan, tom):
    from portal.asset_requests.agreement import queries as agreements
    from portal.asset_requests.asking.rules import Draft

    it = ask(kind="case-study")
    before = agreements.terms_of(it.id).deliver_due_at
    draft = Draft(title="Kestrel in cold stores, an answer", kind="faq")
    assert service.change(as_person(lan), it, draft, words=words) == ["title", "kind"]
    assert agreements.terms_of(it.id).deliver_due_at < before - timedelta(hours=1)
    assert service.change(as_person(lan), it, draft, words=words) == []
    with pytest.raises(Forbidden):
        service.change(as_person(make.user()), it, draft, words=words)
    acting.go(it, Action.DELIVER, as_person(tom), State.DELIVERED)
    with pytest.raises(Conflict):
        service.change(as_person(lan), it, draft, words=words)
