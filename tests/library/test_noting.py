"""What pages tell of their use: `POST /usage` counts only what its sender can have read."""

import pytest
from sqlalchemy import select

from portal.usage.models import UsageEvent
from tests import make


@pytest.fixture
def asset(db):
    """An asset in English and Vietnamese; the Vietnamese text is at its third revision."""

    def publish(state="published"):
        made = make.asset("kestrel", state=state)
        make.text(made, "en")
        for time in ("first", "second", "third"):
            make.text(made, "vi", body=f"The {time}.\n")
        db.session.commit()
        return made.id

    return publish


def tell(client, asset, **data):
    return client.post("/usage", data={"action": "copied", "asset": str(asset), **data})


def facts(db):
    db.session.expire_all()
    return db.session.scalars(select(UsageEvent)).all()


def test_a_copied_sentence_is_noted(as_, db, asset):
    number = asset()
    page = tell(
        as_("rep"),
        number,
        language="vi",
        revision="3",
        section="vi-sao-thang",
        sentence="Nhanh hơn.",
        source="search",
    )
    assert (page.status, page.text) == (204, "")
    (fact,) = facts(db)
    assert (fact.action, fact.asset_id, fact.language, fact.revision) == ("copied", number, "vi", 3)
    assert (fact.section, fact.sentence, fact.source) == ("vi-sao-thang", "Nhanh hơn.", "search")
    assert fact.user_id


def test_a_printed_page_needs_no_more_than_its_asset(as_, db, asset):
    assert tell(as_("rep"), asset(), action="printed").status == 204
    assert [fact.action for fact in facts(db)] == ["printed"]


@pytest.mark.parametrize(
    "data",
    [{"action": "viewed"}, {"action": ""}, {"action": "copied\0"}, {"asset": ""}, {"asset": "0"}, {"asset": "-1"},
     {"asset": str(2**31)}, {"asset": "9" * 5000}, {"asset": "1.5"}, {"asset": "x"}, {"revision": "x"}, {"language": "xxx"},
     {"language": "vi\n"}, {"section": "x" * 201}, {"sentence": "x" * 5001}, {"source": "x" * 21}],
)  # fmt: skip
def test_what_can_not_be_is_refused(as_, db, asset, data):
    assert tell(as_("rep"), **{"asset": asset(), **data}).status == 422
    assert facts(db) == []


@pytest.mark.parametrize(
    "data",
    [
        {"asset": "99999999"},
        {"language": "zz"},
        {"language": "ru"},
        {"revision": "77777"},
        {"language": "vi", "revision": "4"},
        {"language": "en", "revision": "2"},
    ],
)
def test_a_text_that_is_not_there_can_not_have_been_used(as_, db, asset, data):
    assert tell(as_("rep"), **{"asset": asset(), **data}).status == 422
    assert facts(db) == []


def test_a_page_that_was_open_while_the_text_changed_still_counts(as_, db, asset):
    assert tell(as_("rep"), asset(), language="vi", revision="1").status == 204
    assert [fact.revision for fact in facts(db)] == [1]


@pytest.mark.parametrize("state", ["draft", "review", "retired"])
@pytest.mark.parametrize("role", ["rep", "contributor"])
def test_what_is_not_published_is_not_used_by_those_who_can_not_see_it(as_, db, asset, state, role):
    assert tell(as_(role), asset(state), language="en", revision="1").status == 422
    assert facts(db) == []


def test_a_marketer_may_use_a_draft(as_, db, asset):
    assert tell(as_("marketer"), asset("draft"), language="en", revision="1").status == 204
    assert len(facts(db)) == 1


def test_a_long_sentence_is_cut(as_, db, asset):
    assert tell(as_("rep"), asset(), sentence="ы" * 5000, source="nowhere").status == 204
    (fact,) = facts(db)
    assert (len(fact.sentence), fact.source) == (500, None)


def test_strangers_tell_nothing(client, db, asset):
    assert tell(client, asset()).status == 303
    assert client.post("/usage", data={}, headers={"X-CSRFToken": "x"}).status == 401
    assert facts(db) == []


def test_there_is_no_page_there(as_):
    assert as_("marketer").get("/usage").status == 405
