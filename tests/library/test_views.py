"""The shelf and the page of an asset."""

import pytest
from sqlalchemy import select

from portal.db import db as _db
from portal.library.links import asset_path
from portal.usage.models import UsageEvent
from tests import make

CARD = "## Why we win\n\n### Speed\n\nNine weeks.\n\n> We go live in nine weeks.\n\n## Giá\n\nIt is dear.\n"


@pytest.fixture
def asset(db):
    def publish(slug="kestrel", *, languages=("en",), title="Kestrel", body=CARD, **values):
        made = make.asset(slug, **values)
        for language in languages:
            make.text(made, language, title=f"{title} {language}", body=body)
        db.session.commit()
        return made

    return publish


def events():
    return list(_db.session.scalars(select(UsageEvent).order_by(UsageEvent.id)))


def test_addresses_are_those_of_the_views(app):
    with app.test_request_context():
        from flask import url_for

        assert asset_path("kestrel") == url_for("library.show", slug="kestrel")
        assert asset_path("kestrel", "vi") == url_for("library.show", slug="kestrel", language="vi")


def test_a_card_shows_parts_with_fixed_anchors_and_sentences_to_copy(as_, asset):
    asset()
    page = as_("rep").get("/assets/kestrel")
    assert page.status == 200
    ids = {node.get("id") for node in page.tree.iter() if node.get("id")}
    assert {"why-we-win", "pricing", "say-speed-1"} <= ids
    buttons = [b.get("data-copy") for b in page.tree.iter("button") if b.get("data-copy")]
    assert buttons == ["say-speed-1"]


@pytest.mark.parametrize(
    ("asked", "accepted", "shown"),
    [("", "vi", "vi"), ("", "ru", "en"), ("/vi", "en", "vi"), ("", "en", "en")],
)
def test_the_language_is_the_one_asked_for_else_the_readers(as_, asset, asked, accepted, shown):
    asset(languages=("en", "vi"))
    page = as_("rep").get(f"/assets/kestrel{asked}", headers={"Accept-Language": accepted})
    assert page.tree.find(".//article").get("lang") == shown
    assert page.words(".//h1") == f"Kestrel {shown}"


def test_a_language_that_is_not_there_leads_to_one_that_is_and_keeps_the_trail(as_, asset):
    asset(languages=("en",))
    page = as_("rep").get("/assets/kestrel/ru?from=search&ref=0123456789abcdef&rank=2")
    assert page.status == 303
    assert page.location == "/assets/kestrel/en?from=search&ref=0123456789abcdef&rank=2"
    assert events() == [], "a redirect is not a view"


@pytest.mark.parametrize("state", ["draft", "review", "retired"])
@pytest.mark.parametrize(
    ("role", "status"), [("rep", 404), ("contributor", 404), ("marketer", 200)]
)
def test_what_is_not_published_is_there_for_marketers_only(as_, asset, state, role, status):
    asset(state=state)
    assert as_(role).get("/assets/kestrel").status == status


@pytest.mark.parametrize(
    "address", ["nothing", "kestrel/xx", "x" * 300, "a%00b", "%F0%9F%98%80", "kestrel/en/more"]
)
def test_what_is_not_there_is_said_kindly(as_, asset, address):
    asset()
    page = as_("rep").get(f"/assets/{address}")
    assert page.status == 404
    assert page.tree is not None


def test_a_view_is_one_fact_with_revision_and_language(as_, asset):
    made = asset()
    as_("rep").get("/assets/kestrel?from=home")
    (fact,) = events()
    assert (fact.action, fact.asset_id, fact.language, fact.revision, fact.source) == (
        "viewed",
        made.id,
        "en",
        1,
        "home",
    )


def test_a_hit_is_opened_once_a_search_however_often_its_address_is_loaded(as_, asset):
    asset()
    asset("other")
    client = as_("rep")
    for slug, ref in (
        ("kestrel", "0123456789abcdef"),
        ("kestrel", "0123456789abcdef"),
        ("other", "0123456789abcdef"),
        ("kestrel", "fedcba9876543210"),
        ("kestrel", "made up"),
    ):
        page = client.get(f"/assets/{slug}/en?from=search&ref={ref}&rank=2")
        assert page.status == 200
    assert [fact.action for fact in events()].count("viewed") == 5
    opened = [fact.ref[:4] for fact in events() if fact.action == "opened"]
    assert opened == ["0123", "0123", "fedc"]


def test_a_prefetch_is_no_view(as_, asset):
    asset()
    as_("rep").get("/assets/kestrel", headers={"Sec-Purpose": "prefetch"})
    assert events() == []


def test_related_assets_share_competitor_product_or_industry(as_, asset):
    rival, product = make.term("competitor", "kestrel"), make.term("product", "warehouse")
    asset("kestrel", facets=[rival, product])
    asset("case", kind="case-study", title="Story", facets=[rival])
    asset("sheet", kind="product-sheet", title="Sheet", facets=[product])
    asset("far", kind="guide", title="Far away")
    asset("gone", kind="guide", title="Gone", facets=[rival], state="retired")
    page = as_("rep").get("/assets/kestrel")
    related = [a.get("href") for a in page.tree.iterfind(".//aside[@class='asset-side']/nav//a")]
    assert related == ["/assets/case/en?from=related", "/assets/sheet/en?from=related"]


def test_the_shelf_lists_what_is_published_by_kind_and_language(as_, asset):
    asset("card", title="Card", languages=("en", "vi"))
    asset("story", title="Story", kind="case-study")
    asset("hidden", title="Hidden", state="draft")
    client = as_("rep")

    def listed(query):
        page = client.get(f"/library{query}")
        assert page.status == 200
        return sorted(
            a.get("href").split("?")[0] for a in page.tree.iterfind(".//li[@class='hit']/h2/a")
        )

    assert listed("") == ["/assets/card/en", "/assets/story/en"]
    assert listed("?kind=case-study") == ["/assets/story/en"]
    assert listed("?language=vi") == ["/assets/card/vi"]
    assert listed("?kind=faq") == []
    assert listed("?kind=%00&language=zz&page=-3") == ["/assets/card/en", "/assets/story/en"]


def test_a_case_study_shows_its_figures_and_words(as_, db):
    made = make.asset("story", kind="case-study")
    fields = {
        "customer": "Binh Minh",
        "results": [{"figure": "0.2 %", "label": "errors", "source": "Audit"}],
        "quote": {"text": "We sleep again.", "by": "Hà"},
    }
    make.text(made, title="Story", body="## Challenge\n\nLate.\n", fields=fields)
    db.session.commit()
    words = as_("rep").get("/assets/story").words()
    for said in ("Binh Minh", "0.2 %", "Audit", "We sleep again.", "Hà"):
        assert said in words


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://media.example.com/v.mp4", True), ("javascript:alert(1)", False), ("v.mp4", False)],
)
def test_a_video_has_its_link_and_length(as_, db, url, shown):
    made = make.asset("dock", kind="video")
    make.text(made, fields={"url": url, "duration": "4:10"})
    db.session.commit()
    page = as_("rep").get("/assets/dock")
    assert (url in page.links()) is shown
    assert ("4:10" in page.words()) is shown
