"""How fresh things are on every page, still true in one click, lists by week, intervals."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.library.freshness.models import ReviewInterval
from portal.library.freshness.rules import add_months
from portal.search import service as search
from portal.web import locale
from tests import make


def today():
    return clock.now().date()


@pytest.fixture
def stale(db):
    """A battlecard of Tom's that was to be checked a month ago, found by search."""
    tom = make.user(role="contributor", name="Tom")
    asset = make.asset(
        "kestrel", owner_id=tom.id, checked_on=add_months(today(), -2) - timedelta(days=1)
    )
    make.text(asset, title="Kestrel")
    db.session.commit()
    return tom, asset


def draw_index(app):
    search.rebuild(app.extensions["arsenal.finder"].engine)


def test_every_page_says_that_nobody_has_checked_it_and_whom_to_ask(app, as_, stale):
    draw_index(app)
    client = as_("rep")
    said = "Not checked for 2 months"
    assert f"{said}: ask Tom before you quote it" in client.get("/assets/kestrel").words()
    for path in ("/library", "/?q=kestrel", "/"):
        assert said in client.get(path).words(), path
    assert said in client.get("/palette?q=kestrel").text


def test_the_state_follows_the_day_and_the_interval_without_a_change_of_the_asset(
    app, as_, stale, db, monkeypatch
):
    _tom, asset = stale
    asset.checked_on = today()
    db.session.commit()
    draw_index(app)
    client = as_("rep")
    assert "Checked on" in client.get("/?q=kestrel").words()
    later = clock.now() + timedelta(days=2)
    db.session.add(ReviewInterval(kind="battlecard", months=60, set_at=later))
    db.session.commit()
    assert "Checked on" in client.get("/?q=kestrel").words()
    db.session.query(ReviewInterval).update({"months": 1})
    db.session.commit()
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(days=62))
    client.sign_in(make.user(role="rep"))
    assert "Not checked for 2 months" in client.get("/?q=kestrel").words()


def test_an_owner_who_has_left_is_nobody_to_ask(as_, stale, db):
    tom, _asset = stale
    tom.active = False
    db.session.commit()
    assert "ask marketing before you quote it" in as_("rep").get("/assets/kestrel").words()


def test_still_true_in_one_click_from_the_page(client, stale):
    tom, asset = stale
    client.sign_in(tom)
    page = client.get("/assets/kestrel/en?from=search")
    assert "Still true" in page.words()
    answer = client.post("/desk/kestrel/confirm", data={"back": "/assets/kestrel/en?from=search"})
    assert (answer.status, answer.location) == (303, "/assets/kestrel/en?from=search")
    assert asset.checked_on == today()
    page = client.get("/assets/kestrel/en")
    assert "next check due" in page.words()
    assert "Still true" not in page.words()
    assert "Said that it is still true" in client.get("/desk/kestrel").words()


def test_a_button_never_leads_elsewhere(client, stale):
    client.sign_in(stale[0])
    answer = client.post("/desk/kestrel/confirm", data={"back": "https://evil.example/"})
    assert answer.location == "/desk/kestrel"


def test_a_stranger_is_neither_asked_nor_believed(as_, stale):
    client = as_("contributor")
    assert "Still true" not in client.get("/assets/kestrel").words()
    assert client.post("/desk/kestrel/confirm").status == 403


def test_the_companys_day_counts_not_greenwichs(as_, stale, monkeypatch):
    monkeypatch.setattr(locale, "get_timezone", lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    late = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)  # already the 26th in Sài Gòn
    monkeypatch.setattr(clock, "now", lambda: late)
    _tom, asset = stale
    as_("marketer").post("/desk/kestrel/confirm")
    assert asset.checked_on == date(2026, 11, 26)


def test_what_is_due_stands_in_weeks_the_most_used_first(as_, stale, db):
    monday = today() + timedelta(days=7 - today().weekday())
    days = (monday - timedelta(days=n) for n in range(200, 0, -1))
    checked_on = next(day for day in days if add_months(day, 6) >= monday)
    soon = make.asset("soon", kind="faq", checked_on=checked_on)
    make.text(soon, title="Soon")
    never = make.asset("never", checked_on=None)
    make.text(never, title="Never")
    db.session.commit()
    page = as_("marketer").get("/desk/freshness")
    said = page.words()
    assert said.index("Never") < said.index("Overdue") < said.index("Next week")
    assert "2 checks due" in said
    assert "Soon" in client_get(as_, "/desk/freshness?kind=faq")
    assert "Kestrel" not in client_get(as_, "/desk/freshness?kind=faq")
    assert "Kestrel" not in client_get(as_, "/desk/freshness?whose=mine")
    assert client_get(as_, "/desk/freshness?owner=0").count("Choose Never") == 1
    for odd in ("owner=x", "owner=" + "9" * 50, "page=0", "kind=%00", "whose=%F0"):
        assert as_("marketer").get(f"/desk/freshness?{odd}").status == 200


def client_get(as_, path):
    return as_("marketer").get(path).words()


def test_many_are_still_true_at_once_and_can_be_undone(as_, stale, db):
    client, (_tom, asset) = as_("marketer"), stale
    before = asset.checked_on
    done = client.post("/desk/bulk/run", data={"task": "checked", "asset": ["kestrel"]})
    assert done.status == 303
    db.session.refresh(asset)
    assert asset.checked_on == today()
    client.post(f"{done.location}/undone")
    db.session.refresh(asset)
    assert asset.checked_on == before


def test_a_manager_sets_intervals_and_odd_ones_are_said(as_, db):
    client = as_("manager")
    assert client.post("/desk/intervals", data={"faq": "2", "guide": "12"}).status == 303
    rows = db.session.query(ReviewInterval.kind, ReviewInterval.months).all()
    assert [tuple(row) for row in rows] == [("faq", 2)]
    for odd in ("0", "61", "1.5", "", "9" * 40, "२"):
        page = client.post("/desk/intervals", data={"faq": odd, "guide": "5"})
        assert page.status == 422
        assert "A whole number from 1 to 60." in page.words()
    assert len(db.session.query(ReviewInterval).all()) == 1


def test_who_looks_after_an_asset_is_set_on_its_desk_page(as_, stale):
    _tom, asset = stale
    linh = make.user(role="contributor", name="Linh")
    client = as_("marketer")
    data = {"owner": linh.id, "backup": "", "months": "4"}
    assert client.post("/desk/kestrel/care", data=data).status == 303
    assert (asset.owner_id, asset.backup_owner_id, asset.review_months) == (linh.id, None, 4)
    rep = make.user(role="rep")
    for odd in ({"owner": rep.id}, {"owner": "x"}, {"months": "99"}, {"backup": "9" * 30}):
        assert client.post("/desk/kestrel/care", data=odd).status == 422
