import re

import pytest
from sqlalchemy import func, select

from portal.accounts import service as accounts
from portal.accounts.models import SignInSession, User
from portal.accounts.rules import Role
from portal.accounts.tickets.models import Ticket
from tests import make
from tests.accounts.conftest import PASSWORD

NEW = {"email": "huy@example.com", "name": "Trần Huy", "role": "marketer", "language": "vi",
       "department": "marketing", "team": "North"}  # fmt: skip


@pytest.fixture
def boss(client, db):
    """The client, signed in as an admin."""
    user = make.user("boss@example.com", name="The Boss", role="admin")
    db.session.commit()
    client.sign_in(user)
    return client


def invite(client, **values):
    return client.post("/people/invite", data={**NEW, **values})


def user_of(db, email="huy@example.com"):
    db.session.expire_all()
    return db.session.scalars(select(User).filter_by(email=email)).one()


def test_managers_look_and_find(as_, db):
    make.user("lan@example.com", name="Nguyễn Thị Lan", team_id=make.team("North").id)
    make.user("gone@example.com", name="Ann Gone", active=False)
    manager = as_("manager")
    page = manager.get("/people")
    assert "Nguyễn Thị Lan" in page.words()
    assert "Invite somebody" not in page.words()
    found = manager.get("/people?q=nguyen&role=rep&state=active")
    assert "1 person" in found.words()
    assert "Ann Gone" not in found.words()
    assert "Ann Gone" in manager.get("/people?state=inactive").words()
    assert "Nobody fits" in manager.get("/people?department=product").words()


@pytest.mark.parametrize(
    "query",
    [
        "team=" + "9" * 40,
        "team=2147483648",
        "team=-1",
        "role=x",
        "state=%00",
        "page=" + "9" * 30,
        "q=%00%ff",
    ],
)
def test_an_odd_address_narrows_nothing(as_, query):
    assert as_("manager").get(f"/people?{query}").status == 200


def test_a_manager_sees_one_and_can_change_nothing(as_, db):
    number = make.user().id
    manager = as_("manager")
    page = manager.get(f"/people/{number}")
    assert page.status == 200
    assert not list(page.tree.find(".//main").iter("form"))
    for what in ("place", "deactivated", "activated", "signed-out", "link"):
        assert manager.post(f"/people/{number}/{what}").status == 403
    assert manager.get("/people/invite").status == 403
    assert manager.post("/people/invite", data=NEW).status == 403


def test_an_invited_person_waits_for_a_password(boss, db):
    page = invite(boss)
    user = user_of(db)
    assert page.location == f"/people/{user.id}?done=added"
    assert (user.role, user.language, user.department, user.team.name) == (
        "marketer", "vi", "marketing", "North",
    )  # fmt: skip
    assert user.password_hash is None
    page = boss.get(page.location)
    assert "Invited" in page.words()
    assert "works until" in page.words()
    assert "Trần Huy" in boss.get("/people?state=invited").words()


@pytest.mark.parametrize(
    ("values", "words"),
    [({"email": "BOSS@example.com"}, "already"), ({"email": "no"}, "not an e-mail"), ({"email": ""}, "fill this in"),
     ({"name": ""}, "fill this in"), ({"name": "x" * 121}, "too long"), ({"role": "emperor"}, "one of the list"),
     ({"role": ""}, "one of the list"), ({"language": "xx"}, "one of the list"), ({"department": "x"}, "one of the list"),
     ({"team": "x" * 81}, "too long"), ({"name": "\u202e"}, "can not be a name"), ({"team": "ﬃ" * 80}, "name of a team")],
)  # fmt: skip
def test_what_will_not_do_is_refused_and_kept(boss, db, values, words):
    page = invite(boss, **values)
    assert page.status == 422
    assert words in page.words()
    kept = {it.get("name"): it.get("value") for it in page.tree.find(".//main").iter("input")}
    for name in ("email", "name", "team"):
        if name not in values:
            assert kept[name] == NEW[name]
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_a_link_is_shown_once_and_the_one_before_works_no_more(boss, visitor, db):
    invite(boss)
    number = user_of(db).id
    links = []
    for _ in range(2):
        page = boss.post(f"/people/{number}/link")
        assert page.headers["Cache-Control"] == "no-store"
        links.append(re.search(r"http://127\.0\.0\.1:8000(/invitation/[\w-]+)", page.text)[1])
    assert "/invitation/" not in boss.get(f"/people/{number}").text
    first, second = links
    guest = visitor()
    assert guest.get(first).status == 404
    page = guest.get(second)
    assert page.status == 200
    assert "Trần Huy" in page.words()
    chosen = {"new": "a fine old pond", "repeat": "a fine old pond"}
    done = guest.post(second, data=chosen)
    assert (done.status, done.location) == (303, "/")
    assert guest.get("/account").status == 200
    assert visitor().get(second).status == 404
    assert visitor().post(second, data=chosen).status == 404


def test_another_role_holds_at_the_next_page(boss, visitor, db):
    user = make.user("lan@example.com")
    lan = visitor().sign_in(user)
    assert lan.get("/desk/").status == 403
    page = boss.post(
        f"/people/{user.id}/place", data={"role": "marketer", "team": "New", "department": ""}
    )
    assert page.location == f"/people/{user.id}?done=changed"
    assert lan.get("/desk/").status == 200
    assert user_of(db, "lan@example.com").team.name == "New"
    boss.post(
        f"/people/{user.id}/place", data={"role": "marketer", "team": "", "department": "sales"}
    )
    assert user_of(db, "lan@example.com").team is None


def test_who_is_deactivated_is_out_at_once_and_may_come_back(boss, visitor, db):
    user = make.user("lan@example.com")
    lan, phone = visitor().sign_in(user), visitor().sign_in(user)
    page = boss.post(f"/people/{user.id}/deactivated")
    assert page.location == f"/people/{user.id}?done=deactivated"
    assert (lan.get("/account").status, phone.get("/account").status) == (303, 303)
    assert "Deactivated" in boss.get(page.location).words()
    assert "May not sign in" in boss.get(f"/people/{user.id}").words()
    assert boss.post(f"/people/{user.id}/deactivated").status == 303  # sent twice, done once
    assert boss.post(f"/people/{user.id}/link").status == 422
    assert boss.post(f"/people/{user.id}/activated").status == 303
    assert lan.get("/account").status == 303
    lan.sign_in(user)
    assert lan.get("/account").status == 200


def test_sessions_of_another_are_ended(boss, visitor, db):
    user = make.user("lan@example.com")
    lan = visitor().sign_in(user)
    assert "Unknown device" in boss.get(f"/people/{user.id}").words()
    assert boss.post(f"/people/{user.id}/signed-out").status == 303
    assert lan.get("/account").status == 303
    assert boss.get("/account").status == 200


def test_the_last_admin_stays_one(boss, db):
    number = user_of(db, "boss@example.com").id
    page = boss.post(f"/people/{number}/place", data={"role": "rep", "team": "", "department": ""})
    assert page.status == 409
    assert "last active admin" in page.words()
    assert user_of(db, "boss@example.com").role == "admin"
    assert boss.post(f"/people/{number}/deactivated").status == 403
    refused = boss.post(f"/people/{number}/place", data={"role": "x"})
    assert refused.status == 422


def test_nobody_of_this_number(boss, db):
    gone = make.user("1@erased.invalid", active=False).id
    for number in (gone, 2**31 - 1, 2**31, 10**30):
        assert boss.get(f"/people/{number}").status == 404
        for what in ("place", "deactivated", "activated", "signed-out", "link"):
            assert boss.post(f"/people/{number}/{what}").status == 404


def test_a_link_for_another_password_ends_all_sessions(boss, visitor, db, hashed):
    user = make.user("lan@example.com", password_hash=hashed)
    lan = visitor().sign_in(user)
    page = boss.post(f"/people/{user.id}/link")
    link = re.search(r"/reset/[\w-]+", page.text)[0]
    done = visitor().post(link, data={"new": "a fine old pond", "repeat": "a fine old pond"})
    assert done.location == "/sign-in?changed=password"
    assert lan.get("/account").status == 303
    old = visitor().post("/sign-in", data={"email": "lan@example.com", "password": PASSWORD})
    assert old.status == 422


def test_a_deactivated_persons_link_works_no_more(boss, visitor, db):
    invite(boss)
    number = user_of(db).id
    link = re.search(r"/invitation/[\w-]+", boss.post(f"/people/{number}/link").text)[0]
    boss.post(f"/people/{number}/deactivated")
    assert visitor().get(link).status == 404
    boss.post(f"/people/{number}/activated")
    assert visitor().get(link).status == 404
    assert db.session.scalars(select(Ticket.used_at)).all().count(None) == 0


def test_changes_ask_who_it_is(boss, db):
    from sqlalchemy import update

    db.session.execute(update(SignInSession).values(confirmed_at=None))
    db.session.commit()
    page = invite(boss)
    assert page.status == 401
    assert "huy@example.com" in page.text
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_activating_changes_nothing_else(db):
    user = make.user(active=False, password_hash="x")
    accounts.activate(user)
    assert (user.active, user.password_hash, Role(user.role)) == (True, "x", Role.REP)
