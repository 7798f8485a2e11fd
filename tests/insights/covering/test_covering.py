"""The coverage map: which assets count, whose deals wait, how those with use ended; its page."""

import csv
import io
from datetime import date, timedelta

import pytest

from portal import clock
from portal.calls.models import CallUse
from portal.deals.models import Customer, DealTerm
from portal.deals.pipelines import service as pipelines
from portal.insights.covering import queries, rules
from portal.insights.covering.rules import Cell
from portal.library.models import FormerSlug
from portal.usage.models import UsageEvent
from tests import make

TODAY = date(2026, 11, 15)


@pytest.fixture
def words(db):
    """The vocabulary: competitors, stages, an industry."""
    return {
        "kestrel": make.term("competitor", "kestrel"),
        "nordhaul": make.term("competitor", "nordhaul"),
        "demo": make.term("stage", "demo"),
        "proposal": make.term("stage", "proposal"),
        "retail": make.term("industry", "retail"),
        "pharma": make.term("industry", "pharma"),
    }


@pytest.fixture
def put(db, words):
    def asset(*names, **values):
        return make.asset(facets=[words[name] for name in names], **values)

    return asset


@pytest.fixture
def against(db):
    """A deal against competitors, at a stage, of an industry; closed ones ended lately."""
    stages = {it.term: it for it in pipelines.ready().stages if it.term}

    def deal(*rivals, stage="proposal", outcome="open", industry="", used=()):
        now = clock.now()
        customer = Customer(
            name="C",
            name_key=f"c{id(rivals)}{now}",
            industry=industry,
            created_at=now,
            updated_at=now,
        )
        db.session.add(customer)
        db.session.flush()
        it = make.deal(
            make.user(), outcome=outcome, stage_id=stages[stage].id, customer_id=customer.id,
            closed_at=None if outcome == "open" else now - timedelta(days=2),
        )  # fmt: skip
        it.terms = [DealTerm(facet="competitor", slug=slug) for slug in rivals]
        for asset in used:
            for _ in range(2):
                db.session.add(
                    UsageEvent(at=now, action="viewed", user_id=1, asset_id=asset.id, deal_id=it.id)
                )
        db.session.flush()
        return it

    return deal


def test_fresh_published_assets_count_in_each_of_their_cells(put):
    put("kestrel", "demo", "proposal")
    put("kestrel", "proposal")
    put("nordhaul")
    put("demo")  # against nobody
    put("kestrel", "demo", state="draft")
    put("kestrel", "demo", checked_on=date(2020, 1, 1))
    put("kestrel", "demo", checked_on=None)
    assert queries.assets(TODAY) == {
        ("kestrel", "demo"): 1, ("kestrel", "proposal"): 2, ("nordhaul", ""): 1,
    }  # fmt: skip
    assert queries.by_competitor(TODAY) == {"kestrel": 2, "nordhaul": 1}


def test_an_industry_keeps_its_own_assets_and_those_for_all(put):
    put("kestrel", "demo", "retail")
    put("kestrel", "demo", "pharma")
    put("kestrel", "demo")
    assert queries.assets(TODAY, "retail") == {("kestrel", "demo"): 2}


def test_open_deals_wait_once_under_the_names_of_now(against, words, db):
    db.session.add(FormerSlug(facet="competitor", slug="kestral", term_id=words["kestrel"].id))
    against("kestral", "kestrel")
    against("kestrel", stage="demo")
    against("nordhaul", outcome="won")
    assert queries.waiting() == {("kestrel", "proposal"): 1, ("kestrel", "demo"): 1}


def test_deals_of_an_industry(against):
    against("kestrel", industry="retail")
    against("kestrel", industry="pharma")
    assert queries.waiting("retail") == {("kestrel", "proposal"): 1}


def test_closed_deals_count_once_where_an_asset_against_their_rival_was_used(put, against):
    one, other = put("kestrel", "demo"), put("kestrel", "demo")
    nord = put("nordhaul", "demo")
    against("kestrel", outcome="won", used=[one, other])
    against("kestrel", outcome="lost", used=[one, nord])
    against("kestrel", outcome="no-decision", used=[one])
    against("kestrel", used=[one])
    against("nordhaul", outcome="won", used=[one])
    against("kestrel", outcome="won")
    assert queries.used(TODAY) == {("kestrel", "demo"): (2, 1)}


def test_what_was_used_in_calls_counts_too(put, against, db):
    asset = put("kestrel", "demo")
    deal = against("kestrel", outcome="won")
    call = make.call(deal, deal.owner)
    call.uses = [CallUse(asset_id=asset.id, language="en")]
    planned = make.call(against("kestrel", outcome="won"), deal.owner, state="planned")
    planned.uses = [CallUse(asset_id=asset.id, language="en")]
    db.session.flush()
    assert queries.used(TODAY) == {("kestrel", "demo"): (1, 1)}


def test_the_deals_closed_last_are_looked_at(put, against, monkeypatch):
    asset = put("kestrel", "demo")
    deals = [against("kestrel", outcome=it, used=[asset]) for it in ("won", "lost", "won", "lost")]
    for age, deal in enumerate(deals):
        deal.closed_at = clock.now() - timedelta(days=age)
    monkeypatch.setattr(queries, "CLOSED_MOST", 3)
    assert queries.used(TODAY) == {("kestrel", "demo"): (3, 2)}


def test_shares_need_ten_deals_and_have_a_range():
    assert Cell("k", "s", used=9, won=9).share is None
    share, low, high = Cell("k", "s", used=10, won=5).share
    assert (share, round(low, 3), round(high, 3)) == (0.5, 0.237, 0.763)


def test_cells_rivals_and_stages_are_in_order():
    cells = rules.cells_of({("a", "x"): 3, ("b", ""): 1}, {("c", "y"): 2}, {("a", "x"): (4, 1)})
    assert cells["a", "x"] == Cell("a", "x", 3, 0, 4, 1)
    assert cells["c", "y"].is_gap
    assert not cells["a", "x"].is_gap
    assert rules.rivals_of(cells, ["d"]) == ["c", "a", "b", "d"]
    assert rules.stages_of(cells, ["x"]) == ["x", "y", ""]
    assert rules.stages_of({}, ["x"]) == ["x"]


def test_a_place_where_deals_wait_without_content_leads_to_a_request(as_, put, against):
    put("nordhaul", "demo")
    against("kestrel")
    page = as_("rep").get("/insights/gaps/coverage")
    assert page.status == 200
    assert "1 place where deals wait" in page.words()
    (url,) = {it for it in page.links() if it.startswith("/requests/new")}
    assert "competitor=kestrel&stage=proposal" in url
    form = as_("rep").get(url)
    chosen = [it.get("value") for it in form.tree.findall(".//option[@selected]")]
    assert {"kestrel", "proposal"} <= set(chosen)


def test_its_files_say_what_is_drawn(as_, put, against):
    asset = put("kestrel", "demo")
    for number in range(12):
        against("kestrel", outcome="won" if number % 2 else "lost", used=[asset])
    page = as_("marketer").get("/insights/gaps/coverage")
    assert "50% of 12 won (25% to 75%)" in page.words()
    assert "no effect of the content" in page.words()
    told = as_("marketer").get("/insights/gaps/coverage?format=csv").text.removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(told))
    assert (row["assets"], row["used"], row["share"]) == ("1", "12", "50.0")
    assert 20 < float(row["low"]) < 50 < float(row["high"]) < 80


@pytest.mark.parametrize(
    "query", ["industry=none", "industry=%00", "format=pdf", "industry=retail&format=json"]
)
def test_odd_addresses_still_give_a_page(as_, words, query):
    assert as_("rep").get(f"/insights/gaps/coverage?{query}").status == 200


def test_an_empty_portal_has_an_empty_map(as_):
    assert "names no competitor" in as_("marketer").get("/insights/gaps/coverage").words()
