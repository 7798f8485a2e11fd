"""How clocks are told: near ones in working hours, others by their day, in three languages."""

from datetime import datetime, timedelta

import pytest
from flask_babel import force_locale

from portal.asset_requests.agreement import presenting
from portal.asset_requests.agreement.clocks import Clock, Promise
from portal.asset_requests.agreement.terms import first
from portal.asset_requests.agreement.working_time import Calendar

TERMS = first("Asia/Ho_Chi_Minh")
CALENDAR = Calendar(TERMS.week, TERMS.zone)


def at(text):
    day, time = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{time}+07:00")


def said(app, now, due="25 17:00", language="en", **values):
    clock = Clock(
        Promise.DELIVER, 1, at("23 08:00"), timedelta(hours=24), due and at(due), **values
    )
    with app.test_request_context(), force_locale(language):
        return presenting.due_view(clock, CALENDAR, at(now)).words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("25 16:40", "due in 20 minutes"),
        ("25 17:00", "due in 1 minute"),
        ("25 13:00", "due in 4 working hours"),
        ("25 07:00", "due in 8 working hours"),
        ("24 16:59", "due tomorrow 5:00 PM"),
        ("23 09:00", "due on Wed 25 Nov, 5:00 PM"),
        ("25 17:01", "overdue since a short while"),
        ("26 08:00", "overdue by 1 day"),
        ("27 08:00", "overdue by 2 days"),
    ],
)
def test_when_it_is_due(app, now, words):
    assert said(app, now).replace("\u202f", " ") == words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("25 09:00", "due on Sun 29 Nov"),
        ("28 09:00", "due tomorrow"),
        ("29 23:59", "due today"),
        ("30 00:01", "overdue by 1 day"),
    ],
)
def test_what_is_due_within_a_day_is_told_without_an_hour(app, now, words):
    assert said(app, now, due="30 00:00") == words


def test_how_it_ended(app):
    assert said(app, "30 08:00", done_at=at("25 17:00")) == "done on time"
    assert said(app, "30 08:00", done_at=at("25 17:01")) == "done late"
    assert said(app, "30 08:00", stopped_at=at("26 17:01")) == "ended late"
    assert said(app, "30 08:00", stopped_at=at("25 17:00")) == "not needed any more"
    assert said(app, "30 08:00", due=None).startswith("paused")


@pytest.mark.parametrize("language", ["vi", "ru"])
def test_in_other_languages(app, language):
    for now in ("25 16:40", "25 13:00", "24 16:59", "23 09:00", "25 17:01", "27 08:00"):
        words = said(app, now, language=language)
        assert words
        assert words != said(app, now)
