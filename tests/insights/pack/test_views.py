"""The page of a pack: who reads, who writes, who sends, and what two who write at once see."""

from datetime import date, timedelta

import pytest

from portal.db import db as _db
from portal.insights.pack import queries, rules, service
from portal.insights.pack.models import PackAction
from portal.insights.pack.rules import Kind
from tests.insights.pack.conftest import NOW, WEDNESDAY, use
from tests.insights.pack.test_facts import WEEK, ZONE, act

PAGE = "/insights/pack/week/2026-11-23"


def test_monday_opens_the_week_that_is_over(client, week, lan):
    page = client.sign_in(lan).get("/insights/pack")
    words = page.words()
    assert page.status == 200
    for said in ("Nov 23", "Kestrel", "+6.2", "+1.2", "+11.2", "SAP connector", "Not this one"):
        assert said in words
    assert "77,777" not in words
    assert "Send it" not in words.replace("Send it to me", "")
    assert PAGE.replace("23", "16") in page.links()


@pytest.mark.parametrize(
    ("language", "when", "asset"),
    [
        ("en", "Nov 23 – 29, 2026", "Tarvel Gate"),
        ("vi", "23 – 29 thg 11, 2026", "Cổng Tarvel"),
        ("ru", "23—29 нояб. 2026 г.", "Tarvel Gate"),
    ],
)
@pytest.mark.usefixtures("week")
def test_each_reads_it_in_their_language(client, lan, language, when, asset):
    lan.language = language
    page = client.sign_in(lan).get("/insights/pack")
    assert page.tree.get("lang") == language
    assert when in page.words().replace("\u2009", " ")
    assert asset in page.words()


@pytest.mark.parametrize("first", ["week/2026-11-24", "week/2026-12-07", "year/2026-01-01", "x/y"])
def test_there_is_no_pack_of_another_time(client, lan, first):
    client.sign_in(lan)
    assert client.get(f"/insights/pack/{first}").status == 404
    assert client.post(f"/insights/pack/{first}/actions/1").status == 404


def test_the_running_month_is_shown_and_can_not_be_sent_yet(client, week, quoc):
    client.sign_in(quoc)
    page = client.get("/insights/pack/month/2026-11-01")
    assert "So far" in page.words()
    assert client.post("/insights/pack/month/2026-11-01/send").status == 409
    assert queries.archive_size() == 0


def test_a_manager_sends_it_and_it_stays_as_it_was(client, week, quoc, lan):
    _, sheet = week
    client.sign_in(quoc)
    assert client.post(f"{PAGE}/send").status == 303
    for _ in range(9):
        use(sheet, quoc, at=WEDNESDAY)
    _db.session.commit()
    words = client.get(PAGE).words()
    assert "7 uses by 3 people" in words
    assert " uses, before " in words  # the bar of the time before has its own number
    assert "As it was sent on" in words
    assert "by Quốc" in words
    archive = client.get("/insights/pack/archive")
    assert PAGE in archive.links()
    notice = client.get("/desk/notices").words()
    assert "The Monday pack for the week from Nov 23, 2026 is here" in notice


def test_two_write_minutes_at_once_and_both_texts_are_shown(client, visitor, quoc, tom):
    one, other = client.sign_in(quoc), visitor().sign_in(tom)
    sent = {"minutes": "Quốc's words", "version": "0"}
    assert one.post(f"{PAGE}/minutes", data=sent).status == 303
    late = other.post(f"{PAGE}/minutes", data={"minutes": "Tom's words", "version": "0"})
    assert late.status == 409
    assert late.words(".//div[@class='pack-text']") == "Quốc's words"
    assert late.tree.find(".//textarea").text.strip() == "Tom's words"
    version = late.tree.find(".//input[@name='version']").get("value")
    both = {"minutes": "Quốc's words\nTom's words", "version": version}
    assert other.post(f"{PAGE}/minutes", data=both).status == 303
    assert queries.pack(WEEK).minutes == "Quốc's words\nTom's words"


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "²"])
def test_any_version_is_fine(client, quoc, version):
    client.sign_in(quoc)
    sent = {"minutes": "x\x00y", "version": version}
    assert client.post(f"{PAGE}/minutes", data=sent).status == 409
    assert client.post(f"{PAGE}/minutes", data={"minutes": "x" * 20_001}).status == 422


def test_an_action_is_added_carried_over_and_done(client, visitor, quoc, lan):
    client.sign_in(quoc)
    last = f"{rules.before(WEEK).first}"
    sent = {"words": "Write to Kestrel", "owner": lan.id, "due_on": "2026-12-01", "once": "t"}
    for _ in range(2):
        assert client.post(f"/insights/pack/week/{last}/actions", data=sent).status == 303
    (made,) = _db.session.query(PackAction).all()
    page = client.get(PAGE)
    assert "Write to Kestrel" in page.words()
    assert f"/insights/pack/week/{last}" in page.links()
    owner = visitor().sign_in(lan)
    assert owner.post(f"{PAGE}/actions/{made.id}", data={"done": "1"}).status == 303
    assert "Write to Kestrel" not in client.get(PAGE).words()
    assert "done on" in client.get(f"/insights/pack/week/{last}").words()


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""}, {"words": "x" * 301}, {"owner": "9999999999999999999999"}, {"owner": "x"},
        {"due_on": "2026-11-29"}, {"due_on": "2099-01-01"}, {"due_on": "0000"}, {"due_on": ""},
    ],
)  # fmt: skip
def test_what_was_typed_of_a_wrong_action_is_kept(client, quoc, wrong):
    client.sign_in(quoc)
    sent = {"words": "Kept words", "owner": quoc.id, "due_on": "2026-12-01", "once": "t"} | wrong
    page = client.post(f"{PAGE}/actions", data=sent)
    assert page.status == 422
    if "words" not in wrong:
        assert page.tree.find(".//input[@name='words']").get("value") == "Kept words"
    assert page.tree.find(".//p[@class='error']") is not None
    assert _db.session.query(PackAction).count() == 0


def test_a_late_action_is_to_be_decided(client, monkeypatch, quoc):
    act(WEEK, "Write to Kestrel", quoc)
    monkeypatch.setattr("portal.clock.now", lambda: NOW + timedelta(days=7))
    page = client.sign_in(quoc).get("/insights/pack")
    assert "“Write to Kestrel” is late" in page.words()


def test_actions_of_a_sent_pack_are_those_it_was_sent_with(client, quoc, monkeypatch):
    act(WEEK, "Before sending", quoc)
    monkeypatch.setattr("portal.clock.now", lambda: NOW + timedelta(hours=1))
    service.send(WEEK, ZONE, user_id=quoc.id)
    monkeypatch.setattr("portal.clock.now", lambda: NOW + timedelta(hours=2))
    act(WEEK, "In the meeting", quoc)
    act(rules.span_of(Kind.MONTH, date(2026, 10, 1)), "Elsewhere", quoc)
    words = client.sign_in(quoc).get(PAGE).words()
    assert "Before sending" in words
    assert "In the meeting" in words
    assert "Elsewhere" not in words


def test_who_is_no_manager_can_have_it_and_no_longer(client, lan):
    client.sign_in(lan)
    client.post("/insights/pack/wish", data={"wants": "1"})
    assert queries.reader(lan.id) is not None
    client.post("/insights/pack/wish", data={"wants": "0"})
    assert queries.reader(lan.id) is None


def test_a_manager_lets_it_go_out_by_itself(client, quoc):
    client.sign_in(quoc)
    assert client.post("/insights/pack/switch", data={"kind": "week", "on": "1"}).status == 303
    assert "switched on by Quốc" in client.get("/insights/pack").words()
    assert client.post("/insights/pack/switch", data={"kind": "year", "on": "1"}).status == 422
    client.post("/insights/pack/switch", data={"kind": "week", "on": "0"})
    assert queries.schedules() == {}


def test_the_archive_is_empty_at_first(client, lan):
    assert "No pack was sent yet" in client.sign_in(lan).get("/insights/pack/archive").words()


def test_time_changes_nothing_of_what_was_sent_to_be_decided(client, quoc, monkeypatch):
    act(WEEK, "Write to Kestrel", quoc)
    monkeypatch.setattr("portal.clock.now", lambda: NOW + timedelta(hours=1))
    service.send(WEEK, ZONE, user_id=quoc.id)
    monkeypatch.setattr("portal.clock.now", lambda: NOW + timedelta(days=9))
    page = client.sign_in(quoc).get(PAGE)
    assert "is late: still wanted" not in page.words()
    assert "late" in page.words(".//ul[@class='pack-actions']")
