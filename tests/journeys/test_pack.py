"""The Monday pack in Vietnamese: read on a phone, decided, written down, sent, printed."""

import re

import pytest

from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUOC, LAN = "quoc.bui@tarvel.example", "lan.nguyen@tarvel.example"
PACK, SCORE = "/insights/pack", "/insights/scorecard"
MINUTES = "Đã bàn: giá của Kestrel.\nLan gọi lại khách hàng."
DEED = "Gọi lại kho Cần Thơ"


def press(tab, selector):
    with tab.page.expect_navigation():
        tab.page.locator(selector).first.click()


def said(tab):
    return " ".join(tab.page.get_by_role("main").inner_text().split())


def add_action(tab):
    page = tab.page
    page.locator(".pack-do summary").click()
    page.locator(".pack-do input[name=words]").fill(DEED)
    press(tab, ".pack-do form.form button.primary")


def write(tab):
    tab.page.locator("textarea[name=minutes]").fill(MINUTES)
    press(tab, ".pack-minutes button.primary")


def sheets(tab):
    """How many sheets of A4 the page takes; what is for the screen only is not on them."""
    page = tab.page
    page.emulate_media(media="print")
    hidden = page.locator(".pack-sending, .rail, .pack-do form, .pack-minutes form")
    assert not any(it.is_visible() for it in hidden.all())
    assert page.locator(".pack-text").is_visible()
    printed = page.pdf(format="A4")
    page.emulate_media(media="screen")
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def test_the_pack_is_decided_written_sent_and_printed(tab):
    manager = tab("vi")
    sign_in(manager, QUOC, "vi")
    manager.open(PACK)
    assert manager.page.evaluate("document.documentElement.lang") == "vi"
    found = manager.axe()
    add_action(manager)
    write(manager)
    assert DEED in said(manager)
    press(manager, 'form[action$="/send"] button')
    where = manager.page.url.split("#")[0]
    assert manager.page.locator('form[action$="/send"]').count() == 0
    assert "Đã bàn: giá của Kestrel." in said(manager)
    found += manager.axe()
    assert 1 <= sheets(manager) <= 2
    manager.open(f"{PACK}/archive")
    assert manager.page.locator(f'a[href="{where.removeprefix(manager.base)}"]').count() == 1
    found += manager.axe()
    manager.open(SCORE)
    found += manager.axe()
    manager.check()
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_rep_reads_it_on_a_phone(tab, scheme):
    phone = tab("vi", width=390, scheme=scheme)
    sign_in(phone, LAN, "vi")
    found = []
    for path in (PACK, f"{PACK}/archive", SCORE):
        phone.open(path)
        phone.check()
        found += phone.axe()
    assert found == []
