"""The engine's contract among processes: what others change is seen, killed writers leave no harm."""

import multiprocessing
import os
import signal
from contextlib import contextmanager

import pytest

from portal.search.engine import IndexDamagedError, Query
from tests.search.indexes import asking, entry, ids

FORK = multiprocessing.get_context("fork")
SOON = 30
"""Seconds a loaded machine may take for what is done in one."""


@contextmanager
def child(work, *given):
    """A process that does some work, and is gone afterwards."""
    process = FORK.Process(target=work, args=given)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def answer(engine, pipe):
    """Say what is found, as often as asked."""
    while (word := pipe.recv()) is not None:
        pipe.send((engine.search(asking(word)).total, engine.generation()))


def asked(pipe, word):
    pipe.send(word)
    assert pipe.poll(SOON)
    return pipe.recv()


def test_another_process_sees_every_generation(make):
    writer, (here, there) = make(), FORK.Pipe()
    writer.write([entry(100, "b")], [])
    writer.let_go()
    with child(lambda: answer(make(), there)):
        generations = []
        for number in range(1, 21):
            writer.write([entry(number, "a")], [number - 3])
            total, generation = asked(here, "a")
            assert total == min(number, 3)
            generations.append(generation)
        writer.rebuild([entry(number, "a") for number in range(50)])
        assert asked(here, "a")[0] == 50
        here.send(None)
    assert generations == sorted(set(generations))


def test_who_lets_go_may_fork(make):
    engine, (here, there) = make(), FORK.Pipe()
    engine.rebuild([entry(number, f"a w{number}") for number in range(1, 200)])
    assert engine.search(asking("a")).total == 199
    assert make.held()
    engine.let_go()
    assert make.holds_nothing()
    with child(answer, engine, there):
        for number in range(1, 30):
            here.send(f"w{number}")
            assert engine.search(asking(f"w{number + 50}")).total == 1
            assert here.recv()[0] == 1
        here.send(None)
    assert engine.search(asking("a")).total == 199


def rebuild_for_ever(make, ready):
    def entries():
        for number in range(100, 10**9):
            if number == 600:
                ready.set()
            yield entry(number, f"a w{number}")

    make().rebuild(entries())


def write_for_ever(make, ready, done):
    engine = make()
    for number in range(1, 10**9):
        engine.write([entry(number, f"a w{number}")], [])
        done.value = number
        if number == 3:
            ready.set()


def tidy_for_ever(make, ready):
    engine = make()
    for number in range(10**9):
        engine.write([entry(number % 40 + 1, f"a w{number % 40 + 1}")], [])
        engine.tidy()
        if number == 40:
            ready.set()


def killed(ready, work, *given, after=0.0):
    """Begin some work, and end it in the middle as the system does."""
    with child(work, *given) as process:
        assert ready.wait(SOON)
        process.join(after)  # any moment will do
        os.kill(process.pid, signal.SIGKILL)
        process.join()


def carries_on(make):
    """The lock is free, and what is written now is found by everybody."""
    engine = make()
    with engine.writing(wait=SOON) as held:
        assert held
    engine.write([entry(10**6, "next")], [])
    assert ids(make().search(asking("next"))) == [10**6]


def test_a_rebuild_that_is_killed_changes_nothing(make, monkeypatch):
    monkeypatch.setattr("portal.search.postgres_engine.SEGMENT", 100)  # some are written by then
    make().write([entry(1, "a")], [])
    ready = FORK.Event()
    killed(ready, rebuild_for_ever, make, ready)
    assert ids(make().search(Query())) == [1]
    carries_on(make)
    assert make().stamps().keys() == {1, 10**6}
    make().rebuild([entry(2, "a")])
    assert ids(make().search(Query())) == [2]


@pytest.mark.parametrize("after", [0.0, 0.003, 0.011, 0.02])
def test_what_was_written_survives_the_writers_death(make, after):
    ready, done = FORK.Event(), FORK.Value("l", 0)
    killed(ready, write_for_ever, make, ready, done, after=after)
    stamps = make().stamps()
    last = max(stamps)
    assert stamps.keys() == set(range(1, last + 1))
    assert last in {done.value, done.value + 1}, "all that was said to be written, and no half"
    assert make().search(asking("a")).total == last
    assert all(ids(make().search(asking(f"w{n}"))) == [n] for n in (1, last))
    carries_on(make)


@pytest.mark.parametrize("after", [0.0, 0.007, 0.019])
def test_tidying_that_is_killed_loses_nothing(make, after, monkeypatch):
    make.divide(monkeypatch)
    ready = FORK.Event()
    killed(ready, tidy_for_ever, make, ready, after=after)
    assert make().stamps().keys() == set(range(1, 41))
    assert make().search(asking("a", limit=50)).total == 40
    assert all(ids(make().search(asking(f"w{n}"))) == [n] for n in range(1, 41))
    carries_on(make)


def test_readers_see_the_old_index_or_the_new_one(make, monkeypatch):
    """While it is made anew again and again, also with what is read late."""
    monkeypatch.setattr("portal.search.postgres_engine.SEGMENT", 40)
    make().rebuild([entry(number, f"a w{number}") for number in range(100)])
    begun, ended = FORK.Event(), FORK.Event()

    def again():
        engine = make()
        for round_ in range(1, 8):
            engine.rebuild([entry(n + 1000 * round_, f"a w{n}") for n in range(100)])
            begun.set()
        ended.set()

    engine = make()
    with child(again):
        assert begun.wait(SOON)
        number, seen = 0, set()
        while not ended.is_set() or number < 100:
            found = engine.search(asking("a", f"w{number % 100}", match_all=True, limit=1))
            assert (found.total, found.relaxed) == (1, False)
            assert len({n // 1000 for n in engine.stamps()}) == 1
            seen.add(found.hits[0].id // 1000)
            number += 1
    assert engine.search(asking("w1")).hits[0].id == 7001


def test_a_torn_index_is_told_and_made_anew(make):
    make().rebuild([entry(number, f"a w{number}") for number in range(100)])
    make.tear()
    for use in (
        lambda engine: engine.search(asking("a")),
        lambda engine: engine.stamps(),
        lambda engine: engine.generation(),
        lambda engine: engine.write([entry(2, "a")], []),
        lambda engine: engine.tidy(),
    ):
        with pytest.raises(IndexDamagedError):
            use(make())
    make().rebuild([entry(3, "a"), entry(4, "a")])
    assert ids(make().search(asking("a"))) == [3, 4]
