"""Days of use summed to weeks."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.library.timeline.rules import weekly

DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
USED = st.dictionaries(DAYS, st.tuples(st.integers(0, 9), st.integers(0, 9)))


@given(USED)
def test_nothing_used_is_lost_and_weeks_come_latest_first(used):
    weeks = weekly((day, views, copies) for day, (views, copies) in used.items())
    assert sum(week.views for week in weeks) == sum(views for views, _ in used.values())
    assert sum(week.copies for week in weeks) == sum(copies for _, copies in used.values())
    assert [week.monday for week in weeks] == sorted({w.monday for w in weeks}, reverse=True)
    assert all(week.monday.weekday() == 0 and (week.views or week.copies) for week in weeks)
    assert all((week.last - week.monday).days == 6 for week in weeks)
