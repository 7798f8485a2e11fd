"""A search to trust: mistyped, set right, why it came, its section, its sentence; and the log that learns."""

import re

import pytest

from tests.journeys.steps import clipboard, search, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REP, MARKETER = "lan.nguyen@tarvel.example", "tom.reed@tarvel.example"
TYPED, TITLE = "kestrel chnage requests", "Battlecard: Kestrel WMS"
CORRECTED, WHY = "Showing results for", "Why this result"


def corrected(tab):
    """The page says what it has understood instead, with a way back to what was typed."""
    note = tab.page.locator(".results", has_text=CORRECTED).first
    assert "change" in note.inner_text()


def why(tab, hit):
    """Open why a hit came, read it, and close it again."""
    told = hit.get_by_text(WHY).first
    told.click()
    hit.locator(".why").wait_for()
    assert "×" in hit.locator(".why").inner_text()
    assert tab.axe() == []
    told.click()
    hit.locator(".why").wait_for(state="detached")
    tab.check()


def copy_there(tab):
    """Press the first Copy of the section that was jumped to; returns the sentence as read."""
    button = tab.page.locator("article[data-asset] [data-copy]:visible").first
    quote = tab.page.locator(f"[id='{button.get_attribute('data-copy')}']")
    sentence = " ".join(quote.inner_text().split())
    with tab.page.expect_response(
        lambda r: r.url.endswith("/usage") and r.request.method == "POST"
    ) as told:
        button.click()
    assert told.value.status == 204
    return sentence


@pytest.mark.parametrize("width", [390, 1280])
def test_from_a_mistyped_search_to_the_clipboard(tab, width):
    rep = tab("en", width)
    sign_in(rep, REP, "en")
    search(rep, TYPED)
    hit = rep.page.locator(".hit", has_text=TITLE).first
    hit.wait_for()
    corrected(rep)
    assert rep.axe() == []
    rep.check()
    why(rep, hit)
    section = rep.page.locator(".hit", has_text=TITLE).first.locator("a.at")
    anchor = section.get_attribute("href").partition("#")[2]
    assert anchor
    section.click()
    rep.page.wait_for_selector("article[data-asset]")
    assert rep.page.url.endswith(f"#{anchor}")
    assert rep.page.locator(f"[id='{anchor}']").is_visible()
    assert rep.axe() == []
    sentence = copy_there(rep)
    assert len(sentence) > 20
    assert clipboard(rep) == sentence
    rep.check()


def test_from_a_search_in_vain_to_a_name_that_finds(tab):
    rep = tab("en", 390)
    sign_in(rep, REP, "en")
    for width in (390, 1280):  # the log counts once a minute
        rep.open(f"/?q=zyxter{width}")
    for width in (390, 1280):
        learn(tab, f"zyxter{width}", width)


def learn(tab, word, width):
    """Let the marketer see that somebody searched in vain, and give a competitor that name."""
    marketer = tab("en", width)
    sign_in(marketer, MARKETER, "en")
    marketer.open("/search/log?window=7&list=nothing&sort=last")
    assert marketer.axe() == []
    marketer.check()
    marketer.page.locator("tbody a", has_text=word).click()
    marketer.page.fill("#look-find", "kestrel battlecard")
    marketer.page.get_by_role("button", name="Find").click()
    marketer.page.locator("li", has_text=TITLE).get_by_role("link", name="This one").click()
    assert marketer.axe() == []
    marketer.check()
    assert marketer.page.input_value("#s-en") == word
    marketer.page.select_option("#term", "competitor/kestrel")
    marketer.page.get_by_role("button", name="Add the name and try again").click()
    marketer.page.wait_for_url(re.compile("tried=1"))
    for _ in range(20):  # the index follows within moments of the answer
        if "comes at place" in marketer.page.locator("main").inner_text():
            break
        marketer.page.get_by_role("link", name="Try again").click()
        marketer.page.wait_for_load_state()
    assert "comes at place" in marketer.page.locator("main").inner_text()
    assert marketer.axe() == []
    marketer.check()
