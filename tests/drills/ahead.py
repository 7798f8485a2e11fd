"""The clock is 400 days ahead, and back again: pages, duties, sessions, writing."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal import clock, jobs, work
from portal.db import db
from portal.jobs.models import QueuedJob
from portal.jobs.runner import Runner
from tests.drills import seeding
from tests.drills.company import Company
from tests.drills.walking import walk
from tests.page import Client

DAYS = 400
MANY, FEW = 400, 60


@contextmanager
def at(days):
    """The portal's only clock, so many days ahead."""
    kept = clock.now
    clock.now = lambda: datetime.now(UTC) + timedelta(days=days)
    try:
        yield
    finally:
        clock.now = kept


def run(report, folder, url, *, short):
    company = Company(folder, url).prepare()
    seeding.fill(company, year=not short)
    company.run("search", "rebuild")
    company.app.config["WTF_CSRF_ENABLED"] = False
    try:
        under(report, company, FEW if short else MANY)
    finally:
        company.close()


def under(report, company, most):
    app, odd = company.app, []

    def pages(browser):
        def get(path):
            answer = browser.raw.get(path, buffered=True)
            return answer.status_code, answer.get_data().decode("utf-8", "replace"), answer.mimetype

        return walk(app, get, most=most, per_page=1).statuses

    def wrong(then):
        """What fails, and what does not open though it opened before."""
        closed = [it for it, status in then.items() if status != 200 and now.get(it) == 200]
        return [*closed, *(f"{it}: {status}" for it, status in then.items() if status >= 500)]

    def entered():
        with company.inside():
            admin = seeding.person(seeding.ADMIN)
            return Client(app).sign_in(admin)

    def signs_in(browser):
        told = {
            "email": f"{seeding.ADMIN}@tarvel.example",
            "password": seeding.PASSWORD,
            "next": "/account",
        }
        return browser.post("/sign-in", data=told).location

    def duties():
        with company.inside(keep=True):
            for duty in work.DUTIES:
                jobs.enqueue(duty.name)
        Runner("drill", app.app_context, work.HANDLERS, (), ZoneInfo("UTC"), work.after_job).run(
            once=True
        )
        with company.inside():
            states = select(QueuedJob.name, QueuedJob.error).where(QueuedJob.error != "")
            return [f"{name}: {error}" for name, error in db.session.execute(states).all() if error]

    before = entered()
    now = pages(before)
    with at(DAYS):
        if before.get("/account").location is None:
            odd.append("a session of 400 days ago still opens pages")
        if signs_in(Client(app)) != "/account":
            odd.append("nobody can sign in")
        failed = duties()
        later = entered()
        then = pages(later)
        text = {
            "kind": "faq",
            "language": "en",
            "title": "Written in the time to come",
            "once": "x",
        }
        if later.post("/desk/new", data=text).status != 303:
            odd.append("an asset can not be begun")
    # what has happened "in the future" stays, and nothing minds
    failed += duties()
    back = pages(entered())
    again = Client(app)
    if signs_in(again) != "/account" or again.get("/account").status != 200:
        odd.append("nobody can sign in afterwards")
    if later.get("/account").status not in {200, 303}:
        odd.append("a session from the time to come breaks")
    with company.inside() as session:
        unfinished = session.scalar(
            select(func.count(QueuedJob.id)).where(QueuedJob.state == "dead")
        )
    report.did = (
        f"{len(now)} pages now, {len(then)} with the clock {DAYS} days ahead, {len(back)} back again; "
        f"{len(work.DUTIES)} duties twice; signed in, wrote"
    )
    report.find("pages ahead", len(then), least=min(most, 60))
    report.none("pages that do not open now", wrong(now))
    report.none("pages that do not open ahead", wrong(then))
    report.none("pages that do not open afterwards", wrong(back))
    report.none("duties that failed", failed)
    report.find("dead jobs", unfinished, most=0)
    report.none("odd", odd)
