"""One's own account in Chromium: an e-mail in any letters, and a lost phone signed out."""

import json
import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EMAIL = "пётр@пример.рф"


def enter(tab, email, password):
    tab.open("/sign-in")
    tab.page.locator("input[name=email]").fill(email)
    tab.page.locator("input[name=password]").fill(password)
    tab.page.locator("input[name=password]").press("Enter")
    tab.page.wait_for_url(re.compile(r"/$"))


def test_a_lost_phone_is_signed_out(tab, live):
    status, said, complaints = live.run(
        *("user", "add", EMAIL, "--name", "Пётр Седов", "--role", "rep", "--language", "ru"),
        "--json",
    )
    assert status == 0, complaints
    password = json.loads(said)["password"]
    desk, phone = tab("ru"), tab("ru", width=390, scheme="dark")
    enter(desk, EMAIL, password)
    enter(phone, "пётр@xn--e1afmkfd.xn--p1ai", password)
    for each in (desk, phone):
        each.open("/account")
        each.check()
        assert each.axe() == []
    desk.page.locator(".sessions form button").click()
    desk.page.wait_for_selector(".note.good")
    assert desk.page.locator(".sessions li").count() == 1
    phone.open("/account")
    assert "/sign-in" in phone.page.url
