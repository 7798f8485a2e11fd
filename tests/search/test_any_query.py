"""No query ever fails, whatever is in it; a thousand and more are tried on a real index."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search import rules, service
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make

WORDS = "price giá цена pirce rehc gias -price AND NOT kind: 24/7 C++ ё hoà".split()
SIGNS = [*'"«»-*()', "📦", "\u202e", "\u0301", "\ud800", "\x00", " "]
PIECES = st.sampled_from([*WORDS, *SIGNS])
QUERIES = st.lists(PIECES | st.text(max_size=6), max_size=25).map(" ".join) | st.text(max_size=200)


@pytest.fixture
def finder(db, tmp_path):
    make.text(make.asset("one"), title="Price", body="## Giá\n\nPrice and giá of it.\n")
    make.text(make.asset("two"), "ru", title="Цена", body="## Цена\n\nЦена склада.\n")
    db.session.commit()
    engine = WhooshEngine(tmp_path / "index")
    service.rebuild(engine)
    return Finder(engine)


def test_no_query_fails(finder):
    @settings(max_examples=300, suppress_health_check=list(HealthCheck), deadline=None)
    @given(QUERIES, st.booleans())
    def any_query(text, literal):
        answer = finder.find(rules.ask(text, literal=literal))
        assert answer.total >= len(answer.hits)
        assert all(hit.snippet.title for hit in answer.hits)

    any_query()
