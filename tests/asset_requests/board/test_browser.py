"""The board in Chromium: a card dragged, one moved by the keyboard, one that somebody was faster with."""

import pytest

from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.app import create_app
from portal.asset_requests import queries
from portal.asset_requests.acting import Person
from portal.asset_requests.asking import service as asking
from portal.asset_requests.asking.rules import Draft
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action
from portal.config import Config
from portal.db import db
from tests.browser import Tab, demo
from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOM, LINH, LAN = "tom.reed", "linh.pham", "lan.nguyen"


def person(name):
    user = db.session.query(User).filter_by(email=f"{name}@tarvel.example").one()
    return Person(user.id, Role(user.role), user.department, user.team_id)


class Desk:
    """A demo whose requests are asked and moved beside the browser."""

    def __init__(self, live):
        self.live = live
        self.app = create_app(Config(data_dir=live.folder, secret_key="the demo keeps its own"))

    def ask(self, *titles):
        """The numbers of new requests."""
        with self.app.app_context():
            found = [
                asking.ask(person(LAN), Draft(t), token=f"browser-{t}", words=lambda _said: {}).id
                for t in titles
            ]
            db.session.commit()
        return found

    def move(self, name, number, action):
        with self.app.app_context():
            moving.move(person(name), queries.by_number(number, lock=True), action)
            db.session.commit()

    def state(self, number):
        with self.app.app_context():
            return queries.by_number(number).state


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with demo(tmp_path_factory.mktemp("desk")) as live:
        yield Desk(live)


@pytest.fixture
def tab(desk, engine):
    context = engine.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    found = Tab(context, desk.live.url)
    sign_in(found, f"{TOM}@tarvel.example", "en")
    yield found
    context.close()


def drag(page, number, column):
    """Take a card by its middle and let it go above a column, as a hand does."""
    card = page.locator(f"#r-{number} .card-foot").bounding_box()
    there = page.locator(f"section[data-column={column}]").bounding_box()
    page.mouse.move(card["x"] + 20, card["y"] + 5)
    page.mouse.down()
    page.mouse.move(card["x"] + 60, card["y"] + 20, steps=4)
    page.mouse.move(there["x"] + there["width"] / 2, there["y"] + 60, steps=8)
    page.mouse.up()


def where(page, number):
    return page.locator(f"section:has(#r-{number})").get_attribute("data-column")


def test_a_card_is_dragged(tab, desk):
    number, other = desk.ask("A card to drag", "A card to leave")
    tab.open("/requests/board?q=A+card+to")
    page = tab.page
    total = page.locator("section[data-column=asked] h2 .n")
    before = int(total.inner_text())
    with page.expect_response("**/requests/board/move*") as answer:
        drag(page, number, "taken-on")
    assert answer.value.status == 200
    page.wait_for_selector(f"section[data-column=taken-on] #r-{number}[data-state=taken-on]")
    assert "Tom Reed" in page.locator(f"#r-{number}").inner_text()
    assert int(total.inner_text()) == before - 1
    assert desk.state(number) == "taken-on"
    # let go where it can not be: back it goes, and nothing is asked of the server
    drag(page, other, "asked")
    assert where(page, other) == "asked"
    # what needs words is said on the page of the request
    with page.expect_request("**/requests/*") as asked:
        drag(page, other, "waiting")
    assert asked.value.url.split("#")[0].endswith(f"/requests/{other}?do=wait")
    page.locator("#note-wait").wait_for()  # the form of the question is open
    assert desk.state(other) == "asked"


def test_a_card_is_moved_by_keyboard(tab, desk):
    first, _second = desk.ask("First by key", "Second by key")
    tab.open("/requests/board?q=by+key")
    page = tab.page
    page.locator(".board .card").first.focus()
    focused = "document.activeElement.id"
    one = page.evaluate(focused)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) != one
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == one == f"r-{first}"
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    assert "Taken on" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowUp")
    with page.expect_response("**/requests/board/move*"):
        page.keyboard.press("Enter")
    page.wait_for_selector(f"section[data-column=acknowledged] #r-{first}[data-state=acknowledged]")
    page.locator("#moved", has_text="Moved to: Seen").wait_for(state="attached")
    assert page.evaluate(focused) == f"r-{first}"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) != f"r-{first}"
    assert desk.state(first) == "acknowledged"
    assert tab.axe() == []
    tab.check()


def test_somebody_was_faster(tab, desk):
    (number,) = desk.ask("A card two want")
    tab.open("/requests/board?q=two+want")
    page = tab.page
    desk.move(LINH, number, Action.TAKE_ON)
    drag(page, number, "acknowledged")
    page.wait_for_selector(".toast")
    assert "Somebody was faster" in page.locator(".toast").first.inner_text()
    assert where(page, number) == "taken-on"  # where it is by now
    assert "Phạm Khánh Linh" in page.locator(f"#r-{number}").inner_text()
