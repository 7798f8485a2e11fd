"""The log for those who publish: who sees it, what it says, whom it does not name, files, one search looked at."""

import csv
import io
import json
from datetime import timedelta
from itertools import count

import pytest

from portal import clock
from portal.library.models import FacetTerm
from portal.search import service as searching
from portal.search.log import matching
from portal.usage.models import UsageEvent
from tests import make

_refs = count(1)


@pytest.fixture
def search(db):
    """Somebody searched; by default nothing was found."""

    def put(text, user=1, *, ago=0.0, results=0, action="searched"):
        db.session.add(
            UsageEvent(
                at=clock.now() - timedelta(minutes=5, days=ago), action=action, user_id=user,
                source="search", query=text, results=results, ref=f"{next(_refs):016x}",
            )
        )  # fmt: skip
        db.session.commit()

    return put


@pytest.fixture
def north(db):
    """A team of four."""
    team = make.team("North")
    return team, [make.user(team_id=team.id).id for _ in range(4)]


@pytest.fixture
def finder(app, db, tmp_path, monkeypatch):
    """An index of its own, with a battlecard in English."""
    from portal.search.finding import Finder
    from portal.search.whoosh_engine import WhooshEngine

    found = Finder(WhooshEngine(tmp_path / "index"))
    monkeypatch.setitem(app.extensions, "arsenal.finder", found)
    term = make.term("competitor", "kestrel", en="Kestrel")
    card = make.asset("kestrel", facets=[term])
    make.text(card, title="Kestrel against us", body="## Cold\n\nCold stores freeze drones.\n")
    make.text(make.asset("other", kind="faq"), title="Questions", body="## A\n\nAnswers.\n")
    db.session.commit()
    searching.drain(found.engine)
    return found


def lines(page):
    return [a.text for a in page.tree.findall(".//tbody/tr/th/a")]


@pytest.mark.parametrize(
    ("role", "status"), [("rep", 403), ("contributor", 403), ("marketer", 200), ("manager", 200)]
)
def test_it_is_for_those_who_publish_and_manage(as_, role, status):
    assert as_(role).get("/search/log").status == status


def test_nobody_searched(as_):
    assert "Nobody searched so in this time" in as_("marketer").get("/search/log").words()


def test_lines_come_by_how_often_they_were_searched(as_, search):
    for person in (1, 2, 3):
        search("e-invoice", person)
    search("drone", 4, results=2)
    page = as_("marketer").get("/search/log")
    assert lines(page) == ["e-invoice", "drone"]
    assert "75% of searches found nothing" in page.words()
    assert lines(as_("marketer").get("/search/log?sort=searches&dir=asc")) == ["drone", "e-invoice"]
    assert lines(as_("marketer").get("/search/log?list=nothing")) == ["e-invoice"]
    assert lines(as_("marketer").get("/search/log?list=poor")) == ["drone"]


def test_what_was_opened_is_not_poor(as_, search):
    search("drone", 4, results=2)
    search(None, 4, action="opened")
    page = as_("marketer").get("/search/log?list=poor")
    assert lines(page) == []
    assert "100%" not in page.words()  # one person alone is not told
    for person in (5, 6):
        search("robot", person)
    assert (
        "33% of visits with a search led to something" in as_("marketer").get("/search/log").words()
    )


@pytest.mark.parametrize(
    ("window", "found"), [(7, 1), (30, 2), (90, 3), (365, 4), (8, 2), ("x", 2)]
)
def test_it_looks_back_over_some_days(as_, search, app, window, found):
    from portal.search.log import service

    for ago, text in ((0, "one"), (20, "two"), (80, "three"), (300, "four")):
        search(text, ago=ago)
    from portal.db import db

    service.roll_up(app.config["PORTAL"].timezone, commit=db.session.commit)
    assert len(lines(as_("marketer").get(f"/search/log?window={window}"))) == found


def test_teams_of_three_people_are_told_and_no_others(as_, search, north):
    team, people = north
    few = make.team("Few")
    alone = make.user(team_id=few.id, name="Quoc Bui").id
    for person in (*people[:3], alone):
        search("drone", person)
    page = as_("marketer").get("/search/log")
    assert "North 3" in page.words()
    assert "Few" not in page.words()
    assert "Quoc" not in page.words()
    search("robot", people[0])
    page = as_("marketer").get(f"/search/log?team={team.id}")
    assert lines(page) == ["drone"]
    assert "1 search that fewer than three people of the team typed is not listed" in page.words()
    assert lines(as_("marketer").get(f"/search/log?team={few.id}")) == [
        "drone",
        "robot",
    ]  # no filter


def test_of_a_team_few_of_which_searched_nothing_is_told(as_, search, north):
    team, people = north
    for person in people[:2]:
        search("drone", person)
    for kind in ("", "&format=csv", "&format=json"):
        page = as_("marketer").get(f"/search/log?team={team.id}{kind}")
        assert page.status == 200
        assert "drone" not in page.text
    assert "Too few people" in as_("marketer").get(f"/search/log?team={team.id}").words()


def test_languages_are_told_apart(as_, search):
    search("цена")
    search("báo giá", 2)
    assert lines(as_("marketer").get("/search/log?language=ru")) == ["цена"]
    assert lines(as_("marketer").get("/search/log?language=vi")) == ["báo giá"]
    assert len(lines(as_("marketer").get("/search/log?language=xx"))) == 1  # one meaning


def test_files_have_all_lines(as_, search):
    for number in range(40):
        search(f"word{number}")
    page = as_("marketer").get("/search/log?page=2")
    assert len(lines(page)) == 10
    rows = list(csv.DictReader(io.StringIO(as_("marketer").get("/search/log?format=csv").text)))
    assert len(rows) == 40
    told = json.loads(as_("marketer").get("/search/log?format=json&of=weeks").text)
    assert told["rows"][-1]["visits"] == 1
    assert len(told["rows"]) == 13


@pytest.mark.parametrize(
    "odd",
    [
        "team=x",
        "team=99999999999999999999",
        "page=x",
        "sort=%00",
        "list=%00",
        "window=-1",
        "language=%ff",
        "dir=%00",
    ],
)
def test_any_address_is_fine(as_, search, odd):
    search("drone")
    assert as_("marketer").get(f"/search/log?{odd}").status == 200


# --- one search looked at ------------------------------------------------------------------------


def test_a_search_is_looked_at_and_its_asset_found_by_hand(as_, finder):
    page = as_("marketer").get("/search/log/look?q=falcon")
    assert "0 results now" in page.words()
    page = as_("marketer").get("/search/log/look?q=falcon&find=cold")
    assert "/search/log/look?q=falcon&asset=kestrel" in page.links()


def test_why_it_did_not_come_is_said_by_language(as_, finder):
    page = as_("marketer").get("/search/log/look?q=falcon+stores&asset=kestrel")
    assert "lacks falcon" in page.words()
    assert "not in its title: stores" in page.words()
    assert page.tree.find(".//input[@id='s-en']").get("value") == "falcon"
    assert (
        page.tree.find(".//select[@id='term']/option[@selected]").get("value")
        == "competitor/kestrel"
    )
    assert any(link.startswith("/requests/new?title=falcon+stores") for link in page.links())


def test_what_comes_is_said_to_come(as_, finder):
    assert (
        "It comes at place 1 now"
        in as_("marketer").get("/search/log/look?q=kestrel&asset=kestrel").words()
    )


def test_a_russian_search_fills_the_russian_word(as_, finder):
    page = as_("marketer").get("/search/log/look?q=пустельга&asset=kestrel")
    assert page.tree.find(".//input[@id='s-ru']").get("value") == "пустельга"


def test_a_name_is_added_and_the_search_tried_again(as_, finder, db):
    answer = as_("marketer").post(
        "/search/log/alias",
        data={"term": "competitor/kestrel", "alias": "falcon", "q": "falcon", "asset": "kestrel"},
    )
    assert answer.status == 303
    assert db.session.query(FacetTerm).one().aliases == ["falcon"]
    page = as_("marketer").get(answer.location)
    assert "It comes at place 1 now" in page.words()
    assert "The name is kept" in page.words()


def test_a_name_somebody_has_is_refused_and_kept_in_the_form(as_, finder):
    make.term("competitor", "nordhaul", en="Nordhaul")
    data = {
        "term": "competitor/kestrel",
        "alias": "Nordhaul",
        "q": "nordhaul wms",
        "asset": "kestrel",
    }
    page = as_("marketer").post("/search/log/alias", data=data)
    assert page.status == 422
    assert "already belongs to Nordhaul" in page.words()
    assert page.tree.find(".//input[@id='alias-word']").get("value") == "Nordhaul"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"term": "kind/faq", "alias": "x"},
        {"term": "competitor/nope", "alias": "x"},
        {"term": "competitor/kestrel", "alias": "x" * 99},
    ],
)
def test_odd_forms_are_refused(as_, finder, data):
    assert as_("marketer").post("/search/log/alias", data={"q": "x", **data}).status == 422


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("q=%00&asset=%00", 200),
        ("q=x&asset=nope", 404),
        ("q=x&asset=" + "a" * 999, 200),
        ("q=" + "x" * 9999, 200),
        ("q=?!&asset=kestrel", 200),
    ],
)
def test_any_search_can_be_looked_at(as_, finder, query, status):
    assert as_("marketer").get(f"/search/log/look?{query}").status == status


@pytest.mark.parametrize(
    ("text", "missing", "reader", "language"),
    [
        ("freezer", [], "ru", "en"), ("freezer", [], "vi", "vi"), ("kwms склад", ["склад"], "en", "ru"),
        ("склад kwms", ["kwms"], "ru", "en"), ("giá", [], "en", "vi"),
    ],
)  # fmt: skip
def test_what_to_say_another_way_stands_under_its_language(text, missing, reader, language):
    assert matching.said_as(text, missing, reader) == {language: " ".join(missing) or text}
