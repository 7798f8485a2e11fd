"""The page of the audit log: in words, searchable, page by page, as files, and whether it is good."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from portal import clock
from portal.accounts import service as accounts
from portal.accounts.auditing import presenting, views
from portal.accounts.rules import Role
from portal.audit import service
from portal.audit.checking import Finding, Report, Trouble
from portal.audit.models import AuditEntry, AuditHead
from tests import make


@pytest.fixture
def admin(client, db):
    person = make.user("an@example.com", name="Nguyễn An", role="admin")
    client.sign_in(person)
    return person


def test_what_was_done_is_told_in_words(client, db, admin):
    lan = make.user("lan@example.com", name="Lan", role="rep")
    service.record(
        "user.role_changed", kind="user", key=lan.id, before={"role": "rep", "same": 1},
        after={"role": "manager", "same": 1, "email": "new@example.com"}, actor=admin.id,
    )  # fmt: skip
    service.record("asset.retire", kind="asset", key="kestrel", actor=admin.id)
    service.record("odd.thing", kind="odd", key="", before={"x": [1]})
    db.session.commit()
    page = client.get("/audit")
    words = page.words()
    assert "Role changed Nguyễn An" in words
    assert "Person: Lan" in words
    assert "role : rep → manager" in words
    assert "email : new@example.com" in words
    assert "same" not in words
    assert "/desk/kestrel" in page.links()
    assert "odd.thing The command line" in words
    assert "[1]" in words
    assert "All 4 entries are as they were written." in words
    assert "4:" in words  # the head


def test_what_was_read_is_told(app, db):
    with app.test_request_context("/audit"):
        assert presenting.verdict(Report(), 0).said == "Nothing has been written yet."
        one = presenting.verdict(Report(entries=1), 1)
        assert one.said == "The one entry is as it was written."
        assert "The newest 5 of 9" in presenting.verdict(Report(entries=5), 9).said


def test_a_forged_log_is_told(client, db, admin):
    service.record("user.added", kind="user", key="1")
    db.session.commit()
    db.session.execute(update(AuditHead).values(sequence=9))
    db.session.commit()
    words = client.get("/audit").words()
    assert "The log is not as it was written." in words
    assert "№ 3–9: was cut off at the end" in words


def test_findings_are_told_by_their_places(app, db):
    found = [Finding(Trouble.HIDDEN, 0, 3), Finding(Trouble.MOVED, 2, 5)]
    with app.test_request_context("/audit"):
        said = presenting.verdict(Report(findings=found), 9).findings
    assert said[0].startswith("№ 3: lost names")
    assert said[1] == "№ 2: stands where it was not written"


def found(client, **told):
    query = "&".join(f"{name}={value}" for name, value in told.items())
    page = client.get(f"/audit?{query}")
    assert page.status == 200
    heads = [h for li in page.tree.iter("li") for h in li.findall("h2")]
    return ["".join(head.itertext()) for head in heads]


def test_it_is_looked_through(client, db, admin):
    lan = make.user("lan@example.com", name="Đặng Lan", role="rep")
    service.record("goal.set", kind="goal", key="1", actor=lan.id)
    service.record("user.deactivated", kind="user", key=lan.id, actor=admin.id)
    db.session.commit()
    assert found(client) == ["Person deactivated", "Goal set", "Signed in"]
    assert found(client, who="lan") == ["Goal set"]
    assert found(client, who="Đặng") == ["Goal set"]
    assert found(client, who="LAN@example.com") == ["Goal set"]
    assert found(client, who="nobody at all") == ["Nothing found"]
    assert found(client, action="user.deactivated") == ["Person deactivated"]
    assert found(client, kind="goal") == ["Goal set"]
    assert found(client, key="1", kind="goal") == ["Goal set"]
    assert found(client, key="lan@example.com") == ["Person deactivated"]
    assert found(client, request="none") == ["Nothing found"]
    today = clock.now().date()
    assert len(found(client, since=today - timedelta(days=1), until=today + timedelta(days=1))) == 3
    assert found(client, until=today - timedelta(days=2)) == ["Nothing found"]
    for odd in ("x", "0001-01-01", "9999-12-31", "%00", "2026-13-01"):
        assert len(found(client, since=odd, before=odd)) == 3


def test_pages_follow_each_other(client, db, admin, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    for number in range(4):
        service.record("goal.set", kind="goal", key=number)
    db.session.commit()
    page = client.get("/audit?kind=goal")
    assert "/audit?kind=goal&before=4" in page.links()
    page = client.get("/audit?kind=goal&before=4")
    assert "№ 3" in page.words()
    assert "№ 4" not in page.words()
    assert "/audit?kind=goal" in page.links()


def test_it_is_taken_along_and_that_is_kept_too(client, db, admin):
    service.record("user.added", kind="user", key=admin.id, after={"name": "=1+1"}, actor=admin.id)
    db.session.commit()
    rows = list(csv.DictReader(io.StringIO(client.get("/audit?format=csv").text.lstrip("\ufeff"))))
    assert [row["action"] for row in rows] == ["user.added", "session.started"]
    assert rows[0]["after"] == '{"name": "=1+1"}'
    assert rows[0]["who"] == "Nguyễn An"
    told = json.loads(client.get("/audit?format=json&action=data.exported").text)
    assert [row["after"] for row in told["rows"]] == ['{"format": "csv", "rows": 2}']
    assert [row["who"] for row in told["rows"]] == ["Nguyễn An"]


@pytest.mark.parametrize("role", ["rep", "marketer", "manager"])
def test_it_is_for_admins(as_, role):
    client = as_(role)
    assert client.get("/audit").status == 403
    assert "Audit log" not in client.get("/account").text


def test_admins_have_it_in_their_menu(client, admin):
    assert "/audit" in client.get("/account").links()


def test_somebody_erased_is_a_number(client, db, admin):
    from portal.accounts import erasing

    lan = make.user("lan@example.com", name="Lan", role="rep")
    service.record("goal.set", kind="goal", key="1", actor=lan.id)
    erasing.erase(lan)
    db.session.commit()
    assert f"Person {lan.id}, erased" in client.get("/audit?kind=goal").words()


def test_signing_in_is_told(app, db, visitor):
    accounts.add_user("lan@example.com", name="Lan", role=Role.REP, password="a long password")
    db.session.commit()
    browser = visitor()
    browser.post("/sign-in", data={"email": "lan@example.com", "password": "wrong"})
    browser.post("/sign-in", data={"email": "who@example.com", "password": "wrong"})
    browser.post("/sign-in", data={"email": "lan@example.com", "password": "a long password"})
    told = db.session.execute(
        text("SELECT action, via, actor IS NULL FROM audit_entries ORDER BY sequence")
    ).all()
    assert [tuple(row) for row in told] == [
        ("user.added", "command", True), ("session.refused", "web", True),
        ("session.refused", "web", True), ("session.started", "web", False),
    ]  # fmt: skip
    keys = db.session.scalars(
        AuditEntry.__table__.select().with_only_columns(AuditEntry.key).order_by("sequence")
    ).all()
    assert keys[1] == keys[0] != ""
    assert keys[2] == ""
    assert service.verify().good
