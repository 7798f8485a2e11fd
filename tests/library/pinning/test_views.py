"""Pinned for a team, shown on the home page of its people, as far as they see it."""

import pytest

from portal.accounts.rules import Role
from portal.library.collections import service as collections
from portal.library.collections.rules import Facts, Reach, Viewer
from tests import make


@pytest.fixture
def north(db):
    return make.team("North")


@pytest.fixture
def home(visitor, north, db):
    """The home page of a rep of the team."""
    rep = visitor().sign_in(make.user(team_id=north.id))
    return lambda: rep.get("/")


@pytest.fixture
def collection(db):
    owner = make.user(role="marketer")
    it = collections.create(
        Viewer(owner.id, Role.MARKETER, None), Facts("First meeting", "", "en", Reach.ALL)
    )
    db.session.commit()
    return it


def test_what_is_pinned_is_on_top_of_the_teams_home(as_, home, north, collection, db):
    make.text(make.asset("card"), title="The card")
    make.text(make.asset("other"), title="Another")
    south = make.user(team_id=make.team("South").id)
    db.session.commit()
    client = as_("marketer")
    assert "Pinned for your team" not in home().words()
    for address in ("/pins/card", f"/pins/collections/{collection.id}"):
        assert client.post(address, data={"teams": [str(north.id), "x", "-1"]}).status == 303
    page = home()
    panel = page.tree.find(".//section[@class='panel group']")
    words = " ".join("".join(panel.itertext()).split())
    assert words.startswith("Pinned for your team First meeting")
    assert "The card" in words
    assert "Another" not in words
    assert client.get("/pins/card").tree.find(".//input[@type='checkbox'][@checked]") is not None
    assert "Pinned" not in client.sign_in(south).get("/").words()


def test_taken_down_again(as_, home, north, collection):
    client = as_("marketer")
    address = f"/pins/collections/{collection.id}"
    client.post(address, data={"teams": [str(north.id)]})
    client.post(address, data={"teams": [str(north.id)]})
    assert "First meeting" in home().words()
    client.post(address, data={})
    assert "First meeting" not in home().words()


def test_a_pinned_one_that_the_team_does_not_see_any_more_is_gone(as_, home, north, collection, db):
    client = as_("marketer")
    client.post(f"/pins/collections/{collection.id}", data={"teams": [str(north.id)]})
    collection.reach = "private"
    db.session.commit()
    assert "First meeting" not in home().words()


def test_retired_assets_are_not_shown_and_not_pinned(as_, home, north, db):
    asset = make.asset("card")
    make.text(asset, title="The card")
    db.session.commit()
    client = as_("marketer")
    client.post("/pins/card", data={"teams": [str(north.id)]})
    assert "The card" in home().words()
    asset.state = "retired"
    db.session.commit()
    assert "The card" not in home().words()
    assert client.post("/pins/card", data={}).status == 404


def test_reps_do_not_pin(as_, collection, north):
    assert as_("rep").post(f"/pins/collections/{collection.id}", data={}).status == 403


def test_what_a_team_would_not_see_is_not_pinned(as_, visitor, north, db):
    person = make.user(role="manager", team_id=make.team("South").id)
    who = Viewer(person.id, Role.MANAGER, person.team_id)
    it = collections.create(who, Facts("Ours", "", "en", Reach.TEAM))
    db.session.commit()
    client = visitor().sign_in(person)
    assert client.post(f"/pins/collections/{it.id}", data={"teams": [str(north.id)]}).status == 422
    assert (
        client.post(f"/pins/collections/{it.id}", data={"teams": [str(who.team_id)]}).status == 303
    )
