"""The charts in Chromium: axe in light and dark, readable on a phone, inside their frames, on paper."""

import pytest

from tests.browser import Tab
from tests.web.charts import gallery

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALL = """() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility()
  && !e.closest('.vh') && [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())
  && !['TITLE', 'DESC', 'title', 'desc', 'STYLE'].includes(e.tagName)).map(e => {
    const matrix = e.getScreenCTM ? e.getScreenCTM() : null;
    return [parseFloat(getComputedStyle(e).fontSize) * (matrix ? matrix.d : 1), e.textContent];
  }).filter(([size]) => size < 11)"""
STICKING_OUT = """() => [...document.querySelectorAll('main section text')].filter(e => e.checkVisibility()
  && getComputedStyle(e).display != 'none').map(e => {
    const box = e.getBoundingClientRect(), room = e.closest('section').getBoundingClientRect();
    return [Math.round(box.left - room.left), Math.round(room.right - box.right), e.textContent];
  }).filter(([left, right]) => left < 0 || right < 0)"""
TOUCHING = """() => [...document.querySelectorAll('main section svg')].flatMap(svg => {
  const said = [...svg.querySelectorAll(':scope > text')].filter(e => getComputedStyle(e).display != 'none')
    .map(e => [e.getBoundingClientRect(), e.textContent]);
  return said.flatMap(([a, x], i) => said.slice(i + 1).filter(([b]) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 3 && b.top < a.bottom - 3).map(([, y]) => `${x} / ${y}`)); })"""


@pytest.fixture
def look(engine):
    opened = []

    def at(width, language="en", shade="light", **options):
        context = engine.new_context(viewport={"width": width, "height": 900}, **options)
        opened.append(context)
        tab = Tab(context, "")
        tab.page.set_content(gallery.html(language, shade))
        return tab

    yield at
    for context in opened:
        context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("shade", ["light", "dark"])
def test_axe_finds_nothing(look, shade, width):
    assert look(width, shade=shade).axe() == []


@pytest.mark.parametrize("language", ["en", "vi", "ru"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_words_are_legible_and_stay_in_their_panel(look, width, language):
    page = look(width, language).page
    assert page.evaluate(SMALL) == []
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(TOUCHING) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_table_opens_without_script(look):
    page = look(390, java_script_enabled=False).page
    table = page.locator("details table").first
    assert not table.is_visible()
    page.locator("summary").first.click()
    assert table.is_visible()


def test_on_paper_the_tables_are_open_and_nothing_is_left_to_click(look):
    page = look(720).page
    page.emulate_media(media="print")
    assert page.locator("details table").first.is_visible()
    assert not page.locator("summary").first.is_visible()


def test_forced_colours_leave_the_marks_visible(look):
    page = look(1280, forced_colors="active").page
    fills = page.evaluate(
        "[...document.querySelectorAll('.c-f, .c-iv .c-m path, .c-ln')]"
        ".map(e => [getComputedStyle(e).fill, getComputedStyle(e).stroke])"
    )
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert fills
    assert all(set(pair) - {ground, "none"} for pair in fills)
