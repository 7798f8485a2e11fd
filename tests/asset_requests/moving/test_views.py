"""The page of a request and its moves, for both sides."""

import pytest

from portal.asset_requests import acting
from portal.asset_requests.links import request_form_path, request_path
from portal.asset_requests.moving import service
from portal.asset_requests.rules import Action, State
from tests import make
from tests.asset_requests.conftest import as_person


def test_the_addresses_are_those_of_the_url_map(app):
    with app.test_request_context():
        from flask import url_for

        assert url_for("requests.show", number=7) == request_path(7)
        assert url_for("asking.ask") == request_form_path()


def test_take_on_ask_back_answer_decline_reopen(db, visitor, ask, lan, tom):
    it = ask()
    db.session.commit()
    rep, marketer = visitor().sign_in(lan), visitor().sign_in(tom)
    moves = f"/requests/{it.id}/moves"
    assert marketer.post(f"{moves}/take-on").status == 303
    assert marketer.post(f"{moves}/wait", data={"note": "Which?"}).status == 303
    assert "Which?" in rep.get(f"/requests/{it.id}").words()
    assert rep.post(f"{moves}/answer", data={"note": "Hub"}).status == 303
    make.asset("faq")
    db.session.commit()
    wrong = {"note": "It is there.", "instead": "nowhere"}
    page = marketer.post(f"{moves}/decline", data=wrong)
    assert page.status == 422
    assert "It is there." in page.text
    told = {"note": "It is there.", "instead": "http://127.0.0.1:8000/assets/faq/en?x=1#y"}
    assert marketer.post(f"{moves}/decline", data=told).status == 303
    assert "/assets/faq?from=request" in rep.get(f"/requests/{it.id}").links()
    assert rep.post(f"{moves}/reopen", data={"note": "No."}).status == 303
    db.session.expire_all()
    assert it.state == "reopened"


def test_the_second_to_take_it_on_is_told_who_was_first(db, visitor, ask, tom):
    it = ask()
    db.session.commit()
    visitor().sign_in(tom).post(f"/requests/{it.id}/moves/take-on")
    other = visitor().sign_in(make.user(role="marketer"))
    page = other.post(f"/requests/{it.id}/moves/take-on")
    assert page.status == 409
    assert "Tom Reed has taken it on meanwhile" in page.text
    db.session.expire_all()
    assert it.assignee_id == tom.id


@pytest.mark.parametrize("note", ["", " ", "x" * 4001])
def test_words_that_are_missing_or_too_many_are_asked_for(db, client, ask, tom, note):
    it = ask()
    db.session.commit()
    page = client.sign_in(tom).post(f"/requests/{it.id}/moves/decline", data={"note": note})
    assert page.status == 422
    assert 'role="alert"' in page.text
    db.session.expire_all()
    assert it.state == "asked"


def test_moves_that_are_none_and_people_who_can_not_answer(db, client, ask, lan, tom):
    it = ask()
    db.session.commit()
    client.sign_in(tom)
    for name in ("deliver", "bomb", "merge", "ask"):
        assert client.post(f"/requests/{it.id}/moves/{name}").status == 404
    for person in ("", "x", str(lan.id), "99999", "9" * 30):
        page = client.post(f"/requests/{it.id}/assign", data={"person": person})
        assert page.status == 422, person
    assert client.post(f"/requests/{it.id}/assign", data={"person": str(tom.id)}).status == 303
    db.session.expire_all()
    assert it.assignee_id == tom.id


def test_an_asset_that_is_gone_after_delivery_is_told(db, client, ask, lan, tom):
    it, asset = ask(), make.asset("card")
    make.text(asset)
    it.assignee_id, it.delivered_id = tom.id, asset.id
    acting.go(it, Action.DELIVER, as_person(tom), State.DELIVERED)
    db.session.commit()
    client.sign_in(lan)
    assert "withdrawn after it was delivered" not in client.get(f"/requests/{it.id}").words()
    asset.state = "retired"
    db.session.commit()
    page = client.get(f"/requests/{it.id}")
    assert "withdrawn after it was delivered" in page.words()
    assert "/assets/card?from=request" not in page.links()


def test_who_has_left_still_stands_among_those_who_waited(db, client, ask, lan, tom):
    it = ask()
    service.move(as_person(tom), it, Action.TAKE_ON)
    lan.active = False
    db.session.commit()
    words = client.sign_in(tom).get(f"/requests/{it.id}").words()
    assert "Nguyễn Thị Lan North has left" in words
    assert "0 people" in words


def test_thanks_that_are_too_long_are_kept_and_told(db, client, ask, lan, tom):
    it = ask()
    it.assignee_id = tom.id
    acting.go(it, Action.DELIVER, as_person(tom), State.DELIVERED)
    it.delivered = make.asset("card")
    db.session.commit()
    page = client.sign_in(lan).post(f"/requests/{it.id}/thanks", data={"text": "y" * 4001})
    assert page.status == 422
    assert "y" * 4001 in page.text


def test_what_is_said_with_nothing_in_it_is_kept_and_told(db, client, ask, lan):
    it = ask()
    db.session.commit()
    client.sign_in(lan)
    page = client.post(f"/requests/{it.id}/comments", data={"text": "x" * 4001})
    assert page.status == 422
    assert "x" * 4001 in page.text
    assert client.post(f"/requests/{it.id}/comments", data={"text": "**Yes**"}).status == 303
    assert "<strong>Yes</strong>" in client.get(f"/requests/{it.id}").text
