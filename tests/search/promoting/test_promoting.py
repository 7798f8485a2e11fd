"""Promotions: first for a search and its likes, labelled, for a time; written down by whom."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.db import db as _db
from portal.search.promoting import rules
from portal.search.promoting.models import Promotion, PromotionEdit
from portal.web import locale
from tests import make


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("giá arsenal", "gia Arsenal"),
        ("prices of Kestrel", "kestrel PRICE"),
        ("цены на склад", "склад цена"),
        ("hoà bình", "hòa bình"),
    ],
)
def test_the_same_search(one, other):
    assert rules.key_of(one) == rules.key_of(other) != ""


def test_another_search():
    assert rules.key_of("kestrel") != rules.key_of("kestrel price")
    assert (
        rules.key_of("?!") == rules.key_of("") == rules.key_of("a1 b c d e f g h i j k l m") == ""
    )


@pytest.fixture
def day(app):
    with app.test_request_context():
        return locale.today()


@pytest.fixture
def assets(shelf):
    for number in range(4):
        shelf(f"card-{number}", title="Kestrel", body="price " * (4 - number))
    return shelf("late", title="Something else", kind="faq")


def told(day, **values):
    fields = {"query": "giá kestrel", "asset": "late", "reason": "It wins", "ends_on": day}
    return {**fields, **values}


def hits(page):
    links = [a.get("href") for a in page.tree.iterfind(".//li[@class='hit']/h2/a")]
    return [link.split("?")[0].split("/")[2] for link in links]


def test_a_promoted_asset_stands_first_and_says_so(as_, assets, day):
    client = as_("marketer")
    assert "late" not in hits(client.get("/?q=kestrel+gia"))
    done = client.post("/search/promotions", data=told(day))
    assert (done.status, done.location) == (303, "/?q=gi%C3%A1+kestrel")
    page = client.get("/?q=kestrel+gia")
    assert hits(page)[0] == "late"
    assert len(hits(page)) == 5
    assert "Recommended by Marketing until" in page.words()
    assert "late" not in hits(client.get("/?q=kestrel"))
    assert "late" not in hits(client.get("/?q=kestrel+gia&kind=battlecard"))
    assert hits(client.get("/?q=kestrel+gia&kind=faq")) == ["late"]


def test_what_is_withdrawn_is_not_promoted(as_, assets, day, db):
    client = as_("marketer")
    client.post("/search/promotions", data=told(day))
    assets.state = "retired"
    db.session.commit()
    assert "late" not in hits(client.get("/?q=kestrel+gia"))


def test_it_ends_with_its_day(as_, assets, day, db):
    client = as_("marketer")
    client.post("/search/promotions", data=told(day))
    it = _db.session.scalars(select(Promotion)).one()
    it.ends_on = day - timedelta(days=1)
    db.session.commit()
    assert "late" not in hits(client.get("/?q=kestrel+gia"))
    assert "giá kestrel" not in client.get("/search/promotions").words()
    assert "giá kestrel" in client.get("/search/promotions?list=ended").words()


def test_it_can_be_ended_and_promoted_again(as_, assets, day):
    client = as_("marketer")
    client.post("/search/promotions", data=told(day))
    it = _db.session.scalars(select(Promotion)).one()
    path = f"/search/promotions/{it.id}"
    assert client.post(f"{path}/ended").status == 303
    assert client.post(f"{path}/ended").status == 303, "twice is once"
    assert "late" not in hits(client.get("/?q=kestrel+gia"))
    _db.session.expire_all()
    again = told(day, version=it.version, reason="Again", ends_on=day + timedelta(days=9))
    assert client.post(path, data=again).status == 303
    assert hits(client.get("/?q=kestrel+gia"))[0] == "late"
    rows = _db.session.scalars(select(PromotionEdit).order_by(PromotionEdit.id)).all()
    assert [(row.ended, row.reason) for row in rows] == [
        (False, "It wins"), (True, "It wins"), (False, "Again"),
    ]  # fmt: skip
    assert "Again" in client.get(path).words()


def test_who_comes_second_sees_what_the_first_has_changed(as_, assets, day):
    client = as_("marketer")
    client.post("/search/promotions", data=told(day))
    it = _db.session.scalars(select(Promotion)).one()
    path, version = f"/search/promotions/{it.id}", it.version
    assert client.post(path, data=told(day, version=version, reason="One")).status == 303
    late = client.post(path, data=told(day, version=version, reason="Two"))
    assert late.status == 409
    assert 'value="Two"' in late.text
    _db.session.expire_all()
    assert _db.session.scalars(select(Promotion)).one().reason == "One"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", "?!"),
        ("query", ""),
        ("query", "x" * 300),
        ("asset", "nowhere"),
        ("asset", "\x00"),
        ("asset", ""),
        ("reason", ""),
        ("reason", "y" * 301),
        ("ends_on", ""),
        ("ends_on", "soon"),
        ("ends_on", date(2020, 1, 1)),
        ("ends_on", date(2999, 1, 1)),
    ],
)
def test_what_can_not_be_is_refused_with_what_was_typed(as_, assets, day, field, value):
    page = as_("marketer").post("/search/promotions", data=told(day, **{field: value}))
    assert page.status == 422
    assert page.tree.findall(".//p[@class='error']")
    if field != "reason":
        assert 'value="It wins"' in page.text
    assert _db.session.scalar(select(func.count()).select_from(Promotion)) == 0


def test_at_most_three_a_search_and_each_once(as_, assets, day):
    client = as_("marketer")
    for number in range(3):
        data = told(day, asset=f"http://portal.example/assets/card-{number}/en?from=x")
        assert client.post("/search/promotions", data=data).status == 303
    assert client.post("/search/promotions", data=told(day, asset="card-0")).status == 422
    assert client.post("/search/promotions", data=told(day, asset="late")).status == 422
    assert client.post("/search/promotions", data=told(day, query="other")).status == 303
    assert hits(client.get("/?q=kestrel+gia"))[:3] == ["card-0", "card-1", "card-2"]


def test_from_a_hit_to_the_form(as_, assets, day):
    page = as_("marketer").get("/?q=kestrel")
    why = next(a for a in page.links() if a.startswith("/search/why"))
    links = as_("marketer").get(why).links()
    link = next(a for a in links if a.startswith("/search/promotions/new"))
    form = as_("marketer").get(link)
    assert form.tree.find(".//input[@name='query']").get("value") == "kestrel"
    assert form.tree.find(".//input[@name='asset']").get("value").startswith("card-")
    assert not any("/search/promotions" in a for a in as_("rep").get(why).links())


def test_the_form_can_be_opened_with_anything(as_, db):
    client = as_("marketer")
    assert client.get("/search/promotions/new?q=%00%ED%A0%80&asset=" + "x" * 900).status == 200
    assert client.get("/search/promotions?list=zzz&page=99999999999").status == 200
    assert client.get("/search/promotions/99999999999999999999").status == 404


def test_two_people_see_it_at_once(visitor, assets, day):
    marketer, rep = (visitor().sign_in(make.user(role=role)) for role in ("marketer", "rep"))
    assert "late" not in hits(rep.get("/?q=kestrel+gia"))
    marketer.post("/search/promotions", data=told(day))
    assert hits(rep.get("/?q=kestrel+gia"))[0] == "late"
