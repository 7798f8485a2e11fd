"""The second step in the browser: half in opens nothing; setting up, removing, recovery codes."""

import re

import pytest

from portal.accounts import service as people
from portal.accounts.factors import queries, service
from portal.accounts.models import SignInSession
from tests.accounts.factors.conftest import CONTENT, PASSWORD


def give_password(client, target=""):
    form = {"email": "mai@example.com", "password": PASSWORD, "next": target}
    return client.post("/sign-in", data=form)


def opens_nothing(client, db):
    for path in ("/", "/account", "/account/factors", "/account/factors/app", "/library"):
        page = client.get(path)
        assert (page.status, "/sign-in" in (page.location or "")) == (303, True), path
    assert client.post("/account/factors/app", data={}).status == 303
    assert db.session.query(SignInSession).count() == 0


def test_the_password_alone_opens_nothing(client, db, with_app):
    page = give_password(client, "/library")
    assert (page.status, page.location) == (303, "/sign-in/second")
    opens_nothing(client, db)
    page = client.get("/sign-in/second")
    assert "One more step" in page.words()
    opens_nothing(client, db)


def test_a_code_lets_in_and_leads_on(client, db, with_app, now):
    give_password(client, "/library?kind=battlecard")
    page = client.post("/sign-in/second", data={"code": now.code()})
    assert (page.status, page.location) == (303, "/library?kind=battlecard")
    assert client.get("/account").status == 200


def test_without_a_password_there_is_no_second_step(client, db, with_app, now):
    assert client.get("/sign-in/second").location == "/sign-in"
    assert client.post("/sign-in/second", data={"code": now.code()}).location == "/sign-in"
    assert client.get("/sign-in/first-factor").location == "/sign-in"
    assert client.post("/sign-in/first-factor", data={"code": now.code()}).location == "/sign-in"
    opens_nothing(client, db)


def test_a_wrong_code_and_a_used_one_stay_out(client, visitor, db, with_app, now):
    give_password(client)
    page = client.post("/sign-in/second", data={"code": "000000"})
    assert page.status == 422
    assert "This code is not right" in page.words()
    assert client.post("/sign-in/second", data={"code": ""}).status == 422
    assert client.post("/sign-in/second", data={"code": now.code()}).status == 303
    other = visitor()
    give_password(other)
    assert other.post("/sign-in/second", data={"code": now.code()}).status == 422


def test_guesses_are_counted_over_browsers_and_passwords(client, visitor, db, with_app, now):
    for _ in range(5):
        browser = visitor()
        give_password(browser)  # right each time, which clears nothing
        assert browser.post("/sign-in/second", data={"code": "000000"}).status == 422
    give_password(client)
    page = client.post("/sign-in/second", data={"code": now.code()})
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0


def test_a_half_way_state_ends_once(client, visitor, db, with_app, now):
    give_password(client)
    with client.raw.session_transaction() as cookie:
        copied = dict(cookie)
    assert client.post("/sign-in/second", data={"code": now.code()}).status == 303
    thief = visitor()
    with thief.raw.session_transaction() as cookie:
        cookie.update(copied)
    now.move(seconds=30)
    assert thief.post("/sign-in/second", data={"code": now.code()}).status == 403
    assert thief.get("/account").status == 303


def test_a_half_way_state_is_worth_nothing_after_ten_minutes(client, db, with_app, now):
    give_password(client)
    now.move(minutes=10)
    assert client.post("/sign-in/second", data={"code": now.code()}).location == "/sign-in"
    opens_nothing(client, db)


@pytest.mark.parametrize("change", ["password", "deactivated"])
def test_a_half_way_state_ends_with_the_password_and_the_person(client, db, with_app, now, change):
    give_password(client)
    if change == "password":
        people.set_password(with_app, "another horse 43")
    else:
        with_app.active = False
    db.session.commit()
    assert client.get("/sign-in/second").location == "/sign-in"
    assert client.post("/sign-in/second", data={"code": now.code()}).location == "/sign-in"
    opens_nothing(client, db)


def test_a_recovery_code_lets_in_once(client, visitor, db, with_app, secret):
    code = service.new_codes(with_app.id, secret=secret)[0]
    db.session.commit()
    give_password(client)
    assert client.post("/sign-in/second", data={"code": code}).status == 303
    other = visitor()
    give_password(other)
    assert other.post("/sign-in/second", data={"code": code}).status == 422


def sealed(page):
    return re.search(r'name="sealed"[^>]*value="([^"]+)"', page.text)[1]


def code_on(page, now):
    from portal.accounts.factors import rules

    key = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    import base64

    return rules.code_at(base64.b32decode(key), rules.counter_at(now.at))


def test_who_must_have_one_is_led_to_set_it_up(client, db, mai, now, required):
    mai.role = "manager"
    db.session.commit()
    assert give_password(client, "/library").location == "/sign-in/second"
    assert client.get("/sign-in/second").location == "/sign-in/first-factor"
    opens_nothing(client, db)
    page = client.get("/sign-in/first-factor")
    assert "Your role needs more than a password" in page.words()
    assert page.tree.find(".//{http://www.w3.org/2000/svg}path") is not None
    assert page.headers["Cache-Control"] == "no-store"
    wrong = client.post("/sign-in/first-factor", data={"sealed": sealed(page), "code": "000000"})
    assert wrong.status == 422
    assert sealed(wrong) == sealed(page), "the app that was scanned stays good"
    opens_nothing(client, db)
    done = client.post(
        "/sign-in/first-factor", data={"sealed": sealed(page), "code": code_on(page, now)}
    )
    assert done.status == 200
    assert len(re.findall(r"<li>[a-z2-9]{5}-[a-z2-9]{5}</li>", done.text)) == 10
    assert "/library" in done.links()
    assert client.get("/account").status == 200
    assert queries.mine(mai.id).codes_left == 10


def test_who_need_not_have_one_comes_in(client, mai, required):
    assert give_password(client, "/library").location == "/library"


def test_who_has_one_can_not_set_up_another_half_way(client, db, with_app, now, required):
    give_password(client)
    assert client.get("/sign-in/first-factor").location == "/sign-in/second"
    from portal.accounts.factors import setting_up

    _content, text = setting_up.begin(with_app.id, secret=client.app.config["PORTAL"].secret_key)
    page = client.post("/sign-in/first-factor", data={"sealed": text, "code": now.code()})
    assert page.location == "/sign-in/second"
    opens_nothing(client, db)


def test_somebody_elses_sealed_app_sets_nothing_up(client, db, mai, now, required):
    from portal.accounts.factors import rules, setting_up

    mai.role = "manager"
    db.session.commit()
    give_password(client)
    content, text = setting_up.begin(mai.id + 1, secret=client.app.config["PORTAL"].secret_key)
    code = rules.code_at(content, rules.counter_at(now.at))
    page = client.post("/sign-in/first-factor", data={"sealed": text, "code": code})
    assert page.location == "/sign-in/second"
    opens_nothing(client, db)


def test_an_app_is_set_up_and_removed_on_ones_own_page(client, db, mai, now):
    client.sign_in(mai)
    assert "Set up an app" in client.get("/account/factors").words()
    page = client.get("/account/factors/app")
    data = {"sealed": sealed(page), "code": code_on(page, now)}
    assert client.post("/account/factors/app", data={**data, "code": "000000"}).status == 422
    done = client.post("/account/factors/app", data=data)
    assert "Recovery codes" in done.words()
    assert "10 codes left" in client.get("/account/factors").words()
    assert "Recovery codes left" in client.get("/account").words()
    assert client.post("/account/factors/app", data=data).location == "/account/factors"
    page = client.post("/account/factors/app/removed")
    assert page.location == "/account/factors?done=app"
    assert not queries.mine(mai.id).any


def test_changing_factors_asks_first_who_it_is(client, db, with_app, now):
    client.sign_in(with_app)
    now.move(minutes=11)
    page = client.post("/account/factors/app/removed")
    assert page.status == 401
    assert "A code of your app" in page.words()
    assert queries.mine(with_app.id).any
    assert client.get("/account/factors/app").location.startswith("/confirm")
    assert client.post("/account/factors/codes").status == 401
    wrong = client.post("/account/factors/app/removed", data={"confirm_code": "000000"})
    assert wrong.status == 422
    done = client.post("/account/factors/app/removed", data={"confirm_code": now.code()})
    assert done.location == "/account/factors?done=app"


def test_the_last_factor_of_a_role_that_needs_one_stays(client, db, with_app, required):
    with_app.role = "manager"
    db.session.commit()
    client.sign_in(with_app)
    page = client.post("/account/factors/app/removed")
    assert page.location == "/account/factors?done=last"
    assert queries.mine(with_app.id).any
    assert "Your role needs a second factor" in client.get(page.location).words()


def test_recovery_codes_are_made_anew_for_who_has_a_factor(client, db, mai, now, secret):
    client.sign_in(mai)
    assert client.post("/account/factors/codes").location == "/account/factors"
    service.set_up_app(mai.id, CONTENT, now.code(), secret=secret)
    db.session.commit()
    page = client.post("/account/factors/codes")
    assert len(re.findall(r"<li>[a-z2-9]{5}-[a-z2-9]{5}</li>", page.text)) == 10


def test_changing_the_password_keeps_the_factors(client, db, with_app, now):
    client.sign_in(with_app)
    new = "another horse 43"
    form = {"current": PASSWORD, "new": new, "repeat": new}
    assert client.post("/account/password", data=form).status == 303
    assert queries.mine(with_app.id).any
