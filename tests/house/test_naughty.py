"""Whatever people or programs send, no address answers with a failure of ours."""

import json
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

import pytest
from flask_wtf import FlaskForm

from portal.web.forms import Form
from tests import make

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
OURS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202egnp.exe",
    "\u200b\ufeff",
    "'; DROP TABLE users; --",
    "%_\\",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "//evil.example",
    "/\\evil.example",
    "../../etc/passwd",
    "{{ 7*7 }}{% raw %}",
    "AND OR NOT (",
    '"open',
    "*?~^",
    "-1",
    "99999999999999999999999999",
    "9" * 5000,
    "1e309",
    "NaN",
    "²",
    "٣",
    "Thẻ đối đầu hoà\u0301",
    "цена",
    "😀" * 300,
    "x" * 10_000,
    "İ" * 100,
    "ß\u0345ΐ",
)
PATHS = (
    "/?q={}",
    "/?q=kestrel&kind={0}&language={0}&competitor={0}&sort={0}&page={0}&fragment={0}",
    "/?q={}&fragment=1",
    "/palette?q={}",
    "/library?kind={0}&language={0}&page={0}",
    "/insights/usage?window={0}&sort={0}&dir={0}&q={0}&page={0}",
    "/insights/use?window={0}&format={0}",
    "/insights/use/by/kind?window={0}&sort={0}&dir={0}&page={0}&format={0}",
    "/insights/use/by/{}",
    "/insights/use/lists/hot?window={0}&page={0}&format={0}",
    "/insights/use/lists/{}",
    "/insights/use/assets/{}",
    "/insights/use/mine?window={0}",
    "/sign-in?next={}",
    "/account?changed={}",
    "/assets/kestrel?from={0}&ref={0}&rank={0}",
    "/assets/{}",
    "/assets/kestrel/{}",
    "/s/{0}/{0}",
    "/{}",
)
FORMS = (
    ("/sign-in", ("email", "password", "next")),
    ("/demo/sign-in", ("email",)),
    ("/preferences", ("theme", "language", "next")),
    ("/usage", ("action", "asset", "language", "revision", "section", "sentence", "source")),
    ("/account/password", ("current", "new", "repeat")),
)


def encoded(text):
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture
def everybody(as_, db):
    asset = make.asset("kestrel")
    make.text(asset, title="Kestrel")
    return as_("admin")


@pytest.mark.parametrize("path", PATHS)
def test_no_address_breaks(everybody, path):
    for text in OURS:
        page = everybody.get(path.format(encoded(text)))
        assert page.status < 500, (path, text)


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_no_form_breaks(everybody, path, fields):
    for text in OURS:
        body = "&".join(f"{field}={encoded(text)}" for field in fields)
        page = everybody.post(path, data=body, content_type="application/x-www-form-urlencoded")
        assert page.status < 500, (path, text)


def posts(app):
    """An address for every route that takes a POST, of an asset that is there."""
    known = {"slug": "kestrel", "language": "en", "action": "retire"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "POST" in rule.methods:
                yield rule.build({name: known.get(name, 1) for name in rule.arguments})[1]


@pytest.mark.parametrize(
    "body",
    ["", "null", "1", '"x"', "[1]", '{"email": 1}', '{"email": [null]}', "{", "[" * 100_000],
    ids=lambda body: body[:18] or "nothing",
)
@pytest.mark.parametrize("kind", ["application/json", "application/problem+json; charset=x"])
def test_no_json_breaks_a_form(app, everybody, visitor, body, kind):
    tried = sorted(posts(app), key=lambda path: "sign-out" in path)  # last
    assert "/sign-in" in tried
    for path in tried:
        for browser in (everybody, visitor()):
            page = browser.post(path, data=body, content_type=kind)
            assert page.status < 500, (path, page.status)


def test_every_form_is_of_the_kind_that_reads_forms_only(built):
    """`built` has imported every module that has forms."""
    todo, seen = [FlaskForm], set()
    while todo:
        for form in todo.pop().__subclasses__():
            seen.add(form)
            todo.append(form)
    ours = {form for form in seen if form.__module__.startswith("portal.")}
    assert len(ours) > 5
    assert [form for form in ours if not issubclass(form, Form)] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "x" * 5000},
        {"Accept-Language": ",;q=;;", "Accept-Encoding": "gzip;q=nan"},
        {"Cookie": "arsenal=broken; theme=<b>; language=\x7f"},
        {"User-Agent": "\xff" * 3000},
        {"Range": "bytes=9-1", "If-Modified-Since": "never"},
        {"Content-Type": "multipart/form-data"},
        {"Referer": "http://[", "Sec-Purpose": "prefetch;" * 100},
    ],
)
def test_no_header_breaks(everybody, client, headers):
    for path in ("/", "/sign-in", "/assets/kestrel", "/?q=kestrel"):
        assert everybody.get(path, headers=headers).status < 500
    assert everybody.post("/preferences", headers=headers).status < 500


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_naughty_strings_break_nothing(everybody):
    for file in sorted(SHARED.rglob("blns.json")):
        for text in json.loads(file.read_text("utf-8")):
            assert everybody.get(f"/?q={encoded(str(text))}").status < 500, text
            assert everybody.get(f"/assets/{quote(str(text)[:200], safe='')}").status < 500, text
