"""The engine's contract, one promise at a time, for every engine."""

import contextlib
import threading
import time

import pytest

from portal.search.engine import Entry, Found, IndexBusyError, Query, Sort
from tests.search.indexes import asking, entry, ids


def test_an_index_never_written_is_empty(make):
    engine = make()
    assert engine.search(asking("giá")) == Found((), 0, {})
    assert engine.stamps() == {}
    assert engine.generation() == -1


def test_all_words_then_any_word(make):
    engine = make()
    engine.write([entry(1, "giá kho"), entry(2, "giá"), entry(3, "kho"), entry(4, "wms")], [])
    strict = engine.search(asking("giá", "kho", match_all=True))
    assert (ids(strict), strict.total, strict.relaxed) == ([1], 1, False)
    loose = engine.search(asking("giá", "kho", match_all=True, at_least=2))
    assert (ids(loose)[0], loose.total, loose.relaxed) == (1, 3, True)
    assert engine.search(asking("giá", "nowhere", match_all=True)).relaxed


def test_a_far_better_text_without_a_word_is_not_lost(make):
    engine = make()
    long = "giá kho " + " ".join(f"x{i}" for i in range(300))
    engine.write(
        [entry(1, long), entry(2, "giá giá giá"), *(entry(n, "y") for n in range(3, 9))], []
    )
    found = engine.search(asking("giá", "kho", match_all=True))
    assert (ids(found), found.relaxed) == ([2, 1], True)


def test_an_asset_is_one_hit_in_the_language_preferred_when_nearly_as_good(make):
    engine = make()
    texts = [
        entry(1, "kestrel kestrel a b", group=7, language="en"),
        entry(2, "kestrel a b c", group=7, language="vi"),
        entry(3, "kestrel " + "x " * 60, group=7, language="ru"),
        entry(4, "y", group=8, language="ru"),
    ]
    engine.write(texts, [])
    chosen = {
        prefer: engine.search(asking("kestrel", prefer=prefer)).hits
        for prefer in (None, "en", "vi", "ru", "xx")
    }
    wanted = {None: [1], "en": [1], "vi": [2], "ru": [1], "xx": [1]}
    assert {prefer: [hit.id for hit in hits] for prefer, hits in chosen.items()} == wanted
    assert len({hits[0].score for hits in chosen.values()}) == 1
    found = engine.search(asking("kestrel", filters={"language": frozenset({"ru"})}))
    assert (ids(found), found.total) == ([3], 1)
    assert found.facets["language"] == {"en": 1, "vi": 1, "ru": 1}


def test_the_newest_first_by_the_texts_found(make):
    engine = make()
    texts = [
        entry(1, "a", group=1, day=5),
        entry(2, "b", group=1, day=99),
        entry(3, "a a", group=2, day=7),
        entry(4, "a a a", group=3, day=5),
    ]
    engine.write(texts, [])
    assert [hit.group for hit in engine.search(asking("a", sort=Sort.NEWEST)).hits] == [2, 3, 1]


def test_replacing_and_deleting(make):
    engine = make()
    engine.write([entry(1, "old"), entry(2, "old")], [])
    engine.write([entry(1, "new", stamp="t")], [2, 99])
    assert ids(engine.search(asking("old"))) == []
    assert ids(engine.search(asking("new"))) == [1]
    assert engine.stamps() == {1: "t"}


def test_what_is_both_deleted_and_given_stays(make):
    engine = make()
    engine.write([entry(1, "a")], [1])
    assert ids(engine.search(asking("a"))) == [1]


def test_a_change_of_nothing_makes_no_generation(make):
    engine = make()
    engine.write([entry(1, "a")], [])
    before = engine.generation()
    engine.write([], [7])
    assert engine.generation() == before


def test_another_process_notices_every_change_at_once(make):
    writer, reader = make(), make()
    for number in range(1, 30):
        writer.write([entry(number, "a")], [])
        assert reader.search(asking("a")).total == number


def test_rebuild_replaces_everything_at_once(make):
    engine, reader = make(), make()
    engine.write([entry(1, "a"), entry(2, "a")], [])
    assert reader.search(asking("a")).total == 2

    def entries():
        yield entry(3, "a")
        assert ids(reader.search(asking("a"))) == [1, 2]
        yield entry(4, "b")

    assert engine.rebuild(entries()) == 2
    assert ids(reader.search(asking("a"))) == [3]
    assert reader.stamps().keys() == {3, 4}


def test_a_rebuild_that_fails_changes_nothing(make):
    engine = make()
    engine.write([entry(1, "a")], [])

    def entries():
        yield entry(2, "b")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.rebuild(entries())
    assert ids(make().search(Query())) == [1]
    engine.write([entry(3, "c")], [])
    assert ids(make().search(Query())) == [1, 3]


def test_pages_do_not_overlap_and_end(make):
    engine = make()
    engine.write([entry(number, "a") for number in range(1, 26)], [])
    pages = [ids(engine.search(asking("a", limit=10, offset=o))) for o in (0, 10, 20, 30, 10**9)]
    assert pages == [list(range(1, 11)), list(range(11, 21)), list(range(21, 26)), [], []]


def test_one_writer_at_a_time_and_inside_itself(make):
    first, second = make(), make()
    with first.writing() as held:
        assert held
        with second.writing(wait=0) as other:
            assert not other
        first.write([entry(1, "a")], [])
        with first.writing(wait=0) as again:
            assert again
        seen = []

        def elsewhere():
            with first.writing(wait=0) as other:
                seen.append(other)

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert seen == [False]
    with second.writing(wait=0) as held:
        assert held


def test_a_busy_index_says_so(make, monkeypatch):
    first, second = make(), make()
    monkeypatch.setattr(make.module, "PATIENCE", 0.01)
    with first.writing(), pytest.raises(IndexBusyError):
        second.write([entry(1, "a")], [])


def test_threads_search_while_another_writes(make):
    engine = make()
    engine.write([entry(1, "a", kind="faq")], [])
    wrong: list[object] = []
    done = threading.Event()

    def look():
        while not done.is_set():
            found = engine.search(asking("a"))
            if found.facets["kind"]["faq"] != found.total or found.total < 1:
                wrong.append(found)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    with contextlib.ExitStack() as stack:
        stack.callback(done.set)
        for number in range(2, 25):
            engine.write([entry(number, "a", kind="faq")], [])
    for thread in threads:
        thread.join()
    assert not wrong
    assert engine.search(asking("a")).total == 24


def test_strange_terms_are_harmless(make):
    engine = make()
    engine.write([entry(1, "\ud800x 🙂 ��"), entry(2, "x" * 5000)], [])
    assert engine.search(asking("\ud800x")).total == 1
    assert engine.search(asking("x" * 5000, "\x00", "")).total == 1


def test_facets_count_groups_and_what_ticking_another_value_would_add(make):
    engine = make()
    texts = [
        entry(1, "a", group=1, kind="faq", product="x y"),
        entry(2, "a", group=1, kind="faq", product="x"),
        entry(3, "a", group=2, kind="guide", product="y"),
        entry(4, "b", group=3, kind="guide", product="z"),
    ]
    engine.write(texts, [])
    assert engine.search(asking("a")).facets == {
        "kind": {"faq": 1, "guide": 1},
        "product": {"x": 1, "y": 2},
    }
    chosen = engine.search(asking("a", filters={"kind": frozenset({"faq", "deck"})}))
    assert (ids(chosen), chosen.total) == ([1], 1)
    assert chosen.facets == {"kind": {"faq": 1, "guide": 1}, "product": {"x": 1, "y": 1}}
    both = frozenset({"faq", "guide"})
    assert engine.search(asking("a", filters={"kind": both})).total == 2
    assert engine.search(asking("a", filters={"kind": frozenset()})).total == 2
    assert engine.search(asking("a", filters={"owner": frozenset({"lan"})})).total == 0


def test_an_index_made_anew_of_nothing_is_there_and_empty(make):
    engine, other = make(), make()
    engine.write([entry(1, "a")], [])
    assert engine.rebuild([]) == 0
    assert (other.search(Query()), other.stamps()) == (Found((), 0, {}), {})
    assert other.generation() >= 0
    engine.write([entry(2, "a")], [])
    assert ids(other.search(Query())) == [2]


def test_texts_without_a_word_are_found_by_their_facets(make):
    engine = make()
    engine.rebuild([entry(number, "", kind="faq") for number in range(1, 99)])
    engine.write([entry(99, "", kind="faq")], [])
    assert make().search(Query()).facets == {"kind": {"faq": 99}}
    assert make().search(asking("a")).total == 0


def test_many_small_changes_stay_correct_while_parts_are_merged(make, monkeypatch):
    make.divide(monkeypatch)
    engine, reader = make(), make()
    for number in range(1, 60):
        engine.write([entry(number, f"a w{number}", kind="faq")], [number - 20])
        if number % 7 == 0:
            engine.tidy()
        low = max(1, number - 19)
        assert reader.search(asking("a")).total == number - low + 1
        assert ids(reader.search(asking(f"w{low}"))) == [low]
        assert ids(reader.search(asking(f"w{low - 1}"))) == []
    assert reader.search(Query()).facets == {"kind": {"faq": 20}}
    before = reader.search(asking("a"))
    assert engine.search(asking("a")) == before
    make().rebuild([entry(number, f"a w{number}", kind="faq") for number in range(40, 60)])
    assert reader.search(asking("a")) == before, "to the last bit of the scores"


def test_tidying_changes_nothing_that_is_found(make):
    engine, other = make(), make()
    assert not engine.tidy()
    engine.rebuild([entry(n, f"a w{n}") for n in range(100, 200)])
    for number in range(1, 9):
        engine.write([entry(number, f"a w{number}", kind="faq")], [number + 100])
    before = other.search(asking("a"))
    assert engine.tidy()
    assert not engine.tidy()
    for one in (engine, other):
        assert one.search(asking("a")) == before
        assert ids(one.search(asking("w8"))) == [8]


def test_a_small_memory_is_enough(make):
    make().rebuild([entry(n, f"a w{n} v{n % 7}") for n in range(500)])
    engine = make(cache_bytes=2000)
    for n in range(0, 500, 50):
        assert ids(engine.search(asking(f"w{n}", "a", match_all=True))) == [n]
        assert engine.search(asking(f"v{n % 7}")).total in {71, 72}


def test_what_was_kept_for_older_generations_is_forgotten(make):
    """Or a portal that is written to would fill what it may take with what nobody asks for."""
    writer, engine = make(), make()
    writer.rebuild([entry(n, f"a w{n}") for n in range(100)])
    used = set()
    for number in range(200, 208):
        writer.write([entry(number, "a")], [])
        assert engine.search(asking("a")).total == number - 99
        used.add(engine._cache.used)
    assert max(used) < 2 * min(used)


def test_threads_write_one_after_the_other(make):
    engine = make()
    threads = [
        threading.Thread(target=engine.write, args=([entry(number, "a")], []))
        for number in range(1, 25)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(make().stamps()) == list(range(1, 25))


def test_a_hundred_thousand_documents(make):
    """Not a figure (`tests.bench search` has those), but nothing that grows with their square."""
    many, began = 100_000, time.monotonic()
    words = [f"w{n}" for n in range(50)]
    kinds = [{"kind": (kind,), "language": (tongue,)} for kind in "abc" for tongue in ("en", "vi")]
    engine, reader = make(), make()
    built = engine.rebuild(
        Entry(n, n // 2, ("a", words[n % 50], words[n % 49]), 3, kinds[n % 6], n % 300, "s")
        for n in range(many)
    )
    assert built == many
    found = reader.search(asking("a", "w7", match_all=True, prefer="vi", sort=Sort.NEWEST))
    expected = {n // 2 for n in range(many) if 7 in {n % 50, n % 49}}
    assert (found.total, len(found.hits)) == (len(expected), 20)
    assert sum(reader.search(Query()).facets["kind"].values()) >= many // 2
    engine.write([Entry(many, many, ("new",), 1, kinds[0], 1, "s")], [0, 1])
    assert ids(reader.search(asking("new"))) == [many]
    assert len(reader.stamps()) == many - 1
    assert time.monotonic() - began < 60
