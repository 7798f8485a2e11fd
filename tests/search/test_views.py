"""The rep's home, the search page and the palette."""

import re

import pytest
from sqlalchemy import select

from portal.db import db as _db
from portal.search import rules, service
from portal.search.engine import IndexDamagedError
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from portal.usage.models import UsageEvent
from tests import make

BODY = (
    "## Objections\n\n### Too expensive\n\nThey charge a fee.\n\n> Our price holds for two years.\n"
)


@pytest.fixture
def library(app, db, tmp_path, monkeypatch):
    """A shelf of published assets, indexed in a folder of its own."""
    finder = Finder(WhooshEngine(tmp_path / "index"))
    monkeypatch.setitem(app.extensions, "arsenal.finder", finder)

    def publish(slug, title="Kestrel", body=BODY, kind="battlecard", languages=("en",), **asset):
        made = make.asset(slug, kind=kind, **asset)
        for language in languages:
            make.text(made, language, title=title, body=body)
        db.session.commit()
        service.drain(finder.engine)
        return made

    return publish


def events(action):
    query = select(UsageEvent).where(UsageEvent.action == action).order_by(UsageEvent.id)
    return list(_db.session.scalars(query))


def hits(page):
    return [a.get("href") for a in page.tree.iterfind(".//li[@class='hit']/h2/a")]


def test_a_hit_shows_section_sentence_and_trail(as_, library):
    library("kestrel")
    page = as_("rep").get("/?q=too+expensive")
    assert page.status == 200
    (link,) = hits(page)
    ref = re.fullmatch(r"/assets/kestrel/en\?from=search&ref=([0-9a-f]{16})&rank=1", link)[1]
    assert "Our price holds for two years." in page.words()
    (searched,) = events("searched")
    assert (searched.query, searched.results, searched.ref) == ("too expensive", 1, ref)
    assert searched.source == "search"
    section = page.tree.find(".//a[@class='at']").get("href")
    assert section.endswith("#too-expensive")


def test_typing_asks_for_the_fragment_and_is_told_apart(as_, library):
    library("kestrel")
    page = as_("rep").get("/?q=kestrel&fragment=1")
    assert page.tree is None
    assert "<html" not in page.text
    assert [event.source for event in events("searched")] == ["instant"]


def test_nothing_asked_is_the_home_page_and_no_search(as_, library):
    library("kestrel", title="Against Kestrel")
    page = as_("rep").get("/")
    assert "Against Kestrel" in page.words()
    assert events("searched") == []


def test_what_was_opened_lately_is_on_the_home_page(as_, library):
    library("kestrel", kind="guide", title="Opened before")
    client = as_("rep")
    client.get("/assets/kestrel")
    assert "/assets/kestrel/en?from=home" in client.get("/").links()
    assert "You opened lately" in client.get("/").words()


def test_an_opened_hit_is_noted_with_search_and_rank(as_, library):
    library("kestrel")
    client = as_("rep")
    (link,) = hits(client.get("/?q=kestrel"))
    client.get(link)
    (opened,) = events("opened")
    assert (opened.rank, opened.source, opened.revision) == (1, "search", 1)
    assert opened.ref == events("searched")[0].ref


def test_filters_narrow_and_can_be_removed(as_, library):
    library("card")
    library("faq", kind="faq")
    client = as_("rep")
    page = client.get("/?q=kestrel&kind=faq")
    assert [link.split("?")[0] for link in hits(page)] == ["/assets/faq/en"]
    assert "/?q=kestrel" in page.links()
    counts = {d.get("value") for d in page.tree.iter("data")}
    assert counts == {"1"}, "the other kind still shows what ticking it would add"


def test_filters_nobody_offers_are_neither_used_nor_shown(as_, library):
    library("kestrel")
    client, many = as_("rep"), "&".join(f"kind=k{n}" for n in range(900))
    assert len(client.get(f"/?{many}").text) < 30_000, "as good as nothing asked"
    page = client.get("/?q=kestrel&kind=k0&kind=battlecard&language=zz")
    assert [link.split("?")[0] for link in hits(page)] == ["/assets/kestrel/en"]
    chips = page.tree.findall(".//ul[@class='chips active']/li/a")
    assert ["".join(chip.itertext()).split() for chip in chips] == [
        ["Remove", "filter", "Battlecard"]
    ]


@pytest.mark.parametrize(
    "query",
    [
        "?!",
        "%00",
        "%F0%9F%98%80",
        "%ED%A0%80",
        "AND OR NOT",
        '"open',
        "x" * 9000,
        "%E2%80%AE",
        "a" + "+b" * 4000,
    ],
)
@pytest.mark.parametrize("more", ["", "&fragment=1", "&page=-5", "&page=99999999999999999999"])
def test_anything_can_be_typed(as_, library, query, more):
    library("kestrel")
    assert as_("rep").get(f"/?q={query}{more}").status == 200


@pytest.mark.parametrize(
    "given", ["kind=nonsense", "language=xx", "sort=nonsense", "competitor=" + "x" * 500]
)
def test_odd_filters_are_no_error(as_, library, given):
    library("kestrel")
    assert as_("rep").get(f"/?q=kestrel&{given}").status == 200


def test_nothing_found_suggests_what_there_is(as_, library, db):
    term = make.term("competitor", "kestrel", en="Kestrel WMS")
    library("card", title="Card", body="text", facets=[term])
    page = as_("rep").get("/?q=kest")
    assert hits(page) == []
    assert "/?q=Kestrel+WMS" in page.links()
    (searched,) = events("searched")
    assert searched.results == 0


def test_the_palette_lists_hits_and_places(as_, library):
    library("kestrel", title="Against Kestrel")
    page = as_("marketer").get("/palette?q=kestrel")
    assert "/assets/kestrel/en?from=palette" in page.text
    assert "/library" in page.text


def test_a_damaged_index_finds_nothing_and_breaks_nothing(as_, library, app):
    library("kestrel")
    folder = app.extensions["arsenal.finder"].engine._folder
    for file in folder.glob("arsenal2_*"):
        file.write_bytes(b"broken")
    with pytest.raises(IndexDamagedError):
        WhooshEngine(folder).search(rules.ask("kestrel").query)
    app.extensions["arsenal.finder"] = Finder(WhooshEngine(folder))
    assert as_("rep").get("/?q=kestrel").status == 200


def test_languages_of_an_asset_are_one_hit_in_the_readers_language(as_, library):
    library("card", languages=("en", "vi", "ru"))
    page = as_("rep").get("/?q=kestrel", headers={"Accept-Language": "vi"})
    (link,) = hits(page)
    assert link.startswith("/assets/card/vi?")
    others = {link.split("?")[0] for link in page.links() if link.startswith("/assets/card/")}
    assert others == {"/assets/card/vi", "/assets/card/en", "/assets/card/ru"}


def test_pages_go_on(as_, library):
    for number in range(23):
        library(f"card-{number}")
    first, second = hits(as_("rep").get("/?q=kestrel")), hits(as_("rep").get("/?q=kestrel&page=2"))
    assert (len(first), len(second)) == (20, 3)
    assert second[0].endswith("rank=21")
