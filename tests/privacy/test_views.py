"""What is kept of oneself and why, all of it as a file, and a person erased by an admin."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit.models import AuditEntry
from tests import make


def test_it_says_what_is_kept_by_the_settings(app, as_, monkeypatch):
    client = as_("rep")
    words = client.get("/privacy").words()
    assert "After 2 years it is forgotten who searched" in words
    assert "After 3 years it is forgotten who it was" in words
    assert "Deleted 1 year after you read them" in words
    assert "Erase a person" not in words
    others = app.config["PORTAL"].model_copy(
        update={"keep_searches_months": 0, "keep_uses_months": 7, "keep_notices_months": 1}
    )
    monkeypatch.setitem(app.config, "PORTAL", others)
    words = client.get("/privacy").words()
    assert "As long as the portal is used." in words
    assert "After 7 months it is forgotten who it was" in words
    assert "Deleted 1 month after you read them" in words


def test_ones_own_data_are_a_file(client, db):
    lan, other = make.user("lan@example.com", name="Lan"), make.user("an@example.com", name="An")
    client.sign_in(lan)
    assert "/privacy" in client.get("/account").links()
    assert "/account/data" in client.get("/privacy").links()
    with client.app.app_context():
        answer = client.raw.get("/account/data")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    assert len(answer.data) == answer.content_length
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert [row["email"] for row in json.loads(archive.read("users.json"))] == [lan.email]
        assert len(json.loads(archive.read("sessions.json"))) == 1
    told = db.session.execute(
        select(AuditEntry.actor, AuditEntry.key).where(AuditEntry.action == "user.exported")
    ).all()
    assert [tuple(row) for row in told] == [(lan.id, str(lan.id))]
    assert other.id != lan.id


@pytest.fixture
def admin(client, db):
    person = make.user("an@example.com", name="Nguyễn An", role="admin")
    client.sign_in(person)
    return person


def erase(client, email, **told):
    return client.post("/privacy/erase", data={"email": email, "again": email, **told})


def test_an_admin_erases_a_person(client, db, admin):
    lan = make.user("lan@example.com", name="Lan")
    db.session.commit()
    assert "/privacy/erase" in client.get("/privacy").links()
    assert 'value="lan@example.com"' in client.get("/privacy/erase?email=lan@example.com").text
    page = erase(client, "LAN@example.com")
    assert (page.status, page.location) == (303, f"/privacy/erase?done={lan.id}")
    assert f"under the number {lan.id}" in client.get(page.location).words()
    db.session.expire_all()
    assert (db.session.get(User, lan.id).name, db.session.get(User, lan.id).active) == ("—", False)
    told = select(AuditEntry.actor).where(AuditEntry.action == "user.erased")
    assert db.session.scalars(told).all() == [admin.id]
    assert "under the number" not in client.get("/privacy/erase?done=x").words()


def test_what_can_not_be_is_said_at_the_field(client, db, admin):
    lan = make.user("lan@example.com", name="Lan")
    make.user("rep@example.com")
    make.deal(lan)
    db.session.commit()
    for said, told in (
        ("Nobody has this e-mail.", ("who@example.com", {})),
        ("Another admin erases you.", ("an@example.com", {})),
        ("The two e-mails differ.", ("lan@example.com", {"again": "x"})),
        ("own 1 open deals: say who takes them on", ("lan@example.com", {})),
        ("Nobody has this e-mail.", ("lan@example.com", {"heir": "who@example.com"})),
        ("Please fill this in.", ("", {})),
    ):
        page = erase(client, told[0], **told[1])
        assert (page.status, said in page.words()) == (422, True), said
    make.asset("owned", owner_id=lan.id)
    db.session.commit()
    page = erase(client, "lan@example.com", heir="rep@example.com")
    assert (page.status, "Choose somebody else" in page.words()) == (422, True)
    db.session.expire_all()
    assert db.session.get(User, lan.id).active
    assert erase(client, "lan@example.com", heir="an@example.com").status == 303


def test_erasing_is_for_admins(as_):
    client = as_("manager")
    assert client.get("/privacy/erase").status == 403
    assert erase(client, "lan@example.com").status == 403


def test_the_page_of_a_person_leads_there(client, db, admin, visitor):
    lan = make.user("lan@example.com", name="Lan")
    db.session.commit()
    links = client.get(f"/people/{lan.id}").links()
    assert "/privacy/erase?email=lan@example.com" in links
    assert "/audit?kind=user&key=lan@example.com" in links
    assert client.get("/audit?kind=user&key=lan@example.com").status == 200
    boss = visitor().sign_in(make.user("boss@example.com", role="manager"))
    assert "/privacy/erase" not in boss.get(f"/people/{lan.id}").text
