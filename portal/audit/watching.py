"""Reads the whole audit log every night; what is not as it was written is a job that has failed."""

from portal.audit import service
from portal.db import db, reading
from portal.jobs import GiveUp, Job


def verify(_job: Job) -> str:
    """Say how many entries there are and where they end.

    Raises:
        GiveUp: when something is not as it was written, for all to see who look after the portal.
    """
    with reading():
        report = service.verify()
    db.session.rollback()
    if not report.good:
        first = report.findings[0]
        message = f"the audit log is not as it was written: {first.trouble} at {first.sequence}"
        raise GiveUp(message)
    return f"{report.entries} entries, {report.head}"
