"""Forgets files that were removed long ago, and files that no attachment names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import delete

from portal import clock
from portal.db import db, reading, writing
from portal.library.attachments import queries
from portal.library.attachments.models import AttachmentPassage
from portal.library.attachments.store import Store

BATCH = 500
GRACE = timedelta(hours=24)
"""A file younger than this may belong to a request that has not committed yet."""


@dataclass(slots=True)
class Swept:
    """What a sweep did: removed attachments that let go of their file, and files deleted."""

    released: int = 0
    deleted: int = 0


def sweep(store: Store, *, older_than: timedelta) -> Swept:
    """Let attachments removed before that let go of their files; delete what nobody names.

    The rows stay, so that addresses of what was replaced lead on. Commits in steps of its own.
    """
    done = Swept()
    while released := _release(clock.now() - older_than):
        done.released += released
    found = _old(store, clock.now() - GRACE)
    while digests := list(islice(found, BATCH)):
        with reading():
            kept = queries.named(digests)
            db.session.rollback()
        for digest in digests:
            if digest not in kept:
                store.delete(digest)
                done.deleted += 1
    return done


def _release(before: datetime) -> int:
    with writing():
        rows = queries.removed_before(before, BATCH)
        ids = [row.id for row in rows]
        for row in rows:
            row.digest = row.preview = None
        if ids:
            db.session.execute(
                delete(AttachmentPassage).where(AttachmentPassage.attachment_id.in_(ids))
            )
        db.session.commit()
    return len(ids)


def _old(store: Store, before: datetime) -> Iterator[str]:
    for digest, since in store.everything():
        if since < before:
            yield digest
