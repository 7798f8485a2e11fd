"""From the deal picked on a phone to what helped on it: used, logged, rated, remarked on, closed."""

import re
import time

import pytest

from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAN, TOM = "lan.nguyen@tarvel.example", "tom.reed@tarvel.example"
NAME = "Kho mẫu Cần Thơ"
CARDS = ("battlecard-kestrel", "comparison-warehouse-systems")
WRONG = "Giá tháng 11 đã đổi: 220.000 €"
SECONDS = 15


def press(tab, selector):
    with tab.page.expect_navigation():
        tab.page.locator(selector).first.click()


def said(tab):
    return " ".join(tab.page.get_by_role("main").inner_text().split())


def tap(page, name, value):
    page.locator(f'label:has(> input[name^="{name}"][value="{value}"])').first.click()


def pick_deal(phone):
    """A deal of one's own, added and picked; returns its address."""
    phone.open("/deals/")
    page = phone.page
    page.locator("details.term-new summary").click()
    page.locator("#name").fill(NAME)
    page.locator("#competitor").select_option("kestrel")
    press(phone, "details.term-new form button.primary")
    where = page.url
    press(phone, 'form[action$="/deals/working/"] button[name=deal]')
    phone.open("/")
    assert NAME in page.locator("body").inner_text()
    return where


def log(phone, where):
    """A call with two assets rated, by taps; returns the seconds it took."""
    page = phone.page
    phone.open(f"/calls/new?deal={where.rsplit('/', 1)[1]}")
    page.wait_for_selector("form.callsheet")
    assert page.locator("input[name=row]").count() == len(CARDS)
    found = phone.axe()
    began = time.monotonic()
    tap(page, "result", "advanced")
    for number, stars in enumerate(("5", "2")):
        key = page.locator("input[name=row]").nth(number).get_attribute("value")
        tap(page, f"stars-{key}", stars)
        tap(page, f"helped-{key}", "helped" if stars == "5" else "did-not")
    page.locator(".save .btn").click()
    page.wait_for_url(re.compile(r"/calls/\d+$"))
    took = time.monotonic() - began
    assert "★★★★★" in said(phone)
    return took, found


def remark(phone):
    """Say at the asset that something in it is outdated."""
    phone.open(f"/assets/{CARDS[0]}/vi")
    page = phone.page
    press(phone, 'a[href*="/flag"]')
    page.locator('label:has(> input[name=kind][value="outdated"])').click()
    page.locator("textarea[name=words]").fill(WRONG)
    found = phone.axe()
    press(phone, "form.panel button.primary")
    return found


def answer(tab):
    """The owner sees the remark among the notices, and answers it."""
    sign_in(tab, TOM, "en")
    tab.open("/desk/notices")
    tab.page.locator(".notice button.plain").first.wait_for()
    tab.open("/ratings/flags")
    flag = tab.page.locator(".flag", has_text=WRONG)
    flag.locator("textarea").fill("Thanks, the quote is new since today.")
    found = tab.axe()
    with tab.page.expect_navigation():
        flag.locator('button[value="fixed"]').click()
    return found


def lose(phone, where):
    """The deal is lost to a competitor, in two taps."""
    phone.open(where)
    page = phone.page
    page.locator("summary", has_text="Thua").click()
    page.locator("#reason").select_option(label="Chọn đối thủ")
    press(phone, 'button[name=outcome][value="lost"]')


def test_what_happens_in_the_field(tab, live):
    phone = tab("vi", width=390)
    sign_in(phone, LAN, "vi")
    where = pick_deal(phone)
    for slug in CARDS:
        phone.open(f"/assets/{slug}")
        phone.page.wait_for_selector("article[data-asset]")
    took, found = log(phone, where)
    assert took < SECONDS
    found += remark(phone)
    found += answer(tab("en"))
    phone.open("/desk/notices")
    assert "Thẻ đối đầu" in said(phone)
    lose(phone, where)
    code, _, complaints = live.run("worker", "--once")
    assert code == 0, complaints
    phone.open(f"/feedback/{where.rsplit('/', 1)[1]}")
    for number in range(phone.page.locator("li.rating").count()):
        phone.page.locator("li.rating").nth(number).locator("label.chip").first.click()
    phone.page.locator("#missing").fill("Một bảng giá so với Kestrel")
    found += phone.axe()
    press(phone, "form.panel button.primary")
    assert phone.page.locator('#next a[href*="/requests/new"]').count() == 1
    phone.check()
    assert found == []
