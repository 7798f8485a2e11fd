from portal.library.publishing.models import AssetEvent
from portal.library.quality import service
from portal.library.quality.models import QualityFinding
from tests import make


def wrong(**values):
    asset = make.asset("a", kind="faq", **values)
    make.text(
        asset, title="Title", body="## A\n\n[x](/assets/nowhere)\n\n![](https://x.example/a.png)\n"
    )
    service.run_all()
    return asset


def test_findings_are_listed_with_a_way_to_mend_them(as_, db):
    client = as_("marketer")
    wrong()
    page = client.get("/desk/quality/")
    assert "There is no such asset: nowhere." in page.words()
    assert "/desk/a/en#a" in page.links()
    assert "not used" in page.words()
    assert "Dead link" in client.get("/desk/quality/?check=dead-link&severity=3&kind=faq").words()
    assert "no such asset" not in client.get("/desk/quality/?check=owner").words()
    for odd in ("check=x", "severity=9", "owner=-1", "page=99999999", "kind=%00"):
        assert client.get(f"/desk/quality/?{odd}").status == 200


def test_a_finding_is_left_with_a_reason_and_taken_up_again(as_, db):
    client = as_("marketer")
    wrong()
    row = db.session.query(QualityFinding).filter_by(name="image").one()
    where = f"/desk/quality/{row.id}"
    assert client.post(f"{where}/dismissed", data={}).status == 422
    assert client.post(f"{where}/dismissed", data={"why": "decoration"}).status == 303
    assert "Image without words" not in client.get("/desk/quality/").words()
    assert "decoration" in client.get("/desk/quality/?dismissed=1").words()
    assert "decoration" in client.get("/desk/a").words()
    answer = client.post(f"{where}/reopened?from=asset")
    assert answer.location.endswith("/desk/a#quality")
    assert "Image without words" in client.get("/desk/quality/").words()
    actions = [e.action for e in db.session.query(AssetEvent).order_by(AssetEvent.id)]
    assert actions == ["dismiss-finding", "reopen-finding"]
    assert client.post("/desk/quality/999999/dismissed", data={"why": "x"}).status == 404


def test_an_asset_is_checked_when_asked(as_, db):
    client = as_("marketer")
    asset = make.asset("a", kind="faq")
    make.text(asset, title="Title", body="## A\n\nWords.\n")
    assert client.post("/desk/quality/assets/a").status == 303
    assert "Nobody answers for it" in client.get("/desk/a").words()
    assert client.post("/desk/quality/assets/nowhere").status == 404


def test_a_contributor_sees_and_decides_about_their_own(as_, db):
    client = as_("contributor")
    wrong()
    assert "Title" not in client.get("/desk/quality/").words()
    row = db.session.query(QualityFinding).filter_by(name="image").one()
    assert client.post(f"/desk/quality/{row.id}/dismissed", data={"why": "x"}).status == 403
