"""The page says how a search was understood, and leads back to the words as typed."""

import pytest

from portal.search import service
from tests import make


@pytest.fixture
def shop(db, app):
    for slug, language, title, body in (
        ("rates", "en", "Price list", "The price of a dock. Ask for the price."),
        ("plan", "en", "Implementation plan", "How the warehouse goes live."),
        ("skidka", "ru", "Скидки", "Скидка на второй склад."),
        ("gia", "vi", "Bảng phí", "Chi phí triển khai."),
    ):
        make.text(make.asset(slug), language, title=title, body=f"## {title}\n\n{body}\n")
    db.session.commit()
    service.rebuild(app.extensions["arsenal.finder"].engine)


def hits(page):
    return [a.get("href").split("?")[0] for a in page.tree.findall(".//li[@data-hit]/h2/a")]


def href(page, words):
    return next(
        a.get("href") for a in page.tree.findall(".//main//a") if words in "".join(a.itertext())
    )


@pytest.mark.parametrize(
    ("typed", "shown", "first"),
    [
        ("implemntation", "implementation", "/assets/plan/en"),
        ("crblrf", "скидка", "/assets/skidka/ru"),
        ("bangr phis", "bảng phí", "/assets/gia/vi"),
    ],
)
def test_results_for_what_was_meant_with_a_way_back(as_, shop, typed, shown, first):
    client = as_("rep")
    page = client.get(f"/?q={typed}".replace(" ", "+"))
    assert f"Showing results for {shown}" in page.words()
    assert hits(page)[0] == first
    back = client.get(href(page, "as typed"))
    assert "Showing results" not in back.words()
    assert "Only the words as typed." in back.words()
    assert "Showing results" in client.get(href(back, "Search as usual")).words()


def test_a_search_for_what_was_typed_stays_so_when_narrowed(as_, shop):
    page = as_("rep").get("/?q=price&typed=1&kind=battlecard")
    hidden = page.tree.find(".//form[@id='facets-form']/input[@name='typed']")
    assert hidden.get("value") == "1"
    assert "typed=1" in href(page, "Newest first")


def test_what_was_found_by_another_word_is_below_and_says_so(as_, shop):
    page = as_("rep").get("/?q=price")
    assert hits(page) == ["/assets/rates/en", "/assets/gia/vi"]
    labels = ["".join(li.itertext()) for li in page.tree.findall(".//li[@class='by']")]
    assert labels == ["found by chi phí, phí, for “price”"]
    assert "Also searched" in page.words()
    assert hits(as_("rep").get(href(page, "Only the words as typed"))) == ["/assets/rates/en"]


def test_of_a_letter_the_page_says_which_words_were_used(as_, shop):
    letter = "We met yesterday and they asked for a price list and a dock plan too. " * 20
    page = as_("rep").get("/?q=" + letter.replace(" ", "+"))
    assert "We searched for what tells most of it: price, list, dock, plan" in page.words()
    assert hits(page)[0] == "/assets/rates/en"


def test_only_exclusions(as_, shop):
    page = as_("rep").get("/?q=-price")
    assert "only says what to leave out" in page.words()
    assert hits(page) == []


def test_a_phrase_that_is_nowhere(as_, shop):
    page = as_("rep").get('/?q="list+price"')
    assert "Nothing has exactly these words" in page.words()
    assert hits(page)[0] == "/assets/rates/en"
    assert "Nothing has exactly" not in as_("rep").get('/?q="price+list"').words()


TYPED = """"left open|AND OR NOT|pri*|kind:faq|(price|📦|\u202eprice|C%2B%2B|-20 %25|24/7|follow-up
e-mail|-"|""|%00price|-|"-"|«price|“price”|price\u0301|--|-📦"""


@pytest.mark.parametrize("typed", [*TYPED.replace("\n", "|").split("|"), "a" * 3000, "- " * 900])
def test_whatever_people_type_is_answered(as_, shop, typed):
    assert as_("rep").get(f"/?q={typed}").status == 200
    assert as_("rep").get(f"/palette?q={typed}").status == 200
