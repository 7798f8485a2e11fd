"""A calendar becomes planned calls, once; nothing of who takes part is kept."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import clock
from portal.calls.agenda import reading, rules
from portal.calls.models import Call
from portal.errors import Invalid
from tests import make

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"


def stamp(**ahead):
    return (clock.now() + timedelta(**ahead)).strftime("%Y%m%dT%H%M00Z")


def meeting(uid="u1", start=None, summary="Delta Foods: demo", *more):
    lines = [
        "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", f"DTSTART:{start or stamp(days=2)}",
        f"SUMMARY:{summary}", "ATTENDEE;CN=Ivan Petrov:mailto:ivan@customer.example",
        "ORGANIZER;CN=Petra:mailto:petra@customer.example", *more, "END:VEVENT",
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def calendar(*meetings, head=HEAD):
    return head + "".join(meetings) + "END:VCALENDAR\r\n"


@pytest.fixture
def rep(db):
    return make.user(name="Lan Nguyen", team_id=make.team().id)


@pytest.fixture
def deal(rep):
    return make.deal(rep, name="Delta Foods")


@pytest.fixture
def give(db, client, rep, deal):
    db.session.commit()
    client.sign_in(rep)

    def give(content):
        data = content if isinstance(content, bytes) else content.encode()
        return client.post("/calls/agenda", data={"file": (BytesIO(data), "calendar.ics")})

    return give


def calls(db):
    db.session.expire_all()
    return db.session.scalars(select(Call).order_by(Call.at)).all()


def test_taken_once_moved_and_called_off(db, give, rep, deal):
    assert give(calendar(meeting())).location == "/calls/?taken=1&moved=0&off=0"
    assert give(calendar(meeting())).location == "/calls/?taken=0&moved=0&off=0"
    (call,) = calls(db)
    assert (call.deal_id, call.user_id, call.state, call.note) == (deal.id, rep.id, "planned", "")
    kept = " ".join(str(getattr(call, column.name)) for column in Call.__table__.columns)
    assert "Ivan" not in kept
    assert "customer.example" not in kept
    assert give(calendar(meeting(start=stamp(days=3)))).location == "/calls/?taken=0&moved=1&off=0"
    (call,) = calls(db)
    assert call.at > clock.now() + timedelta(days=2, hours=1)
    off = meeting("u1", stamp(days=3), "Delta Foods: demo", "STATUS:CANCELLED")
    assert give(calendar(off)).location == "/calls/?taken=0&moved=0&off=1"
    assert give(calendar(off)).location == "/calls/?taken=0&moved=0&off=0"
    assert [c.state for c in calls(db)] == ["called-off"]
    assert give(calendar(meeting(start=stamp(days=4)))).location == "/calls/?taken=0&moved=1&off=0"
    assert [c.state for c in calls(db)] == ["planned"]


def test_a_call_planned_by_hand_follows_its_meeting(db, give, rep, deal):
    at = (clock.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    call = make.call(deal, rep, state="planned", at=at)
    db.session.commit()
    assert "taken=0" in give(calendar(meeting(start=at.strftime("%Y%m%dT%H%M%SZ")))).location
    assert "moved=1" in give(calendar(meeting(start=stamp(days=3)))).location
    assert [it.id for it in calls(db)] == [call.id]


def test_a_call_that_was_logged_stays(db, give, rep, deal):
    give(calendar(meeting(start=stamp(hours=-2))))
    (call,) = calls(db)
    call.state = "logged"
    db.session.commit()
    give(calendar(meeting(start=stamp(days=4))))
    assert calls(db)[0].at < clock.now()


def test_what_is_not_near_or_not_a_meeting_is_left_out(db, give):
    page = give(
        calendar(
            meeting("old", stamp(days=-40)),
            meeting("far", stamp(days=500)),
            meeting("day", "20261201").replace("DTSTART:", "DTSTART;VALUE=DATE:"),
            meeting("odd", "99999999T999999Z"),
            meeting("edge", "00010101T000000Z"),
            meeting("off", None, "Delta Foods", "STATUS:CANCELLED"),
        )
    )
    assert page.status == 303, page.words()
    assert calls(db) == []


def test_meetings_that_name_no_deal_wait_for_a_choice(db, client, give, deal):
    page = give(calendar(meeting(), meeting("u2", stamp(days=4), "Dentist <b>")))
    assert page.status == 200
    assert "Dentist <b>" in page.words()
    fields = {i.get("name"): i.get("value") for i in page.tree.iter("input") if i.get("name")}
    sent = {name: fields[name] for name in ("uid-0", "at-0")} | {"deal-0": deal.id}
    assert client.post("/calls/agenda/choose", data=sent).location.startswith("/calls/?taken=1")
    assert client.post("/calls/agenda/choose", data=sent).location.startswith("/calls/?taken=0")
    assert len(calls(db)) == 2
    assert give(calendar(meeting("u2", stamp(days=4), "Dentist <b>"))).status == 303
    foreign = make.deal(make.user(), name="Foreign")
    db.session.commit()
    for odd in (
        {"deal-0": foreign.id, "uid-0": "a" * 64},
        {"uid-0": "x", "deal-0": deal.id},
        {"uid-0": "b" * 64, "at-0": "x"},
        {"uid-0": "b" * 64, "at-0": "0001-01-01T00:00+14:00"},
        {"uid-0": "b" * 64, "at-0": "2026-12-01T10:00"},
        {"deal-0": "9" * 99},
    ):
        assert "taken=0" in client.post("/calls/agenda/choose", data=sent | odd).location
    assert len(calls(db)) == 2


def test_series_are_taken_for_thirty_days(db, give, deal):
    day = (clock.now() + timedelta(days=7)).strftime("%Y%m%d")
    series = meeting(
        "s",
        f"{day}T090000",
        "Delta Foods",
        "RRULE:FREQ=WEEKLY",
        f"EXDATE;TZID=Asia/Tokyo:{later(14)}T090000",
    ).replace("DTSTART:", "DTSTART;TZID=Asia/Tokyo:")
    moved = meeting(
        "s",
        f"{later(22)}T100000Z",
        "Delta Foods",
        f"RECURRENCE-ID;TZID=Asia/Tokyo:{later(21)}T090000",
    )
    give(calendar(series, moved))
    found = [(c.at.strftime("%Y%m%d"), c.at.hour) for c in calls(db)]
    assert found == [(day, 0), (later(22), 10), (later(28), 0)]
    give(calendar(moved, series))  # in whatever order a calendar writes them
    assert [(c.at.strftime("%Y%m%d"), c.at.hour) for c in calls(db)] == found


def later(days):
    return (clock.now() + timedelta(days=days)).strftime("%Y%m%d")


def test_zones(db, give, app):
    custom = (
        "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    give(
        calendar(
            meeting("a", f"{later(2)}T100000").replace("DTSTART:", "DTSTART;TZID=Own:"),
            meeting("b", f"{later(3)}T100000").replace("DTSTART:", "DTSTART;TZID=Europe/Moscow:"),
            meeting("c", f"{later(4)}T100000"),
            head=HEAD + custom,
        )
    )
    assert [(c.at.hour, c.at.minute) for c in calls(db)] == [(4, 30), (7, 0), (10, 0)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"PK\x03\x04" + b"\x00" * 100,
        b"\xff" * 100,
        b"BEGIN:VCALENDAR\r\n" + b"x" * 1_000_001,
        b"x" * 1_000_001,
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
    ],
)
def test_broken_files_are_told(db, give, content):
    page = give(content)
    assert page.status in {422, 303}
    assert page.status == 422 or content.startswith("BEGIN")
    assert calls(db) == []


def test_nothing_given(db, as_):
    browser = as_("rep")
    db.session.commit()
    assert browser.get("/calls/agenda").status == 200
    assert browser.post("/calls/agenda").status == 422


PIECES = st.sampled_from(
    [
        "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "UID:a", "UID:", "SUMMARY:x",
        "DTSTART:20261205T100000Z", "DTSTART;TZID=Nowhere:20261205T100000", "DTSTART:20261205",
        "DTSTART:x", "RRULE:FREQ=DAILY;COUNT=0", "RRULE:FREQ=X", "RRULE:", "RRULE:FREQ=MONTHLY;BYDAY=9XX",
        "EXDATE:20261205T100000Z", "EXDATE:x", "RECURRENCE-ID:20261205T100000Z", "STATUS:CANCELLED",
        "SEQUENCE:x", "METHOD:CANCEL", ";;;", "\x00", "X:\ud800", " folded",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30))
def test_any_lines_are_read_or_refused(lines):
    data = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode(
        "utf-8", "surrogatepass"
    )
    now = datetime(2026, 12, 1, tzinfo=UTC)
    try:
        found = reading.events(data, now=now, zone=UTC)
    except Invalid:
        return
    assert all(len(event.uid) == 64 and event.at.tzinfo for event in found)


def test_a_file_full_of_series_is_no_burden():
    one = "BEGIN:VEVENT\r\nUID:u{0}\r\nDTSTART:20161210T090000Z\r\nRRULE:FREQ=DAILY;COUNT=9999\r\nEND:VEVENT\r\n"
    data = (
        "BEGIN:VCALENDAR\r\n" + "".join(map(one.format, range(400))) + "END:VCALENDAR\r\n"
    ).encode()
    found = reading.events(data, now=datetime(2026, 12, 1, tzinfo=UTC), zone=UTC)
    assert len(found) <= rules.EVENTS_MOST
