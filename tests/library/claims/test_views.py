import pytest

from portal.library import loading
from portal.library.claims import contradictions, queries
from portal.library.claims.models import ClaimFact, ClaimRow, ClaimRuling
from portal.library.claims.queries import Wanted
from portal.library.claims.rules import Problem
from portal.library.publishing.models import AssetEvent
from tests import make


def card(slug, body, *, language="en", **values):
    asset = make.asset(slug, facets=values.pop("facets", ()), **values)
    make.text(asset, language, title=slug, body=body)
    return asset


@pytest.fixture
def kestrel(db):
    return make.term("competitor", "kestrel", en="Kestrel")


@pytest.fixture
def two(db, kestrel):
    """Two cards that can not both be right."""
    one = card("one", "## Proof\n\nKestrel runs on 1,900 sites.\n", facets=[kestrel])
    other = card("other", "## Proof\n\nKestrel runs on 2,100 sites.\n", facets=[kestrel])
    return one, other


def test_claims_follow_the_text_that_is_served(db, kestrel):
    asset = card("one", "## Proof\n\nKestrel runs on 1,900 sites.\n", facets=[kestrel])
    assert queries.total(Wanted()) == 1
    make.text(asset, "en", title="one", body="## Proof\n\nNothing to count.\n")
    assert queries.total(Wanted()) == 0
    assert db.session.query(ClaimFact).count() == 0


def test_only_what_is_published_is_listed(db, kestrel):
    card("one", "## Proof\n\nKestrel runs on 1,900 sites.\n", facets=[kestrel], state="draft")
    assert db.session.query(ClaimRow).count() == 1
    assert queries.total(Wanted()) == 0


def test_a_load_knows_the_facets_before_it_reads_claims(db, tmp_path):
    (tmp_path / "vocabulary.yaml").write_text("competitor:\n  - slug: kestrel\n    en: Kestrel\n")
    (tmp_path / "k.md").write_text(
        "---\ntitle: K\nkind: battlecard\nstate: published\ncompetitor: [kestrel]\n---\n\n"
        "## Quick facts\n\nChange requests: €1,150 per day.\n"
    )
    loading.load_paths([tmp_path])
    (row,) = db.session.query(ClaimRow)
    assert row.competitor == "kestrel"


def test_without_a_source(as_, two):
    page = as_("marketer").get("/desk/claims/")
    assert page.status == 200
    assert "Kestrel runs on 1,900 sites." in page.words()
    assert any("/desk/one/en#proof" in link for link in page.links())


def test_who_quotes_the_same_figure_is_told(as_, two, kestrel):
    card(
        "third", "## Proof\n\nToday Kestrel has 1,900 sites (site list, 2026).\n", facets=[kestrel]
    )
    page = as_("marketer").get("/desk/claims/?list=unsourced")
    assert "there with a source: site list, 2026" in page.words()


def test_a_contradiction_is_listed_dismissed_and_taken_back(as_, db, two):
    client = as_("marketer")
    page = client.get("/desk/claims/?list=contradiction")
    assert "1,900" in page.words()
    assert "2,100" in page.words()
    (group,) = contradictions.groups(Problem.CONTRADICTION, Wanted())
    where = f"/desk/claims/contradiction/{group.mark}/no-contradiction"
    assert client.post(where, data={"why": " "}).status == 422
    assert client.post(where, data={"why": "two countries"}).status == 303
    assert contradictions.groups(Problem.CONTRADICTION, Wanted()) == []
    assert db.session.query(AssetEvent).filter_by(action="rule-claim").count() == 2
    assert client.post(where, data={"why": "again"}).status == 409
    page = client.get("/desk/claims/?list=decided")
    assert "two countries" in page.words()
    ruling = db.session.query(ClaimRuling).one()
    assert client.post(f"/desk/claims/decisions/{ruling.id}/ended").status == 303
    assert len(contradictions.groups(Problem.CONTRADICTION, Wanted())) == 1


def test_a_cleared_contradiction_comes_back_when_a_figure_changes(as_, db, two):
    client = as_("marketer")
    (group,) = contradictions.groups(Problem.CONTRADICTION, Wanted())
    client.post(f"/desk/claims/contradiction/{group.mark}/no-contradiction", data={"why": "fine"})
    make.text(
        db.session.merge(two[1]),
        "en",
        title="other",
        body="## Proof\n\nKestrel runs on 2,200 sites.\n",
    )
    assert len(contradictions.groups(Problem.CONTRADICTION, Wanted())) == 1


def test_languages_that_differ_are_a_slip_of_translation(as_, kestrel):
    asset = card("one", "## Proof\n\nKestrel needs 9–14 months.\n", facets=[kestrel])
    make.text(asset, "vi", title="một", body="## Bằng chứng\n\nKestrel mất 9–15 tháng.\n")
    page = as_("marketer").get("/desk/claims/?list=translation")
    assert "9–14 months" in page.words()
    assert "9–15 tháng" in page.words()


def test_what_is_no_claim_is_listed_no_more(as_, db, two):
    client = as_("marketer")
    row = db.session.query(ClaimRow).filter_by(asset_id=two[0].id).one()
    assert client.post(f"/desk/claims/{row.id}/no-claim", data={"why": "a joke"}).status == 303
    assert "1,900" not in client.get("/desk/claims/").words()
    assert client.post("/desk/claims/999999/no-claim", data={"why": "x"}).status == 404
    assert client.post(f"/desk/claims/{2**70}/no-claim", data={"why": "x"}).status == 404


def test_old_sources_by_kind(as_, kestrel):
    card("new", "## Proof\n\nKestrel runs on 1,900 sites (site list, 2099).\n", facets=[kestrel])
    card("old", "## Proof\n\nKestrel had 800 sites (site list, May 2019).\n", facets=[kestrel])
    page = as_("marketer").get("/desk/claims/?list=old")
    assert "800 sites" in page.words()
    assert "1,900" not in page.words()
    assert "12 months" in page.words()


def test_filters(as_, db, two, kestrel):
    client = as_("marketer")
    assert "1,900" in client.get("/desk/claims/?competitor=kestrel&kind=battlecard").words()
    assert "1,900" not in client.get("/desk/claims/?kind=faq").words()
    assert "2,100" not in client.get("/desk/claims/?asset=one").words()
    for odd in ("list=x", "owner=" + "9" * 30, "competitor=%00", "kind=x", "page=0", "asset=%00"):
        assert client.get(f"/desk/claims/?{odd}").status == 200


def test_somebody_elses_claims_are_not_for_a_contributor_to_dismiss(as_, db, two):
    row = db.session.query(ClaimRow).filter_by(asset_id=two[0].id).one()
    client = as_("contributor")
    assert client.get("/desk/claims/").status == 200
    assert client.post(f"/desk/claims/{row.id}/no-claim", data={"why": "x"}).status == 403


def test_an_assets_desk_page_counts_its_claims(as_, two):
    page = as_("marketer").get("/desk/one")
    assert "1 claim, 1 with a problem" in page.words()
