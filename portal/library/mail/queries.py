"""The SELECTs behind mail: what people chose, what a mail holds, what waits for a digest."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.db import db
from portal.library.mail.models import Mail, MailNotice, NoticeChoice
from portal.library.models import Asset, AssetText
from portal.library.notices.models import Notice


def choices(user_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Return what these people have chosen: (person, kind) → way."""
    query = (
        select(NoticeChoice.user_id, NoticeChoice.kind, NoticeChoice.way)
        .where(NoticeChoice.user_id.in_(sorted(user_ids)))
        .order_by(NoticeChoice.user_id, NoticeChoice.kind)
    )
    return {(row.user_id, row.kind): row.way for row in db.session.execute(query)}


def is_here(user_id: int) -> bool:
    """Whether somebody has not left."""
    query = select(User.id).where(User.id == user_id, User.active.is_(True))
    return db.session.scalar(query) is not None


def mail(mail_id: int) -> Mail | None:
    """Return a mail with its person."""
    query = select(Mail).where(Mail.id == mail_id).options(joinedload(Mail.user))
    return db.session.scalars(query).first()


def held_by(mail_id: int) -> Sequence[Notice]:
    """Return the notices of a mail that were not read meanwhile, the earliest first."""
    query = (
        select(Notice)
        .join(MailNotice, MailNotice.notice_id == Notice.id)
        .where(MailNotice.mail_id == mail_id, Notice.read_at.is_(None))
        .options(
            joinedload(Notice.asset)
            .selectinload(Asset.texts)
            .load_only(AssetText.language, AssetText.title),
            joinedload(Notice.actor),
        )
        .order_by(Notice.at, Notice.id)
    )
    return db.session.scalars(query).all()


def waiting_for_digest() -> list[tuple[int, int, bool, bool]]:
    """Return what waits for a digest: (person, notice, person is active, notice is read)."""
    query = (
        select(Notice.user_id, Notice.id, User.active, Notice.read_at.is_not(None))
        .join(MailNotice, MailNotice.notice_id == Notice.id)
        .join(User, User.id == Notice.user_id)
        .where(MailNotice.mail_id.is_(None))
        .order_by(Notice.user_id, Notice.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)]


def counts() -> dict[str, int]:
    """Return how many mails there are of each state."""
    query = select(Mail.state, func.count()).group_by(Mail.state).order_by(Mail.state)
    return {row[0]: row[1] for row in db.session.execute(query)}
