"""What becomes of an asset's attachments when it is published, and what the index must notice."""

import hashlib
import json

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.library.attachments import rules
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import EXTRACTOR, HELD, VISIBLE, State
from portal.library.models import Asset


def publish(asset: Asset) -> list[str]:
    """Hand out what was added, take away what was removed; returns the names of both."""
    return _move(asset, publishing=True)


def discard(asset: Asset) -> list[str]:
    """Leave what was added aside, keep what was removed; returns the names of both."""
    return _move(asset, publishing=False)


def _move(asset: Asset, *, publishing: bool) -> list[str]:
    moved = []
    after = rules.after_publication if publishing else rules.after_discarding
    query = select(Attachment).where(Attachment.asset_id == asset.id, Attachment.state.in_(HELD))
    for attachment in db.session.scalars(query.order_by(Attachment.id)):
        state = State(attachment.state)
        if after(state) is not state:
            set_state(attachment, after(state))
            moved.append(attachment.name)
    if moved:
        restamp(asset)
    return moved


def set_state(attachment: Attachment, state: State) -> None:
    """Note where an attachment is; a removed one also since when."""
    attachment.state = state.value
    attachment.removed_at = clock.now() if state is State.REMOVED else None


def restamp(asset: Asset) -> None:
    """Tell the asset, and so the outbox of search, what is searched of its attachments now."""
    db.session.flush()
    query = (
        select(Attachment.public_id, Attachment.name, Attachment.digest, Attachment.status)
        .where(Attachment.asset_id == asset.id, Attachment.state.in_(VISIBLE))
        .order_by(Attachment.added_at, Attachment.id)
    )
    told = [list(row) for row in db.session.execute(query)]
    encoded = json.dumps([EXTRACTOR, told]).encode()
    asset.files_stamp = hashlib.sha256(encoded).hexdigest() if told else None
    db.session.flush()
