"""One request through a weekend, a public holiday and a pause: what is said, reminded and counted."""

from collections import Counter
from datetime import datetime

import pytest
from sqlalchemy import select

from portal import clock
from portal.asset_requests import duties
from portal.db import db as _db
from portal.library.notices.models import Notice
from portal.library.notices.rules import Topic
from portal.search import service as search
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make

ZONE = "Asia/Ho_Chi_Minh"
ASKED = {"title": "What about hail?", "kind": "faq", "department": "marketing", "once": "hail"}


@pytest.fixture
def card(app, db, tmp_path, monkeypatch):
    """A published answer, in an index of its own; the company is at home in Sài Gòn."""
    settings = app.config["PORTAL"].model_copy(update={"timezone": ZONE})
    monkeypatch.setitem(app.config, "PORTAL", settings)
    finder = Finder(WhooshEngine(tmp_path / "index"))
    monkeypatch.setitem(app.extensions, "arsenal.finder", finder)
    made = make.asset("hail", kind="faq")
    make.text(made, title="What about hail?", body="## Hail\n\nIt bounces.\n")
    db.session.commit()
    search.drain(finder.engine)
    return made


class Walk:
    """Two people and a clock; each visit is a browser of its own, as days lie in between."""

    def __init__(self, visitor, monkeypatch, rep, marketer):
        self.visitor, self.patch = visitor, monkeypatch
        self.rep, self.marketer = rep, marketer
        self.page = ""

    def at(self, text):
        """Set the time, and let the worker do its round."""
        moment = datetime.fromisoformat(f"2027-{text}+07:00")
        self.patch.setattr(clock, "now", lambda: moment)
        duties.watch(ZONE)
        _db.session.commit()

    def does(self, who, move, **data):
        answer = self.visitor().sign_in(who).post(f"{self.page}/{move}", data=data)
        assert answer.status == 303, answer.words()

    def sees(self, who):
        return self.visitor().sign_in(who).get(self.page).words().replace("\u202f", " ")

    def asks(self):
        answer = self.visitor().sign_in(self.rep).post("/requests/new", data=ASKED)
        self.page = answer.location

    def reminded(self):
        """How often each was reminded of what, so far."""
        found = _db.session.scalars(select(Notice).order_by(Notice.id))
        names = {self.rep.id: "rep", self.marketer.id: "marketer"}
        topics = {Topic.REQUEST_DUE.value, Topic.REQUEST_OVERDUE.value}
        return Counter((names[it.user_id], it.topic) for it in found if it.topic in topics)

    def ledger(self, month):
        page = self.visitor().sign_in(self.rep).get(f"/requests/ledger?month={month}")
        tables = [t for t in page.tree.iter("table") if "ledger" in t.get("class")]
        heads = [h for h in page.tree.iter("h3") if (h.get("id") or "").startswith("b-")]
        rows = [t.find(".//tbody/tr") for t in tables]
        cells = [["".join(c.itertext()).strip() for c in row.iter("td")] for row in rows]
        return {h.get("id")[2:]: row for h, row in zip(heads, cells, strict=True)}


@pytest.fixture
def walk(visitor, monkeypatch, card, lan, tom):
    return Walk(visitor, monkeypatch, lan, tom)


def test_the_clocks_through_weekend_pause_and_holiday(walk, card):
    lan, tom = walk.rep, walk.marketer
    walk.at("08-27T15:00")  # a Friday
    walk.asks()
    said = walk.sees(lan)
    assert "due on Mon 30 Aug, 3:00 PM" in said  # to acknowledge: eight working hours
    assert "due on Wed 1 Sep, 3:00 PM" in said  # to deliver: twenty-four
    walk.at("08-29T10:00")
    assert "due tomorrow 3:00 PM" in walk.sees(lan)
    assert walk.reminded() == {}
    for _ in range(2):
        walk.at("08-30T11:30")
        assert "due in 2 working hours" in walk.sees(tom)
        assert walk.reminded() == {("marketer", "request_due"): 1}
    walk.at("08-30T14:00")
    walk.does(tom, "moves/acknowledge")
    walk.at("08-31T10:00")
    walk.does(tom, "moves/take-on")
    walk.at("09-01T10:00")  # twenty hours are used, four are left
    walk.does(tom, "moves/wait", note="Hail of which size?")
    said = walk.sees(lan)
    assert "paused: waits for an answer" in said
    assert "due on Mon 6 Sep, 10:00 AM" in said  # for the answer: over two holidays and a weekend
    walk.at("09-03T12:00")
    assert "due on Mon 6 Sep, 10:00 AM" in walk.sees(tom)
    walk.at("09-06T10:30")
    assert "overdue since a short while" in walk.sees(lan)
    assert walk.reminded() == {
        ("marketer", "request_due"): 1, ("rep", "request_due"): 1, ("rep", "request_overdue"): 1
    }  # fmt: skip
    walk.at("09-06T11:00")
    walk.does(lan, "moves/answer", note="Of hens' eggs.")
    assert "due in 4 working hours" in walk.sees(tom)
    walk.at("09-06T15:30")
    assert "due in 30 minutes" in walk.sees(tom)
    assert walk.reminded()["marketer", "request_due"] == 2
    walk.does(tom, "deliver", asset="hail")
    assert "due on Mon 20 Sep" in walk.sees(lan)  # to try it: fourteen days, whole ones
    walk.at("09-19T09:00")
    assert "due tomorrow" in walk.sees(lan)
    walk.at("09-20T23:00")
    assert "due today" in walk.sees(lan)
    assert walk.reminded()["rep", "request_overdue"] == 1
    walk.at("09-21T09:00")
    assert "overdue by 1 day" in walk.sees(lan)
    assert walk.reminded() == {
        ("marketer", "request_due"): 2, ("rep", "request_due"): 2, ("rep", "request_overdue"): 2
    }  # fmt: skip
    walk.does(lan, "moves/accept")
    assert "overdue by 1 day" in walk.sees(lan)  # accepted, and not rated yet
    make.rating(lan, card, 5)
    walk.at("09-21T10:00")
    assert "due" not in walk.sees(lan)
    august, september = walk.ledger("2027-08"), walk.ledger("2027-09")
    assert {name: row[:2] for name, row in august.items()} == {
        "acknowledge": ["1", "0"], "deliver": ["1", "0"]
    }  # fmt: skip
    assert august["acknowledge"][4] == "7 h"
    assert august["deliver"][4] == "23.5 h"
    assert {name: row[:2] for name, row in september.items()} == {
        "context": ["0", "1"], "try": ["0", "1"], "rate": ["0", "1"]
    }  # fmt: skip
    assert september["context"][4] == "9 h"
