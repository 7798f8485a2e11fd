"""A competitor's page: the card first with what can be said, the rest by kind, in few queries."""

from datetime import date

import pytest
from sqlalchemy import event

from portal import clock
from portal.db import db as _db
from portal.usage.models import UsageEvent
from tests import make

CARD = """## Objections

### "They are safe"

> Which risk worries you more?

## Landmines

### The lost day

> Show us the card offline.

## Pricing

### Dear

> Never said here.
"""


@pytest.fixture
def kestrel(db):
    term = make.term("competitor", "kestrel", en="Kestrel WMS", vi="Kestrel")
    term.aliases = ["KWMS"]
    owner = make.user(name="Linh")
    card = make.asset("card", facets=[term], owner=owner, checked_on=date(2026, 11, 3))
    make.text(card, title="Card en", body=CARD)
    make.text(card, "vi", title="Card vi", body=CARD)
    make.text(make.asset("story", kind="case-study", facets=[term]), title="Story en")
    make.text(make.asset("vn", kind="case-study", facets=[term]), "vi", title="Story vi")
    make.text(make.asset("gone", kind="case-study", facets=[term], state="retired"), title="Gone")
    db.session.commit()
    return term


def titles(page):
    return [" ".join(h.itertext()) for h in page.tree.iterfind(".//section[@class='shelf']//h3")]


def test_the_card_is_on_top_with_what_can_be_said(as_, kestrel):
    page = as_("rep").get("/competitors/kestrel")
    words = page.words()
    for said in ("Kestrel WMS", "KWMS", "Linh", "Which risk worries you more?", "Nov 3, 2026"):
        assert said in words
    assert "Never said here." not in words
    assert words.index("Card en") < words.index("Which risk") < words.index("Story en")
    assert "Gone" not in words
    assert "/assets/card/en?from=competitor" in page.links()
    copied = [b.get("data-copy") for b in page.tree.iter("button") if b.get("data-copy")]
    ids = {node.get("id") for node in page.tree.iter() if node.get("id")}
    assert len(copied) == 2
    assert set(copied) <= ids


def test_the_readers_language_comes_first_then_what_is_used_most(as_, kestrel, db):
    client = as_("rep")
    assert titles(client.get("/competitors/kestrel")) == ["Story en", "Story vi"]
    vietnamese = {"headers": {"Accept-Language": "vi"}}
    page = client.get("/competitors/kestrel", **vietnamese)
    assert titles(page) == ["Story vi", "Story en"]
    assert "Card vi" in page.words()
    for slug, uses in (("busy", 3), ("quiet", 1)):
        asset = make.asset(slug, kind="case-study", facets=[kestrel])
        make.text(asset, title=slug)
        for _ in range(uses):
            db.session.add(UsageEvent(at=clock.now(), action="viewed", asset_id=asset.id))
    db.session.commit()
    assert titles(client.get("/competitors/kestrel"))[:2] == ["busy", "quiet"]


def test_it_takes_four_queries_and_as_many_for_deals_and_calls(as_, kestrel):
    client, seen = as_("rep"), []
    client.get("/competitors/kestrel")

    def count(_c, _k, statement, *_):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    engine = _db.engines[None]
    event.listen(engine, "before_cursor_execute", count)
    try:
        client.get("/competitors/kestrel")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert 0 < len(seen) <= 8, seen


def test_old_addresses_and_filters_lead_to_the_term_of_today(as_, kestrel, db):
    client = as_("marketer")
    form = {"name_en": "Kestrel WMS", "slug": "kestrel-wms", "version": 1}
    assert client.post("/vocabulary/competitor/kestrel", data=form).status == 303
    page = client.get("/competitors/kestrel")
    assert (page.status, page.location) == (308, "/competitors/kestrel-wms")
    chips = client.get("/?competitor=kestrel").tree.iterfind(".//ul[@class='chips active']//a")
    assert ["Kestrel WMS" in " ".join(a.itertext()) for a in chips] == [True]


@pytest.mark.parametrize("slug", ["nobody", "x" * 300, "a%00b", "%F0%9F%98%80"])
def test_what_is_not_there_is_404(as_, kestrel, slug):
    assert as_("rep").get(f"/competitors/{slug}").status == 404


def test_the_list_leaves_out_retired_ones_with_nothing(as_, kestrel, db):
    make.term("competitor", "empty", en="Empty one")
    make.term("competitor", "past", en="Past one").retired_on = date(2026, 1, 1)
    kestrel.retired_on = date(2026, 1, 1)
    db.session.commit()
    words = as_("rep").get("/competitors/").words()
    assert words.index("Empty one") < words.index("Kestrel WMS")
    assert "Past one" not in words


def test_a_competitor_with_nothing_says_so(as_, db):
    make.term("competitor", "empty", en="Empty one")
    db.session.commit()
    assert "Nothing published" in as_("rep").get("/competitors/empty").words()
