"""Writing: a card begun, typed, lost from sight and found again; pasted, previewed, saved once."""

import json
import re
import time
from pathlib import Path

import pytest

from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARKETER, CONTRIBUTOR = "tom.reed@tarvel.example", "huy.tran@tarvel.example"
PASTES = Path(__file__).parent / "pastes"


def begin(tab, title, kind="battlecard", language="en"):
    tab.open(f"/desk/new?kind={kind}")
    page = tab.page
    page.locator("#title").fill(title)
    page.locator("#language").select_option(language)
    page.get_by_role("main").locator(".actions .primary").click()
    page.wait_for_selector("#write_body")
    return page.url


def type_at_end(page, text):
    page.locator("#write_body").press("Control+End")
    page.locator("#write_body").press_sequentially(text)


def wait_kept(page):
    page.locator("#kept_line", has_text=re.compile(r"\d\d:\d\d:\d\d")).wait_for()


def body(page):
    return page.locator("#write_body").input_value()


def write(page, text):
    page.locator("#write_body").fill(text)


PASTE = """([html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData('text/html', html);
  data.setData('text/plain', text);
  const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  const body = document.querySelector('#write_body');
  body.focus();
  return body.dispatchEvent(event);
}"""


@pytest.fixture
def editor(tab):
    """A function: an editor open on a new asset, signed in."""

    def open_(title="Guide: writing", language="en", kind="guide", **options):
        writer = tab(language, **options)
        sign_in(writer, MARKETER, language)
        begin(writer, title, kind, language)
        return writer

    return open_


def test_a_contributor_loses_nothing_and_saves(tab):
    writer = tab("en")
    sign_in(writer, CONTRIBUTOR, "en")
    where = begin(writer, "Battlecard: Zephyr")
    page = writer.page
    assert "## Why we win" in body(page)
    type_at_end(page, "\nWe call back within an hour.")
    wait_kept(page)
    writer.check()
    assert writer.axe() == []

    page.close()  # the tab is closed
    again = type(writer)(page.context, writer.base)
    page = again.page
    again.open(where)
    assert "We call back within an hour." in body(page)
    assert "You have unsaved changes from" in page.locator("#draft_bar").inner_text()
    assert again.axe() == []
    page.locator("#draft_bar [data-keep]").click()
    assert page.locator("#draft_bar").is_hidden()

    page.locator("#tab_preview").click()
    page.wait_for_selector("#pane_preview article")
    shown = page.locator("#pane_preview").inner_text()
    assert "Quick facts" in shown
    assert "Who they are, how they sell" not in shown
    assert again.axe() == []
    again.check()
    page.locator("#tab_write").click()

    page.evaluate(
        "for (const b of document.querySelectorAll('.savebar .primary')) { b.click(); b.click(); }"
    )
    page.wait_for_url(re.compile(r"/desk/battlecard-zephyr$"))
    assert page.locator(".timeline li", has_text="Saved a revision").count() == 2  # begun, saved
    again.open(where)
    assert page.locator("#draft_bar").count() == 0
    assert page.locator("#local_bar").is_hidden()
    assert "We call back within an hour." in body(page)
    again.check()


def test_a_session_that_ends_while_writing_loses_nothing(editor):
    writer = editor("Guide: session")
    page, where = writer.page, writer.page.url
    cookies = page.context.cookies()
    page.context.clear_cookies(name="arsenal")
    type_at_end(page, "\nWritten while signed out.")
    page.wait_for_selector("#trouble_box:not([hidden])")
    assert "you are signed out" in page.locator("#trouble_box").inner_text()
    assert page.locator("#trouble_box a").is_visible()
    page.locator(".savebar .primary").click()  # refused here, without leaving the page
    page.wait_for_timeout(300)
    assert page.url == where
    # signed in again, in another tab: the next save is this person's
    other = page.context.new_page()
    other.goto(writer.base + "/sign-in")
    other.locator(f'form[action$="/demo/sign-in"] button[value="{MARKETER}"]').click()
    other.wait_for_url(re.compile(r"/$"))
    other.close()
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.wait_for_selector("#trouble_box", state="hidden")
    wait_kept(page)
    page.locator(".savebar .primary").click()
    page.wait_for_url(re.compile(r"/desk/guide-session$"))
    assert cookies


def test_what_never_reached_the_portal_is_put_back(editor):
    writer = editor("Guide: offline")
    page, where = writer.page, writer.page.url
    page.context.clear_cookies(name="arsenal")
    type_at_end(page, "\nOnly in this browser.")
    page.wait_for_selector("#trouble_box:not([hidden])")
    page.goto(where)  # sent to sign in, and back
    page.locator(f'button[value="{MARKETER}"]').click()
    page.wait_for_selector("#local_bar:not([hidden])")
    assert "You have unsaved changes from" in page.locator("#local_bar").inner_text()
    assert "Only in this browser." in body(page)
    wait_kept(page)
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('desk/')).length") == 0
    page.locator("#local_bar [data-drop]").click()
    assert "Only in this browser." not in body(page)


def test_somebody_elses_session_takes_no_text(editor):
    writer = editor("Guide: other")
    page = writer.page
    page.context.clear_cookies(name="arsenal")
    other = page.context.new_page()
    other.goto(writer.base + "/sign-in")
    other.locator(f'button[value="{CONTRIBUTOR}"]').click()
    other.wait_for_url(re.compile(r"/$"))
    other.close()
    type_at_end(page, "\nTom's words.")
    page.wait_for_selector("#trouble_box:not([hidden])")
    assert "somebody else" in page.locator("#trouble_box").inner_text()


def test_offline_is_said_and_made_good(editor):
    writer = editor("Guide: net")
    page = writer.page
    page.context.set_offline(True)
    type_at_end(page, "\nIn the train.")
    page.wait_for_selector("#trouble_box:not([hidden])")
    assert "can not be reached" in page.locator("#trouble_box").inner_text()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_kept(page)
    assert page.locator("#trouble_box").is_hidden()


@pytest.mark.parametrize("path", sorted(PASTES.glob("*.html")), ids=lambda path: path.stem)
def test_pasted_documents_become_markdown(editor, path):
    writer = editor("Guide: paste")
    page = writer.page
    write(page, "")
    html = path.read_text("utf-8")
    assert page.evaluate(PASTE, [html, "plain"]) is False
    assert body(page) == path.with_suffix(".md").read_text("utf-8").rstrip("\n")
    page.keyboard.press("Control+z")
    assert body(page) == ""
    assert writer.seen()["ran"] == 0
    assert writer.complaints == []
    writer.check()


def test_plain_text_pastes_itself(editor):
    page = editor("Guide: plain").page
    for html in (
        "",
        "<span style='color:red'>## plain</span>",
        "<meta charset=utf-8><div>**x**</div>",
    ):
        assert page.evaluate(PASTE, [html, "## plain"]) is True


def test_keys_and_buttons_format_and_undo(editor):
    writer = editor("Guide: keys")
    page = writer.page
    write(page, "fast")
    box = page.locator("#write_body")
    box.press("Control+a")
    box.press("Control+b")
    assert body(page) == "**fast**"
    box.press("Control+b")
    assert body(page) == "fast"
    box.press("Control+i")
    assert body(page) == "*fast*"
    for _ in range(3):
        box.press("Control+z")
    assert body(page) == "fast"
    box.press("Control+a")
    box.press("Control+k")
    assert body(page) == "[fast](https://)"
    assert page.locator("#palette[open]").count() == 0
    page.keyboard.type("https://example.com")
    assert body(page) == "[fast](https://example.com)"
    write(page, "One.")
    box.press("Control+End")
    for name in ("Objection", "Sentence to say", "Table", "Claim"):
        page.locator(".toolbar button", has_text=name).click()
    text = body(page)
    assert '### "What the customer says"' in text
    assert re.search(r"\(Delivery report, \w+ \d{4}\)\.", text)
    write(page, "- one")
    box.press("Control+End")
    box.press("Enter")
    page.keyboard.type("two")
    assert body(page) == "- one\n- two"
    box.press("Enter")
    box.press("Enter")
    assert body(page) == "- one\n- two\n"
    assert page.locator("[data-words]").inner_text() == "2"
    assert page.locator(".counter").inner_text() == f"{len('Guide: keys')}/300"


def test_pictures_are_uploaded_where_they_fall(editor):
    writer = editor("Guide: pictures")
    page = writer.page
    answers = [
        (
            201,
            {
                "id": 1,
                "name": "dock.png",
                "url": "/attachments/1",
                "markdown": "![dock](/attachments/1)",
            },
        ),
        (422, {"error": "This is no picture."}),
    ]
    seen = []

    def answer(route):
        seen.append(route.request)
        status, told = answers[len(seen) - 1]
        route.fulfill(status=status, content_type="application/json", body=json.dumps(told))

    page.route("**/attachments", answer)
    write(page, "One.\n")
    page.locator("#write_body").press("Control+End")
    drop = """name => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([1, 2])], name, {type: 'image/png'}));
      document.querySelector('#write_body').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(drop, "dock.png")
    page.wait_for_selector(".toast:has-text('is in the text')")
    assert body(page).strip() == "One.\n![dock](/attachments/1)"
    assert seen[0].headers["x-csrftoken"]
    assert seen[0].headers["accept"] == "application/json"
    page.evaluate(drop, "evil --><b>.png")
    page.wait_for_selector(".toast:has-text('This is no picture.')")
    assert "<!--" not in body(page)


def test_without_script_the_editor_writes_previews_and_saves(tab):
    writer = tab("en", java_script_enabled=False)
    page = writer.page
    writer.open("/sign-in")
    page.locator(f'button[value="{MARKETER}"]').click()
    begin(writer, "Guide: without script", "guide")
    page.locator("#write_body").fill("## What it is for\n\n> Say **this**.")
    page.locator("#tab_preview").click()
    assert page.locator("#shown_text blockquote").inner_text() == "Say this."
    assert page.locator("#write_body").input_value().startswith("## What it is for")
    page.locator(".savebar .primary").click()
    assert page.url.endswith("/desk/guide-without-script")


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 390, "light"), ("vi", 1280, "dark"), ("ru", 390, "dark"), ("ru", 1280, "light")],
)
def test_the_pages_of_writing_fit_and_are_accessible(tab, language, width, scheme):
    writer = tab(language, width, scheme)
    sign_in(writer, MARKETER, language)
    found = []
    writer.open("/desk/new")
    found += writer.axe()
    writer.check()
    begin(writer, f"Story {language} {width} {time.time_ns()}", "case-study", language)
    writer.check()
    found += writer.axe()
    writer.open(writer.page.url.replace(f"/{language}", "/facts"))
    writer.check()
    found += writer.axe()
    assert found == []
