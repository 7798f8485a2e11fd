"""What an asset's page and the index are told."""

from datetime import date

import pytest
from sqlalchemy import event

from portal.library import queries
from portal.library.rules import Facet, Part
from tests import make


@pytest.fixture
def card(db):
    owner = make.user(name="Linh Phạm")
    facets = [
        make.term("competitor", "kestrel", en="Kestrel WMS", vi="Kestrel"),
        make.term("product", "gate", ru="Гейт"),
    ]
    asset = make.asset(
        "kestrel", owner=owner, department="marketing", facets=facets, checked_on=date(2026, 11, 3)
    )
    make.text(
        asset,
        "en",
        title="Card",
        summary="S",
        tags=["x"],
        body="Lead\n\n## Giá\n\n### Dear\n\n> Say.\n",
    )
    make.text(asset, "vi", title="Thẻ", body="## Giá\n")
    return asset


def test_a_page_holds_all_that_is_shown(db, card):
    page = queries.asset_page("kestrel", asked="en", reader="vi")
    assert (page.asset_id, page.kind, page.state, page.department) == (
        card.id,
        "battlecard",
        "published",
        "marketing",
    )
    assert (page.title, page.summary, page.tags, page.owner) == ("Card", "S", ("x",), "Linh Phạm")
    assert (page.language, page.languages, page.checked_on) == (
        "en",
        ("en", "vi"),
        date(2026, 11, 3),
    )
    assert (page.minutes, page.revision) == (1, 1)
    assert page.facets == ((Facet.PRODUCT, ("Гейт",)), (Facet.COMPETITOR, ("Kestrel WMS",)))
    assert [(s.anchor, s.part) for s in page.sections] == [("", None), ("pricing", Part.PRICING)]
    item = page.sections[1].items[0]
    assert (item.anchor, item.sayables[0].text) == ("dear", "Say.")


@pytest.mark.parametrize(
    ("asked", "reader", "language"),
    [
        ("en", "vi", "en"),
        (None, "vi", "vi"),
        ("ru", "vi", "vi"),
        (None, "ru", "en"),
        (None, None, "en"),
    ],
)
def test_the_language_is_asked_then_the_reader_s_then_english(db, card, asked, reader, language):
    assert queries.asset_page("kestrel", asked=asked, reader=reader).language == language


def test_without_english_any_language_is_shown(db):
    asset = make.asset("only")
    make.text(asset, "vi")
    assert queries.asset_page("only", reader="ru").language == "vi"


@pytest.mark.parametrize("state", ["draft", "review", "retired"])
def test_what_is_not_published_is_for_those_who_may_see_it(db, state):
    make.text(make.asset("hidden", state=state))
    assert queries.asset_page("hidden") is None
    assert queries.asset_page("hidden", unpublished=True).state == state


def test_there_is_no_page_without_asset_or_text(db):
    make.asset("empty")
    assert queries.asset_page("empty") is None
    assert queries.asset_page("nothing") is None


def test_related_assets_share_the_most_telling_terms(db, card):
    kestrel, gate = card.facets[0], card.facets[1]
    persona = make.term("persona", "cfo")
    card.facets.append(persona)
    names = {
        "both": [kestrel, gate],
        "rival": [kestrel],
        "product": [gate],
        "other": [persona],
        "retired": [kestrel, gate],
    }
    for name, facets in names.items():
        asset = make.asset(
            name, state="retired" if name == "retired" else "published", facets=facets
        )
        make.text(asset, "ru", title=name)
    page = queries.asset_page("kestrel", reader="vi")
    assert [r.slug for r in page.related] == ["both", "rival", "product"]
    assert (page.related[0].title, page.related[0].language) == ("both", "ru")


def test_related_assets_are_few_and_always_the_same(db, card):
    for _ in range(9):
        make.text(make.asset(facets=list(card.facets)))
    first = queries.asset_page("kestrel").related
    assert len(first) == queries.RELATED
    assert queries.asset_page("kestrel").related == first


def test_a_page_takes_three_statements(db, card):
    make.text(make.asset(facets=list(card.facets)))
    seen = []
    connection = db.session.connection()

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        assert queries.asset_page("kestrel", reader="vi").related
    finally:
        event.remove(connection, "before_cursor_execute", note)
    assert len(seen) == 3
