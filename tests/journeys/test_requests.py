"""A request from the search that found nothing to the thanks: three people, three languages."""

import re
from datetime import timedelta

import pytest

from portal import clock
from portal.config import demo_password
from tests.journeys.steps import in_language, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAN, DMITRY = "lan.nguyen@tarvel.example", "dmitry.orlov@tarvel.example"
TOM, SARAH = "tom.reed@tarvel.example", "sarah.whitfield@tarvel.example"
VAIN = "Thermolux"  # a competitor of whom nothing is written
TITLE = "So sánh với Thermolux về kho lạnh"
DELIVERED = "kestrel"


class Visits:
    """Tabs of several people, and what axe finds on the pages they come by."""

    def __init__(self, tab, password):
        self.make, self.password, self.found = tab, password, []

    def of(self, email, language, **options):
        """Sign in by the demo's button; who has none there, by the password."""
        tab = self.make(language, **options)
        tab.open("/sign-in")
        if tab.page.locator(f'button[value="{email}"]').count():
            sign_in(tab, email, language)
            return tab
        tab.page.locator("#email").fill(email)
        tab.page.locator("#password").fill(self.password)
        press(tab, "form.panel button.primary")
        in_language(tab, language)
        return tab

    def see(self, tab):
        """The page as it is: nothing complained, nothing sticks out, everybody can use it."""
        self.found += tab.axe()
        tab.check()


@pytest.fixture
def visits(tab, live):
    kept = Visits(tab, demo_password(live.folder))
    yield kept
    assert kept.found == []


def search_in_vain(visits, tab):
    tab.open(f"/?q={VAIN}")
    tab.page.wait_for_selector(".zero")
    visits.see(tab)


def said(tab):
    return " ".join(tab.page.get_by_role("main").inner_text().split())


def press(tab, button):
    """Press what sends a form, and wait for the page it leads to."""
    with tab.page.expect_navigation():
        tab.page.locator(button).first.click()


def unread(tab):
    """The number on the bell; 0 without one."""
    number = tab.page.locator("a.bell b")
    return int(number.inner_text()) if number.count() else 0


def add_deal(visits, tab):
    tab.open("/deals/")
    page = tab.page
    page.locator("details.term-new summary").click()
    page.locator("#name").fill("Kho lạnh Delta")
    page.locator("#account").fill("Delta Foods")
    page.locator("#amount").fill("1.200.000.000")
    page.locator("#currency").fill("VND")
    page.locator("#closes_on").fill(f"{clock.now() + timedelta(days=40):%Y-%m-%d}")
    visits.see(tab)
    press(tab, "details.term-new form button.primary")
    assert "Kho lạnh Delta" in said(tab)


def ask(visits, tab):
    """From the search that found nothing, by the link it offers; returns the request's address."""
    page = tab.page
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name="Hỏi phòng marketing").click()
    assert page.locator("#title").input_value() == VAIN
    page.locator("#title").fill(TITLE)
    page.locator("#kind").select_option("comparison")
    page.locator("#deal").select_option(label=deal_of(page))
    page.locator("#situation").fill("Khách hàng nói Thermolux rẻ hơn 15 %.")
    page.locator("details.more summary").click()
    visits.see(tab)
    press(tab, "#ask .actions button.primary")
    assert re.search(r"/requests/\d+$", page.url)
    return page.url


def deal_of(page):
    options = page.locator("#deal option").all_inner_texts()
    return next(it for it in options if "Kho lạnh Delta" in it)


def take_on(visits, tab, where):
    tab.open("/requests/")
    visits.see(tab)
    tab.page.locator(".asked-rows h2 a", has_text=TITLE).click()
    tab.page.wait_for_url(where)
    assert "Kho lạnh Delta" in said(tab)  # the deal, to those who answer
    press(tab, 'form[action$="/moves/take-on"] button')
    assert "Tom Reed has it" in said(tab)
    visits.see(tab)
    tab.open("/requests/board")
    column = tab.page.locator('[data-column="taken-on"] .card', has_text=TITLE)
    assert column.count() == 1
    visits.see(tab)


def deliver(visits, tab, where):
    """By the address of a published asset; what its search would find is said before and after."""
    tab.open(f"/?q={DELIVERED}")
    asset = tab.page.locator(".hit h2 a").first
    name, address = asset.inner_text(), asset.get_attribute("href").split("?")[0]
    tab.open(f"{where}/deliver")
    tab.page.locator("#find").fill(tab.base + address)
    press(tab, "form.desk-filter button")
    replay = tab.page.locator(".candidate .replay")
    assert VAIN.lower() in replay.locator("code").first.inner_text().lower()
    visits.see(tab)
    press(tab, '.candidate form[action$="/deliver"] button')
    assert tab.page.url == where
    assert VAIN.lower() in tab.page.locator(".replay code").first.inner_text().lower()
    assert "Try what was delivered: due on" in said(tab)
    visits.see(tab)
    return name


def open_notice(visits, tab, words):
    """The bell has a number; behind it lies what was told, and leads to what it is about."""
    tab.open("/")
    assert unread(tab) > 0
    with tab.page.expect_navigation():
        tab.page.locator("a.bell").click()
    visits.see(tab)
    with tab.page.expect_navigation():
        tab.page.locator(".notice button.plain", has_text=words).first.click()


def accept_and_thank(visits, tab):
    press(tab, 'form[action$="/moves/accept"] button')
    page = tab.page
    page.locator("summary", has_text="Tom Reed").click()
    page.locator("#thanks").fill("Khách hàng đã ký. **Cảm ơn anh!**")
    visits.see(tab)
    press(tab, 'form[action$="/thanks"] button')
    assert "Cảm ơn anh!" in said(tab)
    assert page.locator(".r-accepted").count() == 1


def test_from_a_search_in_vain_to_the_thanks(visits, live):
    sarah = visits.of(SARAH, "en")
    search_in_vain(visits, sarah)

    lan = visits.of(LAN, "vi", width=390)
    add_deal(visits, lan)
    search_in_vain(visits, lan)
    where = ask(visits, lan)
    visits.see(lan)

    dmitry = visits.of(DMITRY, "ru", scheme="dark")
    search_in_vain(visits, dmitry)
    dmitry.open(where)
    assert "Kho lạnh Delta" not in said(dmitry)  # the deal of another team
    press(dmitry, 'form[action$="/support"] button')
    assert "Дмитрий Орлов" in dmitry.page.locator(".waiting").inner_text()
    visits.see(dmitry)

    tom = visits.of(TOM, "en")
    take_on(visits, tom, where)
    delivered = deliver(visits, tom, where)

    lan.open(where)
    visits.see(lan)
    open_notice(visits, lan, "So sánh với Thermolux")
    assert lan.page.url == where
    accept_and_thank(visits, lan)
    lan.open(where)
    visits.see(lan)

    open_notice(visits, dmitry, TITLE)
    assert dmitry.page.url == where
    dmitry.open("/requests/wins")
    win = dmitry.page.locator(".win", has_text=TITLE)
    assert "Cảm ơn anh!" in win.inner_text()
    assert delivered in win.inner_text() or win.locator("a[lang=ru]").count() == 1
    visits.see(dmitry)

    code, _, complaints = live.run("worker", "--once")
    assert code == 0, complaints
    open_notice(visits, sarah, TITLE)
    assert sarah.page.url == where
    open_notice(visits, tom, TITLE)
    assert "thank" in said(tom).lower()
