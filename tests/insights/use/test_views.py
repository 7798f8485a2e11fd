"""Pages of use: who may see what, what they say, and that they are never behind."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from portal import clock
from portal.insights.use import queries, service, starts
from portal.library.models import AssetText
from portal.usage.models import UsageEvent
from tests import make

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ROLES = ("rep", "contributor", "marketer", "manager", "admin")
PAGES = ["", *(f"/by/{it}" for it in ("kind", "team", "language", "stage", "day")),
         *(f"/lists/{it}" for it in ("hot", "never-shown", "not-opened", "not-used", "stale"))]  # fmt: skip


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def shelf(db):
    def put(title, slug=None, days_old=100, **values):
        values.setdefault("published_at", NOW - timedelta(days=days_old))
        it = make.asset(slug, **values)
        db.session.add(AssetText(asset_id=it.id, language="en", title=title, updated_at=NOW))
        db.session.flush()
        return it

    return put


@pytest.fixture
def used(db):
    def add(asset, action="viewed", user=None, times=1, days_ago=0, **values):
        for _ in range(times):
            db.session.add(
                UsageEvent(
                    at=NOW - timedelta(days=days_ago),
                    action=action,
                    asset_id=asset.id if asset else None,
                    user_id=user.id if user else None,
                    **values,
                )
            )
        db.session.commit()

    return add


@pytest.fixture
def roll(db):
    return lambda: service.roll_up("UTC", commit=db.session.commit)


def told(client, address):
    """The rows of a page's table as its JSON has them, by name."""
    joint = "&" if "?" in address else "?"
    answer = client.get(f"/insights/use{address}{joint}format=json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return {row["name"]: row for row in json.loads(answer.text)["rows"]}


def squad(name, size, db):
    team = make.team(name)
    return team, [
        make.user(team_id=team.id, department="sales", name=f"{name} {n}") for n in range(size)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_publishers_see_every_page_and_reps_none(as_, shelf, used, page):
    used(shelf("Kestrel"))
    for role in ROLES:
        wanted = 403 if role in {"rep", "contributor"} else 200
        assert as_(role).get(f"/insights/use{page}").status == wanted


@pytest.mark.parametrize("page", ["/by/nonsense", "/lists/nonsense", "/assets/nonsense"])
def test_there_is_no_other_page(as_, page):
    assert as_("admin").get(f"/insights/use{page}").status == 404


@pytest.mark.parametrize("rolled", ["nothing", "some", "all"])
def test_what_is_not_rolled_up_yet_is_there_all_the_same(as_, shelf, used, roll, rolled):
    people = [make.user() for _ in range(3)]
    kestrel, deck = shelf("Kestrel", kind="faq"), shelf("Deck", kind="deck")
    values = {"language": "vi", "stage": "Demo"}
    used(kestrel, user=people[0], **values)
    used(kestrel, user=people[1], days_ago=29, **values)
    used(kestrel, user=people[0], days_ago=30, **values)  # too old
    if rolled == "some":
        roll()
    used(kestrel, user=people[0], action="copied", **values)
    used(kestrel, user=people[2], **values)
    used(deck, language="en")
    if rolled == "all":
        roll()
    for by, name in (("kind", "FAQ"), ("language", "Tiếng Việt"), ("stage", "Demo")):
        rows = told(as_("marketer"), f"/by/{by}")
        row = next(row for key, row in rows.items() if key.casefold() == name.casefold())
        assert (row["views"], row["people"], row["copies"]) == (3, 3, 1)
    days = told(as_("marketer"), "/by/day")
    assert days["2026-11-20"]["views"] == 3
    assert sum(it["views"] for it in days.values()) == 4


def test_totals_are_compared_with_the_time_before(as_, shelf, used, roll):
    asset = shelf("Kestrel")
    used(asset, times=3)
    used(asset, times=2, days_ago=40)
    used(asset, days_ago=90)
    roll()
    page = as_("marketer").get("/insights/use")
    assert "3 Views +50%" in page.words()


@pytest.mark.parametrize("is_rolled", [True, False])
def test_nothing_is_compared_with_a_time_nobody_recorded(as_, shelf, used, roll, is_rolled):
    asset = shelf("Kestrel")
    for _ in range(3):
        used(asset, user=make.user(), times=4)
    used(asset, times=2, days_ago=40)
    if is_rolled:
        roll()
    client = as_("marketer")
    for path in ("", "/lists/hot"):
        page = client.get(f"/insights/use{path}")
        assert "Use is recorded since Oct 11, 2026" in page.words()
        assert "%" not in page.words()
    assert told(client, "/lists/hot") == {}


def test_a_year_is_drawn_in_whole_weeks_and_ends_with_one(as_, shelf, used):
    asset = shelf("Kestrel")
    for days_ago in range(7):
        used(asset, times=2, days_ago=days_ago)
    used(asset, times=5, days_ago=200)
    assert "14 Views" in as_("marketer").get("/insights/use?window=365").words()


def test_csv_has_a_line_a_row_and_json_defines_its_columns(as_, shelf, used):
    used(shelf("=cmd"))
    client = as_("marketer")
    lines = list(
        csv.DictReader(
            io.StringIO(client.get("/insights/use/by/asset?format=csv").text.lstrip("\ufeff"))
        )
    )
    assert [(row["name"], row["views"]) for row in lines] == [("'=cmd", "1")]
    columns = json.loads(client.get("/insights/use/by/kind?format=json").text)["columns"]
    assert all(it["definition"] for it in columns if it["key"] != "name")


# --- small groups ---------------------------------------------------------------------------------


def test_a_team_of_two_is_not_told_and_not_found_by_subtraction(as_, db, shelf, used):
    asset = shelf("Kestrel")
    teams = {name: squad(name, size, db)[1] for name, size in (("Big", 5), ("Mid", 3), ("Two", 2))}
    for people in teams.values():
        for person in people:
            used(asset, user=person)
    rows = told(as_("marketer"), "/by/team")
    assert set(rows) == {"Big", "Other teams together"}
    assert rows["Other teams together"]["people"] == 5


def test_people_are_told_to_their_manager_and_admins_alone(client, db, shelf, used):
    asset = shelf("Kestrel")
    north, people = squad("North", 1, db)
    _, others = squad("South", 1, db)
    used(asset, user=people[0])
    used(asset, user=others[0])
    boss = make.user(role="manager", team_id=north.id, name="Boss")
    assert set(told(client.sign_in(boss), "/by/person")) == {"North 0", "Boss"}
    assert set(told(client.sign_in(make.user(role="manager")), "/by/person")) == set()
    assert {"North 0", "South 0"} <= set(
        told(client.sign_in(make.user(role="admin")), "/by/person")
    )
    assert client.sign_in(make.user(role="marketer")).get("/insights/use/by/person").status == 403


def test_everybody_sees_their_own_use(client, shelf, used):
    me = make.user()
    used(shelf("Kestrel"), user=me, times=2)
    used(shelf("Other"), user=make.user())
    page = client.sign_in(me).get("/insights/use/mine")
    assert "Kestrel" in page.words()
    assert "Other" not in page.words()


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_rolled", [True, False])
def test_what_nobody_finds_opens_or_uses(as_, shelf, used, roll, is_rolled):
    never, closed, looked, copied = (
        shelf(name) for name in ("Never", "Closed", "Looked", "Copied")
    )
    used(None, "searched", shown=[closed.id, looked.id, copied.id])
    for number, it in enumerate((looked, copied)):
        used(it, "opened", ref=f"{number:016x}", rank=1)
        used(it)
    used(copied, "copied")
    used(never, days_ago=31)
    if is_rolled:
        roll()
    client = as_("marketer")
    lists = {
        name: set(told(client, f"/lists/{name}"))
        for name in ("never-shown", "not-opened", "not-used", "stale")
    }
    assert lists == {
        "never-shown": {"Never"},
        "not-opened": {"Closed"},
        "not-used": {"Looked"},
        "stale": {"Never", "Closed"},
    }


@pytest.mark.parametrize("is_rolled", [True, False])
def test_what_rises_is_used_more_than_before_by_several(as_, shelf, used, roll, is_rolled):
    people = [make.user() for _ in range(3)]
    rising, steady, whim = shelf("Rising"), shelf("Steady"), shelf("Whim")
    for person in people:
        used(rising, user=person, times=4)
        used(steady, user=person, times=4)
        used(steady, user=person, times=4, days_ago=40)
    used(whim, user=people[0], times=20)
    used(rising, user=people[0], times=2, days_ago=40)
    used(whim, days_ago=70)
    if is_rolled:
        roll()
    rows = told(as_("marketer"), "/lists/hot")
    assert {name: row["change"] for name, row in rows.items()} == {"Rising": 500}


# --- one asset ------------------------------------------------------------------------------------


def test_a_rep_sees_the_totals_of_an_asset_and_no_teams(as_, shelf, used):
    used(shelf("Kestrel", "kestrel"), times=7)
    page = as_("rep").get("/insights/use/assets/kestrel")
    assert "7 Views" in page.words()
    assert "Teams" not in page.words()
    assert "Teams" in as_("marketer").get("/insights/use/assets/kestrel").words()


def test_first_days_nobody_knows_of_are_not_drawn_as_zero(as_, shelf, used):
    used(shelf("Kestrel", "kestrel", days_old=100))
    assert "The first 30 days" not in as_("rep").get("/insights/use/assets/kestrel").words()
    new = shelf("New", "new", days_old=3)
    used(new)
    assert "The first 30 days" not in as_("rep").get("/insights/use/assets/new").words()
    used(new, days_ago=3)
    assert "The first 30 days" in as_("rep").get("/insights/use/assets/new").words()


def test_what_came_out_before_any_record_is_not_what_is_usual(db, shelf, used):
    used(shelf("Older", days_old=100), days_ago=60)
    used(shelf("Known", days_old=50), times=2, days_ago=50)
    assert [sum(it) for it in starts.usual_starts(queries.basis(30, "UTC"), UTC)] == [2]


def test_what_is_not_published_is_for_marketers(as_, shelf):
    shelf("Draft", "draft", state="draft", published_at=None)
    assert as_("rep").get("/insights/use/assets/draft").status == 404
    assert as_("marketer").get("/insights/use/assets/draft").status == 200


# --- adoption -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_rolled", [True, False])
def test_adoption_is_always_of_the_same_people(as_, shelf, used, roll, is_rolled):
    asset, long_ago = shelf("Kestrel"), NOW - timedelta(days=300)
    sales = [make.user(department="sales", created_at=long_ago) for _ in range(4)]
    newcomer = make.user(department="sales", created_at=NOW - timedelta(days=20))
    gone = make.user(department="sales", created_at=long_ago, active=False)
    writer = make.user(department="marketing", created_at=long_ago)
    for person in (sales[0], sales[1], newcomer, gone, writer):
        used(asset, user=person, days_ago=7)
        used(asset, user=person, days_ago=14)
    used(asset, user=sales[2], days_ago=7, times=9)  # in one week
    used(asset, user=sales[3])  # this week is not over
    if is_rolled:
        roll()
    page = as_("marketer").get("/insights/use")
    assert "2 of 4 people" in page.words()
    # outside of a chart the bars have no colour of their own: black, in the dark as well
    charts = page.tree.findall(".//div[@class='chart']")
    assert any("Week of" in "".join(it.itertext()) for it in charts)


def test_a_handful_is_not_a_cohort(as_, db, shelf, used):
    for _ in range(2):
        used(shelf("x"), user=make.user(department="sales", created_at=NOW - timedelta(days=99)))
    assert "Fewer than three people" in as_("marketer").get("/insights/use").words()


@pytest.mark.parametrize(
    "address", ["window=x&sort=%00&dir=9&page=999999999999", "page=-1", "sort=views&dir=asc"]
)
@pytest.mark.parametrize("page", [*PAGES, "/mine", "/by/person"])
def test_odd_addresses_still_give_a_page(as_, shelf, used, page, address):
    used(shelf("Kestrel"), user=make.user())
    assert as_("admin").get(f"/insights/use{page}?{address}").status == 200
