"""The drill of `python -m tests.bench jobs`, smaller: workers that are killed and stopped."""

import os

import pytest

from tests.bench.jobs import Drill
from tests.conftest import DATABASES, POSTGRESQL, fresh_postgresql

JOBS, KILLS, STOPS = 40, 3, 2
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
PATIENCE = 300  # seconds, on a machine that does everything else at the same time


@pytest.mark.slow
@pytest.mark.parametrize("database", DATABASES)
def test_killed_and_stopped_workers_have_each_effect_once(database, tmp_path):
    url = ""
    if database == "postgresql":
        url = f"{POSTGRESQL}_{WORKER}_drill"
        fresh_postgresql(url)
    drill = Drill(tmp_path, url)
    _, left, effects, different, _ = drill.run(JOBS, kills=KILLS, stops=STOPS, patience=PATIENCE)
    assert (left, effects, different) == (0, JOBS, JOBS)
    assert (drill.did["kills"], drill.did["stops"]) == (KILLS, STOPS)
