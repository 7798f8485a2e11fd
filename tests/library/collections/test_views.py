"""The pages of collections: made, filled, ordered by two people, read, and pinned."""

import re

import pytest

from portal.library.collections import queries
from tests import make

FACTS = {"name": "First meeting", "description": "Retail", "language": "en", "reach": "all"}


@pytest.fixture
def assets(db):
    made = [make.asset(slug) for slug in ("a", "b", "c")]
    for it in made:
        make.text(it, title=f"Title {it.slug}")
    db.session.commit()
    return made


@pytest.fixture
def mine(as_, assets):
    """A rep's client and the address of her collection of a, b and c."""
    client = as_("rep")
    page = client.post("/collections/", data={**FACTS, "asset": "a"})
    assert page.status == 303
    url = page.location.removesuffix("/edit")
    for slug in ("b", "c"):
        client.post(f"{url}/entries", data={"asset": slug, "note": f"note {slug}"})
    return client, url


def number(url):
    return int(re.search(r"\d+", url)[0])


def entries(url):
    return [entry.id for entry in queries.entries(number(url))]


def version(client, url):
    page = client.get(f"{url}/edit")
    return page.tree.find(".//ol").get("data-version")


def titles(page):
    return re.findall(r"Title (\w)", page.words())


def test_a_rep_makes_one_and_everybody_reads_it(mine, visitor):
    client, url = mine
    assert titles(client.get(url)) == ["a", "b", "c"]
    reader = visitor().sign_in(make.user())
    page = reader.get(url)
    assert titles(page) == ["a", "b", "c"]
    assert "note b" in page.words()
    assert "/assets/a/en?from=collection" in page.links()
    assert reader.get(f"{url}/edit").status == 403
    assert reader.post(f"{url}/entries", data={"asset": "a"}).status == 403
    assert "First meeting" in reader.get("/collections/").words()
    assert "First meeting" not in reader.get("/collections/?whose=mine").words()


def test_the_page_of_an_asset_leads_to_adding_it(mine):
    client, _url = mine
    assert "/collections/add/a" in client.get("/assets/a").links()
    page = client.get("/collections/add/a")
    assert "It is in there" in page.words()


def test_by_arrows_and_by_dragging(mine):
    client, url = mine
    a, b, c = entries(url)
    seen = version(client, url)
    page = client.post(f"{url}/entries/{c}/step", data={"to": "up", "version": seen})
    assert page.location == f"{url}/edit#entry-{c}"
    assert entries(url) == [a, c, b]
    seen = version(client, url)
    answer = client.post(f"{url}/order", data={"order": f"{b},{a},{c}", "version": seen})
    assert answer.response.json == {"version": int(seen) + 1}
    assert entries(url) == [b, a, c]


def test_the_second_of_two_who_order_it_is_told_and_nothing_is_mixed_up(mine):
    client, url = mine
    a, b, c = entries(url)
    seen = version(client, url)
    client.post(f"{url}/order", data={"order": f"{c},{b},{a}", "version": seen})
    late = client.post(f"{url}/order", data={"order": f"{b},{a},{c}", "version": seen})
    assert late.status == 409
    page = client.post(f"{url}/entries/{a}/step", data={"to": "up", "version": seen})
    assert page.status == 409
    assert [li.get("data-entry") for li in page.tree.iterfind(".//ol/li")] == [
        str(entry) for entry in (c, b, a)
    ]
    assert entries(url) == [c, b, a]
    page = client.post(f"{url}/edit", data={**FACTS, "name": "Typed", "version": seen})
    assert page.status == 409
    assert page.tree.find(".//input[@name='name']").get("value") == "Typed"


@pytest.mark.parametrize("order", ["", "x", "1,1", "9999999999", "1,2,3,4,5"])
def test_an_order_that_is_none_changes_nothing(mine, order):
    client, url = mine
    before = entries(url)
    sent = {"order": order, "version": version(client, url)}
    assert client.post(f"{url}/order", data=sent).status in {409, 422}
    assert entries(url) == before


def test_what_is_not_published_any_more_only_the_editor_sees(mine, visitor, assets, db):
    client, url = mine
    assets[1].state = "retired"
    db.session.commit()
    assert "No longer available" in client.get(url).words()
    reader = visitor().sign_in(make.user())
    assert titles(reader.get(url)) == ["a", "c"]
    assert "No longer available" not in reader.get(url).words()
    assert client.get("/collections/add/b").status == 404
    assert client.post(f"{url}/entries", data={"asset": "b"}).status == 404


def test_private_ones_are_nobody_elses(mine, visitor):
    client, url = mine
    saved = {**FACTS, "reach": "private", "version": version(client, url)}
    assert client.post(f"{url}/edit", data=saved).status == 303
    for role in ("rep", "manager", "admin"):
        assert visitor().sign_in(make.user(role=role)).get(url).status == 404


def test_noted_taken_out_and_deleted(mine):
    client, url = mine
    a, b, c = entries(url)
    client.post(f"{url}/entries/{a}/note", data={"note": "Begin here"})
    assert "Begin here" in client.get(url).words()
    assert client.post(f"{url}/entries/{a}/note", data={"note": "x" * 301}).status == 422
    client.post(f"{url}/entries/{b}/taken-out")
    assert client.post(f"{url}/entries/{b}/taken-out").status == 303, "once more is fine"
    assert client.post(f"{url}/entries/{b}/note", data={"note": "x"}).status == 404
    assert entries(url) == [a, c]
    assert client.post(f"{url}/deleted").status == 303
    assert client.get(url).status == 404


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 121}, {"reach": "team"}, {"reach": "x"}, {"language": "zz"}],
)
def test_what_can_not_be_is_said_with_what_was_typed(as_, assets, wrong):
    page = as_("rep").post("/collections/", data={**FACTS, **wrong})
    assert page.status == 422
    assert "Retail" in page.text
    assert as_("rep").post("/collections/", data={**FACTS, **wrong, "asset": "a"}).status == 422


@pytest.mark.parametrize("address", ["99999999999999999999", "0", "x"])
def test_what_is_not_there_is_404(as_, address):
    assert as_("rep").get(f"/collections/{address}").status == 404
