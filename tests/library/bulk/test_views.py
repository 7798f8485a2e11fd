"""From the ticked rows to what became of them, as a browser without script sends it."""

import re
from datetime import timedelta

import pytest

from portal import clock
from portal.library.bulk import rules
from portal.library.bulk.models import BulkAction
from tests import make


@pytest.fixture
def shelf(db):
    assets = [make.asset(f"card-{n}", state="retired" if n == 2 else "published") for n in range(3)]
    for it in assets:
        make.text(it, title=f"Card {it.slug[-1]}")
    db.session.commit()
    return assets


def hidden(page, name):
    return next(n.get("value") for n in page.tree.iter("input") if n.get("name") == name)


def test_ticked_previewed_done_and_undone(as_, shelf, db):
    client = as_("marketer")
    page = client.get("/desk/")
    assert [n.get("value") for n in page.tree.iter("input") if n.get("name") == "asset"]
    page = client.post("/desk/bulk/choose", data={"asset": [it.slug for it in shelf]})
    assert "3 assets" in page.words(".//h1")
    data = {"ids": hidden(page, "ids"), "task": "retire", "reason": "Old <b>news</b>"}
    page = client.post("/desk/bulk/preview", data=data)
    assert "2 assets will be changed" in page.words()
    assert "1 stays as it is: not possible in the state it is in Card 2" in page.words()
    assert {it.state for it in shelf[:2]} == {"published"}
    data |= {"token": hidden(page, "token")}
    done = client.post("/desk/bulk/run", data=data)
    again = client.post("/desk/bulk/run", data=data)
    assert done.status == 303
    assert done.location == again.location
    db.session.expire_all()
    assert {it.state for it in shelf} == {"retired"}
    page = client.get(done.location)
    assert "2 assets changed , 1 left as it was" in page.words()
    assert client.post(f"{done.location}/undone").status == 303
    db.session.expire_all()
    assert [it.state for it in shelf] == ["published", "published", "retired"]
    assert "2 assets are as they were before" in client.get(done.location).words()
    assert client.post(f"{done.location}/undone").status == 409
    assert "undone" in client.get("/desk/bulk/").words()
    assert "with others" in client.get("/desk/card-0/timeline").words()


def test_all_that_fit_the_filter_and_no_more_than_one_action_takes(as_, shelf, monkeypatch):
    client = as_("marketer")
    page = client.post("/desk/bulk/choose", data={"all": "1", "phase": "published"})
    assert "2 assets" in page.words(".//h1")
    monkeypatch.setattr(rules, "MOST", 1)
    page = client.post("/desk/bulk/choose", data={"all": "1", "q": "card"})
    assert "1 asset" in page.words(".//h1")
    assert "2 more fit" in page.words()


@pytest.mark.parametrize(
    "data",
    [
        {"task": "retire"},
        {"task": "retire", "reason": "x" * 2001},
        {"task": "tag"},
        {"task": "tag", "term": "999999"},
        {"task": "owner", "person": "x"},
        {"task": "owner", "person": "9" * 30},
        {"task": "checked", "day": "2999-01-01"},
        {"task": "checked", "day": "31.12.2026"},
        {"task": "explode"},
        {},
    ],
)
def test_what_is_missing_or_odd_is_said_and_nothing_lost(as_, shelf, data):
    client = as_("manager")
    ids = ",".join(str(it.id) for it in shelf)
    for step in ("preview", "run"):
        page = client.post(f"/desk/bulk/{step}", data=data | {"ids": f"{ids},x,-1,{'9' * 99}"})
        assert page.status == 422
        assert hidden(page, "ids") == ids


def test_a_contributor_is_offered_only_their_own_and_only_the_check(as_, shelf, db):
    client = as_("contributor")
    page = client.post("/desk/bulk/choose", data={"asset": [it.slug for it in shelf]})
    assert "Nothing is chosen" in page.words()
    data = {"ids": str(shelf[0].id), "task": "owner", "person": "-"}
    assert client.post("/desk/bulk/run", data=data).status == 403


def test_somebody_elses_action_is_not_shown(as_, shelf, db, visitor):
    other = make.user(role="marketer")
    db.session.add(
        BulkAction(
            at=clock.now() - timedelta(days=1), user_id=other.id, action="retire",
            detail={"ids": []}, token="d" * 32, total=0,
        )
    )  # fmt: skip
    db.session.commit()
    bulk_id = db.session.query(BulkAction.id).scalar()
    assert as_("marketer").get(f"/desk/bulk/{bulk_id}").status == 403
    boss = visitor().sign_in(make.user(role="manager"))
    page = boss.get(f"/desk/bulk/{bulk_id}")
    assert "interrupted" in page.words()
    assert not re.search(r">Go on<", page.text)
    assert boss.get("/desk/bulk/999999999999").status == 404
