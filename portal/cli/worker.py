"""`portal worker`: does what is due or takes long; says what waits and what has failed."""

import logging
import os
import secrets
import signal
import socket
from contextlib import suppress
from dataclasses import asdict
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask import Flask
from sqlalchemy import Engine, event

from portal import clock, config, work
from portal.audit import origin
from portal.cli.helpers import AS_JSON, create_app, echo_json, refusing, unit
from portal.config import Config
from portal.db import db
from portal.jobs import queries, rules, service
from portal.jobs.rules import State
from portal.jobs.runner import Interrupted, Runner, Tally

GRACE = 4
"""Seconds a job may take to finish once the worker was told to end; then it is put back."""
GONE = 6
"""Seconds after which a worker that was told to end is gone."""
IDLE_MOST = 60
"""Seconds PostgreSQL lets a worker's transaction lie idle: one that was stopped frees its locks."""
LISTED = 20


@click.group(invoke_without_command=True)
@click.option("--once", is_flag=True, help="Do what is due and end.")
@AS_JSON
@click.option("--child-of", type=int, hidden=True, help="End when this process is gone.")
@click.pass_context
def worker(context: click.Context, *, once: bool, as_json: bool, child_of: int | None) -> None:
    """Do what is due or takes long, until told to stop; several may run, on several machines.

    `portal serve` and `portal demo` start one unless told --no-worker.
    """
    if context.invoked_subcommand is not None:
        return
    if as_json and not once:
        raise click.UsageError("--json goes with --once: what never ends has no answer.")
    with refusing():
        settings = config.load().check_production()
        logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
        tally = _run(create_app(settings), settings, once=once, child_of=child_of)
    if as_json:
        echo_json(asdict(tally))
    elif once:
        click.echo(f"{tally.done} done, {tally.failed} failed.")


def name_of_this() -> str:
    """Return a name for this process that no other worker has."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"


def build(app: Flask, settings: Config, *, child_of: int | None = None) -> Runner:
    """Return the worker of an application, with the handlers and duties of `portal.work`."""
    return Runner(
        name=name_of_this(),
        context=app.app_context,
        handlers=work.HANDLERS,
        duties=work.DUTIES,
        zone=ZoneInfo(settings.timezone),
        after=work.after_job,
        interrupt=lambda: os.kill(os.getpid(), signal.SIGUSR1),
        is_orphan=lambda: child_of is not None and os.getppid() != child_of,
    )


def _run(app: Flask, settings: Config, *, once: bool, child_of: int | None) -> Tally:
    with app.app_context():
        free_locks(db.engine)
    runner = build(app, settings, child_of=child_of)
    listen(runner)
    try:
        with suppress(Interrupted), origin.worker():
            runner.run(once=once)
    finally:
        signal.alarm(0)  # it would end the process by its own number while Python cleans up
    return runner.tally


def free_locks(engine: Engine, seconds: float = IDLE_MOST) -> None:
    """Let PostgreSQL end a transaction whose worker was stopped in the middle of it."""
    if engine.dialect.name != "postgresql":
        return

    @event.listens_for(engine, "connect")
    def _limit(raw: Any, _record: Any) -> None:  # noqa: ANN401
        raw.execute(f"SET idle_in_transaction_session_timeout = {int(seconds * 1000)}")
        raw.commit()

    engine.dispose()


def listen(runner: Runner) -> None:
    """Stop at SIGTERM and Ctrl+C, putting back what can not be finished; SIGUSR1: end one job."""

    def told(_signum: int, _frame: FrameType | None) -> None:
        if not runner.stopping:
            runner.stop(within=GONE)
            signal.alarm(GRACE)

    def too_long(_signum: int, _frame: FrameType | None) -> None:
        if runner.at_work:
            raise Interrupted("it took longer than it may")

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGUSR1, too_long)


def _job(row: Any) -> dict[str, object]:  # noqa: ANN401  # QueuedJob
    return {
        "id": row.id,
        "name": row.name,
        "key": row.key,
        "attempts": row.attempts,
        "at": (row.finished_at or row.due_at).isoformat(),
        "error": row.error,
    }


def _status() -> dict[str, Any]:
    now = clock.now()
    waits = queries.backlog(now)
    return {
        "workers": [
            {"name": row.name, "seen_at": row.seen_at.isoformat()}
            for row in queries.workers()
            if rules.is_alive(row.seen_at, now)
        ],
        "jobs": queries.counts(),
        "due": waits.due,
        "oldest_due_seconds": round((now - waits.since).total_seconds()) if waits.since else 0,
        "failed": [_job(row) for row in queries.jobs(queries.FAILED, limit=LISTED)],
        "dead": [_job(row) for row in queries.jobs(State.DEAD, limit=LISTED)],
        "duties": [
            {
                "name": row.name,
                "rule": row.rule,
                "next_at": row.next_at.isoformat(),
                "done_at": row.done_at.isoformat() if row.done_at else None,
                "result": row.result,
            }
            for row in queries.duties()
        ],
    }


@worker.command()
@AS_JSON
def status(*, as_json: bool) -> None:
    """Say who works, what waits, what has failed, and when the periodic duties are due."""
    with unit():
        found = _status()
    if as_json:
        echo_json(found)
        return
    click.echo(f"{len(found['workers'])} worker(s) alive.")
    click.echo(", ".join(f"{count} {name}" for name, count in found["jobs"].items()) + ".")
    if found["due"]:
        click.echo(f"{found['due']} due, the oldest for {found['oldest_due_seconds']} s.")
    for state in ("failed", "dead"):
        for row in found[state]:
            click.echo(f"  {state} {row['id']:>6}  {row['name']:<16} {row['error'][:100]}")
    for row in found["duties"]:
        last = f"last {row['done_at'][:19]} {row['result']}" if row["done_at"] else "never done yet"
        click.echo(f"  {row['name']:<16} {row['rule']:<28} next {row['next_at'][:19]}, {last}")


@worker.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1), required=False)
@click.option("--all-dead", is_flag=True, help="Every job that was given up.")
def retry(number: int | None, *, all_dead: bool) -> None:
    """Try job NUMBER again at once, or with --all-dead all that were given up."""
    if (number is None) == (not all_dead):
        raise click.UsageError("Give the number of a job, or --all-dead.")
    count = 1
    with unit():
        if number is None:
            count = service.retry_dead()
        else:
            service.retry(number)
    click.echo(f"{count} job(s) will be tried again.")
