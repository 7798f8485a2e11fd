"""The desk from end to end: drafted by one, published by another, found by a third; nothing lost."""

import re
import time

import pytest

from tests.journeys.steps import sign_in
from tests.journeys.test_writing import begin, body, write
from tests.library.attachments.conftest import pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRITER, MARKETER = "huy.tran@tarvel.example", "tom.reed@tarvel.example"
MANAGER, REP = "quoc.bui@tarvel.example", "lan.nguyen@tarvel.example"
TITLE, ONLY_IN_PDF = "Battlecard: Quillmere", "zyxophone tariff"
TEXT = "## Why we win\n\n> We answer within an hour.\n\n## Pricing\n\nFive a month.\n"


class Visits:
    """Tabs of several people, and what axe finds on the pages they come by."""

    def __init__(self, tab):
        self.make, self.found = tab, []

    def of(self, email, language, **options):
        tab = self.make(language, **options)
        sign_in(tab, email, language)
        return tab

    def see(self, tab):
        self.found += tab.axe()
        tab.check()


@pytest.fixture
def visits(tab):
    kept = Visits(tab)
    yield kept
    assert kept.found == []


def move(tab, action):
    tab.page.click(f'form[action$="/moves/{action}"] button')
    tab.page.wait_for_load_state()


def search_until_found(tab, words, name):
    for _ in range(60):
        tab.open(f"/?q={words.replace(' ', '+')}")
        if tab.page.locator(f".hit .at:has-text('{name}')").count():
            return
    pytest.fail(f"{words} was not found in {name}")


def test_drafted_reviewed_published_found_and_counted(visits):
    writer = visits.of(WRITER, "en")
    begin(writer, TITLE)
    assert "## Why we win" in body(writer.page)  # the template of its kind
    write(writer.page, TEXT)
    writer.page.locator(".savebar .primary").click()
    writer.page.wait_for_url(re.compile(r"/desk/battlecard-quillmere$"))
    desk = writer.page.url
    pages = {"name": "tariff.pdf", "mimeType": "application/pdf"}
    pages["buffer"] = pdf("Cover", "Contents", f"The {ONLY_IN_PDF}")
    writer.page.set_input_files("#file", [pages])
    writer.page.click("form.upload button")
    writer.page.wait_for_selector("#files-list li[id]:has-text('tariff.pdf')")
    visits.see(writer)
    assert writer.page.locator('form[action$="/moves/publish"]').count() == 0
    move(writer, "submit")
    writer.page.wait_for_selector(".p-review")

    reviewer = visits.of(MARKETER, "vi")
    reviewer.open(desk)
    visits.see(reviewer)
    page = reviewer.page
    page.locator("#comments form.form textarea[name=body]").fill("Giá nào?")
    page.locator("#comments form.form select").select_option("en")
    page.locator("#comments form.form button").click()
    page.wait_for_selector("#comments .comment:has-text('Giá nào?')")
    reviewer.open(f"{desk}/en")
    write(page, body(page).replace("Five a month", "Six a month"))
    page.locator(".savebar .primary").click()
    page.wait_for_url(desk)
    page.locator('a[href*="/revisions"]').first.click()
    page.wait_for_load_state()
    visits.see(reviewer)
    reviewer.open(f"{desk}/en/compare?from=2&to=3")
    assert "Six" in page.get_by_role("main").inner_text()
    visits.see(reviewer)
    reviewer.open(f"{desk}/vi/translation")
    page.locator("#title").fill("Thẻ đối đầu: Quillmere")
    for number, words in enumerate(("## Vì sao thắng\n\nTrả lời nhanh.", "## Giá\n\nSáu.")):
        page.locator("textarea[name=text]").nth(number).fill(words)
    page.locator(".savebar .primary").click()
    page.wait_for_load_state()

    chief = visits.of(MANAGER, "ru")  # the other who may, in another language of the portal
    chief.open(desk)
    assert "Thẻ đối đầu: Quillmere" in chief.page.get_by_role("main").inner_text()
    visits.see(chief)
    move(chief, "publish")
    chief.page.wait_for_selector(".p-published")

    rep = visits.of(REP, "vi", width=390)
    search_until_found(rep, ONLY_IN_PDF, "tariff.pdf")  # the worker reads it meanwhile
    link = rep.page.locator(".hit .at").first
    assert re.search(r"3.*tariff\.pdf", link.inner_text())
    visits.see(rep)
    with rep.page.expect_download() as begun:
        link.click()
    assert begun.value.suggested_filename == "tariff.pdf"
    rep.page.locator(".hit h2 a").first.click()
    rep.page.wait_for_selector("article[data-asset]")
    assert rep.page.locator("h1").inner_text() == "Thẻ đối đầu: Quillmere"
    visits.see(rep)
    reviewer.open("/insights/usage?q=Quillmere")
    assert page.locator("table.usage tbody tr", has_text="Quillmere").count() == 1
    visits.see(reviewer)


def test_two_editors_collide_and_both_texts_are_kept(visits):
    first = visits.of(MARKETER, "en")
    begin(first, "Guide: collision", "guide")
    where = first.page.url
    write(first.page, "## Pricing\n\nFive.\n")
    first.page.locator(".savebar .primary").click()
    first.page.wait_for_url(re.compile(r"/desk/guide-collision$"))
    second = visits.of(MANAGER, "en")
    for tab, text in ((first, "Six, says Tom."), (second, "Seven, says Quoc.")):
        tab.open(where)
        write(tab.page, f"## Pricing\n\n{text}\n")
    first.page.locator(".savebar .primary").click()
    first.page.wait_for_url(re.compile(r"/desk/guide-collision$"))
    second.page.locator(".savebar .primary").click()
    second.page.wait_for_selector("form.settle")
    sides = " ".join(second.page.locator("form.settle .sides").all_text_contents())
    assert "Six" in sides
    assert "Seven" in sides
    visits.found += second.axe()
    second.page.locator('form.settle input[type=radio][value="mine"]').first.check()
    second.page.locator('form.settle button[value="choices"]').click()
    second.page.wait_for_url(re.compile(r"/desk/guide-collision"))
    for number, words in ((3, "Six, says Tom."), (4, "Seven, says Quoc.")):
        second.open(f"{where}/revisions/{number}")
        assert words in second.page.get_by_role("main").inner_text()


def test_still_true_in_one_click_and_everybody_sees_it(visits):
    owner = visits.of(MARKETER, "en")
    owner.open("/desk/freshness?whose=mine")  # what other tests have loaded is nobody's
    visits.see(owner)
    button = owner.page.locator('form[action$="/confirm"] button').first
    slug = button.locator("xpath=..").get_attribute("action").split("/")[-2]
    rep = visits.of(REP, "en")
    rep.open(f"/assets/{slug}")
    before = rep.page.locator("li[class^=f-]").first.inner_text()
    button.click()
    owner.page.wait_for_load_state()
    rep.open(f"/assets/{slug}")
    assert rep.page.locator("li[class^=f-]").first.inner_text() != before
    visits.see(rep)


def test_a_collection_is_ordered_by_drag_and_by_keyboard_and_shared(visits):
    maker = visits.of(MARKETER, "en")
    page, name = maker.page, f"First meeting {time.time_ns()}"
    maker.open("/collections")
    page.locator("details.term-new summary").click()
    page.locator("details.term-new #name").fill(name)
    page.locator("details.term-new [name=reach]").select_option("all")
    page.locator("details.term-new .primary").click()
    page.wait_for_url(re.compile(r"/collections/\d+"))
    address = re.sub(r"(/collections/\d+).*", r"\1", page.url)
    maker.open("/?q=warehouse")
    hits = page.locator(".hit h2 a").evaluate_all("all => all.map(it => it.pathname)")
    for path in list(dict.fromkeys(hits))[:3]:
        maker.open(f"/collections/add/{path.split('/')[2]}")
        page.get_by_role("button", name=f"Add to {name}").click()
        page.wait_for_url(address)
    maker.open(f"{address}/edit")
    visits.see(maker)
    rows = page.locator("[data-entry]")
    begun = rows.evaluate_all("all => all.map(it => it.dataset.entry)")

    def saved():
        return page.expect_response(lambda r: r.url.endswith("/order") and r.status == 200)

    with saved():  # by keyboard
        rows.first.locator('.arrows [value="down"]').focus()
        page.keyboard.press("Enter")
    with saved():  # the last to the top, by its grip
        box, top = rows.nth(2).locator(".grip").bounding_box(), rows.first.bounding_box()
        page.mouse.move(box["x"] + 5, box["y"] + 5)
        page.mouse.down()
        page.mouse.move(box["x"] + 5, top["y"] + 3, steps=12)
        page.mouse.up()
    page.reload()
    assert rows.evaluate_all("all => all.map(it => it.dataset.entry)") == [
        begun[2],
        begun[1],
        begun[0],
    ]
    rep = visits.of(REP, "vi", width=390)
    rep.open(address)
    assert rep.page.locator(".hit").count() == 3
    visits.see(rep)
