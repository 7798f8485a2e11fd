import pytest
from sqlalchemy import select

from portal.usage.models import UsageEvent


def tell(client, **data):
    return client.post("/usage", data={"action": "copied", "asset": "7", **data})


def facts(db):
    db.session.expire_all()
    return db.session.scalars(select(UsageEvent)).all()


def test_a_copied_sentence_is_noted(as_, db):
    page = tell(
        as_("rep"),
        language="vi",
        revision="3",
        section="vi-sao-thang",
        sentence="Nhanh hơn.",
        source="search",
    )
    assert (page.status, page.text) == (204, "")
    (fact,) = facts(db)
    assert (fact.action, fact.asset_id, fact.language, fact.revision) == ("copied", 7, "vi", 3)
    assert (fact.section, fact.sentence, fact.source) == ("vi-sao-thang", "Nhanh hơn.", "search")
    assert fact.user_id


def test_a_printed_page_needs_no_more_than_its_asset(as_, db):
    assert tell(as_("rep"), action="printed").status == 204
    assert [fact.action for fact in facts(db)] == ["printed"]


@pytest.mark.parametrize(
    "data",
    [{"action": "viewed"}, {"action": ""}, {"action": "copied\0"}, {"asset": ""}, {"asset": "0"}, {"asset": "-1"},
     {"asset": str(2**31)}, {"asset": "9" * 5000}, {"asset": "1.5"}, {"asset": "x"}, {"revision": "x"}, {"language": "xxx"},
     {"language": "vi\n"}, {"section": "x" * 201}, {"sentence": "x" * 5001}, {"source": "x" * 21}],
)  # fmt: skip
def test_what_can_not_be_is_refused(as_, db, data):
    assert tell(as_("rep"), **data).status == 422
    assert facts(db) == []


def test_a_long_sentence_is_cut(as_, db):
    assert tell(as_("rep"), sentence="ы" * 5000, source="nowhere").status == 204
    (fact,) = facts(db)
    assert (len(fact.sentence), fact.source) == (500, None)


def test_strangers_tell_nothing(client, db):
    assert tell(client).status == 303
    assert client.post("/usage", data={}, headers={"X-CSRFToken": "x"}).status == 401
    assert facts(db) == []


def test_there_is_no_page_there(as_):
    assert as_("marketer").get("/usage").status == 405
