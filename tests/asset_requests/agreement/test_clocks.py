"""What is due when: every move of a request starts, pauses, restarts or ends the right clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.asset_requests.agreement import clocks, terms
from portal.asset_requests.agreement.clocks import Promise, Standing, Step
from portal.asset_requests.agreement.terms import first
from portal.asset_requests.agreement.working_time import Calendar

TERMS = first("Asia/Ho_Chi_Minh")
CALENDAR = Calendar(TERMS.week, TERMS.zone)
HOUR = timedelta(hours=1)


def at(text):
    """A moment of November 2026 in Hanoi: day, hour and minute."""
    day, time = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{time}+07:00").astimezone(UTC)


def read(*steps, kind="faq", urgent=False, asked="23 08:00", used=(), rated=(), by_terms=TERMS):
    return clocks.read(
        kind=kind,
        urgent=urgent,
        asked_at=at(asked),
        steps=[Step(at(when), state) for when, state in steps],
        used_at=[at(when) for when in used],
        rated_at=[at(when) for when in rated],
        terms=by_terms,
        calendar=CALENDAR,
    )


def by(found, promise, number=1):
    return next(c for c in found if c.promise is promise and c.round == number)


def test_asking_starts_the_answering_sides_two_clocks():
    found = read()
    assert [c.promise for c in found] == [Promise.ACKNOWLEDGE, Promise.DELIVER]
    assert [c.due_at for c in found] == [at("23 17:00"), at("25 17:00")]
    assert [c.due_at for c in read(urgent=True)] == [at("23 10:00"), at("23 17:00")]


@pytest.mark.parametrize("state", ["acknowledged", "taken-on", "waiting", "delivered", "declined"])
def test_whatever_shows_that_it_was_seen_acknowledges(state):
    clock = by(read(("23 09:00", state)), Promise.ACKNOWLEDGE)
    assert clock.done_at == at("23 09:00")
    assert clock.standing(at("30 09:00")) is Standing.ON_TIME


def test_on_time_to_the_second_and_late_after_it():
    due, later = at("25 17:00"), ("26 08:00", "delivered")
    assert by(read(("25 17:00", "delivered")), Promise.DELIVER).standing(due) is Standing.ON_TIME
    assert by(read(later), Promise.DELIVER).standing(due) is Standing.LATE
    open_clock = by(read(), Promise.DELIVER)
    assert open_clock.standing(due) is Standing.RUNNING
    assert open_clock.standing(due, at("25 13:00")) is Standing.SOON
    assert open_clock.standing(due + timedelta(microseconds=1)) is Standing.OVERDUE


def test_asking_back_pauses_the_delivery_and_starts_the_askers_clock():
    found = read(("23 12:00", "waiting"))
    assert by(found, Promise.DELIVER).standing(at("30 08:00")) is Standing.PAUSED
    assert by(found, Promise.DELIVER).used(CALENDAR, at("30 08:00")) == 4 * HOUR
    assert by(found, Promise.CONTEXT).due_at == at("24 12:00")
    found = read(("23 12:00", "waiting"), ("25 13:00", "taken-on"))
    assert by(found, Promise.CONTEXT).standing(at("30 08:00")) is Standing.LATE
    assert by(found, Promise.DELIVER).due_at == at("27 17:00")  # 20 hours are left
    assert by(found, Promise.DELIVER).used(CALENDAR, at("25 15:00")) == 6 * HOUR


def test_asking_back_when_overdue_does_not_undo_it():
    clock = by(read(("26 08:00", "waiting")), Promise.DELIVER)
    assert clock.standing(at("26 09:00")) is Standing.OVERDUE


def test_a_delivery_starts_the_trying_and_using_it_is_trying():
    delivered = ("24 09:00", "delivered")
    trying = by(read(delivered), Promise.TRY)
    assert trying.due_at == datetime.fromisoformat("2026-12-09T00:00+07:00")
    for found in (
        read(delivered, used=["23 10:00", "25 09:00", "26 09:00"]),
        read(delivered, ("25 09:00", "accepted")),
        read(delivered, ("25 09:00", "reopened")),
    ):
        assert by(found, Promise.TRY).done_at == at("25 09:00")


def test_reopening_starts_the_delivery_anew_in_full():
    found = read(("24 09:00", "delivered"), ("25 08:00", "reopened"))
    assert by(found, Promise.DELIVER).done_at == at("24 09:00")
    assert by(found, Promise.DELIVER, 2).due_at == at("27 17:00")
    assert [c.promise for c in found].count(Promise.ACKNOWLEDGE) == 1


@pytest.mark.parametrize("state", ["withdrawn", "merged", "declined"])
def test_what_is_not_needed_any_more_stops_and_stays_late_when_it_was(state):
    assert (
        by(read(("24 08:00", state)), Promise.DELIVER).standing(at("30 08:00")) is Standing.STOPPED
    )
    assert by(read(("26 08:00", state)), Promise.DELIVER).standing(at("26 08:00")) is Standing.LATE
    paused = read(("24 08:00", "waiting"), ("30 08:00", state))
    assert by(paused, Promise.DELIVER).standing(at("30 09:00")) is Standing.STOPPED
    assert all(c.ended_at for c in paused)


def test_a_rating_is_owed_in_the_same_days_and_accepting_is_none():
    told = [("23 10:00", "taken-on"), ("24 09:00", "delivered"), ("25 09:00", "accepted")]
    owed = by(read(*told), Promise.RATE)
    assert (owed.due_at, owed.ended_at) == (by(read(*told), Promise.TRY).due_at, None)
    assert owed.standing(at("30 09:00")) is Standing.RUNNING
    rated = by(read(*told, rated=["23 09:00", "26 10:00"]), Promise.RATE)
    assert rated.done_at == at("26 10:00")  # what was rated before is something else
    assert rated.used(CALENDAR, at("30 09:00")) == timedelta(days=2, hours=1)


def test_what_is_reopened_is_not_to_be_rated_yet():
    found = read(("24 09:00", "delivered"), ("25 09:00", "reopened"), ("26 09:00", "delivered"))
    first, second = by(found, Promise.RATE), by(found, Promise.RATE, 2)
    assert (first.standing(at("30 09:00")), second.ended_at) == (Standing.STOPPED, None)


def test_versions_signed_before_there_were_ratings_owe_none():
    kept = TERMS.model_dump(mode="json")
    del kept["rates"]
    found = read(("24 09:00", "delivered"), by_terms=terms.read(kept))
    assert Promise.RATE not in {clock.promise for clock in found}


STATES = ["acknowledged", "taken-on", "waiting", "delivered", "accepted", "declined", "reopened"]
STATES += ["withdrawn", "merged", "asked"]
stories = st.lists(
    st.tuples(st.integers(0, 40000), st.sampled_from([*STATES, ""])), max_size=12
).map(sorted)


@settings(deadline=None)
@given(stories, st.sampled_from(["faq", "video", None, "unheard-of"]), st.booleans())
def test_whatever_happens_the_clocks_hang_together(story, kind, urgent):
    start = at("20 16:00")
    moment = [start + timedelta(minutes=m) for m, _ in story]
    found = clocks.read(
        kind=kind, urgent=urgent, asked_at=start,
        steps=[Step(m, s) for m, (_, s) in zip(moment, story, strict=True) if s],
        used_at=[m for m, (_, s) in zip(moment, story, strict=True) if not s],
        terms=TERMS, calendar=CALENDAR,
    )  # fmt: skip
    now = start + timedelta(days=60)
    assert len({(c.promise, c.round) for c in found}) == len(found)
    for clock in found:
        assert clock.ended_at is None or clock.ended_at >= clock.started_at
        assert not (clock.done_at and clock.stopped_at)
        standing, used = clock.standing(now), clock.used(CALENDAR, now)
        assert used >= timedelta(0)
        if clock.promise not in clocks.BY_DAYS and clock.due_at is not None:
            assert clock.due_at >= CALENDAR.after(clock.started_at, clock.allowed)
            if standing is Standing.ON_TIME:
                assert used <= clock.allowed
            if standing in {Standing.LATE, Standing.OVERDUE}:
                assert used >= clock.allowed
    ended = [state for _, state in story][-1:] and [s for _, s in story if s][-1:]
    if ended and ended[0] in clocks.ENDS:
        assert all(c.ended_at for c in found)
