"""An agreement takes both sides; requests keep the version they were asked under, and their clocks."""

from datetime import datetime, timedelta

import pytest

from portal.accounts.rules import Role
from portal.asset_requests.agreement import queries, service
from portal.asset_requests.agreement import terms as agreed
from portal.asset_requests.agreement.models import Agreement, RequestClock
from portal.asset_requests.agreement.rules import Doing
from portal.errors import Conflict, Forbidden, Invalid
from tests.asset_requests.agreement.conftest import ZONE, filed

FIRST = agreed.first(ZONE)
OTHER = FIRST.model_copy(update={"context": 4})


def moment(text):
    return datetime.fromisoformat(f"2026-11-{text}+07:00")


def propose(actor, terms=OTHER, based_on=1):
    return service.propose(actor, terms, note="quicker", based_on=based_on, zone=ZONE)


def settle(actor, proposal, doing):
    return service.settle(actor, proposal.id, doing, zone=ZONE)


@pytest.mark.parametrize(("one", "other"), [("sales", "marketing"), ("marketing", "sales")])
def test_both_sides_sign_and_it_is_in_force(signer, one, other):
    proposer = signer(one)
    made = propose(proposer)
    assert queries.newest().number == 1
    signed_by = signer(other)
    signed = settle(signed_by, made, Doing.SIGN)
    assert queries.newest() is signed
    assert (signed.number, signed.proposer_id, signed.signer_id) == (2, proposer.id, signed_by.id)
    assert (signed.proposed_for, signed.signed_for) == (one, other)
    assert agreed.read(signed.terms) == OTHER
    assert queries.proposal() is None


def test_one_side_alone_does_not_make_it(signer):
    made = propose(signer("sales"))
    for actor in (
        signer("sales"),
        signer("product"),
        signer("marketing", Role.MARKETER),
        signer(None, Role.ADMIN),
    ):
        with pytest.raises(Forbidden):
            settle(actor, made, Doing.SIGN)
    with pytest.raises(Forbidden):
        settle(signer("marketing"), made, Doing.WITHDRAW)
    assert queries.newest().number == 1


@pytest.mark.parametrize(
    "actor", [("product", Role.MANAGER), ("sales", Role.REP), (None, Role.ADMIN)]
)
def test_only_managers_of_both_sides_propose(signer, actor):
    with pytest.raises(Forbidden):
        propose(signer(*actor))


def test_a_proposal_refused_or_withdrawn_makes_room_for_another(signer):
    sales, marketing = signer("sales"), signer("marketing")
    first = propose(sales)
    for actor in (sales, marketing):
        with pytest.raises(Conflict):
            propose(actor)
    settle(sales, first, Doing.WITHDRAW)
    second = propose(sales)
    settle(marketing, second, Doing.REFUSE)
    for doing in (Doing.SIGN, Doing.REFUSE):
        with pytest.raises(Conflict):
            settle(marketing, second, doing)
    assert queries.newest().number == 1


def test_what_was_typed_against_a_former_version_is_refused_and_so_is_nothing(signer):
    sales, marketing = signer("sales"), signer("marketing")
    settle(marketing, propose(sales), Doing.SIGN)
    with pytest.raises(Conflict):
        propose(sales, FIRST, based_on=1)
    with pytest.raises(Invalid):
        propose(sales, OTHER, based_on=2)


def test_a_change_holds_for_new_requests_only(signer):
    old = filed(moment("25T08:00"))
    service.set_due(old, [], zone=ZONE)
    quick = agreed.Pair(usual=8, urgent=4)
    terms = FIRST.model_copy(update={"deliver": {**FIRST.deliver, "faq": quick}})
    settle(signer("marketing"), propose(signer("sales"), terms), Doing.SIGN)
    new = filed(moment("25T08:00"))
    dues = [
        service.set_due(it, [(moment("25T09:00"), "acknowledged")], zone=ZONE).deliver_due_at
        for it in (old, new)
    ]
    assert dues == [moment("27T17:00"), moment("25T17:00")]


def test_the_clocks_of_a_request_are_kept_and_follow_it(db):
    asked = filed(moment("25T08:00"))
    kept = service.set_due(asked, [], zone=ZONE)
    assert (kept.ack_due_at, kept.deliver_due_at) == (moment("25T17:00"), moment("27T17:00"))
    assert (kept.context_due_at, kept.try_due_at) == (None, None)
    steps = [(moment("25T10:00"), "waiting")]
    service.set_due(asked, steps, zone=ZONE)
    assert (kept.ack_due_at, kept.deliver_due_at) == (None, None)
    assert kept.context_due_at == moment("26T10:00")
    steps += [(moment("26T08:00"), "taken-on"), (moment("26T10:00"), "delivered")]
    service.set_due(
        asked, steps, used_at=[moment("27T10:00")], rated_at=[moment("28T10:00")], zone=ZONE
    )
    db.session.expire_all()
    rows = {row.promise: row for row in queries.clocks_of(asked.id)}
    assert list(rows) == ["acknowledge", "deliver", "context", "try", "rate"]
    assert all(row.kept and row.ended_at <= row.due_at for row in rows.values())
    assert [row.used / 3600 for row in rows.values()] == [2, 4, 6, 24, 48]
    assert {row.month for row in rows.values()} == {"2026-11"}
    assert [rows[p].department for p in rows] == ["marketing"] * 2 + ["sales"] * 3


def test_the_same_again_changes_nothing(db):
    asked, steps = filed(moment("25T08:00")), [(moment("25T10:00"), "taken-on")]
    for _ in range(3):
        service.set_due(asked, steps, zone=ZONE)
    assert db.session.query(RequestClock).count() == 2
    assert db.session.query(Agreement).count() == 1


def test_it_is_due_soon_three_working_hours_before(db):
    asked = filed(moment("25T08:00"))
    service.set_due(asked, [], zone=ZONE)
    acknowledge, deliver = queries.clocks_of(asked.id)
    assert acknowledge.soon_at == moment("25T14:00")
    assert deliver.soon_at == moment("27T14:00")


def test_what_is_due_soon_or_over_is_found_once_it_is(db):
    asked = filed(moment("25T08:00"))
    service.set_due(asked, [], zone=ZONE)
    since = moment("01T00:00")

    def due(now):
        return [it.promise for it in queries.due(moment(now), since=since)]

    assert due("25T13:59") == []
    assert due("25T14:00") == ["acknowledge"]
    assert due("30T00:00") == ["acknowledge", "deliver"]
    assert queries.due(moment("30T00:00"), since=moment("26T00:00"))[0].promise == "deliver"


def test_terms_survive_being_kept():
    assert agreed.read(FIRST.model_dump(mode="json")) == FIRST
    assert timedelta(hours=FIRST.deliver_in("heard-of-never").usual) == timedelta(hours=40)
