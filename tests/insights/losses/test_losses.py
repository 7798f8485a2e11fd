"""Lost deals by coded reason and competitor: sums by currency, what fits, who may look."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from portal import clock
from portal.deals.models import DealTerm
from portal.deals.pipelines import queries as pipelines
from portal.deals.pipelines import service as pipeline_service
from portal.insights.losses import queries, rules
from portal.insights.losses.rules import Loss, Sum
from portal.library.models import FormerSlug
from portal.search import service as searching
from tests import make


@pytest.fixture
def reasons(db):
    pipeline_service.ready()
    db.session.commit()
    return {it.slug: it for it in pipelines.losses()}


@pytest.fixture
def lose(db, reasons):
    def deal(reason, *rivals, ago=5, outcome="lost", **values):
        it = make.deal(
            make.user(), outcome=outcome, closed_at=clock.now() - timedelta(days=ago),
            loss_reason_id=reasons[reason].id if reason else None, **values,
        )  # fmt: skip
        it.terms = [DealTerm(facet="competitor", slug=slug) for slug in rivals]
        db.session.commit()
        return it

    return deal


def test_lost_deals_are_summed_by_reason_competitor_and_currency(lose, reasons):
    lose("price", "kestrel", amount=100, currency="EUR")
    lose("price", "kestrel", amount=50, currency="EUR")
    lose("price", "kestrel", amount=7, currency="VND")
    lose("price", "kestrel", "nordhaul", amount=1, currency="EUR")
    lose("timing")
    lose("price", "kestrel", ago=400)
    lose("price", "kestrel", outcome="won")
    lose("", "kestrel")
    price, timing = reasons["price"].id, reasons["timing"].id
    found = queries.sums(clock.now() - timedelta(days=365))
    assert set(found) == {
        Sum(price, "kestrel", "EUR", 3, Decimal(151)), Sum(price, "kestrel", "VND", 1, Decimal(7)),
        Sum(price, "nordhaul", "EUR", 1, Decimal(1)), Sum(timing, "", "EUR", 1, Decimal(0)),
    }  # fmt: skip
    assert rules.losses(found)[0] == Loss(
        price, "kestrel", 4, {"EUR": Decimal(151), "VND": Decimal(7)}
    )


def test_a_deal_under_two_names_of_a_competitor_is_lost_once(lose, reasons, db):
    kestrel = make.term("competitor", "kestrel")
    db.session.add(FormerSlug(facet="competitor", slug="kestral", term_id=kestrel.id))
    lose("price", "kestral", "kestrel", amount=100, currency="EUR")
    found = queries.sums(clock.now() - timedelta(days=365))
    assert found == [Sum(reasons["price"].id, "kestrel", "EUR", 1, Decimal(100))]


def test_most_lost_comes_first_whatever_the_order():
    sums = [
        Sum(1, "a", "EUR", 2, Decimal(5)),
        Sum(2, "", "EUR", 3, Decimal(0)),
        Sum(1, "a", "VND", 2, Decimal(9)),
    ]
    expected = [Loss(1, "a", 4, {"EUR": Decimal(5), "VND": Decimal(9)}), Loss(2, "", 3, {})]
    assert rules.losses(sums) == rules.losses(reversed(sums)) == expected


def heads(page):
    return [" ".join("".join(h.itertext()).split()) for h in page.tree.findall(".//li/h2")]


def test_what_nothing_fits_comes_first_and_can_be_asked_for(as_, lose, app, db):
    kestrel = make.term("competitor", "kestrel", en="Kestrel")
    asset = make.asset(facets=[kestrel])
    make.text(asset, title="Too expensive? Our price", body="## Too expensive\n\nNo, cheap.\n")
    db.session.commit()
    searching.rebuild(app.extensions["arsenal.finder"].engine)
    lose("price", "kestrel", amount=100, currency="EUR")
    lose("price", "kestrel", amount=100, currency="EUR")
    lose("timing", "kestrel", amount=300, currency="EUR")
    page = as_("marketer").get("/insights/gaps/losses")
    assert heads(page)[-1] == "Too expensive Kestrel"
    assert page.words().count("Nothing fits") == 1
    assert "2 deals lost: €200" in page.words()
    assert any(
        "competitor=kestrel" in url for url in page.links() if url.startswith("/requests/new")
    )
    told = json.loads(as_("marketer").get("/insights/gaps/losses?format=json").text)
    assert [row["answers"] for row in told["rows"]] == ["", "Too expensive? Our price"]
    assert {row["assets"] for row in told["rows"]} == {1}


def test_lost_to_a_competitor_any_asset_on_them_fits(as_, lose, reasons, app):
    (whom,) = [it.slug for it in reasons.values() if it.competitor]
    make.asset(facets=[make.term("competitor", "kestrel", en="Kestrel")])
    make.term("competitor", "nordhaul", en="Nordhaul")
    lose(whom, "kestrel")
    lose(whom, "nordhaul")
    page = as_("manager").get("/insights/gaps/losses")
    assert [head.split()[-1] for head in heads(page)] == ["Nordhaul", "Kestrel"]
    assert page.words().count("Nothing fits") == 1


@pytest.mark.parametrize(
    ("role", "status"), [("rep", 403), ("contributor", 403), ("marketer", 200)]
)
def test_it_is_for_marketers(as_, role, status):
    assert as_(role).get("/insights/gaps/losses").status == status


def test_nothing_lost_is_said(as_):
    assert "No deal was lost" in as_("marketer").get("/insights/gaps/losses?format=x").words()
