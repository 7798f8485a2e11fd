import html5lib
import pytest
from flask import g

from portal.web import locale, page


def tree(response):
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    found = parser.parse(response.get_data(as_text=True))
    assert parser.errors == []
    return found


def test_the_frame_is_well_made_and_needs_few_requests(browser):
    root = tree(browser.get("/page", headers={"X-Role": "marketer"}))
    files = [node.get("href") for node in root.iter("link")]
    files += [node.get("src") for node in root.iter("script")]
    assert len(files) == 4
    assert all(name.startswith("/s/") for name in files)
    assert root.find(".//h1") is not None


@pytest.mark.parametrize(
    ("cookie", "accepts", "shown"),
    [
        ("ru", "vi", "ru"),
        ("", "vi,en;q=0.5", "vi"),
        ("xx", "de", "en"),
        ("", "", "en"),
        ("../ru", "ru-RU", "ru"),
    ],
)
def test_language_is_the_cookies_then_the_browsers(face, cookie, accepts, shown):
    browser = face.test_client()
    if cookie:
        browser.set_cookie(locale.LANGUAGE_COOKIE, cookie)
    assert tree(browser.get("/page", headers={"Accept-Language": accepts})).get("lang") == shown


def test_the_persons_language_wins(face):
    person = type("Person", (), {})()
    person.language = "vi"
    with face.test_request_context("/", headers={"Accept-Language": "ru"}):
        g._login_user = person
        assert locale.pick() == "vi"


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("x", "auto")])
def test_the_theme_is_in_the_page_before_any_script(face, cookie, theme):
    browser = face.test_client()
    browser.set_cookie(locale.THEME_COOKIE, cookie)
    assert tree(browser.get("/page")).get("data-theme") == theme


def test_times_are_the_companys_and_dates_the_readers(face):
    from datetime import UTC, date, datetime

    late = datetime(2026, 11, 3, 20, 0, tzinfo=UTC)
    with face.test_request_context("/", headers={"Accept-Language": "ru"}):
        assert locale.day(late).startswith("4 "), "20:00 UTC is the next morning in Viet Nam"
        assert "03:00" in locale.moment(late)
        assert locale.day(date(2026, 11, 3)) == locale.day(datetime(2026, 11, 3, tzinfo=UTC))
        assert (locale.day(None), locale.moment(None)) == ("", "")


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Trần Minh Anh", "TA"), ("Ирина", "И"), ("", ""), ("  anna   volkova ", "AV")],
)
def test_initials_come_from_any_script(face, name, initials):
    person = type("Person", (), {"is_authenticated": True, "role": "rep"})()
    person.name = name
    with face.test_request_context("/"):
        g._login_user = person
        assert page.person().initials == initials


def test_coming_back_is_to_a_page_that_can_be_asked_for(face):
    with face.test_request_context("/assets/kestrel?from=x"):
        assert page.here() == "/assets/kestrel?from=x"
    with face.test_request_context("/form", method="POST"):
        assert page.here() == "/"


def test_a_link_to_a_view_that_is_not_there_is_left_out(browser):
    text = browser.get("/page", headers={"X-Role": "rep"}).get_data(as_text=True)
    assert 'href=""' not in text
    assert "Sign out" not in text
