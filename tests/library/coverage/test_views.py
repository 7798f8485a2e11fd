"""The page of languages: counts, filters, order, few statements whatever there is."""

import pytest
from sqlalchemy import event

from portal.db import db as _db
from portal.usage import recorder
from tests import make
from tests.library.translation.test_rules import EN, VI


@pytest.fixture
def assets(db):
    full = make.asset("full", kind="guide")
    for language, body in (("en", EN), ("vi", VI), ("ru", "## A\n\nx\n")):
        make.text(full, language, title=f"Full {language}", body=body)
    late = make.asset("late", kind="faq")
    make.text(late, "en", title="Late", body=EN)
    make.text(late, "vi", title="Muộn", body=VI)
    make.text(late, "en", title="Late", body=EN.replace("Twelve", "Fourteen"))
    make.text(make.asset("draft", kind="guide", state="draft"), "ru", title="Черновик")
    make.text(make.asset("gone", state="retired"), "en", title="Gone")
    db.session.commit()


def titles(page):
    return [
        " ".join("".join(a.itertext()).split()) for a in page.tree.findall(".//main//li/div/h2/a")
    ]


def test_how_all_languages_stand(as_, assets):
    page = as_("marketer").get("/desk/languages?sort=newest")
    assert page.status == 200
    assert titles(page) == ["Черновик", "Late", "Full en"]
    assert "1 part lags behind" in page.words()
    assert "/desk/late/ru/translation" in page.links()
    assert "3 assets" in page.words()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("language=vi&status=lagging", ["Late"]),
        ("language=ru&status=missing", ["Late"]),
        ("status=missing", ["Черновик", "Late"]),
        ("language=en&status=published", ["Late", "Full en"]),
        ("status=works", ["Черновик"]),
        ("kind=faq", ["Late"]),
        ("kind=x&language=x&status=x&page=99", ["Черновик", "Late", "Full en"]),
        ("kind=deck", []),
    ],
)
def test_it_can_be_narrowed(as_, assets, query, expected):
    assert titles(as_("marketer").get(f"/desk/languages?sort=newest&{query}")) == expected


def test_what_is_read_most_comes_first(as_, visitor, assets):
    rep = visitor().sign_in(make.user(role="rep"))
    for _time in range(2):
        rep.get("/assets/full/en")
    recorder.keep()
    assert titles(as_("marketer").get("/desk/languages"))[0] == "Full en"


def test_a_contributor_sees_their_own(as_, visitor, assets, db):
    person = make.user(role="contributor")
    make.text(make.asset("mine", creator_id=person.id), "en", title="Mine")
    assert titles(visitor().sign_in(person).get("/desk/languages")) == ["Mine"]


def test_statements_do_not_grow_with_assets(as_, assets, db):
    client = as_("marketer")

    def statements():
        seen = []
        engine = _db.engine

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        client.get("/desk/languages")
        event.remove(engine, "before_cursor_execute", note)
        return [it for it in seen if "text_revisions" in it or "usage_events" in it]

    few = len(statements())
    for number in range(30):
        made = make.asset(f"more-{number}")
        make.text(made, "en", body=EN)
        make.text(made, "vi", body=VI)
        make.text(made, "en", body=EN + f"\n{number}\n")
    db.session.commit()
    assert len(statements()) == few <= 3
