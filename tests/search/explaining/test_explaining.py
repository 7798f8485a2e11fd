"""Why a result: words, priors and promotion say what the score is made of, and multiply to it."""

import re
from datetime import date

import pytest

from portal.config import Language
from portal.library.freshness.rules import Condition
from portal.search import rules
from portal.search.explaining import service
from portal.search.indexing import Field
from portal.search.priors.models import SearchUse
from portal.search.priors.rules import Prior
from tests import make

BODY = "## Price list\n\nThe price is high. A price holds two years.\n"


@pytest.fixture
def why(app, db, shelf):
    def explain(text, asset, **told):
        asked = rules.ask(text, **told)
        known = app.extensions["arsenal.priors"]
        found = service.why(shelf.finder, known, asked, asset.id)
        hits = shelf.finder.find(asked).hits
        return found, {hit.card.asset_id: hit.score for hit in hits}.get(asset.id)

    return explain


@pytest.fixture
def kestrel(shelf):
    shelf("merlin", title="Merlin", body="Another price, and a list of stores.")
    return shelf("kestrel", title="Kestrel price", body=BODY, languages=("en", "vi"))


@pytest.mark.parametrize(
    "text", ["price", "kestrel prices", "price list", "price cua kestrel", "nowhere price"]
)
@pytest.mark.parametrize("language", [None, Language.VI])
def test_words_times_priors_is_the_score(kestrel, why, db, text, language):
    db.session.add(
        SearchUse(asset_id=kestrel.id, opens=9, people=3, expected=4.0, pull=1.4,
                  counted_at=kestrel.updated_at)
    )  # fmt: skip
    for stars in (5, 5, 1):
        make.rating(make.user(), kestrel, stars)
    make.rating(make.user(), make.asset("other"), 2)
    db.session.commit()
    found, score = why(text, kestrel, prefer=language)
    assert found.sum.score == pytest.approx(score, rel=1e-9)
    assert found.sum.text != pytest.approx(score, rel=1e-6), "priors do something"
    assert set(found.sum.factors) == set(Prior)


def test_it_says_where_words_stand(kestrel, why):
    found, _ = why("price list nowhere", kestrel)
    price, listed, nowhere = found.sum.words
    assert price.places == {Field.TITLE: 1, Field.HEADINGS: 1, Field.BODY: 2}
    assert listed.places == {Field.HEADINGS: 1}
    assert not nowhere.found
    assert [term.term for term in found.sum.extra] == ["price_list"]


def test_filters_count_only_the_texts_they_let_pass(shelf, why, db):
    asset = shelf("card", title="Kestrel", body="short")
    make.text(asset, "vi", title="Kestrel kestrel", body="kestrel")
    db.session.commit()
    from portal.search import service as keeping

    keeping.drain(shelf.finder.engine)
    for language in ("en", "vi"):
        found, score = why("kestrel", asset, filters={"language": [language]})
        assert found.language == language
        assert found.sum.score == pytest.approx(score, rel=1e-9)


def test_a_remark_is_told(kestrel, why, db, app):
    from portal.calls.ratings.models import AssetFlag

    before, _ = why("price", kestrel)
    db.session.add(
        AssetFlag(token="t", user_id=make.user().id, asset_id=kestrel.id, language="en",
                  kind="wrong", at=kestrel.updated_at)
    )  # fmt: skip
    db.session.commit()
    after, score = why("price", kestrel)
    assert after.told.fact.disputed
    assert before.sum.factors[Prior.VERIFIED] > 1 > after.sum.factors[Prior.VERIFIED]
    assert after.sum.score == pytest.approx(score, rel=1e-9)
    assert after.told.condition in set(Condition)


def test_what_is_not_found_is_not_explained(kestrel, why, shelf):
    assert why("zebra", kestrel)[0] is None
    assert why("?!", kestrel)[0] is None
    draft = make.asset("draft", state="draft")
    assert why("price", draft)[0] is None


def test_the_page_says_it_in_words(as_, kestrel):
    page = as_("rep").get("/?q=kestrel+price&kind=battlecard")
    (link,) = {a for a in page.links() if a.startswith("/search/why") and f"={kestrel.id}" in a}
    assert link == f"/search/why?q=kestrel+price&kind=battlecard&asset={kestrel.id}"
    told = as_("rep").get(link)
    said = told.words()
    assert "in the title, which counts three times" in said
    assert "2 times in the text" in said
    assert "nobody has rated it yet" in said
    figures = re.findall(r"× (\d\.\d{3})", said)
    assert len(figures) == 4
    assert "/?q=kestrel+price&kind=battlecard" in told.links()


def test_alone_it_is_a_piece(as_, kestrel):
    piece = as_("rep").get(f"/search/why?q=price&asset={kestrel.id}&fragment=1")
    assert piece.status == 200
    assert "<html" not in piece.text
    assert "Words together" in piece.text


@pytest.mark.parametrize("language", ["vi", "ru"])
def test_it_is_there_in_other_languages(as_, kestrel, language):
    page = as_("rep").get(
        f"/search/why?q=price&asset={kestrel.id}", headers={"Accept-Language": language}
    )
    assert page.status == 200
    assert "×" in page.words()


@pytest.mark.parametrize("asset", ["", "0", "x", "9" * 40, "-1", "1e3"])
def test_no_asset_is_no_page(as_, kestrel, asset):
    assert as_("rep").get(f"/search/why?q=price&asset={asset}").status == 404


def test_priors_follow_at_once(kestrel, why, db, shelf):
    fresh, _ = why("price", kestrel)
    kestrel.checked_on = date(2020, 1, 1)
    db.session.commit()
    old, score = why("price", kestrel)
    assert old.sum.factors[Prior.FRESH] < 1
    assert old.sum.factors[Prior.FRESH] < fresh.sum.factors[Prior.FRESH]
    assert old.sum.score == pytest.approx(score, rel=1e-9)
