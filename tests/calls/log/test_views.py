"""A call is logged in one sending: what was used, rated, said; nothing typed is ever lost."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from portal import clock
from portal.calls.models import Call, CallPoint, CallUse
from portal.calls.ratings.models import Rating
from portal.usage.models import UsageEvent
from tests import make
from tests.calls.log.conftest import now, send


def used(db, rep, deal, asset, *, action="viewed", minutes=10, language="en", revision=1):
    db.session.add(
        UsageEvent(
            at=clock.now() - timedelta(minutes=minutes),
            action=action,
            user_id=rep.id,
            asset_id=asset.id,
            language=language,
            revision=revision,
            deal_id=deal.id,
        )
    )
    db.session.flush()


def test_what_was_opened_for_the_deal_is_listed(db, signed, rep, deal, card):
    other = make.asset("guide", kind="guide")
    make.text(other, title="A guide")
    elsewhere = make.asset("elsewhere", kind="guide")
    make.text(elsewhere, title="Elsewhere")
    used(db, rep, deal, card, action="copied")
    used(db, rep, deal, other, action="opened")  # a hit opened is a view as well
    used(db, rep, make.deal(rep), elsewhere)
    used(db, make.user(), deal, elsewhere)
    db.session.commit()
    page = signed.get(f"/calls/new?deal={deal.id}")
    assert f'value="{card.id}-en"' in page.text
    assert f'value="{other.id}-en"' not in page.text
    assert f'value="{elsewhere.id}-en"' not in page.text
    assert "Too dear" in page.words()
    send(signed, deal)
    page = signed.get(f"/calls/new?deal={deal.id}")
    assert f'value="{card.id}-en"' not in page.text  # used before the call that is logged


def test_all_of_a_call_in_one_sending(db, signed, rep, deal, card):
    used(db, rep, deal, card)
    key = f"{card.id}-en"
    page = send(
        signed, deal, row=key, **{f"stars-{key}": "4", f"helped-{key}": "helped", f"why-{key}": "quick"},
        result="advanced", kind="demo", with_role="buyer", note="Good.",
        objections=f"{card.id}.too-dear", objection_words="- Too slow\ntoo SLOW!\n",
        wishes="Dark mode", complaints="Wrong invoice\nLate again", competitors="kestrel",
    )  # fmt: skip
    assert page.status == 303, page.words()
    call = db.session.scalars(select(Call)).one()
    assert (call.state, call.result, call.kind, call.with_role, call.stage) == (
        "logged", "advanced", "demo", "buyer", "Proposal",
    )  # fmt: skip
    assert [(u.asset_id, u.language, u.revision) for u in call.uses] == [(card.id, "en", 1)]
    assert {(p.kind, p.words, p.slug, p.department) for p in call.points} == {
        ("objection", "Too dear", None, "marketing"),
        ("objection", "Too slow", None, "marketing"),
        ("wish", "Dark mode", None, "product"),
        ("complaint", "Wrong invoice", None, "accounting"),
        ("complaint", "Late again", None, "customer-care"),
        ("competitor", "", "kestrel", "marketing"),
    }
    rating = db.session.scalars(select(Rating)).one()
    assert (rating.stars, rating.helped, rating.why, rating.revision) == (4, "helped", "quick", 1)
    assert (rating.call_id, rating.deal_id) == (call.id, deal.id)
    page = signed.get(page.location)
    assert "Kestrel card" in page.words()
    assert f"/deals/{deal.id}" in page.links()
    assert "Move the deal" in page.words()
    assert deal.outcome == "open"
    again = send(signed, deal, result="lost")
    assert (again.status, again.location) == (303, f"/calls/{call.id}")
    assert len(db.session.scalars(select(Call)).all()) == 1
    assert call.result == "advanced"


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": ""},
        {"at": "soon"},
        {"at": "0001-01-01T00:00"},
        {"at": "9999-12-31T23:59"},
        {"result": "great"},
        {"kind": "chat"},
        {"with_role": "boss"},
        {"role_words": "x" * 81},
        {"note": "x" * 2001},
        {"wishes": "x" * 301},
        {"complaints": "\n".join(f"line {n}" for n in range(21))},
        {"competitors": "nobody"},
        {"objections": "1.x"},
        {"more": "No such asset"},
        {"more": "", "stars-more": "3"},
        {"row": "999999-en"},
        {"row": "KEY", "stars-KEY": "6"},
        {"row": "KEY", "stars-KEY": "0"},
        {"row": "KEY", "stars-KEY": "9" * 5000},
        {"row": "KEY", "helped-KEY": "helped"},
        {"row": "KEY", "stars-KEY": "3", "helped-KEY": "perhaps"},
        {"row": "KEY", "stars-KEY": "3", "why-KEY": "x" * 301},
    ],
)
def test_bad_input_is_told_and_what_was_typed_is_kept(db, signed, deal, card, wrong):
    key = f"{card.id}-en"
    sent = {name.replace("KEY", key): value.replace("KEY", key) for name, value in wrong.items()}
    page = send(signed, deal, **{"note": "Kept words", **sent})
    assert page.status == 422
    assert "Kept words" in page.text or "note" in wrong
    assert 'role="alert"' in page.text or 'class="error"' in page.text
    assert db.session.scalars(select(Call)).all() == []


@pytest.mark.parametrize(
    "odd",
    [
        {"row": "x"},
        {"row": "-1-en"},
        {"row": "99999999999-en"},
        {"once": "\x00"},
        {"once": ""},
        {"note": "a\x00b"},
        {"wishes": "\x00"},
        {"role_words": "\x00"},
        {"same": "99999"},
        {"same": "x" * 5000},
        {"version": "9" * 5000},
        {"row": "KEY", "revision-KEY": "2147483647", "used-KEY": "1"},
        {"row": "KEY", "revision-KEY": "9", "used-KEY": "1"},
    ],
)
def test_odd_input_is_no_harm(db, signed, deal, card, odd):
    key = f"{card.id}-en"
    sent = {name.replace("KEY", key): value.replace("KEY", key) for name, value in odd.items()}
    assert send(signed, deal, **sent).status == 303
    assert [use.revision for use in db.session.scalars(select(CallUse))] in ([], [1])


def test_an_asset_that_is_retired_meanwhile_is_rated(db, signed, rep, deal, card):
    card.state = "retired"
    db.session.commit()
    key = f"{card.id}-en"
    assert send(signed, deal, row=key, **{f"stars-{key}": "2"}).status == 303
    assert db.session.scalars(select(Rating.stars)).one() == 2


def test_drafts_can_not_be_told_by_their_number(db, signed, deal):
    draft = make.asset("secret", state="draft")
    make.text(draft, title="Secret plans")
    db.session.commit()
    page = send(signed, deal, row=f"{draft.id}-en")
    assert page.status == 422
    assert "Secret plans" not in page.text


def test_another_asset_by_its_title_or_address(db, signed, deal, card):
    page = send(
        signed, deal, more="/assets/kestrel-card/en?from=search", add="1", **{"stars-more": "3"}
    )
    assert page.status == 200
    assert f'value="{card.id}-en"' in page.text
    assert db.session.scalars(select(Call)).all() == []
    assert send(signed, deal, more="Kestrel card", **{"stars-more": "5"}).status == 303
    assert db.session.scalars(select(Rating.stars)).one() == 5


def test_titles_that_fit_the_deal_are_offered_else_all(db, signed, rep, deal):
    make.text(make.asset("other", kind="guide"), title="Of something else")
    bare = make.deal(rep, name="Bare")
    db.session.commit()
    page = signed.get(f"/calls/new?deal={deal.id}").text
    assert ("Kestrel card" in page, "Of something else" in page) == (True, False)
    assert "Of something else" in signed.get(f"/calls/new?deal={bare.id}").text


def test_a_call_ahead_is_planned_not_logged(db, signed, deal):
    page = send(signed, deal, at=now(30), note="Kept")
    assert page.status == 422
    assert "can be planned" in page.words()
    assert f"/calls/plan?deal={deal.id}" in page.links()
    assert "Kept" in page.text


def test_two_people_and_one_call(db, signed, visitor, deal, card):
    colleague = make.user(name="Huy Tran", team_id=deal.team_id)
    db.session.commit()
    send(signed, deal, result="stalled", note="Mine.")
    first = db.session.scalars(select(Call)).one()
    other, key = visitor().sign_in(colleague), f"{card.id}-en"
    sent = {"row": key, f"stars-{key}": "5", "wishes": "Dark mode", "note": "Also."}
    page = send(other, deal, at=now(-40), **sent)
    assert page.status == 409
    assert "Lan Nguyen has logged a call on this deal" in page.words()
    assert "Also." in page.text
    for _ in range(2):  # sent twice it is said once
        page = send(other, deal, at=now(-40), same=str(first.id), **sent)
        assert (page.status, page.location) == (303, f"/calls/{first.id}")
    rating = db.session.scalars(select(Rating)).one()
    assert (rating.user_id, rating.call_id, rating.stars) == (colleague.id, first.id, 5)
    assert [point.words for point in db.session.scalars(select(CallPoint))] == ["Dark mode"]
    db.session.refresh(first)
    assert (first.result, first.note) == ("stalled", "Mine.\nAlso.")
    assert send(other, deal, at=now(-40), same="no", **sent).status == 303
    assert len(db.session.scalars(select(Call)).all()) == 2
    assert send(other, deal, at=now(-65), once="far").status == 303  # own calls are not asked about


def test_a_planned_call_that_a_colleague_has_logged_is_that_one(db, signed, rep, deal):
    first = make.call(deal, make.user(team_id=rep.team_id))
    mine = make.call(deal, rep, state="planned")
    db.session.commit()
    sent = {"version": mine.version, "at": now(-50)}
    assert send(signed, deal, f"/calls/{mine.id}/log", **sent).status == 409
    page = send(signed, deal, f"/calls/{mine.id}/log", same=str(first.id), **sent)
    assert page.location == f"/calls/{first.id}"
    db.session.refresh(mine)
    assert mine.state == "called-off"


def test_a_call_logged_is_changed_and_an_old_page_is_told(db, signed, rep, deal, card):
    key = f"{card.id}-en"
    where = send(
        signed, deal, row=key, note="One", wishes="Dark mode", **{f"stars-{key}": "4"}
    ).location
    page = signed.get(f"{where}/log")
    assert 'value="4" aria-label="4 stars" checked' in page.text
    assert "Dark mode" in page.text
    call = db.session.scalars(select(Call)).one()
    seen = call.version
    sent = {"row": key, f"stars-{key}": "2", "note": "Two", "version": seen}
    assert send(signed, deal, f"{where}/log", once="second", **sent).status == 303
    assert send(signed, deal, f"{where}/log", once="second", **sent).status == 303  # twice
    db.session.refresh(call)
    assert (call.note, [p.words for p in call.points]) == ("Two", [])
    assert db.session.scalars(select(Rating.stars)).one() == 2
    page = send(signed, deal, f"{where}/log", once="third", version=seen, note="Three")
    assert page.status == 409
    assert "Two" in page.words()
    assert "Three" in page.text
    db.session.refresh(call)
    assert call.note == "Two"
    assert f'name="version" type="hidden" value="{call.version}"' in page.text


def test_a_rating_older_than_a_week_is_not_changed(db, signed, rep, deal, card):
    key = f"{card.id}-en"
    where = send(signed, deal, row=key, **{f"stars-{key}": "4"}).location
    rating = db.session.scalars(select(Rating)).one()
    rating.at = clock.now() - timedelta(days=8)
    db.session.commit()
    page = send(
        signed, deal, f"{where}/log", once="x", row=key, note="New", **{f"stars-{key}": "1"}
    )
    assert page.status == 409
    assert "seven days" in page.words()
    assert "New" in page.text
    page = send(
        signed, deal, f"{where}/log", once="x", row=key, note="New", **{f"stars-{key}": "4"}
    )
    assert page.status == 303


def test_a_planned_call_is_logged_once(db, signed, rep, deal):
    call = make.call(deal, rep, state="planned")
    db.session.commit()
    page = signed.get(f"/calls/new?deal={deal.id}")
    assert f"/calls/{call.id}/log" in page.links()
    sent = {"version": call.version, "result": "stalled"}
    for _ in range(2):
        page = send(signed, deal, f"/calls/{call.id}/log", **sent)
        assert (page.status, page.location) == (303, f"/calls/{call.id}")
    db.session.refresh(call)
    assert (call.state, call.result) == ("logged", "stalled")


def test_who_may_log_and_change(db, signed, visitor, rep, deal):
    mate, stranger = make.user(team_id=rep.team_id), make.user(team_id=make.team("South").id)
    boss = make.user(role="manager")
    db.session.commit()
    where = send(signed, deal, note="One").location
    call = db.session.scalars(select(Call)).one()
    browsers = {who: visitor().sign_in(who) for who in (mate, stranger, boss)}
    assert [b.get(where).status for b in browsers.values()] == [200, 404, 200]
    assert [b.get(f"{where}/log").status for b in browsers.values()] == [403, 404, 200]
    changes = [
        send(b, deal, f"{where}/log", once="new", version=call.version, note="Two").status
        for b in browsers.values()
    ]
    assert changes == [403, 404, 303]
    assert browsers[stranger].get(f"/calls/new?deal={deal.id}").status == 404
    assert send(browsers[stranger], deal).status == 422
    assert signed.get("/calls/2147483648").status == 404
    assert signed.get("/calls/99999999999999999999/log").status == 404


def test_without_a_deal_one_is_chosen_or_the_one_worked_on(db, signed, rep, deal):
    from portal.deals.working.models import WorkingDeal

    page = signed.get("/calls/new")
    assert f"/calls/new?deal={deal.id}" in page.links()
    db.session.add(WorkingDeal(user_id=rep.id, deal_id=deal.id, since=clock.now()))
    db.session.commit()
    assert "How was the call?" in signed.get("/calls/new").words(".//h1")


def test_five_ratings_take_few_statements(db, app, signed, deal):
    sent = {"row": []}
    for number in range(5):
        asset = make.asset(f"a{number}", kind="guide")
        make.text(asset, title=f"Asset {number}")
        sent["row"].append(f"{asset.id}-en")
        sent[f"stars-{asset.id}-en"] = "4"
    db.session.commit()
    statements = []
    connection = db.session.connection()
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(connection, "before_cursor_execute", listen)
    try:
        assert send(signed, deal, **sent).status == 303
    finally:
        event.remove(connection, "before_cursor_execute", listen)
    assert len(statements) <= 60, statements
