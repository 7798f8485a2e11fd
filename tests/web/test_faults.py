import html5lib
import pytest

STATUSES = [403, 404, 409, 413, 422, 429]
TITLES = {"en": "There is nothing here", "vi": "Không có gì ở đây", "ru": "Здесь ничего нет"}


def tree(response):
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    found = parser.parse(response.get_data(as_text=True))
    assert parser.errors == []
    return found


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("role", ["", "rep"])
def test_a_refusal_is_a_page_with_one_heading_and_a_way_on(browser, status, role):
    response = browser.get(f"/refuse/{status}", headers={"X-Role": role} if role else {})
    assert response.status_code == status
    page = tree(response)
    assert len(page.findall(".//h1")) == 1
    assert page.findall(".//main//a[@href]")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("language", "title"), TITLES.items())
def test_it_speaks_the_readers_language(browser, language, title):
    response = browser.get("/nowhere", headers={"Accept-Language": f"{language};q=0.9"})
    assert title in response.get_data(as_text=True)
    assert tree(response).get("lang") == language


def test_a_failure_says_nothing_of_its_cause_and_needs_nobody(browser):
    response = browser.get("/break", headers={"X-Role": "admin"})
    text = response.get_data(as_text=True)
    assert response.status_code == 500
    assert "Something broke on our side" in text
    assert "secret detail" not in text
    assert "Trần Minh Anh" not in text, "the frame of a failure must not need the person"


def test_the_reason_is_shown_and_cannot_be_markup(browser, face):
    text = browser.get("/refuse/422").get_data(as_text=True)
    assert "“13/13/2026” is not a date" in text


def test_too_many_tries_say_when_to_come_back(browser):
    response = browser.get("/refuse/429")
    assert response.headers["Retry-After"] == "130"
    assert "Try again in 3 minutes." in response.get_data(as_text=True)


def test_an_expired_form_is_explained(browser):
    response = browser.post("/form", data={"a": "x"})
    assert response.status_code == 400
    assert "This form was open too long" in response.get_data(as_text=True)


def test_a_wrong_method_still_names_the_right_ones(browser):
    response = browser.get("/form")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "This address can not be opened like that"),
        ("vi", "Không mở được địa chỉ này theo cách đó"),
        ("ru", "Этот адрес так не открыть"),
    ],
)
def test_a_wrong_method_has_words_of_its_own(browser, language, title):
    response = browser.get("/form", headers={"Accept-Language": language})
    assert title in response.get_data(as_text=True)
    assert tree(response).findall(".//main//a[@href]"), "and a way on"


def test_a_broken_error_page_still_answers_in_plain_words(face, browser, monkeypatch):
    def broken(*_args, **_values):
        raise RuntimeError

    monkeypatch.setattr("portal.web.faults.render_template", broken)
    response = browser.get("/nowhere")
    assert response.status_code == 500
    assert response.mimetype == "text/plain"
