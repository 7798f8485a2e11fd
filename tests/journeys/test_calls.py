"""A call logged on a phone with stars, seen by who may see it; marketing answers what was heard."""

import re
import time

import pytest

from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAN, TOM = "lan.nguyen@tarvel.example", "tom.reed@tarvel.example"
HEARD = "We have no budget before March"
SECONDS = 15


def tap(page, name, value):
    page.locator(f'label:has(> input[name="{name}"][value="{value}"])').click()


def test_a_call_in_fifteen_seconds(tab):
    phone = tab("en", width=390, scheme="dark")
    sign_in(phone, LAN, "en")
    phone.open("/calls/new")
    phone.page.locator("main .rows h2 a, form.callsheet").first.wait_for()
    if phone.page.locator("main .rows h2 a").count():
        phone.page.locator("main .rows h2 a").first.click()
    page = phone.page
    page.wait_for_selector("form.callsheet")
    found = phone.axe()
    began = time.monotonic()
    tap(page, "result", "advanced")
    page.locator("summary", has_text="Another asset").click()
    title = page.locator("#fitting option").first.get_attribute("value")
    page.locator("#more").fill(title)
    tap(page, "stars-more", "4")
    tap(page, "helped-more", "helped")
    page.locator("textarea[name=objection_words]").fill(HEARD)
    page.locator(".save .btn").click()
    page.wait_for_url(re.compile(r"/calls/\d+$"))
    assert time.monotonic() - began < SECONDS
    said = " ".join(page.get_by_role("main").inner_text().split())
    assert HEARD in said
    assert "★★★★" in said
    for path in ("/calls/", "/calls/plan", "/calls/agenda", "/calls/voice/"):
        phone.open(path)
        found += phone.axe()
        phone.check()
    writer = tab("en")
    sign_in(writer, TOM, "en")
    writer.open("/calls/voice/")
    writer.page.get_by_role("link", name=HEARD).click()
    writer.page.wait_for_selector("#asset")
    found += writer.axe()
    writer.page.locator("#asset").fill(title)
    writer.page.locator(".btn.primary", has_text="Answer with it").click()
    writer.page.wait_for_selector(".note.good")
    writer.check()
    phone.open("/desk/notices")
    assert HEARD in phone.page.get_by_role("main").inner_text()
    assert found == []
