"""Many requests at once: each on its own, none half done, a report of all."""

import pytest

from portal.asset_requests import queries
from portal.asset_requests.agreement import queries as agreement
from portal.asset_requests.board import service
from portal.asset_requests.board.rules import BATCH_MOST, Batch, Task, Why
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action
from tests import make
from tests.asset_requests.board.conftest import acts


def states(*requests):
    return [queries.by_number(it.id, lock=True).state for it in requests]


def test_acknowledged_together_and_a_report_of_what_was_not(marketer, ask):
    browser, mai = marketer
    one, two, taken = ask(title="One"), ask(title="Two"), ask(title="Taken")
    other = ask(title="Product’s", department="product")
    moving.move(acts(mai), taken, Action.TAKE_ON)
    ticked = [one.id, two.id, taken.id, other.id, 999_999, "x", "\x00", one.id]
    answer = browser.post(
        "/requests/batch?tab=all&kind=", data={"task": "acknowledge", "request": ticked}
    )
    assert (answer.status, answer.location) == (303, "/requests/batch?tab=all&kind=")
    assert states(one, two, taken, other) == [
        "acknowledged", "acknowledged", "taken-on", "acknowledged",
    ]  # fmt: skip
    page = browser.get("/requests/batch?tab=all")
    said = page.words()
    assert "3 requests are done" in said
    assert "1 stays as it is: It has moved on, or is where this can not be done." in said
    assert "1 stays as it is: There is no such request. #999999" in said
    assert "/requests/?tab=all" in page.links()


def test_what_is_for_others_is_told_without_its_title(entered, ask):
    browser, _ = entered("contributor", department="product")
    it = ask(title="Not for us")
    browser.post("/requests/batch", data={"task": "acknowledge", "request": it.id})
    said = browser.get("/requests/batch").words()
    assert f"It is for others to do. #{it.id}" in said
    assert "Not for us" not in said


def test_assigned_together(marketer, ask):
    browser, mai = marketer
    tom = make.user(role="contributor", department="marketing", name="Tom")
    one, two = ask(title="One"), ask(title="Two")
    moving.move(acts(mai), two, Action.TAKE_ON)
    data = {"task": "assign", "person": tom.id, "request": [one.id, two.id]}
    browser.post("/requests/batch", data=data)
    assert {queries.by_number(n.id, lock=True).assignee_id for n in (one, two)} == {tom.id}
    browser.post("/requests/batch", data=data)
    assert "2 stay as they are: It was so already." in browser.get("/requests/batch").words()
    browser.post("/requests/batch", data={**data, "person": "me"})
    assert {queries.by_number(n.id, lock=True).assignee_id for n in (one, two)} == {mai.id}


def test_nobody_is_given_what_they_can_not_answer(marketer, ask):
    browser, _ = marketer
    rep, it = make.user(department="sales"), ask()
    browser.post("/requests/batch", data={"task": "assign", "person": rep.id, "request": it.id})
    assert "This person can not answer it." in browser.get("/requests/batch").words()
    assert states(it) == ["asked"]


def test_declined_with_one_reason(marketer, ask):
    browser, _ = marketer
    one, two = ask(title="One"), ask(title="Two")
    ticked = {"task": "decline", "request": [one.id, two.id]}
    missing = browser.post("/requests/batch", data={**ticked, "reason": " \x00 "})
    assert missing.status == 422
    assert "Say why they are declined" in missing.words()
    browser.post("/requests/batch", data={**ticked, "reason": "We sell no more of it."})
    assert states(one, two) == ["declined", "declined"]
    assert queries.events([two.id])[-1].note == "We sell no more of it."


def test_handed_to_another_department(marketer, ask, db):
    browser, _mai = marketer
    it = ask()
    data = {"task": "department", "to_department": "product", "request": it.id}
    browser.post("/requests/batch", data=data)
    assert queries.by_number(it.id, lock=True).department == "product"
    db.session.expire_all()
    assert {c.department for c in agreement.clocks_of(it.id)} == {"product"}
    browser.post("/requests/batch", data=data)
    assert "It was so already." in browser.get("/requests/batch").words()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Tick the requests first."),
        ({"request": "0"}, "Tick the requests first."),
        ({"request": "1"}, "Choose what is to be done."),
        ({"request": "1", "task": "x"}, "Choose what is to be done."),
        ({"request": "1", "task": "assign", "person": "nobody"}, "Choose who is to have them."),
        ({"request": "1", "task": "assign", "person": "-1"}, "Choose who is to have them."),
        ({"request": "1", "task": "department", "to_department": "sales"}, "Choose which department"),
        ({"request": "1", "task": "decline", "reason": "x" * 4001}, "Say why they are declined"),
        ({"request": range(1, BATCH_MOST + 2), "task": "acknowledge"}, "At most 200 requests"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(marketer, ask, data, said):
    ask()
    page = marketer[0].post(
        "/requests/batch", data={k: v if isinstance(v, str) else list(v) for k, v in data.items()}
    )
    assert page.status == 422
    assert said in page.words()


def test_no_report_without_a_batch(marketer):
    assert marketer[0].get("/requests/batch").status == 404


def test_one_that_fails_half_way_is_left_as_it_was(marketer, ask, monkeypatch):
    """The timeline and the notices of the one are undone with it; the others stay done."""
    _, mai = marketer
    first, second, third = (ask(title=f"No. {n}") for n in range(3))
    real = service.moving.telling.moved

    def told(it, *arguments, **more):
        real(it, *arguments, **more)
        if it.id == second.id:
            raise service.Conflict

    monkeypatch.setattr(service.moving.telling, "moved", told)
    numbers = [first.id, second.id, third.id]
    report = service.run(acts(mai), Batch(Task.ACKNOWLEDGE, numbers))
    assert (report.done, report.left) == ([first.id, third.id], {second.id: Why.FASTER})
    assert states(first, second, third) == ["acknowledged", "asked", "acknowledged"]
    assert [e.action for e in queries.events([second.id])] == ["ask"]
