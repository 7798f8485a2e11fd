"""The ask page: filled in from where it was opened, forgiving, once."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.asset_requests import queries
from portal.asset_requests.models import AssetRequest
from portal.deals import queries as deals
from portal.library.models import FormerSlug
from tests import make


def count(db):
    return db.session.scalar(select(func.count()).select_from(AssetRequest))


def the_one(db):
    return db.session.scalars(select(AssetRequest)).one()


FORM = {"title": "Cold stores", "once": "one", "department": "marketing"}


def test_a_search_in_vain_leads_to_a_form_that_knows_it(db, client, lan):
    client.sign_in(lan)
    page = client.get("/?q=drone+zzyzx&kind=faq&language=vi")
    url = next(u for u in page.links() if u.startswith("/requests/new"))
    form = client.get(url)
    fields = {n.get("name"): n.get("value") for n in form.tree.iter("input")}
    assert fields["title"] == fields["query"] == "drone zzyzx"
    sent = FORM | {n: fields[n] for n in ("query", "filters", "title")} | {"language": "vi"}
    page = client.post("/requests/new", data=sent)
    assert page.status == 303
    it = the_one(db)
    assert (it.query, it.filters, it.origin) == (
        "drone zzyzx",
        {"kind": ["faq"], "language": ["vi"]},
        "search",
    )
    assert client.get(page.location).status == 200


def test_an_asset_page_leads_to_a_form_down_to_the_section(db, client, lan):
    asset = make.asset("kestrel", facets=[make.term()])
    make.text(asset, body="## Why we win\n\nWe are quick.\n\n## Pricing\n\n120 per seat.\n")
    db.session.commit()
    client.sign_in(lan)
    assert "/requests/new?asset=kestrel" in client.get("/assets/kestrel").links()
    words = client.get("/requests/new?asset=kestrel&complaint=outdated").text
    assert "Pricing" in words
    assert 'value="Something is outdated: Kestrel"' in words
    sent = FORM | {"asset": "kestrel", "anchor": "pricing", "complaint": "outdated"}
    client.post("/requests/new", data=sent)
    it = the_one(db)
    assert (it.asset.slug, it.anchor, it.complaint, it.origin) == (
        "kestrel",
        "pricing",
        "outdated",
        "asset",
    )


def test_a_competitor_and_a_deal_fill_the_form(db, client, lan):
    make.term()
    deal = make.deal(lan)
    db.session.commit()
    client.sign_in(lan)
    text = client.get(f"/requests/new?competitor=kestrel&deal={deal.id}").text
    assert '<option selected value="kestrel">' in text
    assert f'<option selected value="{deal.id}">' in text


def test_a_double_click_asks_once_and_leads_to_it(db, client, lan):
    client.sign_in(lan)
    first, second = (client.post("/requests/new", data=FORM).location for _ in range(2))
    assert first == second
    assert count(db) == 1


@pytest.mark.parametrize("language", ["en", "vi", "ru"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "x" * 201},
        {"situation": "x" * 10_000},
        {"needed_by": "2020-01-01"},
        {"needed_by": "never"},
        {"needed_by": "9999-12-31"},
        {"deal": "999999"},
        {"deal": "99999999999999999999"},
        {"kind": "bomb"},
        {"department": "sales"},
        {"competitor": "nobody"},
        {"language": "xx"},
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(db, client, wrong, language):
    client.sign_in(make.user(language=language))
    sent = FORM | {"situation": "They hesitate."} | wrong
    page = client.post("/requests/new", data=sent)
    assert page.status == 422
    assert "error" in page.text
    assert sent["situation"][:4000] in page.text
    assert count(db) == 0


def test_a_deal_of_another_team_is_not_told_from_none(db, client, lan):
    theirs = make.deal(make.user(team_id=make.team("South").id), name="Secret deal")
    db.session.commit()
    client.sign_in(lan)
    page = client.post("/requests/new", data=FORM | {"deal": str(theirs.id)})
    assert page.status == 422
    assert "Secret deal" not in page.text
    assert client.get(f"/deals/{theirs.id}").status == 404


@pytest.mark.parametrize(
    "url",
    [
        "/requests/new?asset=../../etc&complaint=%00&anchor=%00",
        "/requests/new?q=" + "x" * 3000,
        "/requests/new?deal=-1&kind=bomb&competitor=%F0%9F%92%A3",
        "/requests/0",
        "/requests/99999999999999999999",
        "/requests/7",
    ],
)
def test_hostile_addresses(client, as_, url):
    assert as_("rep").get(url).status in {200, 404}


def test_hostile_fields_are_kept_harmless(db, client, lan):
    client.sign_in(lan)
    sent = FORM | {
        "title": "<script>alert(1)</script>",
        "situation": "a\x00b\ud800",
        "filters": '{"kind": ["faq"], "x": 3, "y": ["' + "z" * 300 + '"]}',
        "query": "q\x00",
        "asset": "nothing",
        "complaint": "bomb",
    }
    sent["situation"] = "a\x00b"
    page = client.post("/requests/new", data=sent)
    it = the_one(db)
    assert (it.situation, it.filters, it.complaint) == ("ab", {"kind": ["faq"]}, None)
    assert "<script>alert(1)" not in client.get(page.location).text


def test_me_too_by_button(db, client, ask, lan):
    it, mate = ask(), make.user()
    db.session.commit()
    client.sign_in(mate)
    deal = make.deal(mate, amount=7_000)
    db.session.commit()
    assert client.post(f"/requests/{it.id}/support", data={"deal": str(deal.id)}).status == 303
    page = client.get(f"/requests/{it.id}").words()
    assert "2 people · €7,000" in page
    assert client.post(f"/requests/{it.id}/support", data={"deal": "bomb"}).status == 303
    assert client.post(f"/requests/{it.id}/support", data={"deal": "99999"}).status == 422
    chosen = client.get(f"/requests/{it.id}").tree.find(".//select[@id='for-deal']")
    assert chosen.find("option[@selected]").get("value") == str(deal.id)
    client.post(f"/requests/{it.id}/support")  # nothing is said of a deal: it stays
    assert "€7,000" in client.get(f"/requests/{it.id}").words()
    client.post(f"/requests/{it.id}/support", data={"deal": ""})
    assert "€7,000" not in client.get(f"/requests/{it.id}").words(".//main//ul[@class='waiting']")
    assert client.post(f"/requests/{it.id}/leave").status == 303
    assert client.post(f"/requests/{it.id}/leave").status == 403


def test_what_is_to_be_done_comes_before_what_was_said(db, client, ask, tom):
    it = ask()
    db.session.commit()
    words = client.sign_in(tom).get(f"/requests/{it.id}").words()
    assert words.index("Next step") < words.index("Who waits") < words.index("What has happened")


def test_a_deal_is_shown_to_its_team_and_those_who_answer_alone(db, visitor, ask, lan, tom):
    it = ask(deal_id=make.deal(lan, amount=120_000, stage="Offer").id)
    mate, other = make.user(team_id=lan.team_id), make.user(team_id=make.team("South").id)
    db.session.commit()
    for who, sees in ((lan, True), (mate, True), (tom, True), (other, False)):
        words = visitor().sign_in(who).get(f"/requests/{it.id}").words()
        assert ("Delta Foods · €120,000 · Offer" in words) is sees, who.email


def test_changing_and_merging_by_their_pages(db, client, ask, lan, tom):
    it, into = ask(needed_by=date(2026, 11, 1)), ask("Another")
    db.session.commit()
    client.sign_in(lan)
    assert "Cold stores" not in client.get(f"/requests/{it.id}/change").text
    sent = FORM | {"needed_by": "2026-11-01"}  # as it was, though it is past by now
    assert client.post(f"/requests/{it.id}/change", data=sent).status == 303
    db.session.expire_all()
    assert it.title == "Cold stores"
    assert client.post(f"/requests/{it.id}/change", data={"title": ""}).status == 422
    client.sign_in(tom)
    for wrong in ("", "x", "99999", str(it.id), "0"):
        assert client.post(f"/requests/{it.id}/merge", data={"into": wrong}).status == 422
    page = client.post(f"/requests/{it.id}/merge", data={"into": f"#{into.id}"})
    assert page.location == f"/requests/{into.id}"
    assert f"#{it.id}" in client.get(page.location).words()
    assert f"/requests/{into.id}" in client.get(f"/requests/{it.id}").links()


@pytest.mark.parametrize(
    "sent",
    [
        {"deal": "9" * 5000},
        {"filters": "[" * 5000},
        {"filters": '{"q": ["a"], "endpoint": ["b"], "_anchor": ["c"], "_method": ["d"]}'},
        {"filters": '{"sort": ["x"], "kind": "faq"}'},
    ],
)
def test_what_a_form_hides_breaks_no_page(db, client, lan, sent):
    client.sign_in(lan)
    page = client.post("/requests/new", data=FORM | {"query": "kestrel"} | sent)
    assert page.status in {303, 422}
    for it in db.session.scalars(select(AssetRequest)):
        assert it.filters == {}
        assert client.get(f"/requests/{it.id}").status == 200
    assert client.get("/requests/new?q=zz&endpoint=1&_anchor=x&_scheme=y").status == 200


def test_a_word_renamed_or_retired_meanwhile_is_kept(db, client, ask, lan):
    term = make.term(slug="kestrel")
    it = ask(competitor="kestrel")
    term.slug = "kestrel-wms"
    db.session.add(FormerSlug(facet="competitor", slug="kestrel", term_id=term.id))
    term.retired_on = date(2026, 11, 1)
    db.session.commit()
    client.sign_in(lan)
    text = client.get(f"/requests/{it.id}/change").text
    assert '<option selected value="kestrel-wms">' in text
    assert "For which deal" not in text
    sent = FORM | {"competitor": "kestrel-wms", "title": it.title}
    assert client.post(f"/requests/{it.id}/change", data=sent).status == 303
    assert [e.action for e in queries.events([it.id])] == ["ask"]  # the same word: no change


def test_the_value_of_another_teams_deals_is_not_told(db, visitor, ask, lan, tom):
    it = ask(deal_id=make.deal(lan, amount=123_456, closes_on=date(2027, 1, 9)).id)
    stranger = make.user(team_id=make.team("South").id)
    db.session.commit()
    page = visitor().sign_in(stranger).get(f"/requests/{it.id}").words()
    assert "123,456" not in page
    assert "2027" not in page
    assert "1 person" in page
    assert "123,456" in visitor().sign_in(tom).get(f"/requests/{it.id}").words()


@pytest.mark.parametrize("language", ["vi", "ru"])
def test_refusals_are_in_the_readers_words(db, client, ask, tom, language):
    it, settled = ask(), ask("Settled")
    settled.state = "declined"
    tom.language = language
    db.session.commit()
    client.sign_in(tom)
    into = {"into": str(settled.id)}
    for page in (
        client.post(f"/requests/{it.id}/merge", data=into),
        client.get(f"/requests/{settled.id}/change"),
        client.get(f"/requests/{settled.id}/deliver"),
        client.post(f"/requests/{settled.id}/support"),
        client.post(f"/requests/{it.id}/leave"),
    ):
        assert page.status in {403, 409}
        assert "can not" not in page.text
        assert "only who" not in page.text


def test_the_deal_an_address_names_can_be_chosen_though_there_are_many(db, client, monkeypatch):
    manager, deal = make.user(role="manager"), make.deal(make.user())
    for _ in range(3):
        make.deal(manager)
    monkeypatch.setattr(deals, "OFFERED", 2)
    db.session.commit()
    client.sign_in(manager)
    text = client.get(f"/requests/new?deal={deal.id}").text
    assert f'<option selected value="{deal.id}">' in text
    assert client.post("/requests/new", data=FORM | {"deal": str(deal.id)}).status == 303
