"""Sign-in through a real provider, npm's certified `oidc-provider`, run on this machine."""

from urllib.parse import urlsplit

import pytest

from portal.accounts.models import SignInSession
from tests import make
from tests.accounts.oidc import real

PEOPLE = {
    "s-mai": {
        "email": "mai@example.com",
        "email_verified": True,
        "name": "Đỗ Thanh Mai",
        "groups": ["marketing", "everybody"],
    },
    "s-new": {"email": "new@example.com", "email_verified": True, "name": "New", "groups": []},
}
BACK = "http://127.0.0.1:8000/sign-in/company/back"


@pytest.fixture(scope="module")
def issuer():
    with real.provider(BACK, PEOPLE) as issuer:
        yield issuer


@pytest.fixture
def company(settings, issuer):
    settings(
        oidc_issuer=issuer,
        oidc_client_id=real.CLIENT,
        oidc_client_secret=real.SECRET,
        oidc_scopes="openid email profile groups",
        oidc_roles="marketing=marketer",
    )


def walk(client, login):
    page = client.get("/sign-in/company?next=/library")
    assert page.status == 303, page.words()
    return real.Browser().sign_in(page.location, login, BACK)


def local(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_a_person_signs_in_with_the_role_of_her_groups(client, db, company):
    mai = make.user("mai@example.com", role="rep")
    db.session.commit()
    page = client.get(local(walk(client, "s-mai")))
    assert (page.status, page.location) == (303, "/library")
    assert "mai@example.com" in client.get("/account").words()
    db.session.refresh(mai)
    assert mai.role == "marketer"


def test_a_used_code_is_refused(client, visitor, db, company):
    make.user("mai@example.com")
    db.session.commit()
    url = walk(client, "s-mai")
    code = dict(part.split("=") for part in urlsplit(url).query.split("&"))["code"]
    assert client.get(local(url)).status == 303
    other = visitor()
    mixed = walk(other, "s-mai").replace("code=", "old=") + f"&code={code}"
    page = other.get(local(mixed))
    assert page.status == 400
    assert "You are not signed in" in page.words()


def test_another_browsers_callback_is_refused(client, visitor, db, company):
    make.user("mai@example.com")
    db.session.commit()
    assert visitor().get(local(walk(client, "s-mai"))).status == 400


def test_who_is_in_no_group_is_told(client, company):
    page = client.get(local(walk(client, "s-new")))
    assert page.status == 403
    assert "None of your groups" in page.words()


def test_who_has_signed_in_confirms_there_once_more(client, db, company):
    make.user("mai@example.com")
    db.session.commit()
    assert client.get(local(walk(client, "s-mai"))).status == 303
    db.session.query(SignInSession).update({"confirmed_at": None})
    db.session.commit()
    assert client.get("/account/factors/app").status == 303
    url = real.Browser().sign_in(client.get("/confirm/company").location, "s-mai", BACK)
    assert "It is you" in client.get(local(url)).words()
    assert client.get("/account/factors/app").status == 200
