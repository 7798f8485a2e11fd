"""`portal doctor`: what is well and what is not, in plain words, with what to do."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import clock, config
from portal.app import create_app
from portal.cli import doctor_trust, refusals, schema
from portal.cli.findings import Finding, spoken
from portal.cli.helpers import AS_JSON, echo_json
from portal.config import Config
from portal.db import db, reading, sqlite_file
from portal.search import outbox
from portal.search.readiness import queries as readiness

ENOUGH_DISK = 500_000_000
OLD_BACKLOG = 60


def _settings(settings: Config) -> Iterator[Finding]:
    try:
        settings.check_production()
    except config.ConfigError as error:
        for line in str(error).splitlines():
            yield Finding("settings", "fail", line, "see the table of settings in README")
    else:
        yield Finding("settings", "ok", "complete" + (" (a demo's)" if settings.demo else ""))


def _folder(settings: Config) -> Iterator[Finding]:
    folder: Path = settings.data_dir
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        yield Finding(
            "data", "fail", f"{folder} can not be written", "create it for the portal's user"
        )
        return
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        yield Finding("data", "warn", f"{folder} is open to everybody", f"chmod o-rwx {folder}")
    free = shutil.disk_usage(folder).free
    state, do = ("ok", "") if free > ENOUGH_DISK else ("warn", "make room on the disk")
    yield Finding("disk", state, f"{free / 1e9:.1f} GB free", do)


def _database(settings: Config) -> Iterator[Finding]:  # noqa: ARG001
    at, newest = schema.current(), schema.head()
    file = sqlite_file(db.engine)
    if file is None or file.exists():  # asking would make it
        version = "sqlite_version()" if file else "version()"
        found = str(db.session.scalar(text(f"SELECT {version}")))  # one of two constants
        yield Finding("database", "ok", f"{db.engine.dialect.name} {found[:40]}")
    if at != newest:
        yield Finding("schema", "fail", f"at {at or 'base'}, not {newest}", schema.remedy(at))
    else:
        yield Finding("schema", "ok", f"at {at}")


def _index(settings: Config) -> Iterator[Finding]:
    engine = current_app.extensions["arsenal.finder"].engine
    if settings.search == "embedded" and not settings.index_dir.is_dir():  # asking would make it
        lag = readiness.Lag(readiness.State.MISSING, *outbox.backlog())
    else:
        lag = readiness.lag(engine)
    if lag.state is readiness.State.DAMAGED:
        do = "portal search rebuild"
        yield Finding("index", "fail", "it can not be read: searches find nothing", do)
    elif lag.state is readiness.State.MISSING:
        yield Finding("index", "warn", "there is none yet", "portal search rebuild")
    age = lag.age(clock.now())
    if lag.waiting and age.total_seconds() > OLD_BACKLOG:
        what = f"{lag.waiting} change(s) can not be found yet, the oldest for {spoken(age)}"
        do = "see that a worker runs (portal worker status); portal search drain does it now"
        yield Finding("index", "warn", what, do)
    elif lag.waiting:
        what = f"{lag.waiting} change(s) will be found in a moment"
        yield Finding("index", "ok", what)
    elif lag.state is readiness.State.READABLE:
        yield Finding("index", "ok", f"{settings.search}, knows every change")


def _people(settings: Config) -> Iterator[Finding]:  # noqa: ARG001
    from portal.accounts.models import User  # noqa: PLC0415

    admins = db.session.scalar(
        select(func.count()).select_from(User).where(User.role == "admin", User.active)
    )
    if admins:
        yield Finding("people", "ok", f"{admins} active administrator(s)")
    else:
        yield Finding(
            "people", "warn", "no administrator", "portal user add EMAIL --name NAME --role admin"
        )


def _worker(settings: Config) -> Iterator[Finding]:  # noqa: ARG001
    from portal.jobs import queries, rules  # noqa: PLC0415

    now = clock.now()
    alive = [row for row in queries.workers() if rules.is_alive(row.seen_at, now)]
    if alive:
        yield Finding("worker", "ok", f"{len(alive)} alive")
    else:
        yield Finding(
            "worker", "warn", "none is running", "portal worker, or portal serve, which starts one"
        )
    waits = queries.backlog(now)
    late = (now - waits.since) if waits.since else timedelta(0)
    if late > rules.LATE_AFTER:
        what = f"{waits.due} due, the oldest for {late.total_seconds():.0f} s"
        yield Finding("jobs", "warn", what, "portal worker status")
    if waits.dead:
        what = f"{waits.dead} given up"
        do = "portal worker status, then portal worker retry --all-dead"
        yield Finding("jobs", "warn", what, do)
    if not waits.dead and late <= rules.LATE_AFTER:
        yield Finding("jobs", "ok", f"{waits.due} due")


def _mail(settings: Config) -> Iterator[Finding]:
    from portal.library.mail import message, queries, smtp  # noqa: PLC0415

    if not settings.smtp_host:
        yield Finding("mail", "ok", "none is sent: there is no PORTAL_SMTP_HOST")
        return
    server = smtp.Server.of(settings, message.host_of(settings.base_url))
    try:
        with smtp.connected(server):
            yield Finding("mail", "ok", f"{server.host}:{server.port} lets us in")
    except smtp.TroubleError as error:
        do = "see PORTAL_SMTP_… in README; mail waits and is tried again"
        yield Finding("mail", "warn", str(error), do)
    counts = queries.counts()
    if counts.get("refused"):
        what = f"{counts['refused']} mail(s) refused for good"
        yield Finding("mail", "warn", what, "portal worker status: look at the addresses")


def _files(settings: Config) -> Iterator[Finding]:
    from portal.errors import Unavailable  # noqa: PLC0415
    from portal.library.attachments.store import Store  # noqa: PLC0415

    store: Store = current_app.extensions["arsenal.files"]
    if not settings.s3_bucket:
        yield Finding("files", "ok", f"attachments lie in {settings.data_dir / 'files'}")
        return
    try:
        next(store.everything(), None)
    except Unavailable as error:
        do = "see PORTAL_S3_… in README; attachments can not be opened or added meanwhile"
        yield Finding("files", "fail", str(error)[:300], do)
    else:
        what = f"the bucket {settings.s3_bucket} at {settings.s3_endpoint} lets us in"
        yield Finding("files", "ok", what)


CHECKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    _settings,
    _folder,
    _database,
    _index,
    _people,
    _worker,
    _mail,
    _files,
    doctor_trust.gone,
    doctor_trust.clocks,
    doctor_trust.backup,
    doctor_trust.audit,
)


def examine(settings: Config) -> list[Finding]:
    """Run the checks until one finds the database unusable; needs the app's context.

    A check that breaks is a finding, not a crash.
    """
    findings: list[Finding] = []
    for check in CHECKS:
        name = check.__name__.strip("_")
        try:
            findings.extend(check(settings))
        except Exception as error:  # a doctor reports, whatever happens
            db.session.rollback()
            current_app.logger.debug("doctor", exc_info=True)
            findings.append(Finding(name, "fail", _reason(error, settings), "see there"))
        if name == "database" and findings[-1].state == "fail":
            break
    return findings


def _reason(error: Exception, settings: Config) -> str:
    """Return what broke a check, without SQL, links or passwords."""
    if isinstance(error, DBAPIError):
        return refusals.of_database(error, settings.database_url)
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')[:200]}"


@click.command()
@AS_JSON
def doctor(*, as_json: bool) -> None:
    """Examine settings, data, database, index, people, worker, mail, files, clocks, backup, audit.

    Status 1: something is broken. A warning says what to do before it is.
    """
    try:
        settings = config.load()
        app = create_app(settings)
    except config.ConfigError as error:
        do = "see the table of settings in README"
        findings = [Finding("settings", "fail", line, do) for line in str(error).splitlines()]
    else:
        with app.app_context(), reading():
            findings = examine(settings)
    if as_json:
        echo_json(
            {
                "ok": all(f.state != "fail" for f in findings),
                "findings": [asdict(f) for f in findings],
            }
        )
    else:
        for finding in findings:
            hint = f"  → {finding.do}" if finding.do else ""
            click.echo(f"{finding.state:<5}{finding.name:<10}{finding.what}{hint}")
    if any(f.state == "fail" for f in findings):
        raise click.exceptions.Exit(1)
