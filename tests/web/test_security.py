import gzip

import brotli
import pytest

from portal.web.security import SMALLEST


def test_the_policy_allows_nothing_inline_and_one_trusted_policy(browser):
    policy = browser.get("/page").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'; trusted-types portal" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("url", ["/page", "/refuse/404", "/nowhere", "/break"])
def test_every_answer_is_protected(browser, url):
    headers = browser.get(url).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Permissions-Policy" in headers


def test_https_is_insisted_on_only_where_it_is_used(browser, make_face):
    assert "Strict-Transport-Security" not in browser.get("/page").headers
    secure = make_face(secure=True).test_client()
    assert "max-age=31536000" in secure.get("/page").headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("accepts", "coding", "unpack"),
    [
        ("gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
    ],
)
def test_a_long_page_is_packed_for_those_who_take_it(browser, accepts, coding, unpack):
    plain = browser.get("/long")
    packed = browser.get("/long", headers={"Accept-Encoding": accepts})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == coding
    assert unpack(packed.data) == plain.data
    assert len(plain.data) > SMALLEST
    assert len(packed.data) == int(packed.headers["Content-Length"]) < 200
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("accepts", ["", "gzip;q=0", "br;q=0", "identity"])
def test_who_takes_no_packing_gets_none(browser, accepts):
    response = browser.get("/long", headers={"Accept-Encoding": accepts})
    assert "Content-Encoding" not in response.headers


def test_a_short_answer_stays_plain(make_face):
    face = make_face()
    face.config.update(WTF_CSRF_ENABLED=False)
    response = face.test_client().post(
        "/form", data={"a": "x"}, headers={"Accept-Encoding": "gzip"}
    )
    assert response.data == b"x"


def test_pages_are_kept_by_no_shared_cache(browser):
    headers = browser.get("/page").headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in headers["Vary"]
