"""Requests at 50,000, 2,000 of them open: the board, the table, filing one and every move."""

import random
import tempfile
import time
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import insert

from portal import clock
from portal.accounts.models import Team, User
from portal.accounts.rules import Role
from portal.app import create_app
from portal.asset_requests import queries
from portal.asset_requests.acting import Person
from portal.asset_requests.agreement import service as agreement
from portal.asset_requests.agreement.models import RequestClock, RequestTerms
from portal.asset_requests.asking import service as asking
from portal.asset_requests.asking.rules import Draft
from portal.asset_requests.models import (
    AssetRequest,
    RequestEvent,
    RequestSupporter,
    RequestWord,
)
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action
from portal.config import Config
from portal.db import Base, db
from portal.deals.models import Deal
from tests.bench.table import Figure, show
from tests.page import Client

REQUESTS, OPEN, REPS, WRITERS, DEALS = 50_000, 2_000, 80, 20, 20_000
STATES = ("asked", "acknowledged", "taken-on", "waiting", "reopened")
ENDS = ("accepted", "accepted", "accepted", "declined", "withdrawn", "merged")
KINDS = ("battlecard", "case-study", "comparison", "faq", "deck", "guide")
WORDS = "giá hợp đồng so sánh kestrel склад холодный price cold store case study demo".split()
SEEN, MOVED = 30, 60
ZONE = "UTC"


def calibration():
    """Milliseconds of a loop that is the same everywhere: to compare machines by."""
    began = time.perf_counter()
    total = 0
    for number in range(1_000_000):
        total += number * number % 7
    return (time.perf_counter() - began) * 1000


def people():
    """Teams, reps and writers; returns (ids of reps, ids of writers)."""
    now = clock.now()
    db.session.execute(
        insert(Team),
        [{"id": n, "name": f"Team {n}", "name_key": f"team {n}"} for n in range(1, 11)],
    )
    rows = [
        {
            "id": n, "email": f"p{n}@example.com", "email_key": f"p{n}@example.com",
            "name": f"Person {n}", "role": "rep" if n <= REPS else "marketer",
            "department": "sales" if n <= REPS else "marketing",
            "team_id": 1 + n % 10 if n <= REPS else None, "created_at": now, "active": True,
        }
        for n in range(1, REPS + WRITERS + 1)
    ]  # fmt: skip
    db.session.execute(insert(User), rows)
    return range(1, REPS + 1), range(REPS + 1, REPS + WRITERS + 1)


def deals(chance):
    """Deals, a third of them open, three currencies."""
    now = clock.now()
    rows = [
        {
            "id": n, "name": f"Deal {n}", "account": "", "owner_id": 1 + n % REPS, "team_id": 1 + n % 10,
            "amount": chance.randrange(1_000, 900_000), "currency": chance.choice(("EUR", "EUR", "VND", "RUB")),
            "stage": "", "outcome": chance.choice(("open", "won", "lost")),
            "closes_on": date(2027, 1, 1) + timedelta(days=n % 200), "created_at": now, "updated_at": now,
        }
        for n in range(1, DEALS + 1)
    ]  # fmt: skip
    db.session.execute(insert(Deal), rows)


def request_row(number, state, asked_at, writer):
    return {
        "id": number, "token": f"bench-{number}", "title": f"Request {number}: " + " ".join(WORDS[number % 9:][:4]),
        "situation": "A customer hesitates.", "kind": KINDS[number % len(KINDS)], "language": ("en", "vi", "ru")[number % 3],
        "competitor": f"rival-{number % 9}", "department": "marketing", "urgent": number % 17 == 0,
        "origin": "blank", "query": "", "filters": {}, "anchor": "", "requester_id": 1 + number % REPS,
        "assignee_id": writer if state in {"taken-on", "waiting", "accepted"} else None, "state": state,
        "asked_at": asked_at, "changed_at": asked_at,
    }  # fmt: skip


def clock_row(number, promise, asked_at, hours, *, is_open):
    due = asked_at + timedelta(hours=hours)
    return {
        "request_id": number, "agreement_id": 1, "promise": promise, "round": 1, "month": f"{asked_at:%Y-%m}",
        "department": "marketing", "urgent": False, "started_at": asked_at, "allowed": hours * 3600,
        "soon_at": due - timedelta(hours=3) if is_open else None, "due_at": due,
        "ended_at": None if is_open else due, "kept": not is_open, "used": None if is_open else hours * 3600, "pauses": [],
    }  # fmt: skip


def fill(total=REQUESTS, opened=OPEN):
    """Fill a database by plain inserts: requests, who waits, what happened, what is due."""
    chance, now = random.Random(4), clock.now()
    _, writers = people()
    deals(chance)
    agreement.current(ZONE)
    db.session.flush()
    rows = {AssetRequest: [], RequestSupporter: [], RequestEvent: [], RequestTerms: [],
            RequestClock: [], RequestWord: []}  # fmt: skip
    for number in range(1, total + 1):
        is_open = number > total - opened
        state = chance.choice(STATES if is_open else ENDS)
        asked_at = now - timedelta(hours=chance.randrange(1, 240 if is_open else 12_000))
        rows[AssetRequest].append(request_row(number, state, asked_at, chance.choice(writers)))
        first = number % REPS
        for user in {1 + first, *(1 + chance.randrange(REPS) for _ in range(number % 3))}:
            deal = chance.choice((None, 1 + chance.randrange(DEALS)))
            rows[RequestSupporter].append(
                {"request_id": number, "user_id": user, "deal_id": deal, "at": asked_at}
            )
        rows[RequestEvent].append(
            {
                "request_id": number, "at": asked_at, "user_id": 1 + first, "action": "ask",
                "led_to": "asked", "note": "", "detail": {},
            }
        )  # fmt: skip
        is_ack, is_due = state == "asked", is_open and state != "waiting"
        for promise, hours, runs in (("acknowledge", 8, is_ack), ("deliver", 120, is_due)):
            rows[RequestClock].append(clock_row(number, promise, asked_at, hours, is_open=runs))
        due = {"ack": is_ack and 8, "deliver": is_due and 120, "context": state == "waiting" and 16}
        rows[RequestTerms].append(
            {"request_id": number, "agreement_id": 1}
            | {f"{k}_due_at": asked_at + timedelta(hours=h) if h else None for k, h in due.items()}
        )
        if is_open:
            rows[RequestWord] += [
                {"request_id": number, "word": word, "weight": 1}
                for word in set(WORDS[number % 9 :])
            ]
    for table, found in rows.items():
        db.session.execute(insert(table), found)
    db.session.commit()


def timed(action):
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def p95(values):
    return quantiles(values, n=20)[18]


def figure(name, values, most=None):
    return Figure(f"{name}, p95", p95(values), "ms", most=most, note=f"p50 {median(values):.1f} ms")


def pages(app):
    """Milliseconds of the board and of the table, as a marketer opens them."""
    with app.app_context():
        browser = Client(app).sign_in(db.session.get(User, REPS + 1))
    found = {}
    for name, path in {
        "board, by due": "/requests/board",
        "board, by weight": "/requests/board?sort=weight",
        "table, by due": "/requests/",
        "table, by weight": "/requests/?sort=weight",
        "table, any state": "/requests/?tab=all&state=any&sort=newest",
        "table, a word in any state": "/requests/?tab=all&state=any&q=kestrel",
    }.items():

        def ask(path=path):
            with app.app_context():
                answer = browser.raw.get(path)
            assert answer.status_code == 200, answer.status

        ask()
        found[name] = [timed(ask) for _ in range(SEEN)]
    return found


def person(number):
    user = db.session.get(User, number)
    return Person(user.id, Role(user.role), user.department, user.team_id, ZONE)


def in_a_request(app, action):
    """Do something as a request does: in a context and a transaction of its own, with the commit."""
    with app.app_context():
        action()
        db.session.commit()


def moves(app):
    """Milliseconds of filing a request and of each move, `MOVED` times each."""
    filed = []

    def file(number):
        draft = Draft(f"New {number}", "Why?", kind="faq", deal_id=None)
        words = lambda text: dict.fromkeys(text.lower().split(), 1)  # noqa: E731
        it = asking.ask(person(1 + number % REPS), draft, token=f"new-{number}", words=words)
        filed.append((it.id, 1 + number % REPS))

    def do(number, action, asker=False, note=""):
        request_id, requester = filed[number]
        who = person(requester if asker else REPS + 1)
        moving.move(who, queries.by_number(request_id, lock=True), action, note=note)

    def give(number):
        moving.assign(person(REPS + 1), queries.by_number(filed[number][0], lock=True), REPS + 2)

    def support(number):
        who = person(1 + (number + 1) % REPS)
        asking.support(who, queries.by_number(filed[number][0], lock=True))

    steps = {
        "filing": file,
        "waiting for it too": support,
        "acknowledge": partial(do, action=Action.ACKNOWLEDGE),
        "take on": partial(do, action=Action.TAKE_ON),
        "assign": give,
        "ask back": partial(do, action=Action.WAIT, note="Which?"),
        "answer": partial(do, action=Action.ANSWER, asker=True, note="This."),
        "decline": partial(do, action=Action.DECLINE, note="No."),
        "reopen": partial(do, action=Action.REOPEN, asker=True, note="Still."),
        "withdraw": partial(do, action=Action.WITHDRAW, asker=True),
    }
    return {
        name: [timed(partial(in_a_request, app, partial(step, n))) for n in range(MOVED)]
        for name, step in steps.items()
    }


def run(total=REQUESTS, opened=OPEN):
    """Print the table; returns whether everything asked for was reached."""
    before = calibration()
    with tempfile.TemporaryDirectory(prefix="arsenal-bench-") as folder:
        app = create_app(Config(data_dir=Path(folder), secret_key="only the bench uses this one"))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            fill(total, opened)
        shown, moved = pages(app), moves(app)
        with app.app_context():
            db.engine.dispose()
    figures = [
        figure(name, values, 120 if "board" in name else None) for name, values in shown.items()
    ]
    figures += [figure(name, values, 40) for name, values in moved.items()]
    loops = f"before {before:.0f} ms, after {calibration():.0f} ms"
    figures.append(Figure("a loop of a million, to compare machines", before, "ms", note=loops))
    return show(f"requests: {total:,}, {opened:,} of them open", figures)


if __name__ == "__main__":
    run()
