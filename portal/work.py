"""The composition root of background work: which job is done by what, and when duties are due.

To add work that takes long or waits for its time:

1. write a handler `def name(job: Job) -> str | None` in its feature and a line in HANDLERS here;
   what is done by itself gets a line in DUTIES, too;
2. `jobs.enqueue("name", {…}, run_at=…, key=…)` in the service that causes it: the row is written
   in the same transaction, so that neither can be without the other;
3. a word for it in `library/background/labels.py`.

A handler runs in the application's context and never commits: what it writes by `db.session`
commits together with the mark that the job is done, so it has an effect once, however often it is
tried. It is tried again when it raises, at growing distances; `jobs.GiveUp` makes it a dead letter
at once. It must stand being begun again from the start. What it does outside the database (files,
mails) is to be named after `job.id`, which all attempts share, and to be guarded by `job.token`,
which grows. Reading before long work: `with reading(): … db.session.rollback()`, because a
transaction that writes keeps all others of SQLite waiting, and PostgreSQL ends one that lies idle
for a minute. Work in many steps calls `job.checkpoint()` after each.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from time import monotonic, sleep
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from portal import clock, forgetting
from portal.asset_requests import duties as requests
from portal.asset_requests.delivering import service as delivering
from portal.audit import watching as audit
from portal.calls.feedback import service as feedback
from portal.calls.ratings import reminding as rating
from portal.config import Config
from portal.db import db, reading
from portal.deals import service as deals
from portal.deals.importing import sending as deal_import
from portal.insights.lift import following
from portal.insights.lift import service as lift
from portal.insights.pack import service as packs
from portal.insights.use import service as use
from portal.jobs import Daily, Duty, Every, Handler, Job, duties, queries
from portal.jobs import service as jobs
from portal.library.attachments import extracting
from portal.library.freshness import reminding
from portal.library.mail import posting, presenting, sending
from portal.library.publishing import due, timing
from portal.library.quality import rechecking
from portal.library.quality import service as quality
from portal.search import outbox, service
from portal.search.engine import Engine, IndexDamagedError
from portal.search.hints import service as hints
from portal.search.log import service as searchlog
from portal.search.priors import service as priors

TURN = 0.1
"""Seconds a long job leaves to others after each lot: who waits for SQLite asks every 0.1 s."""
GIVE_WAY = 2.0
"""Seconds after which a long job that can go on later lets others go first: one worker is usual."""
NIGHT = timedelta(hours=4)
"""What looks at everything may take that long: 20,000 assets take about a quarter of an hour."""
MAIL_ATTEMPTS = 80
"""The first eleven take an hour and a half, the others an hour each: three days."""


def _engine() -> Engine:
    engine: Engine = current_app.extensions["arsenal.finder"].engine
    return engine


def _drain_index(_job: Job) -> str | None:
    """Tell the index what changed; make it anew when there is none or it can not be read."""
    engine = _engine()
    try:
        follow = service.drain if engine.generation() >= 0 else service.catch_up
        done = follow(engine)
        service.tidy(engine)
    except IndexDamagedError:
        done = service.rebuild(engine)
    return None if done is None else str(done)


def _sweep_jobs(_job: Job) -> str:
    return str(jobs.sweep())


def _extract(job: Job) -> str | None:
    """Read the text of an attachment in a process of its own; a trouble is the result."""
    return extracting.work(int(job.payload["attachment"]), current_app.extensions["arsenal.files"])


def _today() -> date:
    """Return the company's day."""
    config: Config = current_app.config["PORTAL"]
    return clock.now().astimezone(ZoneInfo(config.timezone)).date()


def _publish(job: Job) -> str:
    return due.publish(job, _today())


def _remind(_job: Job) -> str:
    """Tell owners what is to be checked, by the company's day."""
    report = reminding.run(_today())
    return f"{report.assets}, {report.notices}"


def _in_turns(job: Job) -> Callable[[], None]:
    """Keep what a long job has done so far, then let others write: SQLite gives nobody a turn."""

    def commit() -> None:
        job.checkpoint()
        sleep(TURN)

    return commit


def _others_wait() -> Callable[[], bool]:
    """Whether others are due, as soon as a long job has worked for a while."""
    until = monotonic() + GIVE_WAY

    def ask() -> bool:
        if monotonic() < until:
            return False
        with reading():
            now = clock.now()
            waits = queries.is_due(HANDLERS, now) or duties.are_due(DUTIES, now=now)
            db.session.rollback()
        return waits

    return ask


def _check_all(job: Job) -> str:
    """Run the quality checks over everything; each lot is kept as soon as it is done.

    What is due meanwhile, a text to be published above all, is done in between: the job ends, and
    another one goes on after it where this has stopped.
    """
    told: dict[str, Any] = {"walk": 1, "after": 0, "assets": 0, "findings": 0} | job.payload
    report = quality.run_all(
        commit=_in_turns(job), begin=(told["walk"], told["after"]), pause=_others_wait()
    )
    assets, findings = told["assets"] + report.assets, told["findings"] + report.findings
    said = f"{assets}, {findings}"
    if report.rest is None:
        return said
    walk, after = report.rest
    rest = {"walk": walk, "after": after, "assets": assets, "findings": findings}
    jobs.enqueue(rechecking.CHECK_ALL, rest, key=f"{rechecking.CHECK_ALL}:rest")
    return f"{said}, goes on"


def _check_some(job: Job) -> str:
    """Check assets whose facts somebody has changed; each lot is kept as soon as it is done."""
    report = quality.run_some(rechecking.assets_of(job.payload), commit=_in_turns(job))
    return f"{report.assets}, {report.findings}"


def _mail(job: Job) -> str:
    """Hand one mail over to the mail server; tried for about three days while there is none."""
    return sending.send(job, current_app.config["PORTAL"], presenting.letter)


def _reset_mail(job: Job) -> str:
    return posting.answer_forgotten(job, current_app.config["PORTAL"].secret_key)


def _digests(_job: Job) -> str:
    report = posting.make_digests()
    return f"{report.mails}, {report.notices}"


def _tell_searchers(job: Job) -> str:
    """Tell who searched in vain that there is an answer now."""
    return delivering.tell_searchers(job, current_app.extensions["arsenal.terms"])


def _watch_requests(_job: Job) -> str:
    """Remind of what is owed about requests, by the clocks of the agreement."""
    config: Config = current_app.config["PORTAL"]
    return ", ".join(map(str, requests.watch(config.timezone)))


def _forget(job: Job) -> str:
    """Let old facts forget their people, by the settings; each lot is kept at once."""
    config: Config = current_app.config["PORTAL"]
    done = forgetting.forget(config, commit=_in_turns(job), zone=config.timezone)
    return ", ".join(f"{name} {count}" for name, count in done.items())


def _roll_up_use(job: Job) -> str:
    """Count the use of assets by days; each chunk is kept as soon as it is done."""
    config: Config = current_app.config["PORTAL"]
    return str(use.roll_up(config.timezone, commit=_in_turns(job)))


def _roll_up_searches(job: Job) -> str:
    """Count the searches by days; each day is kept as soon as it is done."""
    config: Config = current_app.config["PORTAL"]
    return str(searchlog.roll_up(config.timezone, commit=_in_turns(job)))


def _remind_to_rate(_job: Job) -> str:
    """Remind reps of what they used in calls until yesterday, by the company's day."""
    config: Config = current_app.config["PORTAL"]
    return str(rating.run(datetime.combine(_today(), time(), ZoneInfo(config.timezone))))


def _ask_about_deals(job: Job) -> str:
    """Ask the owners of deals that have ended what helped."""
    return str(feedback.ask([int(i) for i in job.payload.get("deals", [])]))


def _import_deals(job: Job) -> str:
    """Take in deals that were sent by the page; each chunk is kept as soon as it is done."""
    config: Config = current_app.config["PORTAL"]
    return deal_import.work(job, config.timezone)


def _send_packs(_job: Job) -> str:
    """Send the packs that go out by themselves today, by the company's day."""
    config: Config = current_app.config["PORTAL"]
    return str(packs.run(_today(), ZoneInfo(config.timezone)))


def _follow_lift(job: Job) -> str:
    """Let what is said of assets follow the deals that have ended or changed."""
    return str(following.follow(_in_turns(job)))


def _refresh_lift(job: Job) -> str:
    """Count anew which assets help; each lot is kept as soon as it is written."""
    report = lift.refresh(_in_turns(job))
    return f"{report.deals}, {report.uses}, {report.assets}"


def _refresh_priors(_job: Job) -> str:
    """Count anew how assets are opened from searches, and which searches many people make."""
    report = priors.refresh()
    return f"{report.searches}, {report.assets}, {hints.refresh()}"


def after_job() -> None:
    """Let the index follow what a job has published, without waiting: the duty is the guarantee."""
    if outbox.is_waiting(db.session()):
        engine = _engine()
        if engine.generation() >= 0:
            service.drain(engine, wait=0)


HANDLERS: dict[str, Handler] = {
    timing.PUBLISH: Handler(_publish),
    timing.RETIRE: Handler(due.retire),
    "late-times": Handler(due.enqueue_late),
    "index-drain": Handler(_drain_index, lease=timedelta(minutes=3), attempts=3),
    "jobs-sweep": Handler(_sweep_jobs, attempts=3),
    extracting.EXTRACT: Handler(_extract, lease=timedelta(minutes=2), attempts=3),
    posting.SEND: Handler(_mail, lease=timedelta(seconds=30), attempts=MAIL_ATTEMPTS),
    posting.FORGOTTEN: Handler(_reset_mail, attempts=5),
    posting.DIGESTS: Handler(_digests, attempts=5),
    delivering.TELL_SEARCHERS: Handler(_tell_searchers, lease=timedelta(minutes=2), attempts=5),
    requests.CLOCKS: Handler(_watch_requests, lease=timedelta(minutes=2), attempts=3),
    deal_import.JOB: Handler(_import_deals, lease=timedelta(minutes=2), attempts=5),
    "remind": Handler(_remind, attempts=5),
    rating.JOB: Handler(_remind_to_rate, attempts=5),
    deals.ENDED: Handler(_ask_about_deals, lease=timedelta(minutes=2), attempts=5),
    following.JOB: Handler(_follow_lift, lease=timedelta(minutes=5), limit=NIGHT, attempts=3),
    packs.JOB: Handler(_send_packs, lease=timedelta(minutes=2), attempts=5),
    "lift-refresh": Handler(_refresh_lift, lease=timedelta(minutes=10), limit=NIGHT, attempts=3),
    rechecking.CHECK_SOME: Handler(_check_some, lease=timedelta(minutes=5), attempts=3),
    use.JOB: Handler(_roll_up_use, lease=timedelta(minutes=5), limit=NIGHT, attempts=3),
    searchlog.JOB: Handler(_roll_up_searches, lease=timedelta(minutes=5), limit=NIGHT, attempts=3),
    priors.JOB: Handler(_refresh_priors, lease=timedelta(minutes=5), attempts=3),
    "forget": Handler(_forget, lease=timedelta(minutes=5), limit=NIGHT, attempts=3),
    "audit-verify": Handler(audit.verify, lease=timedelta(minutes=10), limit=NIGHT, attempts=3),
    "check-all": Handler(_check_all, lease=timedelta(minutes=5), limit=NIGHT, attempts=3),
}
"""Job → how it is done, how long its lease is, how long it may take, how often it is tried."""

DUTIES: tuple[Duty, ...] = (
    Duty("index-drain", Every(timedelta(minutes=1))),
    Duty(requests.CLOCKS, Every(timedelta(minutes=10))),
    Duty(use.JOB, Every(timedelta(minutes=30))),
    Duty(searchlog.JOB, Every(timedelta(minutes=30))),
    Duty("late-times", Every(timedelta(minutes=5))),
    Duty(following.JOB, Every(timedelta(minutes=2))),
    Duty("lift-refresh", Daily(time(3, 0))),
    Duty(priors.JOB, Daily(time(3, 15))),
    Duty("jobs-sweep", Daily(time(3, 30))),
    Duty("check-all", Daily(time(2, 30))),
    Duty("forget", Daily(time(4, 0))),
    Duty("audit-verify", Daily(time(4, 30))),
    Duty(packs.JOB, Daily(time(6, 30))),
    Duty("remind", Daily(time(7, 0))),
    Duty(rating.JOB, Daily(time(7, 30))),
    Duty(posting.DIGESTS, Daily(time(8, 0))),
)
"""What is enqueued by itself; times of day are the company's."""
