"""What reps say: stars from five people on, open remarks with age, what was written, by owner."""

import csv
import io
import json
from datetime import timedelta

import pytest

from portal import clock
from portal.calls.ratings.models import AssetFlag
from portal.insights.rated import rules
from portal.insights.rated.rules import Line, Sort
from tests import make


@pytest.fixture
def asset(db):
    def put(title, *, stars=(), why="", owner=None, kind="faq", state="published"):
        it = make.asset(kind=kind, state=state, owner_id=owner.id if owner else None)
        make.text(it, title=title)
        for n in stars:
            make.rating(make.user(name="Zebulon Quartermain"), it, n, why=why)
        db.session.commit()
        return it

    return put


@pytest.fixture
def flag(db):
    def put(asset, *, ago=3, state="open", words="Price is last year's"):
        user = make.user(name="Zebulon Quartermain")
        db.session.add(
            AssetFlag(
                token=f"f{asset.id}-{ago}-{state}", user_id=user.id, asset_id=asset.id, language="en",
                kind="outdated", words=words, at=clock.now() - timedelta(days=ago, minutes=1), state=state,
            )
        )  # fmt: skip
        db.session.commit()

    return put


def titles(page):
    return [it.text for it in page.tree.findall(".//tbody/tr/th/a") if it.get("lang")]


def test_few_voices_are_words_and_five_are_stars(as_, asset):
    asset("Four", stars=(5, 5, 5, 5))
    asset("Five", stars=(5, 5, 5, 5, 5))
    asset("Nobody")
    page = as_("marketer").get("/insights/ratings?sort=title")
    assert titles(page) == ["Five", "Four"]
    said = [cell.text for cell in page.tree.findall(".//td[@data-label='Rating']")]
    assert said[0].endswith("of 5 · 5 ratings")
    assert said[1] == "good so far, 4 ratings"
    told = (
        as_("marketer").get("/insights/ratings?sort=title&format=csv").text.removeprefix("\ufeff")
    )
    five, four = csv.DictReader(io.StringIO(told))
    assert 4 < float(five["stars"]) <= 5
    assert (four["stars"], four["voices"]) == ("", "4")


def test_open_remarks_come_first_with_their_age_and_owner(as_, asset, flag):
    owner = make.user(name="Ada Owner", role="contributor")
    old, new = asset("Old remark", owner=owner), asset("New remark")
    flag(old, ago=12)
    flag(new, ago=1)
    flag(new, ago=40, state="fixed")
    page = as_("manager").get("/insights/ratings")
    listed = [it.text for it in page.tree.findall(".//h3/a")]
    assert listed == ["Old remark", "New remark"]
    assert "12 days Owner: Ada Owner" in page.words()
    assert titles(as_("manager").get("/insights/ratings?sort=age")) == ["Old remark", "New remark"]
    told = json.loads(as_("manager").get("/insights/ratings?format=json&by=owner").text)
    assert {(row["owner"], row["flags"], row["oldest"]) for row in told["rows"]} == {
        ("Ada Owner", 1, 12), ("nobody", 1, 1),
    }  # fmt: skip


def test_who_said_it_is_not_told(as_, asset, flag):
    it = asset("Kestrel", stars=(1, 2, 3), why="They laughed at it")
    flag(it)
    client = as_("admin")
    pages = [
        client.get(f"/insights/ratings{rest}")
        for rest in ("", "/written", "?format=json", "?format=csv")
    ]
    assert "They laughed at it" in pages[1].words()
    assert all("Zebulon" not in page.text for page in pages)


def test_kind_and_owner_narrow(as_, asset, flag):
    owner = make.user(name="Ada Owner", role="contributor")
    flag(asset("Mine", owner=owner, stars=(3,), why="so so"))
    flag(asset("Deck", kind="deck", stars=(3,), why="dull"), words="Old logo")
    client = as_("marketer")
    assert titles(client.get(f"/insights/ratings?owner={owner.id}")) == ["Mine"]
    assert titles(client.get("/insights/ratings?owner=0")) == ["Deck"]
    page = client.get("/insights/ratings?kind=deck")
    assert titles(page) == ["Deck"]
    assert [it.text for it in page.tree.findall(".//h3/a")] == ["Deck"]
    assert "/insights/ratings/written?kind=deck" in page.links()
    written = client.get("/insights/ratings/written?kind=deck")
    assert ("dull" in written.text, "so so" in written.text) == (True, False)


def test_what_hurt_is_listed_without_words_too(as_, asset, db):
    make.rating(make.user(), asset("Kestrel"), 1, helped="hurt")
    make.rating(make.user(), asset("Silent"), 1)
    db.session.commit()
    page = as_("marketer").get("/insights/ratings/written")
    assert [a.text for a in page.tree.findall(".//li/h2/a")] == ["Kestrel"]
    assert "Hurt" in page.words()


def test_retired_assets_are_named_but_lead_nowhere(as_, asset):
    asset("Gone", stars=(2,), why="old", state="retired")
    page = as_("marketer").get("/insights/ratings")
    assert "Gone" in page.words()
    assert titles(page) == []
    assert as_("marketer").get("/insights/ratings/written").status == 200


def test_pages_of_forty(as_, asset):
    for number in range(41):
        asset(f"T{number:02}", stars=(3,))
    client = as_("marketer")
    assert len(titles(client.get("/insights/ratings?sort=title"))) == 40
    assert titles(client.get("/insights/ratings?sort=title&page=2")) == ["T40"]


@pytest.mark.parametrize("path", ["/insights/ratings", "/insights/ratings/written"])
@pytest.mark.parametrize(
    "query",
    ["owner=-1", "owner=99999999999999", "owner=x", "kind=%00", "sort=nonsense&dir=%ff", "page=x",
     "format=exe", "owner=" + "9" * 5000],
)  # fmt: skip
def test_odd_addresses_still_give_a_page(as_, asset, path, query):
    asset("Kestrel", stars=(3,), why="so")
    assert as_("marketer").get(f"{path}?{query}").status == 200


@pytest.mark.parametrize(
    ("role", "status"), [("rep", 403), ("contributor", 403), ("marketer", 200)]
)
def test_it_is_for_marketers(as_, role, status):
    for path in ("", "/written", "?format=json"):
        assert as_(role).get(f"/insights/ratings{path}").status == status


def line(title, value=None, voices=0, *, flags=0, oldest=None, owner=(None, "")):
    return Line(
        len(title),
        title,
        "faq",
        "published",
        title,
        "en",
        *owner,
        value,
        value,
        voices,
        flags,
        oldest,
    )


@pytest.mark.parametrize(
    ("sort", "direction", "order"),
    [(Sort.RATING, "desc", "bac"), (Sort.RATING, "asc", "abc"), (Sort.VOICES, "desc", "abc"),
     (Sort.FLAGS, "desc", "cab"), (Sort.AGE, "desc", "cab"), (Sort.TITLE, "desc", "cba")],
)  # fmt: skip
def test_sorted_with_what_says_nothing_last(sort, direction, order):
    lines = [line("a", 2.0, 6), line("b", 4.0, 1), line("c", flags=2, oldest=4)]
    assert "".join(it.title for it in rules.in_order(lines, sort, direction)) == order


def test_owners_are_added_up():
    ada = (7, "Ada")
    lines = [
        line("a", 2.0, 6, owner=ada), line("bb", 2.0, 4, owner=ada),
        line("ccc", flags=2, oldest=4), line("dddd", 4.0, 9, flags=1, oldest=9, owner=ada),
    ]  # fmt: skip
    nobody, hers = rules.owners(lines)
    assert (nobody.name, nobody.flags, nobody.rated) == ("", 2, 0)
    assert (hers.assets, hers.rated, hers.weak, hers.flags, hers.oldest) == (3, 3, 1, 1, 9)


def test_what_was_written_goes_out_as_files_with_nobody_named(as_, asset):
    asset("Kestrel", stars=(1, 4), why="=They laughed")
    asset("Deck", kind="deck", stars=(3,), why="dull")
    client = as_("marketer")
    sent = client.raw.get("/insights/ratings/written?format=csv&kind=faq").get_data(as_text=True)
    head, *lines = sent.removeprefix("\ufeff").splitlines()
    assert head == "title,stars,helped,why,at,where"
    assert [line.split(",")[3] for line in lines] == ["'=They laughed"] * 2
    told = client.raw.get("/insights/ratings/written?format=json").json
    assert {row["title"] for row in told["rows"]} == {"Kestrel", "Deck"}
    assert "Zebulon" not in str(told) + sent
