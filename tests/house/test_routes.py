"""Who may go where: every route is named here, and is asked for as every role."""

from datetime import timedelta

import pytest
from flask import url_for

from portal.accounts import gate, policy, sessions
from portal.accounts.acts import Act
from portal.accounts.rules import Limits, Role
from portal.operation import schema
from tests import make
from tests.house.least import LEAST, MARKETER, PUBLIC, REP

# these lead to the sign-in page those who were let in
LEAVING = {"accounts.sign_out", "accounts.sign_out_everywhere", "accounts.end_session"}
LEAVING |= {"second.ask", "second.answer", "second.set_up", "second.set_up_submit"}
WHO = [None, *Role]
SAFE = {"GET", "HEAD", "OPTIONS"}
# what a person who passed may get back when the route's arguments are made up
LET_IN = {200, 204, 303, 304, 308, 400, 404, 422}


def routes(app):
    """(endpoint, method, rule) of every route, one a method."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, rule


def address(app, rule):
    """An address of the rule with made-up arguments."""
    samples = {"int": 1, "path": "x", "default": "x", "string": "x", "uuid": "0" * 32}
    with app.test_request_context():
        values = {}
        for name, converter in rule._converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            values[name] = samples.get({"integer": "int", "unicode": "string"}.get(kind, kind), "x")
        return rule.build(values)[1]


def test_every_route_is_named(built):
    named = {rule.endpoint for rule in built.url_map.iter_rules()}
    assert sorted(named - set(LEAST)) == [], "routes without a line in the table"
    assert sorted(set(LEAST) - named) == [], "lines without a route"


def least_of(view):
    """The least role the policy lets pass to a view; None when it lets nobody."""
    act = gate.act_of(view)
    return next((role for role in Role if act is not None and policy.reaches(role, act)), None)


def test_every_route_has_an_act_in_the_policy(built):
    acts = {endpoint: gate.act_of(view) for endpoint, view in built.view_functions.items()}
    assert [endpoint for endpoint, act in acts.items() if act not in policy.TABLE] == []


def test_views_are_marked_as_the_table_says(built):
    for endpoint, view in built.view_functions.items():
        if LEAST.get(endpoint, REP) is PUBLIC:
            assert gate.is_public(view), f"{endpoint} is not marked public"
        else:
            assert not gate.is_public(view), f"{endpoint} is marked public"
            assert least_of(view) is LEAST.get(endpoint, REP), endpoint


@pytest.fixture
def entered(app, db, monkeypatch):
    """A function that gives a browser signed in as a role, or not at all."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr(schema, "recorded", schema.head)  # no migration has made these tables
    limits = Limits(idle=timedelta(hours=1), absolute=timedelta(days=1))

    def enter(role):
        browser = app.test_client()
        if role is not None:
            person = make.user(role=role.value)
            token = sessions.start(person.id, address="192.0.2.1", device="", limits=limits)
            db.session.commit()
            with app.app_context(), browser.session_transaction() as cookie:
                cookie["_user_id"] = token
        return browser

    return enter


@pytest.mark.parametrize("role", WHO, ids=lambda role: role.value if role else "anonymous")
def test_who_may_go_where(app, entered, role):
    wrong = []
    for endpoint, method, rule in routes(app):
        least = LEAST.get(endpoint, Role.ADMIN)
        browser, where = entered(role), address(app, rule)
        with app.app_context():  # of its own, as on a server
            response = browser.open(where, method=method)
        status, sent = response.status_code, "/sign-in" in (response.location or "")
        passed = status in LET_IN and (not sent or endpoint in LEAVING)
        if least is PUBLIC:
            good = passed
        elif role is None:
            good = (status == 303 and sent) or status == 401
        elif not role.covers(least):
            good = status == 403
        else:
            good = passed
        if not good:
            wrong.append((endpoint, method, status, response.location))
    assert wrong == []


def test_an_unnamed_route_is_closed_to_strangers(built):
    """Forgetting to mark a view closes it to everybody, and the roles are really looked at."""

    def forgotten():
        return "secret"

    assert not gate.is_public(forgotten)
    assert least_of(forgotten) is None
    assert least_of(gate.allows(Act.DESK_OF_ALL)(forgotten)) is MARKETER


def test_nothing_changes_by_a_link(built):
    """What a route does when followed is read; a route that answers GET and POST is a form."""
    verbs = ("sign-out", "delete", "remove", "revoke", "end", "set-")
    for rule in built.url_map.iter_rules():
        if any(part.startswith(verbs) for part in rule.rule.split("/")):
            assert "GET" not in rule.methods, f"{rule.rule} can be followed by a prefetch"


def test_no_page_takes_the_place_of_an_asset(built):
    """Whatever an asset is called, as a page or as a part of one: its own pages are reached."""
    rules = list(built.url_map.iter_rules())
    words = sorted({w for rule in rules for w in rule.rule.split("/") if w and "<" not in w})
    assert {"jobs", "claims", "new", "preview", "hand-over"} <= set(words)
    samples = {"language": "en", "number": 1, "facet": "product", "action": "retire"}
    wrong = []
    for endpoint, method, rule in routes(built):
        if "<slug>" not in rule.rule:
            continue
        told = {name: samples.get(name, 1) for name in rule.arguments if name != "slug"}
        for word in words:
            with built.test_request_context():
                where = url_for(endpoint, slug=word, **told, _method=method)
            with built.test_request_context(where, method=method) as asked:
                for hook in built.url_value_preprocessors[None]:
                    hook(asked.request.endpoint, asked.request.view_args)
                found = (asked.request.endpoint, (asked.request.view_args or {}).get("slug"))
            if found != (endpoint, word):
                wrong.append((where, method, found))
    assert wrong == []
