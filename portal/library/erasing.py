"""Takes a person out of the library: what they were told, what they had not saved, their name."""

from datetime import datetime

from sqlalchemy import delete, select

from portal.db import db
from portal.library.mail.models import Mail, NoticeChoice
from portal.library.notices.models import Notice
from portal.library.notices.rules import Topic
from portal.library.publishing.models import AssetEvent, Autosave

NAMING = ("hand-over", "owner", "backup")
"""What the timeline tells with names, from whom to whom."""


def erase(user_id: int, name: str, instead: str) -> None:
    """Delete what is only theirs, and write `instead` where their name was written down.

    What they wrote of assets stays: it is the company's. Flushed.
    """
    for model in (Notice, Mail, NoticeChoice, Autosave):
        db.session.execute(delete(model).where(model.user_id == user_id))
    told = select(AssetEvent).where(
        AssetEvent.action.in_(NAMING), AssetEvent.note.contains(name, autoescape=True)
    )
    for event in db.session.scalars(told):
        ways = event.note.split(" → ")
        event.note = " → ".join(instead if way == name else way for way in ways)
    handed = select(Notice).where(Notice.topic == Topic.HANDED_OVER.value).order_by(Notice.id)
    for notice in db.session.scalars(handed):
        if notice.detail.get("name") == name:
            notice.detail = {**notice.detail, "name": instead}
    db.session.flush()


def forget_notices(before: datetime, limit: int) -> int:
    """Delete up to `limit` notices that were read before then; returns how many."""
    old = db.session.scalars(
        select(Notice.id).where(Notice.read_at < before).order_by(Notice.id).limit(limit)
    ).all()
    db.session.execute(delete(Notice).where(Notice.id.in_(old)))
    return len(old)
