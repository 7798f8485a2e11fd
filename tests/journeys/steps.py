"""What people do on the portal's pages, in the words of a journey."""

import re

LANGUAGE_NAMES = {"en": "English", "vi": "Tiếng Việt", "ru": "Русский"}


def sign_in(tab, email, language):
    """By the demo's button, then in the language asked for, whatever the person's own is."""
    page = tab.page
    tab.open("/sign-in")
    page.locator(f'form[action$="/demo/sign-in"] button[value="{email}"]').click()
    page.wait_for_url(re.compile(r"/$"))
    in_language(tab, language)


def in_language(tab, language):
    """Choose the language of the pages."""
    page = tab.page
    if page.locator("html").get_attribute("lang") != language:
        page.locator('[popovertarget="menu"]').click()
        page.locator(f'#menu button[name=language][value="{language}"]').click()
        page.wait_for_selector(f'html[lang="{language}"]')


def search(tab, words):
    """Type as a person does; the results come without a click."""
    page = tab.page
    page.locator("#q").click()
    page.locator("#q").press_sequentially(words, delay=15)
    page.wait_for_selector("#answer:not([aria-busy]) .hit")


def open_hit(tab, title):
    tab.page.locator(".hit h2 a", has_text=title).first.click()
    tab.page.wait_for_selector("article[data-asset]")


def copy_first(tab):
    """Go to why we win and press the first Copy there; returns the sentence as it is read."""
    page = tab.page
    page.locator('.tabs a[href="#why-we-win"]').click()
    button = page.locator("article[data-asset] [data-copy]:visible").first
    quote = page.locator(f"[id='{button.get_attribute('data-copy')}']")
    sentence = " ".join(quote.inner_text().split())
    with page.expect_response(
        lambda r: r.url.endswith("/usage") and r.request.method == "POST"
    ) as told:
        button.click()
    assert told.value.status == 204
    return sentence


def clipboard(tab):
    return " ".join(tab.page.evaluate("navigator.clipboard.readText()").split())


def copies(tab, title):
    """How often sentences of an asset were copied, as the marketer's page says; 0 without a row."""
    tab.open("/insights/usage")
    row = tab.page.locator("table.usage tbody tr", has_text=title)
    if row.count() == 0:
        return 0
    return int(re.sub(r"\D", "", row.first.locator("td.num").nth(2).inner_text()))
