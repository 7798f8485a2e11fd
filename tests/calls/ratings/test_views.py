"""Ratings on pages: without a call on the asset's page, many at once, shown wherever it is listed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.calls.ratings.models import AssetFlag, Rating
from portal.db import db as _db
from portal.library.keeping.pages import Pages
from portal.search import service as search
from tests import make

RATING = "/assets/kestrel/en/rating"


def ratings(db):
    db.session.expire_all()
    return db.session.scalars(select(Rating).order_by(Rating.id)).all()


def test_an_asset_is_rated_without_a_call_on_its_page(client, db, lan, kestrel):
    client.sign_in(lan)
    page = client.get("/assets/kestrel")
    assert "How useful was it?" in page.words()
    assert "Without a call" in page.words()
    sent = client.post(
        RATING, data={"stars": "4", "helped": "helped", "why": " Won\nit ", "revision": "1"}
    )
    assert (sent.status, sent.location) == (303, "/assets/kestrel/en#rate")
    (kept,) = ratings(db)
    assert (kept.user_id, kept.asset_id, kept.language, kept.revision) == (
        lan.id,
        kestrel.id,
        "en",
        1,
    )
    assert (kept.stars, kept.helped, kept.why, kept.call_id) == (4, "helped", "Won it", None)
    again = client.get("/assets/kestrel")
    form = again.tree.find(".//form[@id='rate']")
    assert [i.get("value") for i in form.iter("input") if i.get("checked") is not None] == ["4"]
    assert form.find(".//input[@name='why']").get("value") == "Won it"
    assert "it can be changed for seven days" in again.words()
    assert "good so far, 1 rating" in again.words()


def test_each_asset_has_a_form_of_its_own(client, lan, kestrel, story):
    client.sign_in(lan)
    story.texts[0].revision = 3
    _db.session.commit()
    for slug, revision in (("kestrel", "1"), (story.slug, "3"), ("kestrel", "1")):
        page = client.get(f"/assets/{slug}")
        form = page.tree.find(".//form[@id='rate']")
        assert form.get("action").startswith(f"/assets/{slug}/")
        assert form.find(".//input[@name='revision']").get("value") == revision
        assert "--" not in "".join(i.get("value") or "" for i in form.iter("input"))


def test_what_somebody_wrote_is_shown_as_it_was_written(client, lan, kestrel):
    make.rating(lan, kestrel, 3, why="see --slug--", revision=1)
    _db.session.commit()
    form = client.sign_in(lan).get("/assets/kestrel").tree.find(".//form[@id='rate']")
    assert form.find(".//input[@name='why']").get("value") == "see --slug--"


def test_a_mind_is_changed_for_a_week_and_no_longer(client, db, lan, kestrel):
    kept = make.rating(lan, kestrel, 2, at=clock.now() - timedelta(days=6), revision=1)
    client.sign_in(lan)
    assert client.post(RATING, data={"stars": "5"}).status == 303
    assert [it.stars for it in ratings(db)] == [5]
    kept.at = clock.now() - timedelta(days=8)
    db.session.commit()
    page = client.get("/assets/kestrel")
    assert "You gave it 5 of 5 on" in page.words()
    assert page.tree.find(".//form[@id='rate']") is None
    assert "You gave it 5 of 5 on" in client.get(RATING).words()
    late = client.post(RATING, data={"stars": "1"})
    assert late.status == 409
    assert "seven days" in late.words()
    assert [it.stars for it in ratings(db)] == [5]


def test_the_revision_seen_is_kept(client, db, lan, kestrel):
    make.text(kestrel, title="Kestrel", body="Anew.\n")
    db.session.commit()
    client.sign_in(lan).post(RATING, data={"stars": "4", "revision": "1"})
    client.post(RATING.replace("/en/", "/en/"), data={"stars": "3", "revision": "99999999999"})
    assert [(it.stars, it.revision) for it in ratings(db)] == [(3, kestrel.texts[0].revision)]


@pytest.mark.parametrize(
    "wrong",
    [{}, {"stars": "0"}, {"stars": "6"}, {"stars": "x"}, {"stars": "4", "helped": "no"},
     {"stars": "4", "why": "x" * 301}],
)  # fmt: skip
def test_a_refused_rating_keeps_what_was_typed(client, db, lan, kestrel, wrong):
    page = client.sign_in(lan).post(RATING, data={"why": "Because", **wrong})
    assert page.status == 422
    assert page.tree.find(".//input[@name='why']").get("value") == wrong.get("why", "Because")
    assert ratings(db) == []


def test_nul_and_lone_surrogates_are_left_out(client, db, lan, kestrel):
    client.sign_in(lan).post(RATING, data={"stars": "4", "why": "a\x00b"})
    assert ratings(db)[0].why == "ab"


def test_who_owns_it_does_not_rate_it(client, db, tom, kestrel):
    page = client.sign_in(tom).get("/assets/kestrel")
    assert page.tree.find(".//form[@id='rate']") is None
    assert client.post(RATING, data={"stars": "5"}).status == 403
    assert ratings(db) == []


def test_what_is_retired_can_be_rated_what_is_a_draft_can_not(client, db, lan, kestrel):
    kestrel.state = "retired"
    db.session.commit()
    sent = client.sign_in(lan).post(RATING, data={"stars": "2"})
    assert (sent.status, sent.location) == (303, "/ratings/")
    kestrel.state = "draft"
    db.session.commit()
    assert client.post(RATING, data={"stars": "2"}).status == 404
    assert client.get(RATING).status == 404
    for path in (
        "/assets/none/en/rating",
        "/assets/kestrel/ru/rating",
        "/assets/kestrel/xx/rating",
    ):
        assert client.post(path, data={"stars": "2"}).status == 404


def test_a_rating_is_on_the_kept_page_at_once(app, client, visitor, lan, kestrel):
    app.extensions["arsenal.pages"] = Pages()
    reader = client.sign_in(make.user())
    assert "so far" not in reader.get("/assets/kestrel").words()
    visitor().sign_in(lan).post(RATING, data={"stars": "5"})
    assert "good so far, 1 rating" in reader.get("/assets/kestrel").words()
    for _ in range(4):
        make.rating(make.user(), kestrel, 5)
    _db.session.commit()
    assert "5.0 of 5 · 5 ratings" in reader.get("/assets/kestrel").words()


def test_a_kept_page_shows_each_reader_their_own(app, client, visitor, lan, kestrel):
    app.extensions["arsenal.pages"] = Pages()
    make.rating(lan, kestrel, 2, why="Lan’s own words")
    _db.session.commit()
    assert "Lan’s own words" in client.sign_in(lan).get("/assets/kestrel").text
    assert "Lan’s own words" not in visitor().sign_in(make.user()).get("/assets/kestrel").text


def test_search_shows_ratings(app, client, lan, kestrel, story):
    search.rebuild(app.extensions["arsenal.finder"].engine)
    for stars in (5, 5, 4, 5, 5, 4):
        make.rating(make.user(), kestrel, stars)
    make.rating(lan, story, 5)
    _db.session.commit()
    page = client.sign_in(lan).get("/?q=kestrel")
    assert "of 5 · 6 ratings" in page.words()
    make.rating(lan, kestrel, 1)
    _db.session.commit()
    assert "of 5 · 7 ratings" in client.get("/?q=kestrel").words()


# --- my ratings ---------------------------------------------------------------------------------


def test_what_was_used_in_calls_is_rated_at_once(client, lan, call, kestrel, story):
    client.sign_in(lan)
    page = client.get("/ratings/")
    assert "Kestrel" in page.words()
    assert "Delta cold store" in page.words()
    sent = {
        f"stars-{call.id}-{kestrel.id}-en": "5",
        f"helped-{call.id}-{kestrel.id}-en": "helped",
        f"why-{call.id}-{kestrel.id}-en": "Objection gone",
        f"stars-{call.id}-{story.id}-en": "2",
    }
    assert client.post("/ratings/", data=sent).status == 303
    assert client.post("/ratings/", data=sent).status == 303  # twice: once
    found = [
        (it.asset_id, it.call_id, it.stars, it.helped, it.why, it.deal_id) for it in ratings(_db)
    ]
    assert found == [
        (kestrel.id, call.id, 5, "helped", "Objection gone", call.deal_id),
        (story.id, call.id, 2, None, "", call.deal_id),
    ]
    assert "Nothing to rate" in client.get("/ratings/").words()
    changed = client.post("/ratings/", data={f"stars-{call.id}-{story.id}-en": "4"})
    assert changed.status == 303
    assert [it.stars for it in ratings(_db)] == [5, 4]
    assert ratings(_db)[0].helped == "helped"


def test_what_is_not_said_is_not_rated(client, db, lan, call, kestrel):
    empty = {f"{name}-{call.id}-{kestrel.id}-en": "" for name in ("stars", "helped", "why")}
    assert client.sign_in(lan).post("/ratings/", data=empty).status == 303
    assert ratings(db) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"why": "Because"},
        {"stars": "7"},
        {"stars": "5", "helped": "no"},
        {"stars": "5", "why": "x" * 301},
    ],
)
def test_one_mistake_keeps_all_lines(client, call, kestrel, story, wrong):
    lan = call.user
    sent = {f"{name}-{call.id}-{kestrel.id}-en": value for name, value in wrong.items()}
    sent |= {f"stars-{call.id}-{story.id}-en": "3"}
    page = client.sign_in(lan).post("/ratings/", data=sent)
    assert page.status == 422
    assert ratings(_db) == []
    chosen = page.tree.find(f".//input[@name='stars-{call.id}-{story.id}-en'][@value='3']")
    assert chosen.get("checked") is not None


def test_nobody_rates_in_anothers_call(client, db, lan, call, kestrel):
    other = make.user(team_id=lan.team_id)
    db.session.commit()
    page = client.sign_in(other).get("/ratings/")
    assert "Kestrel" not in page.words()
    client.post("/ratings/", data={f"stars-{call.id}-{kestrel.id}-en": "5"})
    assert ratings(db) == []


def test_given_ratings_can_be_changed_while_they_can(client, db, lan, kestrel, story):
    make.rating(lan, kestrel, 3, why="So so", helped="did-not")
    make.rating(lan, story, 2, at=clock.now() - timedelta(days=9))
    db.session.commit()
    page = client.sign_in(lan).get("/ratings/")
    names = {i.get("name") for i in page.tree.iter("input")}
    assert f"stars-0-{kestrel.id}-en" in names
    assert f"stars-0-{story.id}-en" not in names
    sent = {f"stars-0-{kestrel.id}-en": "4", f"stars-0-{story.id}-en": "5"}
    assert client.post("/ratings/", data=sent).status == 303
    assert [it.stars for it in ratings(db)] == [4, 2]


def test_planned_and_old_calls_are_not_asked_about(client, db, lan, call):
    client.sign_in(lan)
    call.state = "planned"
    db.session.commit()
    assert "Nothing to rate" in client.get("/ratings/").words()
    call.state, call.logged_at = "logged", clock.now() - timedelta(days=61)
    db.session.commit()
    assert "Nothing to rate" in client.get("/ratings/").words()


def test_open_remarks_are_shown_to_who_answers_them(client, visitor, lan, tom, kestrel):
    _db.session.add(
        AssetFlag(
            token="t", user_id=lan.id, asset_id=kestrel.id, language="en", kind="wrong",
            words="Old", at=clock.now(), state="open",
        )
    )  # fmt: skip
    _db.session.commit()
    assert "Sales says: 1 open remark" in client.sign_in(tom).get("/assets/kestrel").words()
    assert "Sales says" not in visitor().sign_in(lan).get("/assets/kestrel").words()


def test_the_shelf_shows_ratings(client, lan, kestrel):
    for _ in range(5):
        make.rating(make.user(), kestrel, 4)
    _db.session.commit()
    assert "of 5 · 5 ratings" in client.sign_in(lan).get("/library").words()
