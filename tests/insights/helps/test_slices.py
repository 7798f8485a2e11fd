"""Slices: the same counts within some deals, ranges without claims."""

from datetime import date

import numpy as np
import pytest

from portal.insights.lift import queries as lift
from portal.insights.lift import service
from portal.insights.lift.models import AssetLift
from portal.insights.slices import queries, rules
from tests import make
from tests.insights.lift import facts
from tests.insights.lift.facts import commit


@pytest.fixture
def world(db):
    deals, assets, _ = facts.titled()
    for i, deal in enumerate(deals):
        deal.region = "North" if i % 3 else "South"
        deal.segment = "Large" if i % 2 else ""
    commit()
    service.refresh(commit)
    return deals, assets


def rows(page):
    return page.response.get_json()["rows"]


def test_a_slice_of_all_deals_says_what_the_whole_says(world, db):
    kept = lift.model()
    facts_ = queries.facts(kept.generation, rules.Wish(), None, None)
    found = rules.compare(facts_.won, facts_.sizes, facts_.asset, facts_.stratum, kept.spread)
    for it in found.found:
        row = db.session.get(AssetLift, it.asset_id)
        assert (it.n, it.best, it.low, it.high) == (
            row.n, pytest.approx(row.best), pytest.approx(row.low), pytest.approx(row.high)
        )  # fmt: skip
    assert len(found.found) + found.left_out == len(world[1])


def test_a_segment_is_a_slice(as_, world):
    page = as_("rep").get("/insights/slices?segment=Large")
    assert "120 closed deals in this slice" in page.words()


def test_a_slice_counts_its_own_deals_and_claims_nothing(as_, world):
    rep = as_("rep")
    whole = {it["slug"]: it["n"] for it in rows(rep.get("/insights/helps?format=json"))}
    north = rows(rep.get("/insights/slices?region=North&format=json"))
    assert north
    assert all(it["n"] < whole[it["slug"]] for it in north)
    words = rep.get("/insights/slices?region=North").words()
    assert "160 closed deals in this slice" in words
    assert "shines by chance" in words
    assert "Claims are made on the whole only" in words


def test_an_empty_slice_says_so(as_, world):
    words = as_("rep").get("/insights/slices?region=Nowhere").words()
    assert "Too few deals in this slice" in words
    assert "0 closed deals in this slice" in words


def test_products_competitors_and_industries_choose_deals(as_, world, db):
    from portal.deals.models import DealTerm

    make.term("competitor", "kestrel")
    for deal in world[0][:30]:
        deal.terms.append(DealTerm(facet="competitor", slug="kestrel"))
    commit()
    words = as_("rep").get("/insights/slices?competitor=kestrel").words()
    assert "30 closed deals in this slice" in words
    assert "0 closed deals" in as_("rep").get("/insights/slices?product=kestrel").words()
    assert "0 closed deals" in as_("rep").get("/insights/slices?industry=food").words()


def test_periods_choose_deals_by_their_close(as_, world):
    rep = as_("rep")
    count = 0
    for period in ("2026-q1", "2026-q2", "2026-q3", "2026-q4"):
        words = rep.get(f"/insights/slices?period={period}").words()
        count += int(words.split(" closed deal")[0].split()[-1])
    assert count == 240
    assert "240 closed deals in this slice" in rep.get("/insights/slices?period=2026").words()


def test_periods_are_whole_years_and_quarters():
    assert rules.days_of("2026") == (date(2026, 1, 1), date(2027, 1, 1))
    assert rules.days_of("2026-q4") == (date(2026, 10, 1), date(2027, 1, 1))
    assert rules.periods(date(2025, 11, 3), date(2026, 4, 1)) == [
        "2026", "2026-q2", "2026-q1", "2025", "2025-q4",
    ]  # fmt: skip
    for wrong in ("", "1999", "2026-q5", "2026-q", "２０２６"):
        assert rules.wish_of({"period": wrong}).period == ""


def test_nothing_at_all_compares_to_nothing():
    none = np.zeros(0, dtype=np.int64)
    assert rules.compare(none, none, none, none, 0.0) == rules.Slice([], 0)


def test_no_more_deals_are_read_than_can_be_in_a_request(as_, world, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 50)
    words = as_("rep").get("/insights/slices?period=2026").words()
    assert "50 closed deals in this slice; only the latest 50 are counted" in words
