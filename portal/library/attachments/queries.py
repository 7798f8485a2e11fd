"""The SELECTs behind attachments: by asset, by address, what is searched, what is still named."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.library.attachments.models import Attachment, AttachmentPassage
from portal.library.attachments.rules import HELD, VISIBLE, State, Status
from portal.library.models import Asset


def held(asset_id: int) -> Sequence[Attachment]:
    """Return what the desk shows of an asset's attachments, in the order they came."""
    query = select(Attachment).where(Attachment.asset_id == asset_id, Attachment.state.in_(HELD))
    query = query.options(joinedload(Attachment.added_by))
    return db.session.scalars(query.order_by(Attachment.added_at, Attachment.id)).all()


def visible(asset_id: int) -> Sequence[Attachment]:
    """Return what readers get of an asset's attachments, in the order they came."""
    query = select(Attachment).where(Attachment.asset_id == asset_id, Attachment.state.in_(VISIBLE))
    return db.session.scalars(query.order_by(Attachment.added_at, Attachment.id)).all()


def by_public_id(public_id: str) -> Attachment | None:
    """Return an attachment with its asset, removed ones too."""
    query = select(Attachment).where(Attachment.public_id == public_id)
    return db.session.scalars(query.options(joinedload(Attachment.asset))).first()


def successor(attachment: Attachment) -> Attachment | None:
    """Return what stands in for a removed attachment now, if anything does."""
    seen = {attachment.id}
    found: Attachment | None = attachment
    while found is not None and found.state == State.REMOVED.value:
        next_id = found.replaced_by_id
        if next_id is None or next_id in seen:
            return None
        seen.add(next_id)
        found = db.session.get(Attachment, next_id)
    return found


def by_id(attachment_id: int) -> Attachment | None:
    """Return an attachment as the database has it now."""
    return db.session.get(Attachment, attachment_id, populate_existing=True)


def waiting(limit: int) -> list[int]:
    """Return the ids of attachments whose text has not been read yet, the oldest first."""
    query = select(Attachment.id).where(
        Attachment.status == Status.WAITING.value, Attachment.state.in_(HELD)
    )
    return list(db.session.scalars(query.order_by(Attachment.id).limit(limit)))


def slug_of(attachment_id: int) -> str | None:
    """Return the slug of the asset an attachment belongs to."""
    query = select(Asset.slug).join(Attachment, Attachment.asset_id == Asset.id)
    return db.session.scalar(query.where(Attachment.id == attachment_id))


@dataclass(frozen=True, slots=True)
class FoundText:
    """The text of an attachment as it is searched: its name, and (number, label, text) by place."""

    public_id: str
    kind: str
    name: str
    passages: Sequence[tuple[int, str, str]]


def searched(asset_ids: Iterable[int]) -> dict[int, list[FoundText]]:
    """Return the texts of what readers get, by asset, in the order they came."""
    query = (
        select(Attachment.id, Attachment.asset_id, Attachment.public_id, Attachment.kind,
               Attachment.name)
        .where(Attachment.asset_id.in_(list(asset_ids)), Attachment.state.in_(VISIBLE))
        .order_by(Attachment.asset_id, Attachment.added_at, Attachment.id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    texts: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    if rows:
        passages = (
            select(AttachmentPassage)
            .where(AttachmentPassage.attachment_id.in_([row.id for row in rows]))
            .order_by(AttachmentPassage.attachment_id, AttachmentPassage.number)
        )
        for it in db.session.scalars(passages):
            texts[it.attachment_id].append((it.number, it.label, it.text))
    found: dict[int, list[FoundText]] = defaultdict(list)
    for row in rows:
        found[row.asset_id].append(FoundText(row.public_id, row.kind, row.name, texts[row.id]))
    return found


def named(digests: Iterable[str]) -> set[str]:
    """Return those of the digests that an attachment, or its preview, names."""
    wanted = list(digests)
    found: set[str] = set()
    for column in (Attachment.digest, Attachment.preview):
        query = select(column).where(column.in_(wanted)).order_by(column)
        found.update(filter(None, db.session.scalars(query)))
    return found


def removed_before(moment: datetime, limit: int) -> Sequence[Attachment]:
    """Return attachments removed before a moment that still name their file, the oldest first."""
    query = select(Attachment).where(
        Attachment.state == State.REMOVED.value,
        Attachment.removed_at < moment,
        Attachment.digest.is_not(None),
    )
    return db.session.scalars(query.order_by(Attachment.id).limit(limit)).all()


def count(asset_id: int) -> int:
    """Return how many attachments an asset has."""
    query = select(func.count()).where(Attachment.asset_id == asset_id, Attachment.state.in_(HELD))
    return db.session.scalar(query) or 0
