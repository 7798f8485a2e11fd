"""Somebody comes and goes: invited by an admin, in by a link, and out at once when deactivated."""

import re
import time

import pytest

from tests.journeys import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "a fine old pond"
LONGEST = 5


def looked_at(tab, name):
    tab.check()
    assert tab.axe() == [], name


def invite(admin, email):
    """Invite somebody by the form; returns the link the portal shows once, as it sends no mail."""
    page = admin.page
    admin.open("/people/invite")
    looked_at(admin, "invite")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=name]").fill("Пётр Седов")
    page.locator("select[name=language]").select_option("ru")
    page.locator("form[action$='/people/invite'] .primary").click()
    page.wait_for_url(re.compile(r"/people/\d+\?done=added"))
    looked_at(admin, "person")
    page.locator("form[action$='/link'] button").click()
    page.wait_for_selector("#link")
    looked_at(admin, "link")
    return page.locator("#link").input_value()


def test_somebody_comes_and_goes(tab, live):
    admin = tab("en")
    steps.sign_in(admin, "grace.holt@tarvel.example", "en")
    link = invite(admin, "petr@example.com")
    assert link.startswith(f"{live.url}/invitation/")

    guest = tab("ru", width=390, scheme="dark")
    guest.open(link.removeprefix(live.url))
    looked_at(guest, "welcome")
    for name in ("new", "repeat"):
        guest.page.locator(f"input[name={name}]").fill(PASSWORD)
    guest.page.locator("main form .primary").click()
    guest.page.wait_for_url(re.compile(r"/$"))
    assert guest.page.locator("html").get_attribute("lang") == "ru"
    guest.open("/account")
    guest.page.locator("form[action$='/sign-out-everywhere'] button").click()
    guest.page.wait_for_url(re.compile("/sign-in"))
    guest.page.locator("input[name=email]").fill("petr@example.com")
    guest.page.locator("input[name=password]").fill(PASSWORD)
    guest.page.locator("input[name=password]").press("Enter")
    guest.page.wait_for_url(re.compile(r"/$"))

    admin.open("/people?q=седов")
    looked_at(admin, "people")
    admin.page.locator(".rows h2 a").last.click()
    admin.page.locator("form[action$='/deactivated'] button").click()
    admin.page.wait_for_url(re.compile("done=deactivated"))
    begun = time.monotonic()
    guest.open("/library")
    assert "/sign-in" in guest.page.url
    assert time.monotonic() - begun < LONGEST
