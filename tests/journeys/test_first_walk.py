"""The first walk: signed in, three words, the battlecard, a sentence on the clipboard, counted."""

from itertools import product

import pytest

from tests.journeys.steps import clipboard, copies, copy_first, open_hit, search, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REP, MARKETER = "lan.nguyen@tarvel.example", "tom.reed@tarvel.example"
# what a rep types, and the title of the card that has to be there
WALKS = {
    "en": ("kestrel change requests", "Battlecard: Kestrel WMS"),
    "vi": ("phi chinh sua kestrel", "Thẻ đối đầu: Kestrel WMS"),
    "ru": ("стоимость доработок kestrel", "Карточка конкурента: Kestrel WMS"),
}
WAYS = list(product(WALKS, (390, 1280), ("light", "dark")))


@pytest.mark.parametrize(("language", "width", "scheme"), WAYS)
def test_from_three_words_to_the_clipboard(tab, language, width, scheme):
    words, title = WALKS[language]
    marketer = tab(language, width, scheme)
    sign_in(marketer, MARKETER, language)
    before = copies(marketer, title)

    rep = tab(language, width, scheme)
    sign_in(rep, REP, language)
    rep.check()
    search(rep, words)
    rep.check()
    open_hit(rep, title)
    assert rep.page.locator("article").get_attribute("lang") == language
    sentence = copy_first(rep)
    assert len(sentence) > 20
    assert clipboard(rep) == sentence
    rep.check()

    assert copies(marketer, title) == before + 1
    marketer.check()


@pytest.mark.parametrize(("language", "width", "scheme"), WAYS)
def test_every_page_of_the_walk_is_accessible(tab, language, width, scheme):
    words, title = WALKS[language]
    rep = tab(language, width, scheme)
    rep.open("/sign-in")
    found = rep.axe()
    sign_in(rep, MARKETER, language)
    found += rep.axe()
    search(rep, words)
    found += rep.axe()
    open_hit(rep, title)
    found += rep.axe()
    for path in ("/insights/usage", "/account", "/no-such-page"):
        rep.open(path)
        found += rep.axe()
    assert found == []


def test_axe_notices_a_bad_page(tab):
    bad = tab()
    bad.page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src=x.png></main>")
    assert any("image-alt" in line for line in bad.axe())


def test_the_watch_notices(tab):
    """A page that complains, jumps, shouts and breaks the policy is found out on each count."""
    bad = tab()
    bad.open("/sign-in")
    bad.page.evaluate("""() => {
        try { document.body.setAttribute('onclick', 'alert(1)') } catch { /* refused, as it should */ }
        console.error('broken');
    }""")
    bad.page.evaluate("alert('hello')")
    with pytest.raises(AssertionError):
        bad.check()
    assert any("broken" in complaint for complaint in bad.complaints)
    assert len(bad.dialogs) == 1
    assert bad.seen()["violations"]


def test_pages_are_light(tab):
    """At most 6 requests and 20 kB over the wire, for somebody who comes for the first time."""
    guide = tab("vi")
    sign_in(guide, MARKETER, "vi")
    search(guide, WALKS["vi"][0])
    asset = guide.page.locator(".hit h2 a").first.get_attribute("href").split("?")[0]
    cookies = guide.page.context.cookies()
    heavy = {}
    for path in ("/sign-in", "/", f"/?q={WALKS['vi'][0]}", asset, "/insights/usage", "/account"):
        fresh = tab("vi")  # nothing in its cache
        fresh.page.context.add_cookies(cookies if path != "/sign-in" else [])
        fresh.open(path)
        fresh.seen()
        requests, size = fresh.weight()
        print(f"{path}: {requests} requests, {size / 1000:.1f} kB")
        if requests > 6 or size > 20_000:
            heavy[path] = (requests, size)
    assert heavy == {}


def test_without_script_everything_works_but_copying(tab):
    words, title = WALKS["vi"]
    plain = tab("vi", java_script_enabled=False)
    page = plain.page
    plain.open("/sign-in")
    page.locator(f'button[value="{REP}"]').click()
    page.locator("#q").fill(words)
    page.locator("#q").press("Enter")
    page.locator(".hit h2 a", has_text=title).first.click()
    assert page.locator("h1").inner_text() == title
    assert page.locator("article blockquote:visible").count() > 5


def test_by_keyboard_alone(tab):
    words, title = WALKS["ru"]
    rep = tab("ru")
    sign_in(rep, REP, "ru")
    page = rep.page
    page.locator("body").press("/")
    page.keyboard.type(words, delay=15)
    page.wait_for_selector("#answer:not([aria-busy]) .hit")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.hit') !== null")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open] [role=option]")
    page.keyboard.type("kestrel", delay=15)
    page.wait_for_selector(f"#palette [role=option]:has-text('{title}')")
    rep.check()
    assert rep.axe() == []
    page.keyboard.press("Escape")
    assert page.locator("#palette[open]").count() == 0


def test_print_shows_the_whole_card(tab):
    rep = tab("en")
    sign_in(rep, REP, "en")
    search(rep, WALKS["en"][0])
    open_hit(rep, WALKS["en"][1])
    hidden = rep.page.locator("article section[hidden]").count()
    assert hidden > 0
    rep.page.emulate_media(media="print")
    assert (
        rep.page.locator("article blockquote:visible").count()
        == rep.page.locator("article blockquote").count()
    )
    assert rep.page.locator("nav:visible").count() == 0
