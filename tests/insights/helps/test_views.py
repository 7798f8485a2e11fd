"""The page of what helps, one asset's figures and slices: what is said, to whom, in which files."""

import csv
import io
import json
import re

import pytest

from portal.insights.lift import service
from portal.insights.lift.models import AssetLift
from tests import make
from tests.insights.lift import facts
from tests.insights.lift.facts import commit

PAGES = ("/insights/helps", "/insights/slices?region=North", "/insights/helps/definitions")
WILD = ("0", "-1", "999999999999999999999999", "1e9", "x", "%00", "%ED%A0%80", "２")


@pytest.fixture
def world(db):
    """Closed deals on which the first assets help, counted and judged; assets have titles."""
    deals, assets, people = facts.titled()
    for i, deal in enumerate(deals):
        deal.region = "North" if i % 2 else "South"
    commit()
    service.refresh(commit)
    return deals, assets, people


def said_of(db, asset, **values):
    """Change what is said of an asset."""
    row = db.session.get(AssetLift, asset.id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()


def labels(page):
    return [a.text for a in page.tree.findall(".//tbody/tr/th[@class='c-label']//a")]


def test_the_page_lists_assets_in_their_place_with_ranges_and_verdicts(as_, world, db):
    page = as_("rep").get("/insights/helps")
    assert page.status == 200
    order = db.session.execute(
        db.select(AssetLift).where(AssetLift.verdict != "thin").order_by(AssetLift.place)
    ).scalars()
    titles = {a.id: f"Asset {chr(65 + i)}" for i, a in enumerate(world[1])}
    assert labels(page) == [titles[it.asset_id] for it in order]
    assert labels(page)[0] == "Asset A"
    words = page.words()
    assert "240 closed deals counted" in words
    assert "helps to win" in words
    assert "no difference shown" in words
    assert re.search(r"\+\d+\.\d to \+\d+\.\d", words)
    assert "only a hidden cause of ×" in words


def test_no_bare_win_rate_and_no_influenced_money(as_, world):
    for path in (*PAGES, f"/insights/helps/asset/{world[1][0].slug}"):
        words = as_("manager").get(path).words().lower()
        assert "influenced" not in words
        assert "win rate" not in words


def test_few_deals_lead_with_ratings(as_, db):
    facts.world(seed=3, deals=60)
    asset = make.asset("rated-best")
    make.text(asset, title="Rated best")
    make.rating(make.user(), asset, 5)
    commit()
    service.refresh(commit)
    words = as_("rep").get("/insights/helps").words()
    assert words.index("Fewer than 200 closed deals can not rank assets") < words.index("Compared")
    assert "Rated best" in words


def test_enough_deals_do_not(as_, world):
    assert "can not rank assets" not in as_("rep").get("/insights/helps").words()


def test_what_is_missing_is_said_and_managers_are_led_to_the_import(as_, db):
    assert "No closed deal is here yet" in as_("rep").get("/insights/helps").words()
    assert "/deals/import" in " ".join(as_("manager").get("/insights/helps").links())


def test_deals_without_stages_and_owners_are_told_of(as_, db):
    deal = make.deal(None, outcome="won")
    facts.close(deal, "won", facts.START)
    commit()
    service.refresh(commit)
    words = as_("marketer").get("/insights/helps").words()
    assert "No deal has a history of its stages" in words
    assert "No closed deal has an owner" in words
    assert "No asset was used with a deal yet" in words


def test_groups_of_what_is_not_judged_stand_apart(as_, world, db):
    said_of(db, world[1][6], verdict="thin", n=7, need=90)
    said_of(db, world[1][7], verdict="decided")
    rep = as_("rep")
    assert "Asset G" not in labels(rep.get("/insights/helps"))
    thin = rep.get("/insights/helps?group=thin").words()
    assert "Asset G" in thin
    assert "7 deals so far; about 90 more needed" in thin
    assert "Asset H" in rep.get("/insights/helps?group=decided").words()


def test_filters_choose_rows_and_change_no_figure(as_, world):
    rep = as_("rep")
    whole = rep.get("/insights/helps?format=json").response.get_json()
    for asked, there in {
        "kind=faq": [],
        "kind=battlecard&q=asset+a": ["Asset A"],
        "q=ASSET%20B": ["Asset B"],
        "language=vi": [],
        "language=en&q=%25": [],
        "product=nope&q=Asset+C": ["Asset C"],
    }.items():
        page = rep.get(f"/insights/helps?{asked}")
        assert labels(page) == there, asked
        for row in whole["rows"]:
            if row["asset"] in there:
                assert f"{row['n']}" in page.words()


def test_terms_of_the_asset_filter(as_, world, db):
    term = make.term("competitor", "kestrel")
    world[1][2].facets.append(term)
    commit()
    assert labels(as_("rep").get("/insights/helps?competitor=kestrel")) == ["Asset C"]


def test_reps_are_not_told_of_what_is_not_published(as_, world, db):
    world[1][0].state = "draft"
    commit()
    assert "Asset A" not in as_("rep").get("/insights/helps").words()
    assert "Asset A" in as_("marketer").get("/insights/helps").words()
    slug = world[1][0].slug
    assert as_("rep").get(f"/insights/helps/asset/{slug}").status == 404
    assert as_("marketer").get(f"/insights/helps/asset/{slug}").status == 200


def test_files_hold_every_row_and_what_columns_mean(as_, world):
    rep = as_("rep")
    told = json.loads(rep.get("/insights/helps?format=json").text)
    rows = list(csv.DictReader(io.StringIO(rep.get("/insights/helps?format=csv").text[1:])))
    assert len(rows) == len(told["rows"]) >= 5
    assert all(it["definition"] for it in told["columns"] if it["key"] != "asset")
    assert float(rows[0]["lift"]) == pytest.approx(told["rows"][0]["lift"])
    slug = world[1][0].slug
    for path in (f"/insights/helps/asset/{slug}?table=quarters", "/insights/slices?region=North",
                 f"/insights/helps/asset/{slug}?table=x"):  # fmt: skip
        assert json.loads(rep.get(f"{path}&format=json").text)["rows"]
        assert rep.get(f"{path}&format=csv").headers["Content-Type"].startswith("text/csv")


def test_everything_is_defined(as_, world):
    page = as_("rep").get("/insights/helps/definitions")
    anchors = {it.get("id") for it in page.tree.iter("div")} - {None}
    for path in ("/insights/helps", f"/insights/helps/asset/{world[1][0].slug}"):
        wanted = {it.partition("#")[2] for it in as_("rep").get(path).links() if "#" in it}
        assert wanted - {"main", ""} <= anchors


def test_wild_addresses_are_answered(as_, world):
    marketer = as_("marketer")
    pages = ("/insights/helps", f"/insights/helps/asset/{world[1][0].slug}", "/insights/slices")
    names = ("page", "group", "kind", "product", "q", "format", "period", "region", "table")
    wrong = [
        address
        for wild in WILD
        for address in (f"{path}?{name}={wild}" for path in pages for name in names)
        if marketer.get(address).status != 200
    ]
    assert wrong == []
    assert {marketer.get(f"/insights/helps/asset/{wild}").status for wild in WILD} == {404}


def test_the_first_page_of_insights_is_what_helps(as_, db):
    assert as_("rep").get("/insights").location.endswith("/insights/helps")
