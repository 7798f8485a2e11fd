"""The clock is the only source of time and speaks UTC."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal import clock

PORTAL = Path(__file__).resolve().parents[1] / "portal"
TELLS_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def test_now_is_aware_and_utc():
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def other_clocks(source):
    for node in ast.walk(ast.parse(source)):
        named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if named and (node.value.id, node.attr) in TELLS_TIME:
            yield node.lineno


def test_nobody_else_asks_for_the_time():
    asking = {
        f"{path.relative_to(PORTAL)}:{line}"
        for path in PORTAL.rglob("*.py")
        if path.name != "clock.py"
        for line in other_clocks(path.read_text("utf-8"))
    }
    assert asking == set()


def test_another_clock_is_noticed():
    assert list(other_clocks("x = 1\ny = datetime.now()")) == [2]
