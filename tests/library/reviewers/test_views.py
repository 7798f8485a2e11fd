"""Reviewers named, told whom something waits for, and found by what waits for them."""

import pytest

from portal.library.publishing import moving
from portal.library.publishing.acting import PORTAL
from portal.library.publishing.models import Reviewer
from portal.library.publishing.rules import Action
from tests import make


@pytest.fixture
def waiting(db):
    nora = make.user(role="contributor", name="Nora")
    asset = make.asset("faq-1", kind="faq", state="draft")
    make.text(asset, title="Prices")
    db.session.commit()
    return nora, asset


def test_a_named_reviewer_sees_what_waits_and_publishes_it(as_, waiting, visitor, db):
    nora, asset = waiting
    boss, hers = as_("manager"), visitor().sign_in(nora)
    assert hers.get("/desk/faq-1").status == 403
    data = {"person": nora.id, "kind": "faq", "department": ""}
    assert boss.post("/desk/reviewers", data=data).status == 303
    assert boss.post("/desk/reviewers", data=data).status == 422  # named already
    moving.move(PORTAL, asset, Action.SUBMIT)
    db.session.commit()
    assert "Waits for: Nora" in boss.get("/desk/").words()
    assert "Waits for: Nora" in boss.get("/desk/faq-1").words()
    assert "Prices" not in boss.get("/desk/?whose=review").words()  # somebody else is named
    page = hers.get("/desk/?whose=review")
    assert "Prices" in page.words()
    assert "waits for your review" in page.words()
    notice = next(
        n.get("action") for n in page.tree.iter("form") if (n.get("action") or "").endswith("/open")
    )
    opened = hers.post(notice)
    assert opened.location == "/desk/faq-1"
    assert "waits for your review" not in hers.get("/desk/").words()
    assert hers.post("/desk/faq-1/moves/publish").status == 303
    assert asset.state == "published"


def test_what_nobody_is_named_for_waits_for_marketing(as_, waiting, db):
    _nora, asset = waiting
    moving.move(PORTAL, asset, Action.SUBMIT)
    db.session.commit()
    page = as_("marketer").get("/desk/?whose=review&phase=review")
    assert "Prices" in page.words()
    assert "Waits for: marketing" in page.words()
    assert "Prices" not in as_("contributor").get("/desk/?whose=review").words()


def test_a_reviewer_is_released(as_, waiting, db):
    nora, _asset = waiting
    row = Reviewer(kind=None, department="product", user_id=nora.id)
    db.session.add(row)
    db.session.commit()
    client = as_("manager")
    assert "Any kind Product development" in client.get("/desk/reviewers").words()
    assert client.post(f"/desk/reviewers/{row.id}/released").status == 303
    assert client.post(f"/desk/reviewers/{row.id}/released").status == 404
    assert "Nobody is named yet." in client.get("/desk/reviewers").words()


def test_odd_choices_are_said(as_, waiting):
    nora, _asset = waiting
    client = as_("manager")
    rep = make.user(role="rep")
    for data in (
        {},
        {"person": "x"},
        {"person": rep.id},
        {"person": "9" * 40},
        {"person": nora.id, "kind": "poem"},
        {"person": nora.id, "department": "moon"},
    ):
        assert client.post("/desk/reviewers", data=data).status == 422, data
