"""Figures of requests: counted by hand on a small world."""

from datetime import UTC, datetime, timedelta

from portal.asset_requests.figures import rules
from portal.asset_requests.figures.rules import Asked

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def asked(days_ago, *, after=None, kind="faq", department="marketing", **values):
    """A request of some days ago; `after` maps states to the hours they took."""
    at = NOW - timedelta(days=days_ago)
    reached = {state: at + timedelta(hours=hours) for state, hours in (after or {}).items()}
    delivered = reached.get("delivered")
    usual = {"is_settled": False, "settled_at": NOW, "was_there": None, "used_at": None}
    return Asked(
        department=department,
        kind=kind,
        asked_at=at,
        reached=reached,
        delivered_at=delivered,
        **usual | values,
    )


def test_times_count_what_runs_still():
    done = [asked(10, after={"delivered": hours}, was_there=False) for hours in (10, 20, 30)]
    line = rules.line("", None, done, NOW)
    assert line.times["delivered"] == (20 * 3600, 30 * 3600)
    running = [asked(1) for _ in range(3)]  # 24 hours, and not done
    line = rules.line("", None, done + running, NOW)
    assert (line.asked, line.delivered) == (6, 3)
    assert line.times["delivered"] == (30 * 3600, 30 * 3600)
    never = [asked(9, is_settled=True, settled_at=NOW - timedelta(days=7)) for _ in range(40)]
    assert rules.line("", None, done + never, NOW).times["delivered"] == (None, None)


def test_use_is_judged_after_thirty_days_or_once_there_was_some():
    def delivered(days_ago, used_after=None):
        at = NOW - timedelta(days=days_ago)
        used = None if used_after is None else at + timedelta(days=used_after)
        return asked(days_ago, after={"delivered": 0}, was_there=False, used_at=used)

    found = [
        delivered(40, 3),
        delivered(40, 31),  # too late
        delivered(40),
        delivered(5, 2),
        delivered(5),  # may yet be
    ]
    line = rules.line("", None, found, NOW)
    assert (line.judged, line.used) == (4, 2)
    assert line.told()["used_share"] == 0.5


def test_what_was_there_before_answers_as_alternatives_do():
    found = [
        asked(9, after={"delivered": 1}, was_there=True),
        asked(9, after={"delivered": 1}, was_there=False),
        asked(9, has_alternative=True, is_settled=True),
        asked(9),
    ]
    line = rules.line("", None, found, NOW)
    assert (line.existing, line.answered) == (2, 3)


def test_by_department_and_kind_the_largest_first():
    found = [
        asked(1, kind="deck"),
        asked(1),
        asked(1),
        asked(1, department="product", kind=None),
    ]
    lines = [(it.department, it.kind, it.asked) for it in rules.count(found, NOW)]
    assert lines == [
        ("", None, 4),
        ("marketing", None, 3),
        ("marketing", "faq", 2),
        ("marketing", "deck", 1),
        ("product", None, 1),
    ]
    assert rules.count([], NOW)[0].told()["existing_share"] is None
