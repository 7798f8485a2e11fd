"""Collections filled and put in order: whatever happens, places are 1 to n and nothing doubles."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.db import db as _db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.collections import queries, rules, service
from portal.library.collections.rules import Facts, Reach, Viewer
from tests import make


def viewer(role="rep", team=None):
    person = make.user(role=role, team_id=team)
    return Viewer(person.id, Role(role), team)


def collection(who, reach=Reach.ALL, name="First meeting"):
    return service.create(who, Facts(name, "", "en", reach))


def slugs(it):
    return [line.slug for line in queries.entry_lines(it.id, "en")]


def test_an_asset_is_in_a_collection_once(db):
    it, asset = collection(viewer()), make.asset("a")
    service.add(it, asset, "Start here")
    service.add(it, asset, "again")
    assert [(e.position, e.note) for e in queries.entries(it.id)] == [(1, "Start here")]


def test_the_same_form_sent_again_makes_no_second_one(db):
    who = viewer()
    it = collection(who)
    assert collection(who).id == it.id
    assert collection(who, name="Second meeting").id != it.id
    assert collection(viewer()).id != it.id, "somebody else's"
    it.created_at -= service.TWICE * 2
    db.session.flush()
    assert collection(who).id != it.id, "later it is meant"


def test_a_full_collection_takes_no_more(db, monkeypatch):
    monkeypatch.setattr(rules, "ENTRIES_MOST", 1)
    it = collection(viewer())
    service.add(it, make.asset())
    with pytest.raises(service.FullError):
        service.add(it, make.asset())


def test_an_order_of_other_entries_is_refused_and_nothing_changes(db):
    it = collection(viewer())
    for slug in ("a", "b"):
        service.add(it, make.asset(slug))
    ids = [e.id for e in queries.entries(it.id)]
    for wrong in ([ids[0]], [*ids, ids[0]], [ids[0], ids[0]], [ids[0], 999]):
        with pytest.raises(Conflict):
            service.reorder(it, wrong)
    assert slugs(it) == ["a", "b"]
    version = it.version
    service.reorder(it, ids)
    assert it.version == version, "the same order is no change"
    service.reorder(it, ids[::-1])
    assert (slugs(it), it.version) == (["b", "a"], version + 1)


actions = st.lists(
    st.tuples(
        st.sampled_from(["add", "out", "up", "down", "shuffle", "note"]),
        st.integers(0, 5),
        st.randoms(use_true_random=False),
    ),
    max_size=20,
)


@settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(actions=actions)
@pytest.mark.usefixtures("db")
def test_whatever_is_done_places_stay_a_permutation(actions):
    it, assets = collection(viewer()), [make.asset() for _ in range(6)]
    expected = []
    for what, number, random in actions:
        asset = assets[number]
        entries = {e.asset_id: e.id for e in queries.entries(it.id)}
        entry = entries.get(asset.id, 0)
        if what == "add":
            service.add(it, asset)
            expected += [asset.id] if asset.id not in expected else []
        elif what == "out":
            service.take_out(it, entry)
            expected = [i for i in expected if i != asset.id]
        elif what in {"up", "down"}:
            service.step(it, entry, up=what == "up")
            expected = rules.stepped(expected, asset.id, up=what == "up")
        elif what == "shuffle":
            random.shuffle(expected)
            service.reorder(it, [entries[i] for i in expected])
        elif entry:
            service.annotate(it, entry, f"note {number}")
        _db.session.expire_all()
        found = queries.entries(it.id)
        assert [e.asset_id for e in found] == expected
        assert [e.position for e in found] == list(range(1, len(expected) + 1))


def test_who_may_change_it(db):
    team = make.team()
    rep, mate, stranger = viewer(team=team.id), viewer(team=team.id), viewer()
    it = collection(rep, Reach.TEAM)
    assert service.seen(mate, it.id) is it
    with pytest.raises(Forbidden):
        service.locked(mate, it.id)
    with pytest.raises(NotFound):
        service.seen(stranger, it.id)
    assert service.locked(viewer("manager"), it.id) is it
    with pytest.raises(Invalid):
        collection(stranger, Reach.TEAM)


def test_lists_agree_with_the_rules(db):
    teams = [make.team("North"), make.team("South")]
    people = [viewer(role, t) for role in Role for t in (None, teams[0].id, teams[1].id)]
    made = [
        collection(who, reach)
        for who in people[:3]
        for reach in Reach
        if reach is not Reach.TEAM or who.team_id
    ]
    for who in people:
        sees = {c.id for c in made if rules.sees(who, service.standing(c))}
        edits = {c.id for c in made if rules.edits(who, service.standing(c))}
        assert {line.id for line in queries.visible(who, mine=False, limit=99)} == sees
        assert {line.id for line in queries.editable(who, 99)} == edits
        assert queries.count(who, mine=False) == len(sees)
