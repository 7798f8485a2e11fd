"""What `portal doctor` says about clocks, backups, the audit log and files that are gone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.audit import checking
from portal.audit import queries as audited
from portal.cli.findings import Finding, spoken
from portal.config import Config
from portal.db import db
from portal.errors import NotFound
from portal.jobs.models import QueuedJob
from portal.library.attachments.models import Attachment
from portal.library.attachments.store import LocalStore
from portal.operation.backup import service as backups

APART = timedelta(seconds=5)
"""How far two clocks may differ: later than that, "due" means different things to them."""
AHEAD = timedelta(minutes=2)
OLD_BACKUP = timedelta(days=2)
BUILT = 2026
"""No clock that is right shows a year before this."""
LISTED = 3


def clocks(settings: Config) -> Iterator[Finding]:
    """Compare this machine's clock with the database's, and with what was written."""
    now = clock.now()
    do = "set the clock by the network: timedatectl set-ntp true"
    if now.year < BUILT:
        yield Finding("clock", "fail", f"this machine believes it is {now:%Y-%m-%d}", do)
        return
    apart = timedelta(0)
    if db.engine.dialect.name == "postgresql":
        theirs: datetime = db.session.scalar(sa.text("SELECT clock_timestamp()"))
        apart = abs(theirs - clock.now())
    newest = db.session.scalar(sa.select(sa.func.max(QueuedJob.created_at)))
    if apart > APART:
        what = f"the database's clock and this machine's are {spoken(apart)} apart"
        yield Finding("clock", "warn", what, f"on both machines, {do}")
    elif newest is not None and newest - now > AHEAD:
        what = f"something was written {spoken(newest - now)} from now: a clock is or was wrong"
        yield Finding("clock", "warn", what, do)
    else:
        here = now.astimezone(ZoneInfo(settings.timezone))
        yield Finding("clock", "ok", f"the company's time is {here:%H:%M} ({settings.timezone})")


def backup(settings: Config) -> Iterator[Finding]:
    """Say how old the last backup is, as far as this data directory knows."""
    do = "portal backup FILE every night, on another disk (README, Backup)"
    last = backups.last(settings)
    try:
        at = datetime.fromisoformat(str(last["at"])) if last else None
    except ValueError:
        at = None
    if last is None or at is None:
        yield Finding("backup", "warn", "none was made from here, as far as I know", do)
        return
    age = clock.now() - at
    state, do = ("warn", do) if age > OLD_BACKUP else ("ok", "")
    yield Finding("backup", state, f"the last was made {spoken(age)} ago: {last['file']}", do)


def audit(settings: Config) -> Iterator[Finding]:  # noqa: ARG001  # as the others
    """Read the whole audit log and say whether it is as it was written."""
    chain, reader = audited.Chain(), checking.Reader([])
    for entry, details in chain:
        reader.read(entry, details)
    report = reader.end(chain.head)
    if report.good:
        yield Finding("audit", "ok", f"{report.entries} entries, all as they were written")
        return
    first = report.findings[0]
    what = (
        f"{len(report.findings) + report.more} place(s) of the log are not as written, the first "
        f"at entry {first.sequence} ({first.trouble})"
    )
    do = "portal audit verify tells all; somebody has changed the database past the portal"
    yield Finding("audit", "fail", what, do)


def gone(settings: Config) -> Iterator[Finding]:  # noqa: ARG001
    """Say which files of the data directory are gone though the library names them."""
    store = current_app.extensions["arsenal.files"]
    if not isinstance(store, LocalStore):  # asking a bucket for each would take minutes
        return
    named = db.session.scalars(
        sa.select(Attachment.digest).where(Attachment.digest.is_not(None)).distinct()
    )
    lost = sorted(digest for digest in named if digest and not _is_there(store, digest))
    if lost:
        what = f"{len(lost)} attachment(s) are gone: {', '.join(d[:12] for d in lost[:LISTED])}"
        yield Finding("files", "fail", what, "take them from a backup: portal restore elsewhere")


def _is_there(store: LocalStore, digest: str) -> bool:
    try:
        store.open(digest).close()
    except NotFound:
        return False
    return True
