"""Periodic duties: their rows kept in step with the code, their jobs enqueued when it is time."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.db import db, inserting
from portal.jobs import queries, rules, service
from portal.jobs.models import JobDuty
from portal.jobs.rules import Duty


def install(duties: Iterable[Duty], *, now: datetime, zone: ZoneInfo) -> None:
    """Make the rows of duties that have none, and reckon anew by rules that have changed."""
    kept = {row.name: row for row in queries.duty_times()}
    for duty in duties:
        row = kept.get(duty.name)
        due = rules.next_time(
            duty,
            kept=row.next_at if row else None,
            kept_rule=row.rule if row else "",
            now=now,
            zone=zone,
        )
        if row is not None and (row.rule, row.next_at) == (duty.rule(zone), due):
            continue
        values = {"name": duty.name, "rule": duty.rule(zone), "next_at": due, "result": ""}
        insert = inserting(JobDuty).values(values)
        change = {"rule": insert.excluded.rule, "next_at": insert.excluded.next_at}
        db.session.execute(insert.on_conflict_do_update(index_elements=[JobDuty.name], set_=change))


def are_due(duties: Iterable[Duty], *, now: datetime) -> bool:
    """Whether it is time for one of these."""
    names = {duty.name for duty in duties}
    return any(row.name in names and row.next_at <= now for row in queries.duty_times())


def tick(duties: Iterable[Duty], *, now: datetime, zone: ZoneInfo) -> int:
    """Enqueue the duties whose time has come, each once, however often it was missed.

    Where one is still waiting or running, that one will do. Returns how many were enqueued.
    """
    by_name = {duty.name: duty for duty in duties}
    due = [row.name for row in queries.duty_times() if row.name in by_name and row.next_at <= now]
    begun = 0
    for name in due:
        duty, row = by_name[name], queries.duty(name)
        if row is None or row.next_at > now:  # another worker has seen to it
            continue
        row.next_at, row.rule = duty.when.after(now, zone), duty.rule(zone)
        if not queries.is_live(duty.key):
            service.enqueue(duty.name, key=duty.key)
            begun += 1
        db.session.flush()
    return begun
