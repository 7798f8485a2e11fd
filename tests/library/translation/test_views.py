"""Translations beside their original: begun, lagging, brought up to date, told to readers."""

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.library.publishing import acting, moving, queries
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import AssetEvent
from portal.library.publishing.rules import Action
from portal.library.service import content_of
from portal.library.translation import service
from tests import make
from tests.library.conflicts.test_views import picks
from tests.library.translation.test_rules import EN, VI


@pytest.fixture
def marketer(db):
    return Actor(make.user(name="Lan", role="marketer").id, Role.MARKETER, None)


def change(marketer, body, language="en", *, title="Setup guide", **values):
    base = queries.newest(acting.locked("setup").id, language).number
    content = content_of(title=title, body=body, **values)
    return publishing.save(marketer, acting.locked("setup"), language, content, base=base)


def publish(marketer, db):
    moving.move(marketer, acting.locked("setup"), Action.PUBLISH)
    db.session.commit()


LATER = EN.replace("Twelve", "Fourteen")


def sent(page, **changes):
    """What the translator's form would send as it stands."""
    (form,) = [
        f for f in page.tree.iter("form") if (f.get("action") or "").endswith("/translation")
    ]
    told = {}
    for it in form.iter():
        if it.tag == "textarea":
            told.setdefault(it.get("name"), []).append((it.text or "").removeprefix("\n"))
        elif it.tag == "input" and (it.get("type") != "checkbox" or it.get("checked") is not None):
            told.setdefault(it.get("name"), []).append(it.get("value", ""))
    return {**told, **changes}


def follows(asset, language="vi"):
    row = queries.newest(asset.id, language)
    return (row.number, row.follows_language, row.follows_number)


def test_a_translation_follows_the_original_it_was_begun_from(asset, marketer, db):
    assert follows(asset) == (1, "en", 1)
    change(marketer, LATER)
    change(marketer, VI + "\nThêm.\n", "vi", title="Hướng dẫn")
    assert follows(asset) == (2, "en", 1)  # saving alone is not translating


def test_a_lagging_section_is_shown_with_what_changed(asset, marketer, as_, db):
    change(marketer, LATER)
    db.session.commit()
    client = as_("marketer")
    desk = client.get("/desk/setup")
    assert "1 part lags behind" in desk.words()
    assert "/desk/setup/vi/translation" in desk.links()
    page = client.get("/desk/setup/vi/translation")
    assert page.status == 200
    assert "1 part of the original has changed" in page.words()
    assert [i.text.strip() for i in page.tree.findall(".//ins/span")][:1] == ["[added:"]
    lagging = [li for li in page.tree.iter("div") if "tr-lags" in (li.get("class") or "")]
    assert len(lagging) == 1
    assert "Mười hai." in "".join(lagging[0].itertext())
    assert "follows" not in sent(page)  # to be ticked by who has looked


def test_saving_with_the_tick_clears_the_flags(asset, marketer, as_, db):
    change(marketer, LATER)
    db.session.commit()
    client = as_("marketer")
    page = client.get("/desk/setup/vi/translation")
    told = sent(page)
    told["text"][1] = told["text"][1].replace("Mười hai", "Mười bốn")
    assert client.post("/desk/setup/vi/translation", data=told).status == 303
    assert follows(asset) == (2, "en", 1)
    again = client.get("/desk/setup/vi/translation")
    assert "1 part of the original has changed" in again.words()
    assert client.post("/desk/setup/vi/translation", data=sent(again, follows="y")).status == 303
    assert follows(asset) == (2, "en", 2)
    assert "lags" not in client.get("/desk/setup").words()
    assert queries.newest(asset.id, "vi").body == VI.replace("Mười hai", "Mười bốn")


def test_still_right_is_one_click_and_on_the_timeline(asset, marketer, as_, db):
    change(marketer, LATER)
    db.session.commit()
    client = as_("marketer")
    data = {"number": "1", "follows": "2"}
    assert client.post("/desk/setup/vi/translation/right", data=data).status == 303
    assert follows(asset) == (1, "en", 2)
    assert db.session.scalars(select(AssetEvent.action)).all().count("follow") == 1
    for bad, status in (({"number": "9"}, 409), ({"follows": "9"}, 404), ({"follows": "x"}, 422)):
        assert (
            client.post("/desk/setup/vi/translation/right", data={**data, **bad}).status == status
        )
    assert client.post("/desk/setup/en/translation/right", data=data).status in {404, 409}


def test_readers_are_told_once_the_newer_original_is_published(asset, marketer, as_, visitor, db):
    rep = visitor().sign_in(make.user(role="rep"))
    change(marketer, LATER)
    db.session.commit()
    assert "original is newer" not in rep.get("/assets/setup/vi").words()
    publish(marketer, db)
    page = rep.get("/assets/setup/vi")
    assert "The original is newer: English" in page.words()
    assert "original is newer" not in rep.get("/assets/setup/en").words()
    service.still_right(marketer, acting.locked("setup"), "vi", number=1, follows=2)
    db.session.commit()
    assert "original is newer" not in rep.get("/assets/setup/vi").words()


def test_tags_a_restored_text_and_blanks_make_nobody_lag(asset, marketer, db):
    change(marketer, EN, tags=["new"])
    assert follows(asset) == (1, "en", 2)
    change(marketer, LATER)
    assert follows(asset) == (1, "en", 2)
    publishing.restore_revision(marketer, acting.locked("setup"), "en", 1, base=3)
    assert follows(asset) == (1, "en", 4)


def test_what_was_there_before_anybody_told_is_not_called_late(asset, marketer, db):
    row = queries.newest(asset.id, "vi")
    row.follows_language = row.follows_number = None  # as kept by an older release
    db.session.flush()
    change(marketer, LATER)
    db.session.expire_all()
    assert follows(asset) == (1, "en", 1)


def test_a_missing_language_is_begun_beside_the_original(asset, as_):
    client = as_("marketer")
    assert "/desk/setup/ru/translation" in client.get("/desk/setup").links()
    page = client.get("/desk/setup/ru/translation")
    assert page.status == 200
    told = sent(page)
    assert told["text"] == ["## ", "## Цены", "## "]
    told |= {"title": "Настройка", "text": ["## Настройка\r\n\r\nНеделя.", "## Цены", "## "]}
    assert client.post("/desk/setup/ru/translation", data=told).status == 303
    assert follows(asset, "ru") == (1, "en", 1)
    assert queries.newest(asset.id, "ru").body == "## Настройка\n\nНеделя.\n\n## Цены\n"


def test_a_form_that_is_refused_keeps_what_was_typed(asset, as_):
    client = as_("marketer")
    told = sent(client.get("/desk/setup/ru/translation"), title="", text=["a", "b", "c"])
    page = client.post("/desk/setup/ru/translation", data=told)
    assert page.status == 422
    assert sent(page)["text"] == ["a", "b", "c"]
    assert "Please fill this in." in page.words()


def test_two_translators_are_shown_both_texts(asset, as_, marketer, db):
    client = as_("marketer")
    told = sent(client.get("/desk/setup/vi/translation"), follows="y")
    change(marketer, VI.replace("Gọi", "Lan gọi"), "vi", title="Hướng dẫn")
    db.session.commit()
    told["text"][2] = told["text"][2].replace("Gọi", "Minh gọi")
    page = client.post("/desk/setup/vi/translation", data=told)
    assert page.status == 409
    assert len(picks(page)) == 1


def test_fields_are_translated_beside_the_original(db, as_):
    made = make.asset("lotus", kind="case-study")
    fields = {"customer": "Lotus", "results": [{"figure": "12 %", "label": "less waste"}]}
    make.text(made, "en", title="Lotus", body="## Story\n\nx\n", fields=fields)
    db.session.commit()
    client = as_("marketer")
    told = sent(client.get("/desk/lotus/vi/translation"), title="Lotus")
    told["field.results.0.label"] = "bớt lãng phí"
    assert client.post("/desk/lotus/vi/translation", data=told).status == 303
    assert queries.newest(made.id, "vi").fields == {
        "customer": "Lotus",
        "results": [{"figure": "12 %", "label": "bớt lãng phí"}],
    }


def test_another_language_can_be_made_the_original(asset, as_, marketer, db):
    client = as_("marketer")
    assert client.post("/desk/setup/original", data={"language": "vi"}).status == 303
    assert follows(asset, "en") == (1, "vi", 1)
    assert follows(asset, "vi") == (1, None, None)
    db.session.expire_all()
    change(marketer, VI.replace("Mười hai", "Mười bốn"), "vi", title="Hướng dẫn")
    db.session.commit()
    assert "1 part lags behind : English" in client.get("/desk/setup").words()
    change(marketer, EN + "\nMore.\n")
    assert follows(asset, "en") == (2, "vi", 1)
    assert client.post("/desk/setup/original", data={"language": "en"}).status == 303
    assert follows(asset, "en")[1:] == (None, None)
    assert follows(asset, "vi")[1:] == ("en", 0)  # both had changed: to be compared anew
    assert "Nobody has compared" in client.get("/desk/setup/vi/translation").words()
    for bad, status in (("xx", 422), ("ru", 404)):
        assert client.post("/desk/setup/original", data={"language": bad}).status == status


@pytest.mark.parametrize("path", ["en/translation", "xx/translation"])
def test_what_can_not_be_translated_is_said(asset, as_, path):
    assert as_("marketer").get(f"/desk/setup/{path}").status == 404


def test_a_discarded_original_is_followed_no_more(asset, marketer, db):
    change(marketer, LATER)
    service.still_right(marketer, acting.locked("setup"), "vi", number=1, follows=2)
    moving.move(marketer, acting.locked("setup"), Action.DISCARD)
    source = service.source_of(asset)
    assert source.live == 1
    assert follows(asset) == (1, "en", 2)
