import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from flask import session

from portal.web import assets

FILES = assets.load()
PORTAL = Path(assets.__file__).parents[1]


def test_the_squeezed_stylesheet_has_every_rule_and_no_comment():
    css = FILES["app.css"].body.decode()
    parts = [(assets.STATIC / "css" / f"{name}.css").read_text("utf-8") for name in assets.STYLES]
    assert "/*" not in css
    assert css.count("{") == css.count("}") == sum(part.count("{") for part in parts)


def test_every_stylesheet_is_in_the_order():
    assert {path.stem for path in (assets.STATIC / "css").glob("*.css")} == set(assets.STYLES)


def test_squeezing_keeps_descendant_selectors_and_values():
    css = "a :hover { margin: 0 auto;\n  /* why */ color: red }\n\n.b,\n.c d { x: y; }\n"
    assert assets.squeeze_css(css) == "a :hover{margin:0 auto;color:red}.b,.c d{x:y}"


def test_squeezing_keeps_code_after_addresses_with_slashes():
    assert assets.squeeze_js("// gone\n  const a = 'http://x';\n\n") == "const a = 'http://x';\n"


def test_an_address_carries_the_digest_and_may_be_kept_for_a_year(browser):
    for name, file in FILES.items():
        for coding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
            response = browser.get(file.url, headers={"Accept-Encoding": coding})
            assert response.status_code == 200, name
            assert response.headers["Content-Encoding"] == coding
            assert unpack(response.data) == file.body
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_stays_kept_when_a_cookie_changes(make_face):
    face = make_face()

    @face.after_request
    def look_at_the_session(response):
        session.get("anything")
        return response

    response = face.test_client().get(FILES["app.css"].url)
    assert response.headers["Vary"] == "Accept-Encoding"


def test_without_gzip_the_plain_file_comes(browser):
    response = browser.get(FILES["app.js"].url)
    assert response.data == FILES["app.js"].body
    assert "Content-Encoding" not in response.headers


def test_an_address_of_another_version_is_never_kept(browser):
    response = browser.get("/s/0000000000/app.css")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["..%2Fassets.py", "css", "nothing.css", "tokens.css"])
def test_only_the_prepared_files_are_served(browser, name):
    assert browser.get(f"/s/0000000000/{name}").status_code == 404


def test_static_files_are_open_to_everybody(face):
    assert face.view_functions["web.static_file"].act == "portal.static"


def test_the_manifest_points_to_the_icon_in_use():
    manifest = json.loads(FILES["manifest.webmanifest"].body)
    assert [icon["src"] for icon in manifest["icons"]] == [FILES["icon.svg"].url]


def test_every_icon_a_template_asks_for_is_in_the_sprite():
    names = set(assets.icon_names(FILES))
    for path in PORTAL.glob("*/templates/**/*.html"):
        asked = set(re.findall(r"\bicon\.([a-z]+)", path.read_text("utf-8")))
        assert asked <= names, path.name


def test_nothing_inline_in_any_template():
    for path in PORTAL.glob("*/templates/**/*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text), path.name
        for script in re.findall(r"<script[^>]*>", text):
            assert re.fullmatch(r'<script type="module" src="{{ static\.[^"]+ }}">', script), (
                path.name
            )


def test_the_files_of_a_page_leave_room_for_the_page():
    sent = (FILES[name].packed["br"] for name in ("app.css", "app.js", "icons.svg"))
    assert sum(map(len, sent)) <= 12_500


def test_the_files_of_a_page_with_charts_leave_room_for_the_page():
    names = ("app.css", "insights.css", "app.js", "icons.svg")
    assert sum(len(FILES[name].packed["br"]) for name in names) <= 14_000
