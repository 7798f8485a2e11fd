"""Reads the text of what was attached, in steps: what to read, reading it apart, keeping it."""

import io
from collections.abc import Iterator

from sqlalchemy import delete, insert

from portal import jobs
from portal.db import db, reading, writing
from portal.errors import NotFound
from portal.library.attachments import lifecycle, queries, running
from portal.library.attachments.models import AttachmentPassage
from portal.library.attachments.rules import HELD, Kind, Status
from portal.library.attachments.running import Reading
from portal.library.attachments.store import Store, receive
from portal.library.publishing.queries import asset_by_slug

EXTRACT = "extract"
"""The job that reads an attachment: see `portal/work.py`."""
NOTICES = frozenset({"cut", None})
"""What `Reading.trouble` may be when the text was read all the same."""


def soon(attachment_id: int) -> None:
    """Let a worker read an attachment once this transaction is committed."""
    key = f"{EXTRACT}:{attachment_id}"
    jobs.enqueue(EXTRACT, {"attachment": attachment_id}, key=key)


def work(attachment_id: int, store: Store) -> str | None:
    """Do the job: as `run`, but what is found commits together with the mark that it is done."""
    found = look_up(attachment_id)
    if found is None:
        return None
    result = read(store, *found)
    keep(attachment_id, found[0], result, keep_preview(store, result.preview))
    return result.trouble


def run(attachment_id: int, store: Store) -> bool:
    """Read an attachment and keep what was found, in a transaction of its own; False if it is done.

    Call it with no transaction open: none is held while the other process reads. Doing it twice,
    or twice at once, ends in the same.
    """
    found = look_up(attachment_id)
    if found is None:
        return False
    result = read(store, *found)
    preview = keep_preview(store, result.preview)
    with writing():
        keep(attachment_id, found[0], result, preview)
        db.session.commit()
    return True


def look_up(attachment_id: int) -> tuple[str, str] | None:
    """Return (digest, kind) of an attachment that waits to be read; leaves no transaction open."""
    with reading():
        row = queries.by_id(attachment_id)
        found = None
        if row is not None and row.status == Status.WAITING.value and row.digest:
            found = row.digest, row.kind
        db.session.rollback()
    return found


def read(store: Store, digest: str, kind: str) -> Reading:
    """Read a file in the process of its own."""
    try:
        file = store.open(digest)
    except NotFound:
        return Reading(trouble="missing")
    with file:
        return running.read(file, kind)


def keep_preview(store: Store, picture: bytes) -> str | None:
    """Put a preview beside the files; returns its digest."""
    if not picture:
        return None
    with receive(store, io.BytesIO(picture), running.PREVIEW_MOST) as received:
        store.put(received)
        return received.digest


def keep(attachment_id: int, digest: str, result: Reading, preview: str | None) -> None:
    """Keep what was read, and let search notice; the asset is locked meanwhile. Flushed."""
    slug = queries.slug_of(attachment_id)
    asset = asset_by_slug(slug, lock=True) if slug else None
    row = queries.by_id(attachment_id)
    if asset is None or row is None or row.digest != digest:
        return
    failed = result.trouble not in NOTICES
    row.status = (Status.FAILED if failed else Status.DONE).value
    row.trouble = result.trouble
    if not failed and not result.passages and row.kind != Kind.IMAGE.value:
        row.trouble = "no-text"
    row.pages, row.preview = result.pages, preview
    db.session.execute(
        delete(AttachmentPassage).where(AttachmentPassage.attachment_id == attachment_id)
    )
    rows = [
        {"attachment_id": attachment_id, "number": number, "label": label, "text": text}
        for number, label, text in result.passages
    ]
    if rows:
        db.session.execute(insert(AttachmentPassage), rows)
    lifecycle.restamp(asset)


def again(attachment_id: int) -> None:
    """Let an attachment be read once more, as after an update of the libraries; flushed."""
    row = queries.by_id(attachment_id)
    if row is not None and row.digest and row.state in HELD:
        row.status, row.trouble = Status.WAITING.value, None
        db.session.flush()
        soon(attachment_id)


def all_waiting(batch: int = 100) -> Iterator[int]:
    """Yield the ids of all that waits to be read, each once."""
    last: set[int] = set()
    while True:
        with reading():
            ids = [i for i in queries.waiting(batch + len(last)) if i not in last]
            db.session.rollback()
        if not ids:
            return
        last.update(ids)
        yield from ids
