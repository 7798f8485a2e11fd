import pytest

from portal.library.publishing import queries
from tests import make
from tests.library.publishing.conftest import content


def test_the_work_list_shows_the_desk_everything_and_a_contributor_the_own(client, db):
    mine = make.user(role="contributor")
    make.text(make.asset("own", state="draft", creator_id=mine.id), title="Nordhaul")
    make.text(make.asset("other", state="review"), title="Stokkio")
    page = client.sign_in(mine).get("/desk/")
    assert "Nordhaul" in page.words()
    assert "Stokkio" not in page.words()
    client.sign_in(make.user(role="marketer"))
    assert {"Nordhaul", "Stokkio"} <= set(client.get("/desk/").words().split())
    assert "Nordhaul" not in client.get("/desk/?phase=review").words()


@pytest.mark.parametrize(
    "query",
    ["phase=x&kind=y&page=-1", "q=%25_%5C%00", "page=99999999999999999999", "q=" + "x" * 5000],
)
def test_odd_filters_are_fine(as_, query):
    assert as_("manager").get(f"/desk/?{query}").status == 200


def test_a_percent_sign_is_looked_for_as_such(as_, db):
    make.text(make.asset("discount", state="draft"), title="50% off")
    make.text(make.asset("full", state="draft"), title="Full price")
    words = as_("marketer").get("/desk/?q=%25").words()
    assert "50% off" in words
    assert "Full price" not in words


def test_somebody_elses_work_is_not_shown(client, draft):
    assert client.sign_in(make.user(role="contributor")).get("/desk/kestrel").status == 403
    assert client.sign_in(make.user(role="rep")).get("/desk/kestrel").status == 403
    assert client.sign_in(make.user(role="marketer")).get("/desk/kestrel").status == 200
    for slug in ("nothing", "x" * 500, "%00"):
        assert client.get(f"/desk/{slug}").status == 404


def test_a_move_by_hand(as_, draft):
    client = as_("marketer")
    assert client.post("/desk/kestrel/moves/publish").status == 303
    assert client.post("/desk/kestrel/moves/publish").status == 409  # somebody did already
    assert client.post("/desk/kestrel/moves/retire").status == 422  # why?
    assert client.post("/desk/kestrel/moves/retire", data={"reason": "old"}).status == 303
    assert client.post("/desk/kestrel/moves/dance").status == 404
    page = client.get("/desk/kestrel")
    assert "Retired" in page.words()
    assert "“old”" in page.words() or "old" in page.words()


def test_times_are_of_the_companys_zone_and_odd_ones_refused(as_, draft, monkeypatch, app):
    config = app.config["PORTAL"].model_copy(update={"timezone": "Asia/Ho_Chi_Minh"})
    monkeypatch.setitem(app.config, "PORTAL", config)
    client = as_("marketer")
    for odd in ("tomorrow", "2099-13-01T10:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00"):
        assert client.post("/desk/kestrel/times", data={"publish_at": odd}).status == 422, odd
    told = {"publish_at": "2099-01-02T03:04", "retire_at": ""}
    assert client.post("/desk/kestrel/times", data=told).status == 303
    moment = queries.asset_by_slug("kestrel").publish_at
    assert moment.isoformat() == "2099-01-01T20:04:00+00:00"
    assert 'value="2099-01-02T03:04"' in client.get("/desk/kestrel").text


def test_comments(as_, draft):
    client = as_("marketer")
    told = {"language": "en", "anchor": "pricing", "body": "Since when?\x00"}
    assert client.post("/desk/kestrel/comments", data=told).status == 303
    comment = queries.comments(draft.id)[0]
    assert comment.body == "Since when?"
    assert client.post(f"/desk/kestrel/comments/{comment.id}/settled").status == 303
    assert client.post("/desk/kestrel/comments/99999999999/settled").status == 404
    for bad in ({"body": ""}, {"body": "x" * 5000}, {"body": "x", "language": "de"}):
        assert client.post("/desk/kestrel/comments", data={**told, **bad}).status == 422
    assert "Since when?" in client.get("/desk/kestrel").words()


def test_a_draft_is_read_by_the_desk_only(client, draft):
    assert client.sign_in(make.user(role="rep")).get("/assets/kestrel").status == 404
    assert client.sign_in(make.user(role="marketer")).get("/assets/kestrel").status == 200
    assert content()["title"] in client.get("/assets/kestrel").words()


def test_an_asset_says_once_who_owns_it_and_what_it_is_about(client, db, draft):
    draft.owner_id = make.user(role="marketer", name="Tatyana Orlova").id
    draft.facets.append(make.term("product", "yard", en="Yard planner"))
    db.session.flush()
    db.session.expire(draft)
    page = client.sign_in(make.user(role="marketer")).get("/desk/kestrel")
    labels = [
        "".join(it.itertext()).strip() for it in page.tree.iter() if it.tag in {"dt", "label"}
    ]
    assert labels.count("Owner") == 1
    assert not any("Backup owner" in label for label in labels)
    assert "Yard planner" in page.words()


def test_a_comment_is_offered_only_for_languages_there_is_a_text_in(client, db):
    asset = make.asset("alone", kind="faq", state="draft")
    make.text(asset, "en")
    db.session.commit()
    client.sign_in(make.user(role="marketer", language="vi"))
    page = client.get("/desk/alone")
    (box,) = [it for it in page.tree.iter("select") if it.get("id") == "language"]
    assert [it.get("value") for it in box.iter("option")] == ["en"]
