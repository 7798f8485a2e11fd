"""The desk from end to end: what one confirms others see."""

import pytest

from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARKETER, REP = "tom.reed@tarvel.example", "lan.nguyen@tarvel.example"


class Visits:
    """Tabs of several people, and what axe finds on the pages they come by."""

    def __init__(self, tab):
        self.make, self.found = tab, []

    def of(self, email, language, **options):
        tab = self.make(language, **options)
        sign_in(tab, email, language)
        return tab

    def see(self, tab):
        self.found += tab.axe()
        tab.check()


@pytest.fixture
def visits(tab):
    kept = Visits(tab)
    yield kept
    assert kept.found == []


def test_still_true_in_one_click_and_everybody_sees_it(visits):
    owner = visits.of(MARKETER, "en")
    owner.open("/desk/freshness")
    visits.see(owner)
    button = owner.page.locator('form[action$="/confirm"] button').first
    slug = button.locator("xpath=..").get_attribute("action").split("/")[-2]
    rep = visits.of(REP, "en")
    rep.open(f"/assets/{slug}")
    before = rep.page.locator("li[class^=f-]").first.inner_text()
    button.click()
    owner.page.wait_for_load_state()
    rep.open(f"/assets/{slug}")
    assert rep.page.locator("li[class^=f-]").first.inner_text() != before
    visits.see(rep)
