"""From what helps to one asset, its definition, its deals and a slice; on a demo with closed deals."""

import pytest

from portal.app import create_app
from portal.config import Config
from portal.db import db
from portal.insights.lift import service
from tests import make
from tests.browser import Tab, demo
from tests.insights.lift import facts
from tests.journeys.conftest import TAGS
from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOM, HUY = "tom.reed@tarvel.example", "huy.tran@tarvel.example"
TITLE = "Asset A"


@pytest.fixture(scope="module")
def counted(tmp_path_factory, engine):
    """A demo of its own, with closed deals that were counted and judged."""
    with demo(tmp_path_factory.mktemp("helps")) as running:
        config = Config(
            data_dir=running.folder, secret_key="of no use here, but long enough", database_url=""
        )
        with create_app(config).app_context():
            deals, assets, _ = facts.world(seed=3, deals=240, helpful=1)
            for i, asset in enumerate(assets):
                make.text(asset, title=f"Asset {chr(65 + i)}")
            for i, deal in enumerate(deals):
                deal.region = "North" if i % 2 else "South"
            db.session.commit()
            service.refresh(db.session.commit)
            db.session.remove()
            db.engine.dispose()
        yield running


@pytest.fixture
def look(engine, counted):
    """A function that opens a tab of somebody: their language, width, light or dark."""
    contexts = []

    def open_tab(email, language="en", width=1280, scheme="light"):
        context = engine.new_context(
            locale=TAGS[language],
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
        )
        contexts.append(context)
        tab = Tab(context, counted.url)
        sign_in(tab, email, language)
        return tab

    yield open_tab
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("email", "language", "width", "scheme"),
    [(TOM, "en", 1280, "light"), (HUY, "vi", 390, "dark"), (TOM, "ru", 390, "light")],
)
def test_from_what_helps_to_the_deals_behind(look, email, language, width, scheme):
    tab = look(email, language, width, scheme)
    page, found = tab.page, []

    def see():
        tab.check()
        found.extend(tab.axe())

    tab.open("/insights")
    assert page.url.endswith("/insights/helps")
    see()
    page.locator(".c-label a", has_text=TITLE).first.click()
    page.wait_for_selector("#deals")
    assert page.locator("h1").inner_text() == TITLE
    see()
    page.locator('a[href$="definitions#moments"]').first.click()
    page.wait_for_selector("#moments")
    see()
    page.go_back()
    page.locator(".places a").nth(1).click()
    page.locator("#s-region").select_option("North")
    page.locator("form.helps-slice button").click()
    page.wait_for_selector(".helps-count")
    see()
    assert found == []
