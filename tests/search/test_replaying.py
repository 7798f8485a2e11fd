"""A search done again for one asset: where it comes, and why not first."""

import pytest

from portal.asset_requests.delivering.rules import Why
from portal.library import service as library
from portal.search import replaying, service
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make


@pytest.fixture
def finder(db, tmp_path):
    found = Finder(WhooshEngine(tmp_path / "index"))
    for number in range(8):
        card = make.asset(f"cold-{number}", kind="battlecard")
        make.text(card, title=f"Cold stores {number}", body="## Cold\n\nCold stores freeze.\n")
    late = make.asset("late", kind="faq")
    make.text(late, title="Questions", body=f"## Else\n\n{'Other words. ' * 200}\n\nCold stores.\n")
    make.text(make.asset("card", kind="faq"), title="Kestrel", body="## Why\n\nQuick robots.\n")
    db.session.commit()
    service.drain(found.engine)
    return found


def replay(finder, text, slug, **filters):
    return replaying.replay(finder, text, filters, slug=slug, reader="en")


def test_what_comes_first_is_found(finder):
    it = replay(finder, "kestrel robots", "card")
    assert (it.why, it.rank, it.is_found) == (Why.FOUND, 1, True)


def test_words_that_are_not_in_it_are_named(finder):
    it = replay(finder, "kestrel drone zzyzx", "card", kind=["battlecard"])
    assert it.why in {Why.WORDS, Why.FILTERED}
    it = replay(finder, "cold drone", "card")
    assert (it.why, it.rank) == (Why.WORDS, None)
    assert list(it.missing) == ["cold", "drone"]


def test_filters_that_keep_it_out_are_named(finder):
    it = replay(finder, "kestrel", "card", kind=["battlecard"], language=["en"])
    assert (it.why, list(it.filters)) == (Why.FILTERED, ["kind"])


def test_words_in_a_bad_place_are_named(finder):
    it = replay(finder, "cold stores", "late")
    assert (it.why, it.rank) == (Why.LOW, 9)
    assert list(it.weak) == ["cold", "stores"]
    assert len(it.ahead) == replaying.AHEAD


def test_an_index_that_lags_is_told(finder, db):
    asset = make.asset("new", kind="faq")
    library.save_text(asset, language="en", title="Drones", body="## A\n\nDrones count.\n")
    db.session.commit()
    assert replay(finder, "drones", "new").why is Why.BEHIND


@pytest.mark.parametrize("text", ["", "?!", "the", "x" * 10_000, "\x00"])
def test_any_search_can_be_done_again(finder, text):
    assert not replay(finder, text, "card", kind=["bomb"]).is_found
