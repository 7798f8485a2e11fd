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
    found = Drill(tmp_path, url).run(40, kills=2, outages=1, patience=120)
    assert found["did"] == {"kills": 2, "outages": 1}
    assert (found["notices"], found["mails"], found["lost"]) == (40, 40, 0)
    assert (found["twice"], found["sent"]) == (0, 40)
