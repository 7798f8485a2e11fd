"""Begun flows, groups by steps, and settings that can not be used."""

from datetime import UTC, datetime

import pytest

from portal.accounts.oidc import rules
from portal.config import Config, ConfigError, load
from portal.sign_in_settings import names, role_map

NOW = datetime(2026, 11, 2, tzinfo=UTC)
STAMP = int(NOW.timestamp())


@pytest.mark.parametrize(
    "cookie",
    [None, "x", 7, [7], [{}], [{"state": "x"}], [{"more": 1, **dict.fromkeys("ab", 1)}]],
)
def test_what_a_cookie_holds_is_not_believed(cookie):
    assert rules.kept(cookie, now=NOW) == []


@pytest.mark.parametrize(("age", "good"), [(0, True), (599, True), (600, False), (-600, False)])
def test_a_flow_lives_for_ten_minutes(age, good):
    flow = {"state": "s", "nonce": "n", "verifier": "v", "next": "", "begun": STAMP - age}
    assert bool(rules.kept([flow], now=NOW)) is good


@pytest.mark.parametrize(
    ("claims", "where", "groups"),
    [
        ({"groups": ["a", "b", 7]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"groups": {"a": 1}}, "groups", set()),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        ({"https://x.example/roles": ["a"]}, "https://x.example/roles", {"a"}),
        ({"realm_access": ["roles"]}, "realm_access.roles", set()),
        ({}, "groups", set()),
    ],
)
def test_groups_are_found_where_the_settings_say(claims, where, groups):
    told = {"sub": "s", **claims}
    assert rules.arrival(told, issuer="i", groups_claim=where).groups == groups


@pytest.mark.parametrize("word", ["true", 1, None, False])
def test_only_true_verifies_an_email(word):
    told = {"sub": "s", "email": "a@b.example", "email_verified": word}
    assert not rules.arrival(told, issuer="i", groups_claim="groups").email_verified


def test_a_map_of_roles_is_read():
    assert role_map("a b=rep, *=rep ,cn=it=admin") == {
        "a b": "rep",
        "*": "rep",
        "cn=it": "admin",
    }
    assert names("manager, admin  rep") == ("manager", "admin", "rep")
    assert names(" ") == ()


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("OIDC_ISSUER", "http://sign-in.example.com", "must look like https://"),
        ("OIDC_ISSUER", "https://x.example/?a=b", "must look like https://"),
        ("OIDC_ISSUER", "https://me:pw@x.example", "must look like https://"),
        ("OIDC_ROLES", "sales", "must look like group=role"),
        ("OIDC_ROLES", "sales=boss", "must look like group=role"),
        ("OIDC_ROLES", "a=rep,a=admin", "twice"),
        ("OIDC_SCOPES", "email", "must hold openid"),
        ("OIDC_UNKNOWN", "perhaps", "'refuse' or 'make'"),
        ("SECOND_FACTOR_ROLES", "boss", "must hold some of"),
    ],
)
def test_settings_that_can_not_be_used_are_named(name, given, words):
    with pytest.raises(ConfigError) as caught:
        load({"PORTAL_OIDC_CLIENT_ID": "x", f"PORTAL_{name}": given})
    assert words in str(caught.value)


def test_issuer_and_client_go_together():
    with pytest.raises(ConfigError, match="PORTAL_OIDC_CLIENT_ID"):
        load({"PORTAL_OIDC_ISSUER": "https://sign-in.example.com"})


def test_the_button_is_called_by_the_host_when_nobody_says():
    given = {"oidc_issuer": "https://sign-in.example.com/x", "oidc_client_id": "x"}
    assert Config(**given).company_sign_in == "sign-in.example.com"
    assert Config(**given, oidc_name="Tarvel").company_sign_in == "Tarvel"
    assert Config().company_sign_in == ""
