"""The engine in PostgreSQL: connections, what a small change costs, and the embedded one's answers."""

import json
import random
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.search import analysis, postgres_engine, rules
from portal.search.engine import Entry, IndexBusyError, IndexDamagedError
from tests import make as factory
from tests.conftest import POSTGRESQL
from tests.search.indexes import Index, asking, entry, ids

pytestmark = pytest.mark.skipif(not POSTGRESQL, reason="there is no PostgreSQL")
HERE = Path(__file__).parent
CONTENT = HERE.parents[1] / "content"
OTHERS = (
    "FROM pg_stat_activity WHERE application_name = 'arsenal search' "
    "AND datname = current_database()"
)


@pytest.fixture
def index(tmp_path):
    found = Index("postgresql", tmp_path, [])
    found.clear()
    yield found
    found.close()


def test_a_server_that_was_started_anew_is_asked_again(index):
    engine = index()
    engine.write([entry(1, "a")], [])
    assert engine.search(asking("a")).total == 1
    index.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")
    assert engine.search(asking("a")).total == 1
    engine.write([entry(2, "a")], [])
    assert engine.search(asking("a")).total == 2


def test_a_writer_that_was_cut_off_has_lost_the_lock_and_writes_nothing(index):
    engine, other = index(), index()
    engine.write([entry(1, "a")], [])
    with engine.writing() as held:
        assert held
        index.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")
        with other.writing(wait=20) as mine:
            assert mine
            with pytest.raises(sa.exc.OperationalError):
                engine.write([entry(2, "a")], [])
            with pytest.raises(IndexBusyError):  # and does not come back without it
                engine.write([entry(3, "a")], [])
    assert ids(other.search(asking("a"))) == [1]
    engine.write([entry(4, "a")], [])
    assert ids(other.search(asking("a"))) == [1, 4]


def test_it_commits_nothing_of_the_request(db, index):
    engine = index()
    factory.text(factory.asset("one"), title="Kestrel")
    engine.write([entry(1, "a")], [])
    assert engine.search(asking("a")).total == 1
    with engine.writing(), engine.writing():
        engine.rebuild([entry(2, "a")])
    db.session.rollback()
    assert db.session.scalar(sa.text("SELECT count(*) FROM assets")) == 0


def test_a_machine_that_vanishes_does_not_keep_the_lock(index):
    engine = index()
    with engine.writing():
        shown = engine._held.connection.exec_driver_sql
        told = {name: shown(f"SHOW {name}").scalar() for name in ("jit", "tcp_keepalives_idle")}
    assert told == {"jit": "off", "tcp_keepalives_idle": "30"}


def test_connections_are_few_whatever_is_done(index, monkeypatch):
    engine, other = index(), index()
    monkeypatch.setattr(postgres_engine, "PATIENCE", 0.01)
    for number in range(60):
        engine.write([entry(number, f"a w{number}")], [])
        engine.search(asking("a", f"w{number}"))
        engine.generation()
        with other.writing(), pytest.raises(IndexBusyError):
            engine.write([entry(1, "b")], [])
        with pytest.raises(ZeroDivisionError):
            engine.rebuild(entry(1 // n, "b") for n in (1, 0))
    assert index.held() <= 4, "two of each"


def test_a_small_change_reads_and_writes_little(index, monkeypatch):
    engine, reader = index(), index()
    engine.rebuild([entry(number, f"a b{number % 9} w{number}") for number in range(2000)])
    reader.search(asking("a"))
    engine.generation()
    read_, part = [], postgres_engine.Part

    def noted(row, *given):
        read_.append(row.size)
        return part(row, *given)

    monkeypatch.setattr(postgres_engine, "Part", noted)
    monkeypatch.setattr(reader, "_fetch", lambda wanted: pytest.fail(f"read again: {wanted}"))
    with sa.create_engine(index.url).connect() as connection:
        before = connection.scalar(sa.text("SELECT min(ctid) FROM search_blocks"))
        engine.write([entry(7, "a new")], [8])
        assert reader.search(asking("a")).total == 1999
        assert connection.scalar(sa.text("SELECT min(ctid) FROM search_blocks")) == before
    assert read_ == [1]


def test_small_changes_stay_few_segments(index):
    engine = index()
    for number in range(120):
        engine.write([entry(number, f"a w{number}")], [])
    segments = "SELECT count(*) FROM search_segments"
    with sa.create_engine(index.url).connect() as connection:
        assert connection.scalar(sa.text(segments)) < 32
        while engine.tidy():
            pass
        assert connection.scalar(sa.text(segments)) < 12
    assert index().search(asking("a")).total == 120


def test_what_goes_while_it_is_read_is_read_anew(index, monkeypatch):
    """The list is read, then all that it names goes, then the postings are asked for."""
    engine, reader = index(), index()
    engine.rebuild([entry(number, f"a w{number}") for number in range(100)])
    real, changed = reader._newest, []

    def overtaken():
        newest = real()
        if not changed:
            changed.append(engine.rebuild([entry(number, f"a w{number}") for number in range(99)]))
        return newest

    monkeypatch.setattr(reader, "_newest", overtaken)
    assert reader.search(asking("a")).total == 99
    assert changed == [99]


def test_who_has_words_is_told(index):
    engine = index()
    engine.rebuild([entry(number, f"a b{number % 9} w{number}") for number in range(90)])
    engine.write([entry(90, "a c c")], [9])
    assert engine.frequencies(["b1", "c", "nowhere", "\ud800"]) == [10, 1, 0, 0]
    assert engine.having(["a", "b0"]) == [0, 18, 27, 36, 45, 54, 63, 72, 81]
    assert engine.having(["c"]) == [90]
    assert engine.having(["c", "nowhere"]) == []
    assert len(engine.having([])) == 90
    assert index().frequencies([]) == []


def test_merging_notices_that_postings_are_missing(index, monkeypatch):
    index.divide(monkeypatch)
    engine = index()
    engine.rebuild([entry(number, f"a w{number}") for number in range(14)])
    index.execute("DELETE FROM search_blocks WHERE number = 1")
    with pytest.raises(IndexDamagedError):
        index().tidy()
    assert len(index().stamps()) == 14, "what is damaged is not made worse"


def texts():
    """(path, title, body) of the demo's library."""
    for path in sorted(CONTENT.glob("*/*/??.md")):
        _, front, body = path.read_text("utf-8").split("---\n", 2)
        yield path, re.search(r"^title: (.+)$", front, re.MULTILINE)[1].strip("'\""), body


def library():
    groups: dict[str, int] = {}
    for number, (path, title, body) in enumerate(texts(), start=1):
        group = groups.setdefault(str(path.parent), len(groups))
        head, rest = analysis.document_terms(title), analysis.document_terms(body)
        facets = {"kind": (path.parts[-3],), "language": (path.stem,)}
        terms, length = head.terms * 3 + rest.terms, head.length * 3 + rest.length
        yield Entry(number, group, terms, length, facets, number % 90, f"{number}")


def questions():
    """Titles, headings, words taken from both and mistyped; and the judged set, where it is."""
    chance, asked = random.Random(7), []
    for _, title, body in texts():
        lines = [title, *re.findall(r"^#+ (.+)$", body, re.MULTILINE)]
        for line in lines[:4]:
            words = line.split()
            asked += [line, " ".join(chance.sample(words, min(2, len(words))))]
        asked.append(title.replace("a", "", 1))
    judged = HERE / "judged.jsonl"
    if judged.exists():
        asked += [json.loads(line)["query"] for line in judged.read_text("utf-8").splitlines()]
    return list(dict.fromkeys(asked))


def test_both_engines_answer_alike_over_the_library(index, tmp_path):
    """The same ids, order, scores and counts: so any judged set measures the same."""
    embedded, entries = Index("embedded", tmp_path, [])(), list(library())
    embedded.rebuild(entries)
    engine, half = index(), len(entries) // 2
    engine.rebuild(entries[:half])
    for one in entries[half:]:
        engine.write([one], [])
    asked, found = questions(), 0
    assert len(asked) >= 300
    for text in asked:
        for filters in ({}, {"language": ["vi"]}, {"kind": ["battlecard", "faq"]}):
            query = rules.ask(text, filters=filters, size=20).query
            answer = embedded.search(query)
            assert engine.search(query) == answer, text
            found += bool(answer.hits)
    assert found > 2 * len(asked)
