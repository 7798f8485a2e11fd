"""What a lying provider, a replayer or a mixed-up callback gets: a friendly page, never in, never 500."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwk

from portal import clock
from portal.accounts.models import SignInSession
from tests import make
from tests.accounts.oidc import hostile

BACK = "/sign-in/company/back"
NOW = 1_800_000_000


@pytest.fixture
def mai(db):
    user = make.user("mai@example.com")
    db.session.commit()
    return user


def begin(client, target=None):
    page = client.get("/sign-in/company", query_string={"next": target} if target else None)
    assert page.status == 303
    return page.location


def come_back(client, answer):
    return client.get(f"{BACK}?{urlencode(answer)}")


def is_in(client):
    return client.get("/account").status == 200


def refused(client, page, db, status=400):
    assert page.status == status
    assert "You are not signed in" in page.words()
    assert not is_in(client)
    assert db.session.query(SignInSession).count() == 0


def test_the_way_there_holds_what_it_must(client, company):
    asked = dict(parse_qsl(urlsplit(begin(client)).query))
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) == len(asked["nonce"]) == 43
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/sign-in/company/back"
    assert asked["client_id"] == "arsenal"
    assert asked["scope"] == "openid email profile"
    again = dict(parse_qsl(urlsplit(begin(client)).query))
    assert not {asked[k] for k in ("state", "nonce", "code_challenge")} & set(again.values())


def test_an_honest_answer_lets_in_and_leads_on(client, company, mai):
    page = come_back(client, company.agree(begin(client, "/library?kind=battlecard")))
    assert (page.status, page.location) == (303, "/library?kind=battlecard")
    assert is_in(client)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_it_leads_nowhere_else(client, company, mai, target):
    page = come_back(client, company.agree(begin(client, target)))
    assert (page.status, page.location) == (303, "/")


EC = jwk.ECKey.generate_key("P-256", {"kid": "one"})

LIES = {
    "another audience": {"claims": {"aud": "somebody-else"}},
    "for others too, without azp": {"claims": {"aud": ["arsenal", "somebody-else"]}},
    "for others too, azp another": {"claims": {"aud": ["arsenal", "x"], "azp": "x"}},
    "azp another": {"claims": {"azp": "somebody-else"}},
    "no audience": {"claims": {"aud": None}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "no issuer": {"claims": {"iss": None}},
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "a nonce that is no text": {"claims": {"nonce": ["x"]}},
    "expired": {"claims": {"iat": 1_600_000_000, "exp": 1_600_000_300}},
    "no expiry": {"claims": {"exp": None}},
    "an expiry that is no number": {"claims": {"exp": "never"}},
    "from the future": {"claims": {"iat": 32_000_000_000, "exp": 32_000_000_300}},
    "not valid yet": {"claims": {"nbf": 32_000_000_000}},
    "no subject": {"claims": {"sub": None}},
    "an empty subject": {"claims": {"sub": ""}},
    "a subject that is no text": {"claims": {"sub": 1}},
    "a subject with NUL": {"claims": {"sub": "a\0"}},
    "an endless subject": {"claims": {"sub": "x" * 256}},
    "another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "unsigned": {"algorithm": "none"},
    "signed with the public key as a secret": {"algorithm": "HS256"},
    "signed by another": {"key": hostile.OTHER},
    "of another kind of key": {"algorithm": "ES256", "key": EC},
    "of a key nobody knows": {"kid": "two"},
    "of no known key": {"public": []},
    "of a key for something else": {
        "public": [{**hostile.KEY.as_dict(private=False), "use": "enc"}]
    },
    "of a key that is none": {"public": [{"kty": "RSA", "kid": "one"}, 7]},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_does_not_hold_is_refused(client, db, company, mai, lie):
    for name, value in lie.items():
        setattr(company, name, value)
    refused(client, come_back(client, company.agree(begin(client))), db)


ANSWERS = {
    "no JSON": (b"<html>", 200),
    "a list": ([], 200),
    "a deep list": (b"[" * 100_000, 200),
    "a word": ("x", 200),
    "an error": ({"error": "invalid_grant"}, 400),
    "a failure": ({}, 500),
    "a redirect": ({}, 302),
    "a token of a deep list": (
        {"access_token": "access", "id_token": "eyJhbGciOiJSUzI1NiJ9." + "W1tb" * 50_000 + ".AAAA"},
        200,
    ),
    "no token": ({"access_token": "access", "token_type": "Bearer"}, 200),
    "a token that is none": ({"access_token": "access", "id_token": "a.b"}, 200),
    "a number for a token": ({"access_token": "access", "id_token": 7}, 200),
    "letters": ({"access_token": "access", "id_token": "é.ё.\ud800"}, 200),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_token_endpoint_that_answers_oddly_is_refused(client, db, company, mai, answer):
    company.answers["/token"] = answer
    refused(client, come_back(client, company.agree(begin(client))), db)
    assert "/elsewhere" not in company.asked


ODD = {
    "no JSON": (b"<html>", 200),
    "a list": ([], 200),
    "deep": (b"[" * 100_000, 200),
    "of another": ({"issuer": "https://evil.example"}, 200),
    "a failure": ({}, 500),
    "a redirect": ({}, 302),
    "endless": (b" " * 1_000_001 + b"{}", 200),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_a_description_that_is_none_is_told(client, db, company, answer):
    company.answers["/.well-known/openid-configuration"] = answer
    refused(client, client.get("/sign-in/company"), db, 503)
    assert "/elsewhere" not in company.asked


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("url", ["http://169.254.169.254/x", "file:///etc/passwd", 7, None])
def test_the_portal_speaks_to_the_issuer_alone(client, db, company, name, url):
    company.about[name] = url
    refused(client, come_back(client, company.agree(begin(client))), db, 503)


def test_keys_that_can_not_be_had_are_told(client, db, company, mai):
    company.answers["/jwks"] = ({}, 500)
    refused(client, come_back(client, company.agree(begin(client))), db, 503)


MIXED = {
    "of another issuer": {"iss": "https://evil.example"},
    "of none, though it tells": {"iss": None},
    "with another state": {"state": "x" * 43},
    "with an empty state": {"state": ""},
    "with no state": {"state": None},
    "with another code": {"code": "another"},
    "with no code": {"code": None},
    "with an endless code": {"code": "x" * 4001},
    "with an error": {"code": None, "error": "server_error"},
    "with a code and an error": {"error": "access_denied"},
}


@pytest.mark.parametrize("change", MIXED.values(), ids=MIXED)
def test_a_mixed_up_callback_is_refused(client, db, company, mai, change):
    answer = {**company.agree(begin(client)), **change}
    answer = {name: value for name, value in answer.items() if value is not None}
    refused(client, come_back(client, answer), db)


def test_nothing_at_all_is_refused(client, db, company):
    refused(client, client.get(BACK), db)


def test_a_callback_works_once(client, visitor, db, company, mai):
    answer = company.agree(begin(client))
    with client.raw.session_transaction() as cookie:
        before = dict(cookie)
    assert come_back(client, answer).status == 303
    company.codes[answer["code"]] = company.codes.get(answer["code"]) or {"nonce": "x"}
    thief = visitor()  # with a copy of the cookie, and a provider that takes the code again
    with thief.raw.session_transaction() as cookie:
        cookie.update(before)
    asked = len(company.asked)
    page = come_back(thief, answer)
    assert page.status == 400
    assert not is_in(thief)
    assert len(company.asked) == asked, "nothing is asked of the provider for a used state"
    assert come_back(client, answer).status == 400


def test_a_callback_of_another_browser_is_refused(client, visitor, db, company, mai):
    refused(visitor(), come_back(visitor(), company.agree(begin(client))), db)


def test_a_flow_does_not_wait_for_ever(client, db, company, mai, monkeypatch):
    answer = company.agree(begin(client))
    later = clock.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    refused(client, come_back(client, answer), db)


def test_a_look_ahead_uses_nothing_up(client, company, mai):
    answer = company.agree(begin(client))
    with client.app.app_context():
        assert client.raw.head(f"{BACK}?{urlencode(answer)}").status_code == 405
    assert come_back(client, answer).status == 303


def test_three_tabs_may_be_open(client, company, mai):
    answers = [company.agree(begin(client)) for _ in range(4)]
    assert come_back(client, answers[0]).status == 400
    assert come_back(client, answers[1]).status == 303


def test_a_new_key_is_fetched_but_not_at_every_call(client, db, company, mai, app):
    assert come_back(client, company.agree(begin(client))).status == 303
    provider = app.extensions["arsenal.oidc"]()
    new = jwk.RSAKey.generate_key(2048, {"kid": "two"})
    company.key, company.kid, company.public = new, "two", [new.as_dict(private=False)]
    assert come_back(client, company.agree(begin(client))).status == 400
    begun = provider._ticks
    provider._ticks = lambda: begun() + 61
    assert come_back(client, company.agree(begin(client))).status == 303
    assert company.asked.count("/jwks") == 2
    assert company.asked.count("/.well-known/openid-configuration") == 1


@pytest.fixture
def asked_again(client, db, company, mai):
    """Mai, signed in by the company an hour ago, is asked who she is."""
    assert come_back(client, company.agree(begin(client))).status == 303
    db.session.query(SignInSession).update({"confirmed_at": clock.now() - timedelta(hours=1)})
    db.session.commit()
    page = client.get("/account/factors/app")
    assert "/confirm/company" in client.get(page.location).links()
    company.claims = {"auth_time": int(clock.now().timestamp())}
    return client.get("/confirm/company").location


def test_a_sign_in_of_hours_ago_is_no_confirmation(client, company, mai):
    """Whoever finds a browser alone comes in by its old sign-in, and no further."""
    for told in ({}, {"auth_time": 1_600_000_000}):
        company.claims = told
        assert come_back(client, company.agree(begin(client))).status == 303
        assert "/confirm" in client.get("/account/factors/app").location
    company.claims = {"auth_time": int(clock.now().timestamp())}
    assert come_back(client, company.agree(begin(client))).status == 303
    assert client.get("/account/factors/app").status == 200


def test_the_company_confirms_who_it_is(client, company, asked_again):
    asked = dict(parse_qsl(urlsplit(asked_again).query))
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    page = come_back(client, company.agree(asked_again))
    assert (page.status, "It is you" in page.words()) == (200, True)
    assert client.get("/account/factors/app").status == 200


@pytest.mark.parametrize(
    "lie",
    [{"auth_time": None}, {"auth_time": 1_600_000_000}, {"auth_time": True}, {"sub": "subject-2"}],
    ids=str,
)
def test_an_old_sign_in_or_somebody_else_confirms_nothing(client, company, asked_again, lie):
    company.claims |= lie
    assert come_back(client, company.agree(asked_again)).status in {400, 403}
    assert client.get("/account/factors/app").status == 303


def test_a_stranger_is_not_let_in_by_confirming(client, visitor, company, asked_again):
    assert visitor().get("/confirm/company").location.startswith("/sign-in")
    answer = company.agree(asked_again)
    client.post("/sign-out")
    assert come_back(client, answer).status in {400, 403}
    assert not is_in(client)


def test_where_there_is_no_such_sign_in_there_is_no_page(client, db):
    assert client.get("/sign-in/company").status == 404
    assert client.get(BACK).status == 404
    assert "Sign in with" not in client.get("/sign-in").words()


def test_the_button_keeps_where_one_wanted_to(client, company):
    page = client.get("/sign-in?next=/library")
    assert "Sign in with Tarvel" in page.words()
    assert "/sign-in/company?next=/library" in page.links()
