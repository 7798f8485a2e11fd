"""Who may do what to whose things: every address that names one, asked by those it is not for.

A line: endpoint, what its address names, who is refused and how, and who passes. `word=thing` takes
the thing of that name from `world`, `word='text` a text. Whoever passes shows that the address is
right: an answer of 403 or 404 to all would prove nothing. `-` passes nobody: there the thing has not
what the address asks for, or a form is needed first. Two lines where a thing has two states.
"""

import pytest
from flask import url_for

from portal.accounts import gate
from tests.house import world
from tests.house.matrix import LINES
from tests.page import Client

PASSED = {200, 204, 206, 303, 304, 400, 409, 413, 422}
KEYS = {"slug": "slug", "public_id": "public_id", "token": "token"}


def lines():
    for line in LINES.strip().splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            left, _, passes = line.partition("|")
            endpoint, *rest = left.split()
            named = dict(it.split("=") for it in rest if "=" in it)
            refused = dict(it.split(":") for it in rest if ":" in it)
            yield endpoint, named, {who: int(how) for who, how in refused.items()}, passes.split()


def asked(app, endpoint, named, made):
    """(method, address, form) of a line; `+word=text` is sent by the form."""
    values = {}
    form = {
        word[1:]: getattr(made, what).id if hasattr(made, what) else what
        for word, what in named.items()
        if word.startswith("+")
    }
    for word, what in named.items():
        if word.startswith("+"):
            continue
        if what.startswith("'"):
            values[word] = str(made.pack.first_on) if what == "'PACK" else what[1:]
        else:
            values[word] = getattr(getattr(made, what), KEYS.get(word, "id"))
    method = "GET" if "GET" in next(app.url_map.iter_rules(endpoint)).methods else "POST"
    with app.test_request_context():
        return method, url_for(endpoint, **values, _method=method), form


def test_every_address_that_names_something_has_a_line(built):
    named = {
        rule.endpoint
        for rule in built.url_map.iter_rules()
        if rule.arguments and not gate.is_public(built.view_functions[rule.endpoint])
    }
    told = {endpoint for endpoint, *_ in lines()}
    assert sorted(named - told) == [], "addresses nobody has tried as somebody else"
    assert sorted(told - named) == [], "lines without an address"


def test_every_line_refuses_somebody():
    """What is everybody's is said to be so, by a line that begins with `open`."""
    silent = [endpoint for endpoint, _, refused, passes in lines() if not refused and not passes]
    assert silent == []


@pytest.fixture
def made(app, db, _no_csrf):
    found = world.build()
    db.session.commit()
    return found


def names():
    seen = {}
    for endpoint, named, *_ in lines():
        seen.setdefault(endpoint, []).append(named)
    return sorted(seen)


@pytest.mark.parametrize("endpoint", names())
def test_others_get_nothing_of_it(app, made, endpoint):
    wrong = []
    for name, named, refused, passes in lines():
        if name != endpoint:
            continue
        method, address, form = asked(app, endpoint, named, made)
        for who, how in refused.items():
            client = Client(app).sign_in(getattr(made.who, who))
            page = client.get(address) if method == "GET" else client.post(address, data=form)
            mine = who in {"lan", "mate"}  # her deals are in the frame of every page of hers
            told = not mine and world.MARK in f"{page.text} {page.location}"
            if page.status != how or told:
                wrong.append((who, address, page.status, "expected", how, "told" if told else ""))
        for who in passes:
            if who == "-":
                continue
            client = Client(app).sign_in(getattr(made.who, who))
            page = client.get(address) if method == "GET" else client.post(address, data=form)
            if page.status not in PASSED or "/sign-in" in (page.location or ""):
                wrong.append((who, address, page.status, "should pass"))
    assert wrong == []


def test_a_stranger_is_sent_to_sign_in_from_everywhere(app, made):
    wrong = []
    for endpoint, named, *_ in lines():
        method, address, _form = asked(app, endpoint, named, made)
        page = Client(app).get(address) if method == "GET" else Client(app).post(address)
        if page.status not in {303, 401} or world.MARK in page.text:
            wrong.append((address, page.status))
    assert wrong == []


def test_trace_is_no_method_of_any_address(app, made):
    answer = app.test_client().open("/assets/kestrel", method="TRACE")
    assert answer.status_code in {303, 405}
    assert not [rule.rule for rule in app.url_map.iter_rules() if "TRACE" in rule.methods]
