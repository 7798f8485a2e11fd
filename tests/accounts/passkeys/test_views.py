"""Passkeys as the server sees them: added, shown, confirmed with; lies refused with a page."""

import json
from datetime import timedelta

import pytest

from portal import clock
from portal.accounts import passwords
from portal.accounts.factors import queries as factors
from portal.accounts.models import SignInSession
from portal.accounts.passkeys import rules, service
from portal.accounts.passkeys.models import Passkey
from portal.audit.models import AuditEntry
from tests import make
from tests.accounts.passkeys.device import PRESENT, Device

PASSWORD = "correct horse 42"


@pytest.fixture(autouse=True)
def _site(app, monkeypatch):
    config = app.config["PORTAL"].model_copy(update={"base_url": "http://localhost:8000"})
    monkeypatch.setitem(app.config, "PORTAL", config)


@pytest.fixture(scope="session")
def hashed():
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def mai(db, hashed):
    user = make.user("mai@example.com", name="Đỗ Thanh Mai", password_hash=hashed)
    db.session.commit()
    return user


def options(page):
    (form,) = [it for it in page.tree.iter("form") if it.get("data-passkey")]
    return json.loads(form.get("data-options"))


def add(client, device, name="My phone"):
    told = options(client.get("/account/passkeys/new"))
    return client.post("/account/passkeys/new", data={"answer": device.make(told), "name": name})


@pytest.fixture
def phone(client, visitor, mai):
    """Mai's phone; her browser is signed out again."""
    device, browser = Device(), visitor().sign_in(mai)
    assert add(browser, device).location == "/account/factors?done=first"
    browser.post("/sign-out")
    return device


def sign_in(client, device, **lies):
    told = options(client.get("/sign-in/passkey?next=/library"))
    data = {"answer": device.show(told, **lies), "next": "/library"}
    return client.post("/sign-in/passkey", data=data)


def test_a_passkey_signs_in_without_a_password(client, db, mai, phone):
    page = client.get("/sign-in")
    assert "/sign-in/passkey" in page.links()
    told = options(client.get("/sign-in/passkey"))
    assert told["allowCredentials"] == []
    assert told["userVerification"] == "required"
    page = sign_in(client, phone)
    assert (page.status, page.location) == (303, "/library")
    assert "mai@example.com" in client.get("/account").words()
    assert db.session.query(Passkey).one().sign_count == 1


def test_what_is_asked_for_a_new_key(client, mai):
    client.sign_in(mai)
    told = options(client.get("/account/passkeys/new"))
    assert told["rp"] == {"name": "Arsenal", "id": "localhost"}
    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert len(told["user"]["id"]) == 43
    assert "mai" not in told["user"]["id"]


def lie_origin(device):
    device.origin = "https://evil.example"


def lie_port(device):
    device.origin = "http://localhost:8001"


def lie_site(device):
    device.site = "evil.example"


def lie_unverified(device):
    device.flags = PRESENT


def lie_absent(device):
    device.flags = 0


def lie_key(device):
    device.key = Device().key


def lie_id(device):
    device.id = b"another"


def lie_handle(device):
    device.handle = b"another"


LIES = [lie_origin, lie_port, lie_site, lie_unverified, lie_absent, lie_key, lie_id, lie_handle]


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_device_stays_out(client, db, mai, phone, lie):
    lie(phone)
    page = sign_in(client, phone)
    assert page.status == 422
    assert "This passkey is not known here." in page.words()
    assert client.get("/account").status == 303


@pytest.mark.parametrize("lie", [lie_origin, lie_port, lie_site, lie_unverified, lie_absent])
def test_a_lying_device_adds_no_key(client, db, mai, lie):
    client.sign_in(mai)
    device = Device()
    lie(device)
    page = add(client, device)
    assert page.status == 422
    assert "can not be added" in page.words()
    assert db.session.query(Passkey).count() == 0


def test_an_answer_to_another_question_is_refused(client, mai, phone):
    assert sign_in(client, phone, challenge=service.challenge()).status == 422
    told = options(client.get("/sign-in/passkey"))
    answer = phone.show(told)
    client.get("/sign-in/passkey")  # asked anew: the question before is worth nothing
    assert client.post("/sign-in/passkey", data={"answer": answer}).status == 422


def test_an_answer_works_once(client, visitor, mai, phone, db):
    told = options(client.get("/sign-in/passkey"))
    with client.raw.session_transaction() as cookie:
        copied = dict(cookie)
    answer = phone.show(told)
    assert client.post("/sign-in/passkey", data={"answer": answer}).status == 303
    db.session.query(Passkey).update({"sign_count": 0})  # as of a key that does not count
    db.session.commit()
    thief = visitor()
    with thief.raw.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.post("/sign-in/passkey", data={"answer": answer}).status == 422
    assert thief.get("/account").status == 303


def test_a_question_of_one_page_is_none_of_another(client, mai, phone):
    client.sign_in(mai)
    told = options(client.get("/confirm/passkey"))
    answer = phone.show(told)
    client.post("/sign-out")
    assert client.post("/sign-in/passkey", data={"answer": answer}).status == 422


def test_a_question_does_not_wait_for_ever(client, mai, phone, monkeypatch):
    told = options(client.get("/sign-in/passkey"))
    later = clock.now() + rules.LIFE
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post("/sign-in/passkey", data={"answer": phone.show(told)}).status == 422


def test_a_counter_that_went_back_is_told_and_written_down(client, db, mai, phone):
    phone.count = 7
    assert sign_in(client, phone).status == 303
    client.post("/sign-out")
    phone.count = 4
    page = sign_in(client, phone)
    assert page.status == 422
    assert "may have been copied" in page.words()
    assert client.get("/account").status == 303
    found = db.session.query(AuditEntry).filter_by(action="user.passkey_doubled").one()
    assert found.kind == "passkey"


def test_a_key_that_does_not_count_is_fine(client, mai, phone):
    for _ in range(2):
        phone.count = -1
        assert sign_in(client, phone).status == 303
        client.post("/sign-out")


BROKEN = ["", "x", "{}", "[]", "7", '"x"', "null", "[" * 5000, '{"id": "a"}', "é", "x" * 30_000]
BROKEN += ['{"id": "QQ", "rawId": "QQ", "type": "public-key", "response": {}}']
BROKEN += ['{"id": "QQ", "rawId": "QQ", "type": "public-key", "response": []}']
BROKEN += ['{"id": 1, "response": {"userHandle": 2}}', "a\0b"]


@pytest.mark.parametrize("answer", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_answer_is_refused(client, mai, phone, answer):
    client.get("/sign-in/passkey")
    assert client.post("/sign-in/passkey", data={"answer": answer}).status == 422
    client.sign_in(mai)
    client.get("/account/passkeys/new")
    data = {"answer": answer, "name": "x"}
    assert client.post("/account/passkeys/new", data=data).status == 422


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", ["", "AAAA", "é", 7, None, "A" * 5000])
def test_what_is_partly_no_answer_is_refused(client, mai, phone, part, value):
    answer = json.loads(phone.show(options(client.get("/sign-in/passkey"))))
    answer["response"][part] = value
    page = client.post("/sign-in/passkey", data={"answer": json.dumps(answer)})
    assert page.status == (303 if (part, value) == ("userHandle", None) else 422)


def test_nobody_inactive_comes_in(client, db, mai, phone):
    mai.active = False
    db.session.commit()
    assert sign_in(client, phone).status == 422


def test_a_key_is_somebodys_alone(client, visitor, db, mai, phone):
    other = visitor().sign_in(make.user("tom@example.com"))
    db.session.commit()
    page = add(other, phone)
    assert page.status == 422
    assert db.session.query(Passkey).one().user_id == mai.id


def test_after_the_password_a_passkey_is_the_second_factor(client, db, mai, phone):
    form = {"email": "mai@example.com", "password": PASSWORD, "next": "/library"}
    assert client.post("/sign-in", data=form).location == "/sign-in/second"
    assert "Use a passkey" in client.get("/sign-in/second").words()
    assert client.get("/account").status == 303
    told = options(client.get("/sign-in/passkey"))
    assert len(told["allowCredentials"]) == 1
    page = client.post("/sign-in/passkey", data={"answer": phone.show(told)})
    assert (page.status, page.location) == (303, "/library")


def test_half_in_as_one_nobody_comes_in_as_another(client, visitor, db, phone):
    tom = make.user("tom@example.com")
    db.session.commit()
    device, browser = Device(), visitor().sign_in(tom)
    add(browser, device)
    form = {"email": "mai@example.com", "password": PASSWORD}
    client.post("/sign-in", data=form)
    told = options(client.get("/sign-in/passkey"))
    page = client.post("/sign-in/passkey", data={"answer": device.show(told)})
    assert page.status == 422
    assert client.get("/account").status == 303


def stale(db):
    db.session.query(SignInSession).update({"confirmed_at": clock.now() - timedelta(hours=1)})
    db.session.commit()


def test_a_passkey_confirms_who_it_is(client, db, mai, phone):
    client.sign_in(mai)
    stale(db)
    assert client.post("/account/passkeys/1/removed").status == 401
    page = client.get("/account/passkeys/new")
    assert page.location.startswith("/confirm")
    assert "/confirm/passkey" in client.get(page.location).links()
    told = options(client.get("/confirm/passkey"))
    page = client.post("/confirm/passkey", data={"answer": phone.show(told)})
    assert (page.status, "It is you" in page.words()) == (200, True)
    assert client.get("/account/passkeys/new").status == 200


def test_somebody_elses_passkey_confirms_nothing(client, db, mai, phone):
    client.sign_in(make.user("tom@example.com"))
    db.session.commit()
    stale(db)
    told = options(client.get("/confirm/passkey"))
    page = client.post("/confirm/passkey", data={"answer": phone.show(told)})
    assert page.status == 422
    assert client.get("/account/passkeys/new").status == 303


def test_keys_are_named_and_removed_by_their_owner(client, visitor, db, mai, phone):
    number = db.session.query(Passkey.id).scalar()
    other = visitor().sign_in(make.user("tom@example.com"))
    db.session.commit()
    assert other.post(f"/account/passkeys/{number}/name", data={"name": "x"}).status == 404
    assert other.post(f"/account/passkeys/{number}/removed").status == 404
    client.sign_in(mai)
    assert client.post(f"/account/passkeys/{number}/name", data={"name": ""}).status == 422
    page = client.post(f"/account/passkeys/{number}/name", data={"name": "  Điện  thoại "})
    assert "Điện thoại" in client.get(page.location).words()
    assert client.post("/account/passkeys/99999999999/removed").status == 404
    page = client.post(f"/account/passkeys/{number}/removed")
    assert page.location == "/account/factors?done=gone"
    assert not factors.mine(mai.id).any


@pytest.fixture
def _needed(app, monkeypatch):
    config = app.config["PORTAL"].model_copy(update={"second_factor_roles": "rep"})
    monkeypatch.setitem(app.config, "PORTAL", config)


@pytest.mark.usefixtures("_needed")
def test_the_last_key_of_a_role_that_needs_one_stays(client, db, mai, phone):
    client.sign_in(mai)
    number = db.session.query(Passkey.id).scalar()
    page = client.post(f"/account/passkeys/{number}/removed")
    assert page.location == "/account/factors?done=last"
    assert factors.mine(mai.id).any


def test_nobody_needs_more_than_twenty(client, db, mai, monkeypatch):
    monkeypatch.setattr(service, "MOST", 1)
    client.sign_in(mai)
    assert add(client, Device()).status == 303
    assert add(client, Device()).status == 422


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://arsenal.example.com", ("arsenal.example.com", "https://arsenal.example.com")),
        ("https://a.example:8443", ("a.example", "https://a.example:8443")),
        ("http://localhost:8000", ("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", None),
        ("https://[::1]", None),
        ("http://a.example", None),
        ("", None),
    ],
)
def test_where_keys_can_be(url, site):
    found = rules.site_of(url)
    assert (found and (found.id, found.origin)) == site


def test_where_they_can_not_be_nothing_offers_them(client, app, mai, monkeypatch):
    config = app.config["PORTAL"].model_copy(update={"base_url": "http://127.0.0.1:8000"})
    monkeypatch.setitem(app.config, "PORTAL", config)
    assert "/sign-in/passkey" not in client.get("/sign-in").links()
    assert client.get("/sign-in/passkey").status == 404
    assert client.post("/sign-in/passkey", data={"answer": "x"}).status == 404
    client.sign_in(mai)
    assert "passkey" not in client.get("/account/factors").words(".//section").lower()
    assert client.get("/account/passkeys/new").status == 404
    assert client.get("/confirm/passkey").status == 404
