"""The SELECTs behind the editor: what a form has begun already, what a person saved last."""

from datetime import datetime

from sqlalchemy import func, select

from portal.accounts.models import User
from portal.db import db
from portal.library.models import Asset
from portal.library.publishing.models import AssetEvent, TextRevision

BEGUN_MOST = 50


def hold_person(user_id: int) -> None:
    """Let nobody else begin an asset for this person until the transaction ends."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())


def begun_with(user_id: int, key: str, *, after: datetime) -> Asset | None:
    """Return the asset that the form with this key has begun."""
    query = (
        select(AssetEvent.asset_id, AssetEvent.detail)
        .where(AssetEvent.user_id == user_id, AssetEvent.action == "create", AssetEvent.at >= after)
        .order_by(AssetEvent.id.desc())
        .limit(BEGUN_MOST)
    )
    for row in db.session.execute(query):
        if row.detail.get("once") == key:
            return db.session.get(Asset, row.asset_id)
    return None


def last_saved_by(user_id: int, asset_id: int, language: str) -> int:
    """Return the number of the newest revision a person has saved of a text, 0 for none."""
    query = select(func.max(TextRevision.number)).where(
        TextRevision.asset_id == asset_id,
        TextRevision.language == language,
        TextRevision.author_id == user_id,
    )
    return db.session.scalar(query) or 0
