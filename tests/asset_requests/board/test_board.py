"""The board: cards in columns, moves by form and by script, two people at once, who has how much."""

import pytest

from portal.asset_requests import queries
from portal.asset_requests.board import rules
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action
from tests import make
from tests.asset_requests.board.conftest import acts

JSON = {"Accept": "application/json"}


def cards(page):
    """The numbers of the cards in each column."""
    return {
        column.get("data-column"): [int(it.get("data-number")) for it in column.findall("ol/li")]
        for column in page.tree.findall(".//section[@data-column]")
    }


def move(browser, it, seen, to, headers=None, *, query=""):
    return browser.post(
        f"/requests/board/move{query}",
        data={"move": f"{it.id}:{seen}:{to}"},
        headers=headers or {},
    )


def test_cards_stand_in_their_columns(marketer, ask):
    browser, mai = marketer
    asked, taken, waits, again, gone = (ask(title=f"Card {n}") for n in range(5))
    moving.move(acts(mai), taken, Action.TAKE_ON)
    moving.move(acts(mai), waits, Action.WAIT, note="Which?")
    moving.move(acts(mai), again, Action.DECLINE, note="No.")
    moving.move(acts(again.requester), again, Action.REOPEN, note="Still missing")
    moving.move(acts(mai), gone, Action.DECLINE, note="No.")
    page = browser.get("/requests/board")
    found = cards(page)
    assert sorted(found["asked"]) == sorted([asked.id, again.id])
    assert (found["taken-on"], found["waiting"], found["delivered"]) == ([taken.id], [waits.id], [])
    assert "Reopened" in page.words()
    assert "Who has how much Who Open Overdue Waiting on it Mai 1 0 – Nobody yet 3" in page.words()


def test_reps_have_no_board(as_):
    assert as_("rep").get("/requests/board").status == 403
    assert as_("rep").post("/requests/board/move", data={"move": "1:asked:waiting"}).status == 403


def test_a_form_moves_a_card_and_keeps_the_filter(marketer, ask):
    browser, mai = marketer
    it = ask(kind="faq")
    answer = move(browser, it, "asked", "taken-on", query="?kind=faq&_external=1")
    assert (answer.status, answer.location) == (303, "/requests/board?kind=faq&_external=1")
    after = queries.by_number(it.id, lock=True)
    assert (after.state, after.assignee_id) == ("taken-on", mai.id)
    assert move(browser, it, "taken-on", "acknowledged").status == 303
    assert queries.by_number(it.id, lock=True).assignee_id is None


def test_the_script_is_given_the_card_anew(marketer, ask):
    it = ask()
    answer = move(marketer[0], it, "asked", "acknowledged", JSON)
    told = answer.response.json
    assert (answer.status, told["column"]) == (200, "acknowledged")
    assert f'data-number="{it.id}"' in told["card"]
    assert f"{it.id}:acknowledged:taken-on" in told["card"]


@pytest.mark.parametrize(
    ("to", "where"),
    [("waiting", "#wait"), ("delivered", "#deliver"), ("declined", "#decline")],
)
def test_what_needs_words_is_said_on_the_page_of_the_request(marketer, ask, to, where):
    it = ask()
    assert move(marketer[0], it, "asked", to).location == f"/requests/{it.id}{where}"
    told = move(marketer[0], it, "asked", to, JSON).response.json
    assert told == {"go": f"/requests/{it.id}{where}"}
    assert queries.by_number(it.id, lock=True).state == "asked"


def test_somebody_was_faster(marketer, entered, ask):
    browser, _ = marketer
    other, tom = entered("marketer", department="marketing", name="Tom")
    it = ask()
    assert move(other, it, "asked", "taken-on").status == 303
    page = move(browser, it, "asked", "acknowledged")
    assert page.status == 409
    assert "Somebody was faster" in page.words()
    assert cards(page)["taken-on"] == [it.id]  # the board as it is now
    answer = move(browser, it, "asked", "taken-on", JSON)
    told = answer.response.json
    assert (answer.status, told["column"]) == (409, "taken-on")
    assert "Somebody was faster" in told["why"]
    assert "Tom" in told["card"]
    assert queries.by_number(it.id, lock=True).assignee_id == tom.id


def test_a_card_that_left_the_board_meanwhile(marketer, ask):
    browser, mai = marketer
    it = ask()
    moving.move(acts(mai), it, Action.DECLINE, note="No.")
    assert move(browser, it, "asked", "taken-on", JSON).response.json["column"] == ""


def test_of_another_department_nothing_can_be_moved(entered, ask):
    browser, who = entered("contributor", department="product")
    it = ask(who, "Mine, for marketing")
    page = browser.get("/requests/board?tab=mine")
    assert cards(page)["asked"] == [it.id]
    assert "Move to" not in page.words()
    refused = move(browser, it, "asked", "taken-on")
    assert refused.status == 403
    assert "You can not move this one there." in refused.words()
    assert move(browser, it, "asked", "taken-on", JSON).status == 403


@pytest.mark.parametrize("said", ["", "x", "0:asked:waiting", "1:asked:\x00", "9" * 30])
def test_what_is_no_move(marketer, said):
    assert marketer[0].post("/requests/board/move", data={"move": said}).status == 422


def test_a_request_there_is_not(marketer):
    assert marketer[0].post(
        "/requests/board/move", data={"move": "99999:asked:taken-on"}
    ).status == 404  # fmt: skip


def test_a_long_column_shows_its_first_and_counts_all(marketer, ask, monkeypatch):
    monkeypatch.setattr(rules, "CARDS", 2)
    minh = make.user(department="sales")
    for number in range(5):
        ask(minh, f"No. {number}")
    browser, _ = marketer
    page = browser.get("/requests/board?kind=&tab=queue")
    assert len(cards(page)["asked"]) == 2
    assert "Asked 5" in page.words()
    assert "Show more" in page.words()
    assert len(cards(browser.get("/requests/board?more=asked"))["asked"]) == 5


def test_who_has_how_much_is_a_way_to_theirs(marketer, ask):
    browser, mai = marketer
    minh = make.user(department="sales")
    deal = make.deal(minh, amount=1000)
    first, second = ask(minh, "First", deal_id=deal.id), ask(minh, "Second", deal_id=deal.id)
    for it in (first, second):
        moving.move(acts(mai), it, Action.TAKE_ON)
    third = ask(minh, "Third")
    page = browser.get(f"/requests/board?assignee={mai.id}")
    assert sorted(cards(page)["taken-on"]) == [first.id, second.id]
    assert cards(page)["asked"] == []
    assert "Mai 2 0 €1K Nobody yet 1" in page.words()  # one deal, once
    assert cards(browser.get("/requests/board?assignee=nobody"))["asked"] == [third.id]


def test_few_statements_however_many_cards(marketer, ask, db):
    from sqlalchemy import event

    browser, _mai = marketer
    minh = make.user(department="sales")
    deal = make.deal(minh, amount=1000)

    def statements():
        seen = []
        listen = lambda *told: seen.append(told[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            for path in ("/requests/board", "/requests/?sort=weight"):
                assert browser.get(path).status == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    ask(minh, deal_id=deal.id, competitor="kestrel")
    few = statements()
    for number in range(12):
        ask(make.user(department="sales"), f"No. {number}", competitor="kestrel")
    assert statements() == few <= 40
