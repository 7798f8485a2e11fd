"""The policy against a table written by hand: every act, for every role, by every tie."""

from itertools import combinations, product

import pytest

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Grant, Person, Thing, Tie
from portal.accounts.rules import Role

REP, CONTRIBUTOR, MARKETER, MANAGER, ADMIN = Role
LEAST = dict(zip("0rcmga", (None, *Role), strict=True))

# act: the least role that may, by tie; 0 is everybody, signed in or not
BY_HAND = """
account.enter            any:0
account.looks            any:0
mail.mute                any:0
portal.probe             any:0
portal.static            any:0
account.keep             own:r
people.see               any:g
people.keep              any:a
people.grant-role        any:a
audit.read               any:a
jobs.keep                any:g
portal.operate           any:a
asset.edit               own:c department:c named:c any:m
asset.submit             own:c department:c named:c any:m
asset.send-back          named:c any:m
asset.publish            named:c any:m
asset.publish-unseen     any:m
asset.discard            own:c department:c named:c any:m
asset.unpublish          any:m
asset.retire             any:m
asset.restore            any:m
asset.schedule           named:c any:m
asset.comment            own:c department:c named:c any:m
asset.confirm            own:c department:c named:c any:m
asset.assign             any:m
asset.read               open:r own:c department:c named:c any:m
asset.desk               own:c department:c named:c any:m
asset.begin              any:c
desk.of-all              any:m
asset.hand-over          any:g
intervals.keep           any:g
reviewers.name           any:g
translation.choose-original any:m
terms.read               any:c
terms.keep               any:m
claims.settle            any:c
quality.settle           any:c
bulk.begin               any:c
bulk.desk                any:m
bulk.see                 own:c any:g
notice.read              own:r
collection.make          any:r
collection.see           own:r open:r team:r teams:g
collection.edit          own:r open:m teams:g
pin.own                  any:r
pin.team                 any:m
search.ask               any:r
synonyms.keep            any:m
promotions.keep          any:m
search.read-log          any:m
deal.add                 any:r
deal.see                 own:r team:r any:g
deal.change              own:r any:g
deal.give                any:g
deal.of-teams            any:g
deal.import              any:g
customer.see             own:r team:r any:g
pipelines.keep           any:g
call.plan                own:r team:r any:g
call.see                 own:r team:r any:g
call.change              own:r any:g
call.of-teams            any:g
voice.hear               any:r
voice.answer             department:c any:m
asset.rate               open:r
asset.flag               open:r
flag.answer              own:r any:m
feedback.see             own:r any:g
feedback.answer          own:r
feedback.of-all          any:g
request.change           own:r department:c named:c any:m
request.acknowledge      department:c named:c any:m
request.take-on          department:c named:c any:m
request.assign           department:c named:c any:m
request.release          named:c any:g
request.wait             department:c named:c any:m
request.answer           own:r joined:r
request.deliver          department:c named:c any:m
request.decline          department:c named:c any:m
request.accept           own:r joined:r
request.reopen           own:r joined:r
request.withdraw         own:r
request.merge            department:c named:c any:m
request.support          any:r
request.leave            joined:r
request.comment          any:r
request.thank            own:r joined:r team:r
request.ask              any:r
request.see              any:r
requests.work            any:c
requests.of-all          any:m
agreement.see            any:r
agreement.sign           department:g
figures.see              any:r
figures.of-drafts        any:m
figures.money            any:m
figures.small-sums       any:g
figures.desk             any:m
use.own                  own:r
use.of-team              team:g
use.of-all               any:a
pack.see                 any:r
pack.write               any:m
pack.settle              own:r any:m
pack.send                any:g
goal.set                 department:g
"""


def by_hand():
    table = {}
    for line in BY_HAND.strip().splitlines():
        act, *grants = line.split()
        table[Act(act)] = {
            Tie(tie): LEAST[letter] for tie, _, letter in (it.partition(":") for it in grants)
        }
    return table


TABLE = by_hand()
RANK = {role: place for place, role in enumerate((None, *Role))}


def test_the_table_is_as_written_by_hand():
    assert {
        act: frozenset(Grant(role, tie) for tie, role in grants.items())
        for act, grants in TABLE.items()
    } == dict(policy.TABLE)
    assert set(TABLE) == set(Act)


def test_the_table_can_not_be_changed():
    with pytest.raises(TypeError):
        policy.TABLE[Act.ENTER] = frozenset()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", Act)
def test_every_act_by_every_role_and_tie(act, role):
    """One tie at a time, none, and all of them but those that would do."""
    allowed = {tie for tie, least in TABLE[act].items() if RANK[role] >= RANK[least]}
    always = Tie.ANY in allowed
    assert policy.granted(role, act) is always
    for tie in set(Tie) - {Tie.ANY}:
        assert policy.granted(role, act, [tie]) is (always or tie in allowed), tie
    others = set(Tie) - {Tie.ANY} - allowed
    assert policy.granted(role, act, others) is always
    assert policy.reaches(role, act) is bool(allowed)
    assert (role.value in policy.roles(act)) is bool(allowed)


@pytest.mark.parametrize("act", Act)
def test_each_role_may_all_that_the_ones_before_it_may(act):
    for low, high in combinations(Role, 2):
        for tie in Tie:
            assert policy.granted(high, act, [tie]) or not policy.granted(low, act, [tie])


def test_only_what_is_for_strangers_is_public():
    public = {act for act in Act if policy.is_public(act)}
    assert public == {Act.ENTER, Act.LOOKS, Act.MUTE, Act.PROBE, Act.STATIC}
    assert policy.reaches(None, Act.ENTER)
    assert not policy.reaches(None, Act.SEARCH)


def test_what_is_in_no_table_is_for_nobody():
    unknown = "asset.burn"
    assert not policy.granted(ADMIN, unknown, list(Tie))
    assert not policy.reaches(ADMIN, unknown)
    assert not policy.is_public(unknown)
    assert not policy.may(policy.OPERATOR, unknown)
    assert policy.roles(unknown) == ()
    assert not policy.includes(unknown, policy.OVERSEER)


ME = Person(7, REP, department="sales", team_id=3)


@pytest.mark.parametrize(
    ("thing", "ties"),
    [
        (Thing(), set()),
        (Thing(owners=(7,)), {Tie.OWN}),
        (Thing(owners=(None, 7)), {Tie.OWN}),
        (Thing(owners=(8, None)), set()),
        (Thing(named=(7,)), {Tie.NAMED}),
        (Thing(named=(8,)), set()),
        (Thing(joined=(7,)), {Tie.JOINED}),
        (Thing(joined=(8,)), set()),
        (Thing(team_id=3), {Tie.TEAM}),
        (Thing(team_id=4), set()),
        (Thing(department="sales"), {Tie.DEPARTMENT}),
        (Thing(department="product"), set()),
        (Thing(is_open=True), {Tie.OPEN}),
        (Thing(of_team=True), {Tie.TEAMS}),
        (Thing(team_id=3, of_team=True), {Tie.TEAM, Tie.TEAMS}),
        (Thing(owners=(7,), named=(7,), joined=(7,)), {Tie.OWN, Tie.NAMED, Tie.JOINED}),
    ],
)
def test_what_a_thing_is_to_a_person(thing, ties):
    assert policy.ties_of(ME, thing) == ties


def test_nobody_owns_nothing():
    """Neither a person without a team nor the portal has what belongs to nobody."""
    lonely = Person(7, REP)
    assert policy.ties_of(lonely, Thing(team_id=None, department=None)) == set()
    portal = Person(None, ADMIN)
    nobodys = Thing(owners=(None,), named=(None,), joined=(None,))
    assert policy.ties_of(portal, nobodys) == set()


@pytest.mark.parametrize("role", Role)
def test_may_puts_person_act_and_thing_together(role):
    me = Person(7, role, team_id=3)
    manages = role in {MANAGER, ADMIN}
    assert policy.may(me, Act.DEAL_SEE, Thing(owners=(7,)))
    assert policy.may(me, Act.DEAL_SEE, Thing(owners=(8,), team_id=3))
    assert policy.may(me, Act.DEAL_SEE, Thing(owners=(8,), team_id=4)) is manages
    assert policy.may(me, Act.DEAL_SEE) is manages
    assert policy.may(me, Act.DEAL_CHANGE, Thing(owners=(8,), team_id=3)) is manages


@pytest.mark.parametrize("act", Act)
def test_who_was_deactivated_may_nothing(act):
    gone = Person(7, ADMIN, active=False)
    assert not policy.may(gone, act, Thing(owners=(7,), is_open=True))
    assert not policy.may(gone, act)


def test_the_operator_is_an_admin_without_a_number():
    assert Person(None, ADMIN) == policy.OPERATOR
    assert policy.LEAST is REP


@pytest.mark.parametrize(("mine", "before", "after"), list(product(Role, repeat=3)))
def test_nobody_grants_a_role_above_her_own(mine, before, after):
    fine = mine is ADMIN
    assert policy.may_grant(Person(1, mine), Person(2, before), after) is fine


@pytest.mark.parametrize(("mine", "before", "after"), list(product(Role, repeat=3)))
def test_so_it_would_be_were_more_roles_to_grant(monkeypatch, mine, before, after):
    grants = dict(policy.TABLE) | {Act.ROLE_GRANT: frozenset({Grant(REP, Tie.ANY)})}
    monkeypatch.setattr(policy, "TABLE", grants)
    fine = mine.rank >= before.rank and mine.rank >= after.rank
    assert policy.may_grant(Person(1, mine), Person(2, before), after) is fine


def test_the_operator_grants_any_role_and_who_has_left_none():
    for role in Role:
        assert policy.may_grant(policy.OPERATOR, Person(2, ADMIN), role)
        assert policy.may_grant(policy.OPERATOR, Person(None, REP), role)
        assert not policy.may_grant(Person(1, ADMIN, active=False), Person(2, REP), role)


def test_grants_that_include_others():
    assert policy.includes(Act.ASSET_EDIT, policy.WRITER)
    assert policy.includes(Act.ASSET_EDIT, policy.OVERSEER), "a manager is a marketer, too"
    assert not policy.includes(Act.ASSET_PUBLISH, policy.WRITER)
    assert not policy.includes(Act.ASSET_PUBLISH, policy.WRITER | policy.REVIEWER), "all of them"
    assert not policy.includes(Act.REQUEST_RELEASE, policy.ANSWERER)
    assert policy.includes(Act.REQUEST_COMMENT, policy.MATE), "what all may, each may"
    assert policy.includes(Act.ENTER, policy.MATE)
    assert policy.includes(Act.ENTER, {Grant(None, Tie.OWN)})
    assert not policy.includes(Act.SEARCH, {Grant(None, Tie.ANY)}), "strangers may not search"
    assert not policy.includes(Act.REQUEST_LEAVE, policy.REQUESTER), "another tie"
    assert not policy.includes(Act.ASSET_RETIRE, {Grant(CONTRIBUTOR, Tie.ANY)})


def test_grants_are_held_by_role_and_tie():
    assert policy.holds(policy.WRITER, CONTRIBUTOR, [Tie.OWN])
    assert not policy.holds(policy.WRITER, REP, [Tie.OWN])
    assert not policy.holds(policy.WRITER, ADMIN, [Tie.NAMED])
    assert not policy.holds(policy.WRITER, ADMIN)
    assert policy.holds(policy.DESK, MARKETER)
    assert policy.holds({Grant(None, Tie.OPEN)}, REP, [Tie.OPEN])
    assert not policy.holds((), ADMIN, list(Tie))


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (REP, {REP}),
        (CONTRIBUTOR, {REP, CONTRIBUTOR}),
        (MARKETER, {REP, CONTRIBUTOR, MARKETER}),
        (MANAGER, {REP, CONTRIBUTOR, MARKETER, MANAGER}),
        (ADMIN, set(Role)),
    ],
)
def test_who_gives_roles_is_offered_those_up_to_her_own(role, offered):
    assert set(policy.up_to(role)) == offered
