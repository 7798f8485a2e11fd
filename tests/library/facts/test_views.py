"""The facts of an asset: changed by its writers, recorded, never overwritten unseen."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.db import db as _db
from portal.library.models import Asset, FacetTerm
from portal.library.publishing import queries
from portal.library.publishing.models import AssetEvent
from tests import make

STORY = {"customer": "ACME", "results": [{"figure": "3"}]}


@pytest.fixture
def marketer(client, db):
    person = make.user(role="marketer", department="marketing", name="Tom")
    db.session.commit()
    client.sign_in(person)
    return person


@pytest.fixture
def card(db, marketer):
    made = make.asset("kestrel", facets=[make.term("competitor", "kestrel")], owner_id=marketer.id)
    make.term("product", "warehouse")
    make.text(made)
    db.session.commit()
    return made


def url(asset):
    return f"/desk/{asset.slug}/facts"


def shown(client, asset):
    """What a browser would send of the form."""
    page = client.get(url(asset))
    assert page.status == 200
    form = next(f for f in page.tree.iter("form") if "facts-form" in f.get("class", ""))
    values = {}
    for node in form.iter():
        name = node.get("name")
        if node.tag == "select":
            picked = [o for o in node.iter("option") if o.get("selected") is not None]
            values[name] = picked[0].get("value")
        elif node.get("type") == "checkbox":
            if node.get("checked") is not None:
                values.setdefault(name, []).append(node.get("value"))
        elif name:
            values[name] = node.get("value") or ""
    return values


def fresh(asset):
    _db.session.expire_all()
    return _db.session.get(Asset, asset.id)


def events(asset):
    query = select(AssetEvent).where(AssetEvent.asset_id == asset.id, AssetEvent.action == "facts")
    return list(_db.session.scalars(query.order_by(AssetEvent.id)))


def test_facts_are_changed_and_recorded(client, card, marketer):
    other = make.user(role="contributor", name="Huy")
    data = {
        **shown(client, card),
        "owner": str(other.id),
        "backup_owner": str(marketer.id),
        "department": "product",
        "checked_on": "2026-10-02",
        "product": ["warehouse"],
        "competitor": [],
        "new_industry": "Retail, Cold chain ,, Retail",
    }
    assert client.post(url(card), data=data).status == 303
    asset = fresh(card)
    assert (asset.owner_id, asset.backup_owner_id) == (other.id, marketer.id)
    assert (asset.department, asset.checked_on) == ("product", date(2026, 10, 2))
    assert [(t.facet, t.slug) for t in asset.facets] == [
        ("industry", "cold-chain"),
        ("industry", "retail"),
        ("product", "warehouse"),
    ]
    names = [
        "owner",
        "backup_owner",
        "department",
        "checked_on",
        "product",
        "competitor",
        "industry",
    ]
    assert [event.detail["changed"] for event in events(card)] == [names]
    assert "Backup owner, Department" in client.get(f"/desk/{card.slug}").words()


def test_the_same_again_is_no_change_even_sent_twice(client, card):
    data = {**shown(client, card), "department": "product", "new_stage": "Trial"}
    for _ in range(2):
        assert client.post(url(card), data=data).status == 303
    assert client.post(url(card), data=shown(client, card)).status == 303
    assert len(events(card)) == 1
    assert _db.session.scalar(select(func.count()).where(FacetTerm.facet == "stage")) == 1


def test_a_word_known_by_another_name_is_not_added_again(client, card):
    data = {**shown(client, card), "competitor": [], "new_competitor": "KESTREL"}
    assert client.post(url(card), data=data).status == 303
    assert [t.slug for t in fresh(card).facets] == ["kestrel"]


def test_two_at_once_are_shown_each_others(client, visitor, card):
    mine = {**shown(client, card), "kind": "faq"}
    other = visitor().sign_in(make.user(role="manager"))
    other.post(url(card), data={**shown(other, card), "department": "accounting"})
    page = client.post(url(card), data=mine)
    assert page.status == 409
    assert "Accounting" in page.words(".//dl")
    assert fresh(card).kind == "battlecard"
    again = {n.get("name"): n.get("value") for n in page.tree.iter("input")}
    assert client.post(url(card), data={**mine, "was": again["was"]}).status == 303
    assert fresh(card).kind == "faq"


def test_another_kind_keeps_the_text_and_its_fields(client, db, marketer):
    story = make.asset("acme", kind="case-study")
    make.text(story, fields=STORY)
    db.session.commit()
    assert client.post(url(story), data={**shown(client, story), "kind": "faq"}).status == 303
    text = fresh(story).texts[0]
    assert (text.fields, text.extra) == ({}, STORY)
    newest = queries.newest(story.id, "en")
    assert (newest.number, newest.author_id, text.revision) == (2, marketer.id, 2)
    assert (
        client.post(url(story), data={**shown(client, story), "kind": "case-study"}).status == 303
    )
    assert fresh(story).texts[0].fields == STORY


def test_the_kind_waits_for_the_next_revision(client, card):
    data = {"title": "Kestrel", "body": "New words.", "base": "1"}
    assert client.post(f"/desk/{card.slug}/en", data=data).status == 303
    page = client.post(url(card), data={**shown(client, card), "kind": "faq"})
    assert page.status == 422
    assert "next revision" in page.words()
    assert fresh(card).kind == "battlecard"
    assert (
        client.post(url(card), data={**shown(client, card), "department": "product"}).status == 303
    )


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "poem"},
        {"owner": "999999"},
        {"owner": "x"},
        {"department": "space"},
        {"checked_on": "1066-10-14"},
        {"checked_on": "soon"},
        {"new_product": "x" * 401},
    ],
)
def test_what_does_not_fit_is_said(client, card, change):
    assert client.post(url(card), data={**shown(client, card), **change}).status == 422
    assert events(card) == []


def test_no_day_to_come(client, card):
    late = (clock.now().date() + timedelta(days=2)).isoformat()
    page = client.post(url(card), data={**shown(client, card), "checked_on": late})
    assert page.status == 422
    assert "a day before" in page.words()


def test_a_rep_who_left_is_no_choice_but_todays_owner_is(client, card, marketer):
    rep, gone = make.user(role="rep"), make.user(role="marketer", active=False)
    for person in (rep, gone):
        data = {**shown(client, card), "owner": str(person.id)}
        assert client.post(url(card), data=data).status == 422
    card.owner_id = gone.id
    _db.session.commit()
    assert shown(client, card)["owner"] == str(gone.id)
    assert (
        client.post(url(card), data={**shown(client, card), "department": "product"}).status == 303
    )


def test_contributors_choose_words_and_add_none(client, db, card):
    huy = make.user(role="contributor", department="product")
    card.creator_id = huy.id
    db.session.commit()
    client.sign_in(huy)
    data = shown(client, card)
    assert "new_product" not in data
    assert client.post(url(card), data={**data, "product": ["warehouse"]}).status == 303
    assert client.post(url(card), data={**data, "new_product": "Gate"}).status == 403
    client.sign_in(make.user(role="contributor", department="accounting"))
    assert client.get(url(card)).status == 403


def test_unknown_slugs_of_words_are_left_out(client, card):
    data = {**shown(client, card), "product": ["nothing", "warehouse", "x" * 9000]}
    assert client.post(url(card), data=data).status == 303
    assert [t.slug for t in fresh(card).facets] == ["kestrel", "warehouse"]


def test_retired_words_are_offered_to_those_only_that_have_them(client, db, card):
    kept, gone = make.term("product", "yard"), make.term("product", "depot")
    kept.retired_on = gone.retired_on = date(2026, 11, 1)
    card.facets.append(kept)
    db.session.commit()
    page = client.get(url(card))
    assert "Yard (out of use)" in page.text
    assert "Depot" not in page.text
    assert shown(client, card)["product"] == ["yard"]
    sent = client.post(url(card), data=shown(client, card) | {"department": "sales"})
    assert sent.status == 303
    assert "yard" in {term.slug for term in fresh(card).facets}
