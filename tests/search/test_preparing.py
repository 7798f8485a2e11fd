"""Texts made ready for the index: the same by several processes as by one, whoever is killed."""

import multiprocessing
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from portal.search import preparing
from portal.search.indexable import Term, TextContent, TextFacts


def lot(first, many=2):
    facts, contents = [], {}
    for number in range(first, first + many):
        facts.append(
            TextFacts(
                id=number, asset_id=number, slug=f"card-{number}", kind="battlecard",
                language="vi", owner="Lan", digest=f"d{number}", day=739000 + number,
                facets=(Term("competitor", "orbis", {"en": "Orbis"}, ("Orbis WMS",)),),
            )
        )  # fmt: skip
        section = {
            "anchor": "why",
            "heading": "Vì sao",
            "text": f"Giá kho lạnh {number}",
            "sayables": [],
        }
        contents[number] = TextContent(f"Thẻ {number}", "", ("kho",), [section])
    return facts, contents


LOTS = [lot(1), lot(3), lot(5), lot(7), lot(9), lot(11), lot(13)]


@pytest.fixture
def several(monkeypatch):
    monkeypatch.setattr(preparing, "SHARED_FROM", 3)
    monkeypatch.setattr(preparing.os, "cpu_count", lambda: 2)


def told(found):
    return [[(it.entry, it.row, sorted(it.said)) for it in made] for made in found]


def test_several_processes_make_what_one_makes_in_the_same_order(several, monkeypatch):
    alone = told(map(preparing.ready, LOTS))
    # what this process makes itself would be told
    monkeypatch.setattr(preparing, "_done", lambda _, future: future.result())
    assert told(preparing.all_ready(LOTS)) == alone
    assert [it[0][0].id for it in alone] == [1, 3, 5, 7, 9, 11, 13]


def test_when_the_helpers_are_killed_nothing_is_missing(several):
    alone = told(map(preparing.ready, LOTS))
    making = preparing.all_ready(LOTS)
    found = [next(making)]
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    found += making
    assert told(found) == alone


def test_a_few_texts_start_no_process(monkeypatch):
    monkeypatch.setattr(preparing, "ProcessPoolExecutor", None)
    assert told(preparing.all_ready(LOTS)) == told(map(preparing.ready, LOTS))


def test_one_processor_is_not_shared(several, monkeypatch):
    monkeypatch.setattr(preparing.os, "cpu_count", lambda: 1)
    monkeypatch.setattr(preparing, "ProcessPoolExecutor", None)
    assert told(preparing.all_ready(LOTS)) == told(map(preparing.ready, LOTS))


def test_a_text_whose_content_is_gone_is_left_out():
    facts, contents = lot(1)
    assert [it.entry.id for it in preparing.ready((facts, {2: contents[2]}))] == [2]


DIES = """
import multiprocessing, os, signal, sys
from concurrent.futures import ProcessPoolExecutor
from portal.search.preparing import _end_with_parent
if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, spawn, initializer=_end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    sys.stdin.readline()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_helpers_end_with_who_started_them(tmp_path):
    script = tmp_path / "dies.py"
    script.write_text(DIES)
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    helper = os.pidfd_open(int(parent.stdout.readline()))
    parent.communicate("go on\n")
    assert select.select([helper], [], [], 30)[0], "the helper lives on"
    os.close(helper)
