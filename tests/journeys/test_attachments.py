"""A file on its way in Chromium: sent with progress, published, found by its slide; nothing of it runs."""

import pytest

from tests.journeys.steps import sign_in
from tests.library.attachments.conftest import PHRASE, pptx

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARKETER, REP = "quoc.bui@tarvel.example", "tom.reed@tarvel.example"
RUN = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
PAGE = "<!doctype html><script>alert(3)</script><img src=x onerror=alert(4)>"
# a PDF, as far as its first bytes say, and a page with a script, as far as a browser might guess
POLYGLOT = b"%PDF-1.4\n" + PAGE.encode() + RUN.encode()
PNG = b"\x89PNG\r\n\x1a\n" + PAGE.encode() + RUN.encode()


@pytest.fixture
def desk(tab):
    tab = tab("en")
    sign_in(tab, MARKETER, "en")
    tab.open("/desk/")
    tab.page.locator(".hit h2 a").first.click()
    tab.page.wait_for_selector("form.upload")
    return tab


def choose(tab, *files):
    payloads = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": body}
        for name, body in files
    ]
    tab.page.set_input_files("#file", payloads)
    tab.page.click("form.upload button")


def test_sent_published_and_found_by_its_slide(desk, tab):
    page, slug = desk.page, desk.page.url.rsplit("/", 1)[1]
    choose(desk, ("deck.pptx", pptx("One", f"The {PHRASE} slide")), ("no.svg", RUN.encode()))
    page.wait_for_selector("#files-list li[id]:has-text('deck.pptx')")
    page.wait_for_selector("form.upload .error:has-text('no.svg')")
    assert desk.axe() == []
    desk.complaints = [it for it in desk.complaints if "422" not in it]  # the refusal, as told
    desk.check()
    page.click('form[action$="/moves/publish"] button')
    page.wait_for_selector(".p-published")
    rep = tab("ru", width=390)
    sign_in(rep, REP, "ru")
    rep.open(f"/?q={PHRASE}")
    link = rep.page.locator(".hit .at")
    assert link.inner_text().strip() == "Слайд 2 файла deck.pptx"
    with rep.page.expect_download() as begun:
        link.click()
    assert begun.value.suggested_filename == "deck.pptx"
    rep.open(f"/assets/{slug}")
    assert rep.axe() == []
    rep.check()


def test_nothing_in_a_file_runs(desk):
    from playwright.sync_api import Error

    page = desk.page
    choose(desk, ("a.pdf", POLYGLOT), ("b.png", PNG))
    page.wait_for_selector("#files-list li[id]:has-text('b.png')")
    links = page.locator("#files-list a").evaluate_all("all => all.map(a => a.href)")
    asked = [*links, *(f"{link}/show" for link in links)]
    for address in asked:
        # saved, and even when it is opened: the policy and the type keep it from being a page
        answer = page.request.get(address)
        if answer.status == 200:
            assert answer.headers["content-security-policy"].startswith(
                "default-src 'none'; sandbox"
            )
            assert answer.headers["x-content-type-options"] == "nosniff"
        try:
            desk.open(address)
        except Error as error:  # a download is no page to go to
            assert "Download is starting" in str(error) or "ERR_ABORTED" in str(error)
        page.wait_for_load_state()
    assert desk.dialogs == []
