"""`portal history import`: what it says, how it ends, and that it can be killed at any moment."""

import random

import pytest

from tests.bench import history as bench
from tests.cli.conftest import portal, ready, settings  # noqa: F401  # fixtures
from tests.insights import world_files
from tests.insights.worlds import Size, simulate

SIZE = Size(60, 12, 5, 60)


@pytest.fixture
def files(tmp_path):
    world_files.write(simulate(SIZE, 2), tmp_path / "files")
    return tmp_path / "files"


def test_the_report_counts_each_file_and_names_who_was_added(ready, files):  # noqa: F811
    said = ready("history", "import", files, "--source", "old tool", "--json")
    assert said.status == 0
    told = said.json
    assert told["source"] == "old tool"
    assert [it["file"] for it in told["files"]] == list(world_files.HEADERS)
    assert {"file", "rows", "created", "updated", "unchanged", "rejected"} <= set(told["files"][0])
    assert told["totals"]["rows"] == told["totals"]["created"] + told["totals"]["updated"] + told["totals"]["unchanged"]  # fmt: skip
    assert set(told["people"]) == {world_files.owner_email(n) for n in range(5)}
    again = ready("history", "import", files, "--source", "old tool", "--json").json["totals"]
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, told["totals"]["rows"])  # fmt: skip


def test_rows_refused_are_told_in_words_and_by_the_exit_status(ready, files):  # noqa: F811
    with (files / "uses.csv").open("a", encoding="utf-8") as file:
        file.write("late,2999-01-01T00:00:00Z,a@example.com,A00001,viewed,,,\n")
    said = ready("history", "import", files)
    assert said.status == 1
    assert "uses.csv row" in said.err
    assert "“2999-01-01T00:00:00Z” is no time between" in said.err
    assert "1 refused" in said.out


def test_a_dry_run_says_the_same_and_changes_nothing(ready, files):  # noqa: F811
    dry = ready("history", "import", files, "--dry-run", "--json")
    assert dry.json["totals"]["created"] > 0
    assert dry.json == ready("history", "import", files, "--json").json


@pytest.mark.parametrize("arguments", [["no-such-folder"], [".", "--source", " "], []])
def test_wrong_usage_ends_with_2(ready, arguments):  # noqa: F811
    assert ready("history", "import", *arguments).status == 2


def test_a_folder_without_such_files_is_refused(ready, tmp_path):  # noqa: F811
    (tmp_path / "none").mkdir()
    said = ready("history", "import", tmp_path / "none")
    assert said.status == 1
    assert "has none of the files assets.csv" in said.err
    (tmp_path / "none" / "deals.csv").write_text("id,name\n1,x\n", "utf-8")
    said = ready("history", "import", tmp_path / "none")
    assert said.status == 1
    assert "must have the columns deal_id" in said.err


@pytest.mark.slow
def test_an_import_killed_at_random_ends_as_if_it_had_not_been(tmp_path):
    files = tmp_path / "files"
    world_files.write(simulate(Size(900, 60, 20, 80), random.randrange(1000)), files)
    calm = bench.ready(tmp_path / "calm")
    assert bench.start(calm, files).wait() == 0
    engine = bench.engine_of(tmp_path / "calm")
    told = bench.ready(tmp_path / "killed")
    ended = bench.killed(
        told, files, bench.engine_of(tmp_path / "killed"), bench.written(engine), 2
    )
    assert ended == 0
    after = bench.contents(bench.engine_of(tmp_path / "killed"))
    assert bench.differences(bench.contents(engine), after) == 0
