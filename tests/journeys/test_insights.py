"""A marketer's Monday: what helps, an asset, what its figure means, a gap, a request, the pack."""

import pytest

from tests.journeys.steps import in_language, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOM = "tom.reed@tarvel.example"


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1280, "light"), ("ru", 390, "dark")],
)
def test_from_what_helps_to_a_request_and_the_pack_in_vietnamese(tab, language, width, scheme):
    mine = tab(language, width=width, scheme=scheme)
    page, found = mine.page, []

    def see():
        mine.check()
        found.extend(mine.axe())

    sign_in(mine, TOM, language)
    mine.open("/insights")
    see()
    asset = page.locator(".c-label a").first
    title = " ".join(asset.inner_text().split())
    asset.click()
    page.wait_for_selector("#deals")
    assert " ".join(page.locator("h1").inner_text().split()) == title
    see()
    meaning = page.locator('a[href*="/insights/helps/definitions#"]').first
    anchor = meaning.get_attribute("href").rpartition("#")[2]
    meaning.click()
    page.wait_for_url(f"**/definitions#{anchor}")
    assert page.locator(f"[id='{anchor}']").is_visible()
    see()
    page.locator('.sections a[href="/insights/gaps"]').click()
    page.wait_for_selector(".gap")
    see()
    gap = page.locator(".gap", has=page.locator('a.primary[href*="requests"]')).first
    wanted = " ".join(gap.locator("h2").inner_text().split())
    gap.locator("a.primary").click()
    form = page.locator("form", has=page.locator("[name=title]"))
    assert wanted.casefold() in form.locator("[name=title]").input_value().casefold()
    see()
    with page.expect_navigation():
        form.locator("button.primary").first.click()
    assert page.locator("h1").inner_text().casefold().find(wanted.casefold()) >= 0
    mine.open("/insights/gaps?sort=people")
    assert page.locator(".gap", has_text=wanted).locator('a[href*="/requests/"]').count() >= 1
    mine.open("/insights/pack")
    in_language(mine, "vi")
    assert page.evaluate("document.documentElement.lang") == "vi"
    assert page.locator("h1").inner_text().startswith("Bản tin")
    see()
    assert found == []
