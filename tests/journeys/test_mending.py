"""From a finding to the very section: the editor opens with the caret there, and in sight."""

import pytest

from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# the heading the caret stands before, and whether its line is inside of what is seen of the field
SEEN = """() => {
  const body = document.querySelector('#write_body'), at = body.selectionStart;
  const mirror = body.cloneNode();
  mirror.value = body.value.slice(0, at);
  Object.assign(mirror.style, {position: 'absolute', height: '0', minHeight: '0', width: body.offsetWidth + 'px'});
  body.after(mirror);
  const depth = mirror.scrollHeight - body.scrollTop;
  mirror.remove();
  const box = body.getBoundingClientRect();
  return {
    heading: body.value.slice(at).split('\\n')[0],
    focused: document.activeElement === body,
    seen: depth > 0 && depth < body.clientHeight && box.top + depth > 0 && box.top + depth < innerHeight,
  };
}"""


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "vi")])
def test_a_link_to_a_section_opens_the_editor_there(tab, width, language):
    visit = tab(width=width)
    sign_in(visit, "tom.reed@tarvel.example", "en")
    visit.open(f"/assets/battlecard-kestrel/{language}")
    anchors = visit.page.evaluate(
        "[...document.querySelectorAll('main section[id]')].map(s => s.id)"
    )
    visit.open(f"/desk/battlecard-kestrel/{language}")
    places = visit.page.evaluate("JSON.parse(document.querySelector('#write_form').dataset.places)")
    last = [name for name in anchors if name in places][-1]
    visit.open(f"/desk/battlecard-kestrel/{language}#{last}")
    visit.page.wait_for_function("document.querySelector('#write_body').selectionStart > 0")
    found = visit.page.evaluate(SEEN)
    assert found["heading"].lstrip("# ").startswith(places[last][0][:10])
    assert found["focused"]
    assert found["seen"]
    visit.check()


def test_a_translation_survives_a_closed_browser_and_a_portal_that_is_away(tab):
    url = "/desk/battlecard-kestrel/ru/translation"
    first = tab()
    sign_in(first, "tom.reed@tarvel.example", "en")
    first.open(url)
    page = first.page
    page.locator("textarea[name=text]").last.fill("## Конец\n\nНабрано и не сохранено.")
    page.locator("#kept_line", has_text="Saved as draft").wait_for()
    first.check()
    assert first.axe() == []
    page.context.set_offline(True)
    page.locator("#title").fill("Набрано без связи")
    page.locator("#trouble_box:not([hidden])").wait_for()
    page.context.set_offline(False)
    page.locator("#trouble_box[hidden]").wait_for(state="attached")
    page.close()
    other = tab(width=390)
    sign_in(other, "tom.reed@tarvel.example", "en")
    other.open(url)
    assert other.page.locator("#title").input_value() == "Набрано без связи"
    assert "не сохранено" in other.page.locator("textarea[name=text]").last.input_value()
    assert other.page.locator("#draft_bar").is_visible()
    other.check()
    assert other.axe() == []


APART = """() => [...document.querySelectorAll('.rows .picked')].every(row => {
  const box = row.querySelector('input').getBoundingClientRect();
  return box.right <= row.querySelector('h2').getBoundingClientRect().left;
})"""


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "ru")])
def test_lists_and_both_texts_have_the_room_they_need(tab, width, language):
    visit = tab(width=width, language=language, scheme="dark")
    sign_in(visit, "tom.reed@tarvel.example", language)
    for path in ("/desk/", "/desk/quality/", "/desk/claims/"):
        visit.open(path)
        current = visit.page.locator(".desk-nav [aria-current], .desk-pages [aria-current]")
        chip = visit.page.locator(".chips.scroll [aria-current]")
        for it in [*current.all(), *chip.all()]:
            box = it.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        visit.check()
        assert visit.axe() == []
    visit.open("/desk/")
    assert visit.page.evaluate(APART)
    visit.open("/desk/battlecard-stokkio/en")
    visit.page.evaluate("document.querySelector('#write_base').value = 0")
    visit.page.locator("#write_title").fill("Another title")
    visit.page.locator(".savebar .primary").click()
    parts = visit.page.locator("form.settle fieldset")
    parts.first.wait_for(state="attached")
    assert parts.first.evaluate("it => getComputedStyle(it).display") != "inline-grid"
    assert parts.first.evaluate("it => getComputedStyle(it).width") != "44px"
