"""Writing in packs and sending them: minutes, actions, readers, and the facts that are kept."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update

from portal import clock
from portal.audit import service as audit
from portal.db import db, write_once
from portal.errors import Conflict, NotFound
from portal.insights.pack import gathering, queries, rules
from portal.insights.pack.links import pack_path
from portal.insights.pack.models import Pack, PackAction, PackReader, PackSchedule
from portal.insights.pack.rules import Kind, Span
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic

JOB = "packs"
TOPICS = {Kind.WEEK: Topic.PACK_WEEK, Kind.MONTH: Topic.PACK_MONTH}


def held(span: Span) -> Pack:
    """Return a pack's row, made when there is none, held until the transaction ends."""
    write_once(Pack, {"kind": span.kind.value, "first_on": span.first, "minutes": "", "version": 0})
    found = queries.pack(span, lock=True)
    if found is None:  # pragma: no cover  # it was just made
        raise NotFound
    return found


def write(span: Span, words: str, *, version: int, user_id: int) -> Pack:
    """Keep the minutes of a pack.

    Raises:
        Conflict: when somebody else has written since `version`; nothing is changed.
    """
    found = held(span)
    if found.version != version and found.minutes != words:
        raise Conflict
    if found.minutes != words:
        found.minutes, found.version = words, found.version + 1
        found.minutes_at, found.minutes_by_id = clock.now(), user_id
    db.session.flush()
    return found


def add(
    span: Span, words: str, *, token: str, owner_id: int, due_on: date, user_id: int
) -> PackAction:
    """Keep what somebody is to do; the same form sent twice is one action."""
    made = {
        "pack_id": held(span).id, "token": token, "words": words, "owner_id": owner_id,
        "due_on": due_on, "made_at": clock.now(), "made_by_id": user_id,
    }  # fmt: skip
    write_once(PackAction, made)
    return queries.action_by_token(token)


def settle(action_id: int, *, done: bool, user_id: int, everybodys: bool) -> PackAction:
    """Say that something is done, or is not yet: by its owner, or by who may write packs.

    Raises:
        NotFound: when there is no such action, or it is not for this person to settle.
    """
    found = queries.action(action_id)
    if found is None or not (everybodys or found.owner_id == user_id):
        raise NotFound
    if done != (found.done_at is not None):
        found.done_at = clock.now() if done else None
    db.session.flush()
    return found


def wish(user_id: int, *, wants: bool) -> None:
    """Let somebody get packs by their own wish, or not any more."""
    found = queries.reader(user_id)
    if wants:
        write_once(PackReader, {"user_id": user_id})
    elif found is not None:
        db.session.delete(found)
    db.session.flush()


def switch(kind: Kind, *, on: bool, user_id: int) -> None:
    """Let packs of a kind go out by themselves, or not any more."""
    found = db.session.get(PackSchedule, kind.value)
    if on:
        write_once(PackSchedule, {"kind": kind.value, "set_at": clock.now(), "set_by_id": user_id})
    elif found is not None:
        db.session.delete(found)
    db.session.flush()
    if on is not (found is not None):
        audit.record(
            "pack.switched",
            kind="pack",
            key=kind.value,
            actor=user_id,
            before={"on": not on},
            after={"on": on},
        )


def send(span: Span, zone: ZoneInfo, *, user_id: int | None) -> int:
    """Keep what a pack says now, for good, and tell everybody who gets it; once.

    Returns how many were told. Sent before, by somebody faster, nothing is changed.
    """
    found = held(span)
    if found.sent_at is not None:
        return 0
    now = clock.now()
    found.facts = {**gathering.facts(span, now, zone), "actions": to_do(now)}
    found.sent_at, found.sent_by_id = now, user_id
    db.session.flush()
    key = f"{span.kind}:{span.first}"
    audit.record("pack.sent", kind="pack", key=key, actor=user_id)
    return notices.tell(
        queries.receivers(),
        TOPICS[span.kind],
        mark=f"pack:{span.kind}:{span.first}",
        path=pack_path(span.kind, span.first),
        detail={"day": span.first.isoformat()},
    )


def to_do(before: datetime) -> list[dict[str, Any]]:
    """Return what was to be done at a moment, as facts have it."""
    return [
        {
            "id": it.id,
            "words": it.words,
            "owner": it.owner_id,
            "due": it.due_on.isoformat(),
            "pack": [it.pack.kind, it.pack.first_on.isoformat()],
        }
        for it in queries.open_actions(before)
    ]


def hand_over(user_id: int, heir_id: int | None) -> None:
    """Let somebody else do what a person who leaves was to do; nobody: it stays theirs. Flushed."""
    db.session.execute(delete(PackReader).where(PackReader.user_id == user_id))
    if heir_id is not None:
        db.session.execute(
            update(PackAction)
            .where(PackAction.owner_id == user_id, PackAction.done_at.is_(None))
            .values(owner_id=heir_id)
            .execution_options(synchronize_session=False)
        )
    db.session.flush()


def run(today: date, zone: ZoneInfo) -> int:
    """Send what is to go out by itself today; returns how many people were told."""
    told = 0
    for kind, it in queries.schedules().items():
        switched_on = it.set_at.astimezone(zone).date()
        latest = queries.pack(rules.latest(Kind(kind), today))
        is_sent = latest is not None and latest.sent_at is not None
        span = rules.goes_out(Kind(kind), today, switched_on=switched_on, is_sent=is_sent)
        if span is not None:
            told += send(span, zone, user_id=None)
    return told
