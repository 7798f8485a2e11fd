import pytest
from jinja2 import DictLoader, Environment

from portal.web import pieces

ROOM = {"web/frame/hello.html": "{{ locale }} {{ theme }} {{ active }} {{ me }} {{ navigation() }}"}


@pytest.fixture
def draw():
    """Draws `piece('hello')` as a page would; gives what it says and how often it was drawn."""
    drawn = []

    def made(most=pieces.KEPT):
        environment = Environment(loader=DictLoader(ROOM), autoescape=True)
        pieces.install(environment, most=most)
        page = environment.from_string("{{ piece('hello') }}")

        def draw(**values):
            def navigation():
                drawn.append(values)
                return "ways"

            told = {"me": "lan", "locale": "vi", "theme": "dark", "active": "search", "link": {}}
            return page.render({**told, **values, "navigation": navigation})

        return draw, drawn

    return made


def test_a_piece_is_drawn_once(draw):
    page, drawn = draw()
    assert page() == page() == "vi dark search lan ways"
    assert len(drawn) == 1


@pytest.mark.parametrize(
    "other", [{"me": "tom"}, {"locale": "ru"}, {"theme": "light"}, {"active": "library"}]
)
def test_a_piece_is_drawn_anew_for_whatever_it_depends_on(draw, other):
    page, drawn = draw()
    page()
    assert next(iter(other.values())) in page(**other)
    assert page() == "vi dark search lan ways"
    assert len(drawn) == 2


def test_what_is_kept_is_bounded(draw):
    page, drawn = draw(most=2)
    for name in ("a", "b", "c", "a"):
        assert f" {name} " in page(me=name)
    assert len(drawn) == 4


def test_nothing_is_kept_while_templates_are_being_written(draw):
    page, drawn = draw(most=0)
    page(), page()
    assert len(drawn) == 2


def test_a_name_can_not_become_markup(draw):
    page, _ = draw()
    assert "<b>" not in page(me="<b>")
