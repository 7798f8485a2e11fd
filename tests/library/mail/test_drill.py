"""Mail while both sides are killed: the drill of the bench, small."""

import pytest

from tests.bench.mail import Drill
from tests.conftest import DATABASES, POSTGRESQL, fresh_postgresql


@pytest.mark.slow
@pytest.mark.parametrize("database", DATABASES)
def test_each_notice_arrives_once_though_both_sides_are_killed(database, tmp_path):
    url = f"{POSTGRESQL}_mail_small" if database == "postgresql" else ""
    if url:
        fresh_postgresql(url)
    found = Drill(tmp_path, url).run(40, kills=2, outages=1, deaths=2)
    assert (found["did"]["kills"], found["did"]["outages"]) == (2, 1)
    assert "faults" not in found["did"]
    assert (found["notices"], found["mails"], found["lost"]) == (40, 40, 0)
    assert (found["twice"], found["texts"]) == (0, 40)
    assert found["raw"] == 40
    assert (found["unaided"], found["held"], found["sent"]) == (40, 0, 40)
