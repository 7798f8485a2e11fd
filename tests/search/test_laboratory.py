"""Other weights answer otherwise, beside the portal: nothing of it is left behind."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.errors import Invalid
from portal.search import laboratory, service
from portal.search.finding import Finder
from portal.search.log.searched import Searched, searched
from portal.search.models import SearchPending, SearchText
from portal.search.whoosh_engine import WhooshEngine
from portal.usage.models import UsageEvent
from tests import make


@pytest.fixture
def engine(db, tmp_path):
    """Two assets: one has the word in its title, the other in its text."""
    made = WhooshEngine(tmp_path / "index")
    make.text(make.asset("titled"), title="Falcon", body=f"## A\n\n{'Other words here. ' * 9}\n")
    make.text(
        make.asset("within"), title="Questions", body=f"## B\n\nFalcon. {'More words here. ' * 9}\n"
    )
    make.text(make.asset("else"), title="Something", body="## C\n\nQuite another thing.\n")
    db.session.commit()
    service.drain(made)
    return made


def ask(query, times=1, opened=()):
    return Searched(query, {}, "en", times, dict(opened))


def first(engine, query):
    return laboratory._answers(Finder(engine), [ask(query)])[0][0]


def test_no_change_moves_nothing(engine):
    found = laboratory.replay(engine, [ask("falcon", 3), ask("nothing here")], {})
    assert (found.searches, found.first_changed, found.overlap, found.moved) == (4, 0.0, 1.0, [])


def test_weights_of_the_index_are_tried_on_one_beside_it(engine, db):
    stamps, texts = engine.stamps(), db.session.scalar(select(func.count()).select_from(SearchText))
    best = first(engine, "falcon")
    found = laboratory.replay(engine, [ask("falcon", 3, {best: 2})], {"title": 0})
    (moved,) = found.moved
    assert moved.before[0] == best
    assert moved.after[0] != best
    assert found.first_changed == 1.0
    assert (found.mrr_before, found.mrr_after) == (1.0, 0.0)
    assert engine.stamps() == stamps
    assert db.session.scalar(select(func.count()).select_from(SearchText)) == texts
    assert db.session.scalar(select(func.count()).select_from(SearchPending)) == 0
    assert first(engine, "falcon") == best


def fail(name):
    knob = laboratory.KNOBS[name]
    with laboratory.changed({name: knob.least}):
        assert knob.value == knob.least
        raise ZeroDivisionError


@pytest.mark.parametrize("name", laboratory.KNOBS)
def test_every_weight_is_there_and_put_back(name):
    knob = laboratory.KNOBS[name]
    before = knob.value
    assert knob.least <= before <= knob.most
    with pytest.raises(ZeroDivisionError):
        fail(name)
    assert knob.value == before
    assert isinstance(getattr(knob.module, knob.name), int) is (
        knob.whole or isinstance(before, int)
    )


@pytest.mark.parametrize("name", ["title", "k1", "b"])
def test_weights_change_scores(engine, name):
    knob = laboratory.KNOBS[name]
    with laboratory.changed({name: knob.most}), laboratory._engine(engine, {name: 1}) as own:
        answer = Finder(own).find(laboratory.rules.ask("falcon"))
    here = Finder(engine).find(laboratory.rules.ask("falcon"))
    assert [it.score for it in answer.hits] != [it.score for it in here.hits]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("titel=4", "no weight"), ("title", "no number"), ("title=x", "no number"), ("title=1.5", "whole"),
        ("b=2", "from 0 to 1"), ("k1=nan", "from"), ("=", "no weight"), ("k1=inf", "from"),
    ],
)  # fmt: skip
def test_odd_weights_are_refused(told, reason):
    with pytest.raises(Invalid, match=reason):
        laboratory.read_weights([told])


def test_weights_are_read():
    assert laboratory.read_weights(["title=4", "b=.75"]) == {"title": 4.0, "b": 0.75}


# --- the searches of a time ----------------------------------------------------------------------


@pytest.fixture
def event(db):
    def put(
        action="searched", query=None, *, ref=None, minutes=0, user=1, source="search", **values
    ):
        at = clock.now() - timedelta(minutes=60 - minutes)
        db.session.add(
            UsageEvent(
                at=at, action=action, query=query, ref=ref, user_id=user, source=source, **values
            )
        )
        db.session.flush()

    return put


def during():
    return searched(clock.now() - timedelta(days=1), clock.now(), 10)


def test_searches_come_once_with_how_often_and_what_was_opened(event):
    event(query="drone", ref="a" * 16, language="vi")
    event("opened", ref="a" * 16, asset_id=7)
    event(query="drone", ref="b" * 16, language="vi", minutes=10)
    event("opened", ref="b" * 16, asset_id=7, minutes=11)
    event(query="robot", ref="c" * 16, minutes=20)
    assert during() == [Searched("drone", {}, "vi", 2, {7: 2}), Searched("robot", {}, "", 1, {})]


def test_steps_while_typing_and_the_same_again_do_not_count(event):
    for query in ("d", "dr", "drone"):
        event(query=query, source="instant")
    event(query="drone", minutes=1)
    assert [(it.query, it.times) for it in during()] == [("drone", 1)]


def test_what_was_ticked_makes_another_search(event):
    event(query="drone", filters={"kind": ["faq"]})
    event(query="drone", minutes=9)
    assert {tuple(it.filters.items()) for it in during()} == {(), (("kind", ("faq",)),)}


def test_other_times_are_left_out(event):
    event(query="drone", minutes=-3000)
    assert during() == []
