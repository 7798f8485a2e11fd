"""The page of gaps: who sees what, one click to a request, what leaves the list, files."""

import csv
import io
import json
from datetime import timedelta
from itertools import count

import pytest

from portal import clock
from portal.search import service as searching
from portal.usage.models import UsageEvent
from tests import make

_refs = count(1)
ROLES = ["rep", "contributor", "marketer", "manager", "admin"]


@pytest.fixture
def search(db):
    """Somebody searched in vain; by default they found nothing."""

    def put(text, user=1, *, ago=1.0, results=0, deal=None):
        db.session.add(
            UsageEvent(
                at=clock.now() - timedelta(days=ago), action="searched", user_id=user, query=text,
                results=results, source="search", ref=f"{next(_refs):016x}", deal_id=deal,
            )
        )  # fmt: skip
        db.session.commit()

    return put


def heads(page):
    return [head.text for head in page.tree.findall(".//li/h2")]


def test_nothing_missing_is_said(as_):
    page = as_("marketer").get("/insights/gaps")
    assert page.status == 200
    assert "Nothing is missing" in page.words()


@pytest.mark.parametrize("role", ROLES)
def test_what_deals_come_to_is_for_those_who_publish_and_manage(as_, search, role):
    owner = make.user()
    search("kestrel cold store", owner.id, deal=make.deal(owner, amount=146_000).id)
    page = as_(role).get("/insights/gaps")
    sees = role in {"marketer", "manager", "admin"}
    assert "1 deal waits" in page.words()
    assert ("146" in page.text) is sees
    for kind in ("csv", "json"):
        told = as_(role).get(f"/insights/gaps?format={kind}&sort=value").text
        assert ("146" in told) is sees
        assert "kestrel cold store" in told


def test_nobody_is_named(as_, search):
    owner = make.user(name="Zebulon Quartermain")
    search("kestrel cold store", owner.id)
    make.request(owner, title="Kestrel cold store")
    page = as_("manager").get("/insights/gaps")
    assert "1 person" in page.words()
    assert "Zebulon" not in page.text


def test_the_heaviest_comes_first_and_currencies_can_be_chosen(as_, search):
    owner = make.user()
    euro = [make.deal(owner, amount=a, currency="EUR").id for a in (10, 20)]
    dong = make.deal(owner, amount=900, currency="VND").id
    search("alpha", deal=euro[0])
    search("bravo", deal=euro[1])
    search("charlie", deal=dong)
    client = as_("marketer")
    assert heads(client.get("/insights/gaps")) == ["bravo", "alpha", "charlie"]
    assert heads(client.get("/insights/gaps?currency=VND"))[0] == "charlie"
    assert "/insights/gaps?sort=value&currency=VND" in client.get("/insights/gaps").links()


def test_one_click_leads_to_a_form_that_is_filled_in(as_, search):
    make.term("competitor", "kestrel", en="Kestrel WMS")
    search("Kestrel WMS freezer & dock", results=4)
    client = as_("rep")
    (url,) = [it for it in client.get("/insights/gaps").links() if it.startswith("/requests/new")]
    form = client.get(url)
    assert form.status == 200
    values = {it.get("name"): it.get("value") for it in form.tree.iter("input")}
    assert values["title"] == values["query"] == "Kestrel WMS freezer & dock"
    (chosen,) = form.tree.findall(".//select[@name='competitor']/option[@selected]")
    assert chosen.get("value") == "kestrel"


def test_an_open_request_is_led_to_instead(as_, search):
    search("kestrel cold store")
    it = make.request(title="Kestrel cold store")
    page = as_("rep").get("/insights/gaps")
    assert heads(page) == ["kestrel cold store"]
    assert f"/requests/{it.id}" in page.links()
    assert not [url for url in page.links() if url.startswith("/requests/new?")]


def test_what_was_delivered_since_leaves_the_list(as_, search):
    search("kestrel cold store", ago=3)
    make.request(title="Kestrel cold store", state="delivered")
    client = as_("marketer")
    assert heads(client.get("/insights/gaps")) == []
    search("kestrel cold store", ago=0)
    assert heads(client.get("/insights/gaps")) == ["kestrel cold store"]


def test_what_an_asset_published_since_answers_leaves_the_list(as_, search, app, db):
    search("freezer blankets", ago=3)
    search("forklift insurance", ago=3)
    client = as_("marketer")
    assert len(heads(client.get("/insights/gaps"))) == 2
    old = make.asset("old", published_at=clock.now() - timedelta(days=9))
    make.text(old, title="Forklift insurance", body="## Forklift insurance\n\nIt is.\n")
    new = make.asset("new", published_at=clock.now())
    make.text(new, title="Freezer blankets", body="## Freezer blankets\n\nWarm.\n")
    db.session.commit()
    searching.rebuild(app.extensions["arsenal.finder"].engine)
    assert heads(client.get("/insights/gaps")) == ["forklift insurance"]


def test_files_have_all_rows_and_what_columns_mean(as_, search):
    for number in range(35):
        search(f"{'abcdefghijklmnopqrstuvwxyz'[number % 26] * 5}{number}x")
    search("=cmd()")
    client = as_("manager")
    assert len(heads(client.get("/insights/gaps"))) == 30
    assert len(heads(client.get("/insights/gaps?page=2"))) == 6
    rows = list(csv.DictReader(io.StringIO(client.get("/insights/gaps?format=csv").text)))
    assert len(rows) == 36
    assert "'=cmd()" in [row.get("gap") or row["\ufeffgap"] for row in rows]
    told = json.loads(client.get("/insights/gaps?format=json").text)
    assert all(it["definition"] for it in told["columns"])
    assert {row["searches"] for row in told["rows"]} == {1}


@pytest.mark.parametrize(
    "address",
    ["page=-1", "page=x", "sort=nonsense", "sort=value&currency=QQQ", "currency=%00", "format=xml",
     "page=99999999999999999999", "sort=%ff", "currency=" + "E" * 5000],
)  # fmt: skip
def test_odd_addresses_still_give_a_page(as_, search, address):
    search("kestrel cold store")
    assert as_("marketer").get(f"/insights/gaps?{address}").status == 200


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "%s %(num)d", "'; DROP --", "ß" * 400, "🧊 lạnh"]
)
def test_odd_searches_are_shown_as_they_were_typed(as_, search, text):
    search(text)
    assert heads(as_("marketer").get("/insights/gaps")) == [text]
