"""One demo for all journeys of a worker; a fresh browser profile for each."""

import pytest

from tests.browser import Tab, demo

TAGS = {"en": "en-GB", "vi": "vi-VN", "ru": "ru-RU"}


@pytest.fixture(scope="session")
def live(tmp_path_factory, engine):
    with demo(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture
def tab(engine, live):
    """A function that opens a tab in a profile of its own: language, width, light or dark."""
    contexts = []

    def make(language="en", width=1280, scheme="light", **options):
        context = engine.new_context(
            locale=TAGS[language],
            viewport={"width": width, "height": 844 if width < 500 else 800},
            color_scheme=scheme,
            has_touch=width < 500,
            permissions=["clipboard-read", "clipboard-write"],
            **options,
        )
        contexts.append(context)
        return Tab(context, live.url)

    yield make
    for context in contexts:
        context.close()
