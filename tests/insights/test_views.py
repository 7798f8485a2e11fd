from datetime import timedelta

import pytest

from portal import clock
from portal.library.models import AssetText
from portal.usage.models import UsageEvent
from tests import make


@pytest.fixture
def shelf(db):
    """Assets by title, with their titles in other languages, and use."""

    def put(title, *, views=0, copies=0, days_ago=0, people=(1,), state="published", **titles):
        asset = make.asset(kind="faq", state=state)
        at = clock.now() - timedelta(days=days_ago)
        for language, words in {"en": title, **titles}.items():
            db.session.add(
                AssetText(asset_id=asset.id, language=language, title=words, updated_at=at)
            )
        for person in people:
            for action, times in (("viewed", views), ("copied", copies)):
                for _ in range(times):
                    db.session.add(
                        UsageEvent(at=at, action=action, asset_id=asset.id, user_id=person)
                    )
        db.session.commit()
        return asset

    return put


def table(page):
    """The rows as people read them: title, views, people, copies."""
    rows = page.tree.findall(".//tbody/tr")
    return [
        (row.find("./th/a").text, *(cell.text for cell in row.findall("./td")[:3])) for row in rows
    ]


def test_a_marketer_sees_what_was_used_and_what_was_not(as_, shelf):
    shelf("Kestrel", views=2, copies=1, people=(1, 2))
    shelf("Nobody opens this")
    shelf("Old favourite", views=5, days_ago=40)
    page = as_("marketer").get("/insights/usage")
    assert table(page) == [
        ("Kestrel", "4", "2", "2"),
        ("Nobody opens this", "0", "0", "0"),
        ("Old favourite", "0", "0", "0"),
    ]
    assert [b.text for b in page.tree.findall(".//ul[@class='kpis']//b")] == ["4", "2", "2"]


@pytest.mark.parametrize(
    ("language", "uses", "words"),
    [
        ("en", 1, ["view", "person", "sentence copied"]),
        ("en", 2, ["views", "people", "sentences copied"]),
        ("en", 0, ["views", "people", "sentences copied"]),
        ("vi", 1, ["lượt xem", "người dùng", "câu được sao chép"]),
        ("ru", 1, ["просмотр", "человек", "скопированная фраза"]),
        ("ru", 2, ["просмотра", "человека", "скопированные фразы"]),
        ("ru", 5, ["просмотров", "человек", "скопированных фраз"]),
    ],
)
def test_totals_are_counted_as_one_speaks(as_, shelf, language, uses, words):
    for person in range(uses):
        shelf(f"Card {person}", views=1, copies=1, people=(person,))
    page = as_("marketer").get("/insights/usage", headers={"Accept-Language": language})
    totals = page.tree.find(".//ul[@class='kpis']")
    assert [b.text for b in totals.iter("b")] == [str(uses)] * 3
    assert [span.text for span in totals.iter("span")] == words


def test_a_longer_window_sees_more(as_, shelf):
    shelf("Old favourite", views=5, days_ago=40)
    assert table(as_("marketer").get("/insights/usage?window=90")) == [
        ("Old favourite", "5", "1", "0")
    ]


def test_drafts_are_not_shown_and_retired_ones_only_when_used(as_, shelf):
    shelf("Draft", state="draft")
    shelf("Retired", state="retired")
    shelf("Retired but used", state="retired", views=1)
    assert [row[0] for row in table(as_("marketer").get("/insights/usage"))] == ["Retired but used"]


@pytest.mark.parametrize(
    ("address", "order"),
    [("sort=title", "ABC"), ("sort=title&dir=desc", "CBA"), ("sort=views", "CBA"), ("sort=views&dir=asc", "ABC"),
     ("sort=copies", "ACB"), ("sort=last_used", "BAC"), ("sort=people", "ABC"), ("sort=nonsense", "CBA")],
)  # fmt: skip
def test_every_column_sorts(as_, shelf, address, order):
    shelf("A", views=1, copies=3, days_ago=2)
    shelf("B", views=2, copies=0, days_ago=1)
    shelf("C", views=3, copies=2, days_ago=3)
    assert (
        "".join(row[0] for row in table(as_("marketer").get(f"/insights/usage?{address}"))) == order
    )


def test_titles_are_found_and_shown_in_the_readers_language(as_, shelf):
    shelf("Kestrel", vi="Thẻ đối đầu: Kestrel")
    shelf("Nordhaul")
    page = as_("marketer").get("/insights/usage?q=doi+dau", headers={"Accept-Language": "vi"})
    assert [row[0] for row in table(page)] == ["Thẻ đối đầu: Kestrel"]
    assert page.tree.find(".//tbody//a").get("lang") == "vi"


def test_fifty_a_page(as_, shelf):
    for number in range(51):
        shelf(f"T{number:02}")
    client = as_("marketer")
    assert len(table(client.get("/insights/usage"))) == 50
    assert table(client.get("/insights/usage?sort=title&page=2"))[0][0] == "T50"
    assert table(client.get("/insights/usage?sort=title&page=999999999999"))[0][0] == "T50"


@pytest.mark.parametrize(
    "address",
    ["page=-1", "page=x", "window=9999999", "q=" + "x" * 5000, "q=%00%ff", "dir=%00", "sort="],
)
def test_odd_addresses_still_give_a_page(as_, shelf, address):
    shelf("Kestrel")
    assert as_("marketer").get(f"/insights/usage?{address}").status == 200


def test_links_keep_what_was_chosen(as_, shelf):
    shelf("Kestrel")
    page = as_("marketer").get("/insights/usage?window=90&sort=title&q=kes")
    links = page.links()
    assert "/insights/usage?q=kes&sort=title&window=7" in links
    assert "/insights/usage?q=kes&window=90&sort=title&dir=desc" in links


@pytest.mark.parametrize(
    ("role", "status"), [("rep", 403), ("contributor", 403), ("marketer", 200), ("admin", 200)]
)
def test_it_is_for_marketers(as_, role, status):
    assert as_(role).get("/insights/usage").status == status
