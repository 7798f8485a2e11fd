"""The desk of synonyms: marketers add, edit, remove; two at once see both; the next search heeds it."""

import pytest

from portal.search import service
from portal.search.finding import Finder
from portal.search.synonyms import queries
from tests import make

NEW = {"en": "dock sheet\nramp list", "vi": "phiếu dock", "ru": "рамповая ведомость"}
PRICE = "/search/synonyms/price"


@pytest.fixture
def sheet(db, app):
    made = make.asset("sheet")
    make.text(made, "vi", title="Phiếu dock", body="## Mở đầu\n\nPhiếu dock cho kho lạnh.\n")
    db.session.commit()
    service.rebuild(app.extensions["arsenal.finder"].engine)
    return made


def hits(page):
    return [a.get("href").split("?")[0] for a in page.tree.findall(".//li[@data-hit]/h2/a")]


def test_an_untouched_installation_has_the_trades_words(as_, db):
    page = as_("marketer").get("/search/synonyms/?q=chiet+khau")
    assert "discount" in page.words()
    assert "скидка" in page.words()
    assert len(hits(as_("marketer").get("/search/synonyms/"))) >= 60


def test_a_group_added_widens_the_next_search_and_says_so(as_, sheet):
    assert hits(as_("rep").get("/?q=ramp+list")) == []
    assert as_("marketer").post("/search/synonyms/", data=NEW).status == 303
    page = as_("rep").get("/?q=ramp+list")
    assert hits(page) == ["/assets/sheet/vi"]
    assert "phiếu dock" in page.words()


def test_every_process_heeds_a_change_at_its_next_search(as_, sheet, app):
    other = Finder(app.extensions["arsenal.finder"].engine)
    assert other.slugs("ramp list", None, 10) == []
    as_("marketer").post("/search/synonyms/", data=NEW)
    assert other.slugs("ramp list", None, 10) == ["sheet"]


def test_who_changed_what_is_told(as_, db):
    client = as_("marketer")
    assert client.post(PRICE, data={"en": "price\ncost", "vi": "giá", "version": 0}).status == 303
    page = client.get(PRICE)
    assert "Changed" in page.words()
    assert "tariff" in page.words(), "what went is struck through"
    assert queries.row("price").words == {"en": ["price", "cost"], "vi": ["giá"]}


def test_of_two_who_edit_the_second_sees_both(as_, db):
    client = as_("marketer")
    client.post(PRICE, data={"en": "price\ntheirs", "version": 0})
    page = client.post(PRICE, data={"en": "price\nmine", "version": 0})
    assert page.status == 409
    assert "theirs" in page.words()
    assert "mine" in page.tree.find(".//textarea[@name='en']").text
    version = page.tree.find(".//input[@name='version']").get("value")
    assert client.post(PRICE, data={"en": "price\nmine", "version": version}).status == 303
    assert queries.row("price").words["en"] == ["price", "mine"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("alone", "Two words at least"),
        ("one thing\none  THING", "is here twice"),
        ("x" * 61 + "\nb", "too long"),
        ("a b c d e f\nb", "too long"),
        ("?!\nword", "no word"),
        ("rebate\nnew word", "Another group has “rebate”"),
        ("\n".join(f"w{n}" for n in range(31)), "At most 30"),
        ("x" * 4001, "This is too long"),
    ],
)
def test_what_can_not_be_a_group_is_refused_and_kept(as_, db, words, said):
    page = as_("marketer").post("/search/synonyms/", data={"en": words})
    assert page.status == 422
    assert said in page.words()
    kept = page.tree.find(".//textarea[@name='en']").text.strip()
    assert kept.split() == words.split()


def test_a_group_taken_out_of_use_widens_nothing_until_it_is_used_again(as_, db, app):
    make.text(make.asset("rabatt"), "ru", title="Скидка", body="## Итог\n\nСкидка на всё.\n")
    db.session.commit()
    service.rebuild(app.extensions["arsenal.finder"].engine)
    client = as_("marketer")
    assert hits(client.get("/?q=discount")) == ["/assets/rabatt/ru"]
    client.post("/search/synonyms/discount/removed", data={"removed": "1", "version": 0})
    assert hits(client.get("/?q=discount")) == []
    assert (
        client.post("/search/synonyms/discount/removed", data={"removed": "1", "version": 0}).status
        == 409
    )
    client.post("/search/synonyms/discount/removed", data={"version": 1})
    assert hits(client.get("/?q=discount")) == ["/assets/rabatt/ru"]


def test_a_word_of_the_log_comes_along(as_, db):
    page = as_("marketer").get("/search/synonyms/new?ru=%D1%80%D0%B0%D0%BC%D0%BF%D0%B0&en=dock")
    assert page.tree.find(".//textarea[@name='ru']").text.strip() == "рампа"
    assert page.tree.find(".//textarea[@name='en']").text.strip() == "dock"


@pytest.mark.parametrize(
    ("back", "place"),
    [("/search/log/look?q=dock", "/search/log/look?q=dock"), ("//evil", "/search/synonyms/")],
)
def test_who_came_from_the_log_goes_back_there(as_, db, back, place):
    client = as_("marketer")
    page = client.get(f"/search/synonyms/new?en=dock&back={back}")
    kept = page.tree.find(".//input[@name='back']").get("value")
    answer = client.post("/search/synonyms/", data={"en": "kerb\nramp", "back": kept})
    assert answer.location == place


@pytest.mark.parametrize("key", ["none", "%00", "x" * 70, "%D1%8F"])
def test_no_such_group(as_, db, key):
    client = as_("marketer")
    assert client.get(f"/search/synonyms/{key}").status == 404
    assert client.post(f"/search/synonyms/{key}", data={"en": "a\nb"}).status == 404


def test_reps_do_not_come_here(as_, db):
    assert as_("rep").get("/search/synonyms/").status == 403
    assert as_("manager").get("/search/synonyms/").status == 200
