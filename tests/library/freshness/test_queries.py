"""The database agrees with the calendar about what is due, whatever set the interval."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.library.freshness import queries
from portal.library.freshness.models import ReviewInterval
from portal.library.freshness.rules import DEFAULTS, freshness
from portal.library.rules import Kind
from tests import make

TODAY = date(2026, 11, 25)


def interval(db, kind, months):
    db.session.add(ReviewInterval(kind=kind, months=months, set_at=clock.now()))
    db.session.flush()


def test_own_interval_then_the_kinds_then_the_usual_one(db):
    plain, own = make.asset(kind="faq"), make.asset(kind="faq", review_months=2)
    assert [queries.months_of(it.id) for it in (plain, own)] == [DEFAULTS[Kind.FAQ], 2]
    interval(db, "faq", 9)
    assert [queries.months_of(it.id) for it in (plain, own)] == [9, 2]
    assert queries.kind_months("faq") == 9


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_due_is_what_the_rules_say(db, data):
    with db.session.begin_nested() as outer:
        day = data.draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
        if data.draw(st.booleans()):
            interval(db, "guide", data.draw(st.integers(1, 60)))
        expected = {}
        for _ in range(8):
            made = make.asset(
                kind=data.draw(st.sampled_from(["guide", "battlecard"])),
                review_months=data.draw(st.none() | st.integers(1, 60)),
                checked_on=data.draw(st.none() | st.dates(date(2024, 1, 1), date(2026, 12, 31))),
            )
            months = queries.months_of(made.id)
            found = freshness(made.checked_on, months, day)
            expected[made.id] = found.due_on is None or found.due_on <= day
        assert {it.id for it in queries.due(day)} == {i for i, due in expected.items() if due}
        outer.rollback()


def test_only_what_is_published_is_due_and_the_filters_hold(db):
    tom, linh = make.user(role="marketer"), make.user(role="marketer")
    old = date(2025, 1, 1)
    mine = make.asset(owner_id=tom.id, checked_on=old)
    backed = make.asset(owner_id=linh.id, backup_owner_id=tom.id, kind="faq", checked_on=old)
    nobodys = make.asset(checked_on=None)
    make.asset(state="draft")
    make.asset(checked_on=TODAY)

    def ids(**said):
        return {it.id for it in queries.due(TODAY, **said)}

    assert ids() == {mine.id, backed.id, nobodys.id}
    assert ids(person_id=tom.id) == {mine.id, backed.id}
    assert ids(owner_id=linh.id) == {backed.id}
    assert ids(owner_id=0) == {nobodys.id}
    assert ids(kind="faq") == {backed.id}
    assert queries.due(TODAY - timedelta(days=900))[0].id == nobodys.id
