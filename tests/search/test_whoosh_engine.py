"""The embedded engine's own promises: kills, torn files, clock ticks, merging."""

import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest

from portal.search.engine import IndexDamagedError, Query
from portal.search.whoosh_engine import WhooshEngine
from tests.search.indexes import asking, entry, ids


@pytest.fixture
def make(tmp_path):
    return lambda: WhooshEngine(tmp_path / "index")


def test_a_change_within_one_tick_of_the_clock_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr("portal.search.whoosh_engine.SETTLED", 3600)
    folder = tmp_path / "index"
    writer, reader = WhooshEngine(folder), WhooshEngine(folder)
    writer.write([entry(1, "a")], [])
    assert reader.search(asking("a")).total == 1
    tick = folder.stat().st_mtime_ns
    writer.write([entry(2, "a")], [])
    os.utime(folder, ns=(tick, tick))
    assert reader.search(asking("a")).total == 2


def test_an_index_made_anew_after_its_folder_was_deleted_is_noticed(tmp_path):
    """As a running server sees `portal search rebuild`: the numbers on disk start again."""
    folder = tmp_path / "index"
    server = WhooshEngine(folder)
    server.rebuild([entry(1, "a"), entry(2, "a")])
    assert ids(server.search(asking("a"))) == [1, 2]
    before = server.generation()
    shutil.rmtree(folder)
    other = WhooshEngine(folder)
    other.rebuild([entry(3, "a")])
    assert ids(server.search(asking("a"))) == [3]
    assert server.generation() > before, "what is kept for a generation must not be kept for this"
    server.write([entry(4, "a")], [3])
    assert ids(other.search(asking("a"))) == [4]


def test_a_folder_that_comes_back_is_looked_at_although_it_looks_as_before(tmp_path, monkeypatch):
    monkeypatch.setattr("portal.search.whoosh_engine.SETTLED", -1)
    folder, away = tmp_path / "index", tmp_path / "away"
    server = WhooshEngine(folder)
    server.write([entry(1, "a")], [])
    assert server.search(asking("a")).total == 1
    state = folder.stat()
    folder.rename(away)
    assert server.search(asking("a")).total == 0
    assert server.generation() == -1
    WhooshEngine(away).rebuild([entry(2, "a")])
    os.utime(away, ns=(state.st_atime_ns, state.st_mtime_ns))
    away.rename(folder)
    assert ids(server.search(asking("a"))) == [2]


def test_an_unchanged_folder_is_not_listed_again(tmp_path, monkeypatch):
    monkeypatch.setattr("portal.search.whoosh_engine.SETTLED", -1)
    engine = WhooshEngine(tmp_path / "index")
    engine.write([entry(1, "a")], [])
    engine.search(asking("a"))
    monkeypatch.setattr(engine, "_refresh", None)
    assert engine.search(asking("a")).total == 1


def test_many_small_changes_stay_few_segments_and_correct(make, tmp_path):
    engine = make()
    for number in range(1, 90):
        engine.write([entry(number, f"a w{number}", kind="faq")], [number - 3])
    assert sorted(engine.stamps()) == [87, 88, 89]
    for number in range(1, 90):
        engine.write([entry(number, f"a w{number}", kind="faq")], [])
    assert engine.search(asking("a")).total == 89
    assert ids(engine.search(asking("w41"))) == [41]
    assert engine.search(Query()).facets == {"kind": {"faq": 89}}
    assert len(list((tmp_path / "index").glob("arsenal2_*"))) < 34


def test_merging_leaves_out_what_was_deleted(make, monkeypatch):
    monkeypatch.setattr("portal.search.segment_writing.MANY_SEGMENTS", 3)
    engine = make()
    for number in range(1, 9, 2):
        engine.write([entry(number, "a b b"), entry(number + 1, "a")], [number - 1])
    assert sorted(engine.stamps()) == [1, 3, 5, 7, 8]
    assert engine.search(asking("a")).total == 5
    assert ids(engine.search(asking("b"))) == [1, 3, 5, 7]


def test_what_a_killed_writer_left_is_tidied(make, tmp_path):
    engine = make()
    engine.write([entry(1, "a")], [])
    left = tmp_path / "index" / "_arsenal2_2.toc.1700000000.5"
    left.write_bytes(b"half a list")
    engine.write([entry(2, "a")], [])
    assert not left.exists()


def _write_until_killed(make_engine, ready):
    engine = make_engine()

    def entries():
        for number in range(100, 10**6):
            if number == 400:
                ready.set()
            yield entry(number, f"a w{number}")

    engine.rebuild(entries())


def test_a_killed_writer_leaves_a_readable_index_and_no_lock(tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    engine.write([entry(1, "a")], [])
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    child = context.Process(
        target=_write_until_killed, args=(lambda: WhooshEngine(tmp_path / "index"), ready)
    )
    child.start()
    assert ready.wait(30)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert ids(WhooshEngine(tmp_path / "index").search(asking("a"))) == [1]
    with engine.writing(wait=0) as held:
        assert held
    engine.write([entry(2, "a")], [])
    assert ids(engine.search(asking("a"))) == [1, 2]
    left = {path.name for path in (tmp_path / "index").iterdir()}
    assert len(left) == 4, left  # list, two small segments, lock


@pytest.mark.parametrize("part", [".trm", ".pst", ".col"])
def test_a_torn_index_is_told_and_rebuilt(tmp_path, part):
    folder = tmp_path / "index"
    WhooshEngine(folder).write([entry(1, "a")], [])
    for path in folder.glob("*.toc"):
        path.write_bytes(path.read_bytes()[:40])
    engine = WhooshEngine(folder)
    with pytest.raises(IndexDamagedError):
        engine.search(asking("a"))
    with pytest.raises(IndexDamagedError):
        engine.write([entry(2, "a")], [])
    engine.rebuild([entry(3, "a"), entry(4, "a")])
    assert ids(engine.search(asking("a"))) == [3, 4]
    torn = list(folder.glob(f"*{part}"))
    assert torn
    for path in torn:
        path.write_bytes(b"")
    with pytest.raises(IndexDamagedError):
        WhooshEngine(folder).search(asking("a"))
    WhooshEngine(folder).rebuild([entry(5, "a")])
    assert ids(WhooshEngine(folder).search(asking("a"))) == [5]


@pytest.mark.parametrize("kept", [0, 10, -1])
def test_a_torn_small_segment_is_told(tmp_path, kept):
    folder = tmp_path / "index"
    WhooshEngine(folder).write([entry(1, "a")], [])
    (path,) = folder.glob("*.few")
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexDamagedError):
        WhooshEngine(folder).search(asking("a"))
    with pytest.raises(IndexDamagedError):
        WhooshEngine(folder).tidy()
    WhooshEngine(folder).rebuild([entry(5, "a")])
    assert ids(WhooshEngine(folder).search(asking("a"))) == [5]
    assert not path.exists()


def test_who_only_writes_makes_no_view(make):
    engine = make()
    for number in range(1, 5):
        engine.write([entry(number, "a")], [number - 1])
        engine.generation()
    assert "view" not in engine._newest().__dict__
    assert engine.search(asking("a")).total == 1


def test_tidying_moves_small_changes_into_one_segment_on_disk(make, tmp_path):
    engine, other = make(), make()
    assert not engine.tidy()
    engine.rebuild([entry(n, f"a w{n}") for n in range(100, 200)])
    for number in range(1, 8):
        engine.write([entry(number, f"a w{number}", kind="faq")], [])
    assert not engine.tidy(), "seven are few"
    engine.write([entry(8, "a w8", kind="faq")], [100])
    before = other.search(asking("a"))
    assert engine.tidy()
    assert not engine.tidy()
    assert not list((tmp_path / "index").glob("*.few"))
    assert len(list((tmp_path / "index").glob("*.trm"))) == 2
    for one in (engine, other):
        assert one.search(asking("a")) == before
        assert ids(one.search(asking("w8"))) == [8]


def test_segments_too_large_to_be_merged_all_are_merged_in_pairs(make, monkeypatch):
    """Not one alone again and again, with every change."""
    monkeypatch.setattr("portal.search.segment_writing.SMALL_SEGMENT", 4)
    monkeypatch.setattr("portal.search.segment_writing.MANY_SEGMENTS", 3)
    monkeypatch.setattr("portal.search.segment_writing.MERGED_AT_ONCE", 10)
    engine = make()
    for start in range(0, 21, 7):
        engine.write([entry(1 + start + n, "a") for n in range(7)], [])
    engine.write([entry(100, "a")], [])
    assert sorted(len(part.columns.ids) for part, _ in engine._newest().parts) == [7, 15]
    assert engine.search(asking("a")).total == 22


def test_the_folder_is_closed_to_others(tmp_path):
    WhooshEngine(tmp_path / "a" / "index")
    assert Path(tmp_path / "a" / "index").stat().st_mode & 0o777 == 0o700
