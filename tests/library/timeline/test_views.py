"""The timeline's pages and tracks, with weeks of use between the events."""

from datetime import timedelta

import pytest

from portal import clock
from portal.library.publishing.models import AssetEvent
from portal.usage.models import UsageEvent
from tests import make


@pytest.fixture
def used(db):
    asset = make.asset("kestrel")
    make.text(asset, title="Kestrel")
    now = clock.now()
    for number, action in enumerate(("create", "save", "submit", "owner", "later-invented")):
        at = now - timedelta(days=100 - number)
        db.session.add(AssetEvent(asset_id=asset.id, at=at, action=action, note=f"<{action}>"))
    for days, action in ((3, "viewed"), (3, "copied"), (30, "viewed"), (400, "viewed")):
        at = now - timedelta(days=days)
        db.session.add(UsageEvent(at=at, action=action, asset_id=asset.id))
    db.session.commit()
    return asset


def test_events_and_weeks_stand_in_one_line_of_time(as_, used):
    said = as_("marketer").get("/desk/kestrel/timeline").words()
    assert said.count("Week of") == 2  # what was a year ago and more is left out
    assert said.index("1 view, 1 copy") < said.index("1 view, 0 copies") < said.index("<create>")


@pytest.mark.parametrize(
    ("track", "shown", "hidden"),
    [
        ("texts", ["<create>", "<save>"], ["<submit>", "<owner>", "Week of"]),
        ("review", ["<submit>"], ["<save>", "<owner>", "Week of"]),
        ("facts", ["<owner>", "<later-invented>"], ["<save>", "<submit>", "Week of"]),
        ("use", ["Week of"], ["<save>", "<submit>", "<owner>"]),
    ],
)
def test_a_track_shows_its_own(as_, used, track, shown, hidden):
    said = as_("marketer").get(f"/desk/kestrel/timeline?track={track}").words()
    assert [word for word in shown if word not in said] == []
    assert [word for word in hidden if word in said] == []


def test_pages_cover_everything_once(as_, used, db):
    now = clock.now()
    for number in range(90):
        at = now - timedelta(days=number)
        db.session.add(AssetEvent(asset_id=used.id, at=at, action="save", note=f"n{number};"))
    db.session.commit()
    client = as_("marketer")
    said = " ".join(client.get(f"/desk/kestrel/timeline?page={n}").words() for n in (1, 2, 3))
    assert all(said.count(f"n{number};") == 1 for number in range(90))
    assert client.get("/desk/kestrel/timeline?page=99&track=%00").status == 200


def test_strangers_do_not_see_it(as_, used):
    assert as_("contributor").get("/desk/kestrel/timeline").status == 403
    assert as_("marketer").get("/desk/nothing/timeline").status == 404
