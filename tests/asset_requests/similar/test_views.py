"""Suggestions while typing: what is offered to whom, and that no text breaks them."""

import pytest

from portal.accounts.rules import Role
from portal.asset_requests.acting import Person
from portal.asset_requests.asking.rules import Draft
from portal.asset_requests.asking.service import keep_words, support
from portal.asset_requests.moving.service import move
from portal.asset_requests.rules import Action
from portal.asset_requests.similar import presenting
from portal.search import service as search
from portal.search import wording
from tests import make

URL = "/requests/suggest"


def asked(title, situation="", **values):
    it = make.request(title=title, situation=situation, **values)
    keep_words(it, wording.words(f"{title}\n\n{situation}"))
    return it


@pytest.fixture
def library(app, db):
    """One published asset, in the index."""
    it = make.asset("kestrel-price", kind="battlecard")
    make.text(
        it, title="Kestrel: what to say about price", body="## Price\n\nTheir licence is cheaper.\n"
    )
    hidden = make.asset("kestrel-draft", state="draft")
    make.text(hidden, title="Kestrel price, a draft")
    db.session.commit()
    search.rebuild(app.extensions["arsenal.finder"].engine)
    return it


@pytest.fixture
def three(db):
    make.term("competitor", "kestrel", en="Kestrel", ru="Кестрел")
    return [
        asked("Kestrel is cheaper than we are", competitor="kestrel"),
        asked("Frozen food customer story", kind="case-study"),
        asked("Security questionnaire for banks"),
    ]


def suggest(client, title, **fields):
    return client.get(URL, query_string={"title": title, **fields})


def test_a_request_like_it_is_offered_with_its_state_and_a_way_to_join(as_, three):
    page = suggest(as_("rep"), "Kestrel undercuts our price")
    assert page.status == 200
    assert "Kestrel is cheaper than we are" in page.text
    assert "Frozen" not in page.text
    assert "Asked · 1 waits for it" in page.text
    assert f'<form method="post" action="/requests/{three[0].id}/support">' in page.text
    assert 'name="csrf_token"' in page.text


@pytest.mark.parametrize(
    "typed", ["Кестрел дешевле нас", "doi thu Kestrel re hon", "đối thủ Kestrel giá rẻ hơn"]
)
def test_it_is_found_in_another_language(as_, three, typed):
    page = suggest(as_("rep"), typed)
    assert page.text.index("Kestrel is cheaper than we are")


def test_the_page_speaks_the_readers_language(as_, three):
    client = as_("rep")
    client.post("/preferences", data={"language": "ru", "next": "/"})
    text = suggest(client, "Kestrel cheaper").text
    assert "Это уже просили?" in text
    assert "Подана · 1 человек ждёт" in text
    client.post("/preferences", data={"language": "vi", "next": "/"})
    assert "Tôi cũng cần" in suggest(client, "Kestrel cheaper").text


def test_at_most_three_the_chosen_competitor_first(as_, db):
    make.term("competitor", "kestrel", en="Kestrel")
    for number in range(6):
        asked(f"How to hold the price {number}", competitor="nordhaul")
    last = asked("How to hold the price", competitor="kestrel")
    page = suggest(as_("rep"), "Hold the price", competitor="kestrel")
    assert page.text.count("/support") == 3 or page.text.count("/support") == 1
    assert page.text.index(f"/requests/{last.id}/support") < page.text.find("hold the price 0") or (
        "hold the price 0" not in page.text
    )


def test_who_waits_already_is_told_so(client, db):
    me = make.user()
    it = asked("Kestrel is cheaper", requester=me)
    page = suggest(client.sign_in(me), "Kestrel cheaper")
    assert "You wait for it" in page.text
    assert "/support" not in page.text
    other = Person(make.user().id, Role.REP, None, None)
    support(other, it)
    assert "2 wait for it" in suggest(client, "Kestrel cheaper").text


def test_what_is_settled_is_offered_no_more(as_, three):
    client = as_("rep")
    who = Person(three[0].requester_id, Role.REP, None, None)
    move(who, three[0], Action.WITHDRAW)
    assert suggest(client, "Kestrel cheaper").text == ""


def test_words_left_behind_offer_nothing_settled(as_, three, db):
    three[0].state = "merged"
    db.session.commit()
    assert "cheaper than we" not in suggest(as_("rep"), "Kestrel cheaper").text


def test_published_assets_that_may_answer(as_, library):
    page = suggest(as_("rep"), "Need something about Kestrel price")
    assert 'href="/assets/kestrel-price/en?from=request"' in page.text
    assert "draft" not in page.text
    assert "That’s it" in page.text


def test_an_asset_that_shares_too_little_is_not_offered(as_, library):
    assert suggest(as_("rep"), "Kestrel migration of frozen pallets between tenants").text == ""


def test_a_filter_that_finds_nothing_does_not_hide_the_rest(as_, library):
    page = suggest(as_("rep"), "Kestrel price", kind="video", competitor="nordhaul")
    assert "kestrel-price" in page.text


@pytest.mark.parametrize(
    "title",
    [
        "", " ", "ab", "?!…", "the of and", "của và là", "как что это", "\x00", "\ud800".encode("utf-8", "surrogatepass"),
        "x" * 10_000, "price " * 1700, "%' OR 1=1 --", "=price", "a_b", "\u202e\u200b", "цена\x00скидка",
    ],
)  # fmt: skip
def test_no_text_breaks_it(as_, three, title):
    page = suggest(
        as_("rep"),
        title,
        situation="y" * 10_000,
        competitor="\x00" * 200,
        kind="nothing",
        language="xx",
    )
    assert page.status == 200


def test_stop_words_alone_offer_nothing(as_, three):
    client = as_("rep")
    for title in ("the of and", "của và là những", "как что это было", "please, I need it"):
        assert suggest(client, title).text == ""


def test_what_others_wrote_is_shown_as_text(as_, db):
    asked('<img src=x onerror=alert(1)> "Kestrel" price')
    page = suggest(as_("rep"), "Kestrel price")
    assert "&lt;img" in page.text
    assert "<img" not in page.text


def test_strangers_are_sent_away(client, three):
    assert suggest(client, "Kestrel cheaper").status in {302, 303, 401}


def test_before_asking_without_javascript(app, three):
    with app.test_request_context("/requests/new"):
        draft = Draft(title="Kestrel cheaper", competitor="kestrel")
        drawn = presenting.fragment(draft, three[0].requester_id)
        nothing = presenting.fragment(Draft(title="Coffee machine"), 1)
    assert "Me too" in drawn or "You wait for it" in drawn
    assert nothing == ""


def test_an_asset_about_another_competitor_is_not_offered(app, as_, db):
    kestrel, stokkio = make.term("competitor", "kestrel"), make.term("competitor", "stokkio")
    for term in (kestrel, stokkio):
        make.text(
            make.asset(f"{term.slug}-card", facets=[term]),
            title=f"{term.slug.title()} licence price",
        )
    db.session.commit()
    search.rebuild(app.extensions["arsenal.finder"].engine)
    client = as_("rep")
    page = suggest(client, "Kestrel licence price")
    assert "kestrel-card" in page.text
    assert "stokkio-card" not in page.text
    page = suggest(client, "licence price", competitor="stokkio")
    assert "stokkio-card" in page.text
    assert "kestrel-card" not in page.text
