"""The SELECTs of packs themselves: one, the archive, actions, who gets them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.db import db
from portal.insights.pack.models import Pack, PackAction, PackReader, PackSchedule
from portal.insights.pack.rules import Span
from portal.usage.rules import INTEGER_MOST

ACTIONS_MOST = 100


def pack(span: Span, *, lock: bool = False) -> Pack | None:
    """Return the pack of a week or month, if anybody wrote in it or sent it."""
    query = select(Pack).where(Pack.kind == span.kind.value, Pack.first_on == span.first)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    else:
        query = query.options(joinedload(Pack.minutes_by), joinedload(Pack.sent_by))
    return db.session.scalars(query).first()


def archive_size() -> int:
    """Return how many packs are kept."""
    return db.session.scalar(select(func.count()).select_from(Pack)) or 0


def archive(*, limit: int, offset: int) -> Sequence[Pack]:
    """Return packs that were sent or written in, the latest first."""
    query = (
        select(Pack)
        .order_by(Pack.first_on.desc(), Pack.kind.desc(), Pack.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()


def open_actions(before: datetime) -> Sequence[PackAction]:
    """Return what was to be done at a moment, the most pressing first."""
    return _actions(
        PackAction.made_at < before,
        or_(PackAction.done_at.is_(None), PackAction.done_at >= before),
    )


def actions_of(pack_id: int | None) -> Sequence[PackAction]:
    """Return what is to be done now, and all that was decided with a pack, done or not."""
    return _actions(or_(PackAction.done_at.is_(None), PackAction.pack_id == pack_id))


def made_with(pack_id: int) -> Sequence[PackAction]:
    """Return what was decided with a pack."""
    return _actions(PackAction.pack_id == pack_id)


def actions_by_id(ids: Sequence[int]) -> dict[int, PackAction]:
    """Return actions by their number."""
    return {it.id: it for it in _actions(PackAction.id.in_(ids))}


def _actions(*conditions: ColumnElement[bool]) -> Sequence[PackAction]:
    query = (
        select(PackAction)
        .where(*conditions)
        .options(joinedload(PackAction.owner), joinedload(PackAction.pack))
        .order_by(PackAction.done_at.is_not(None), PackAction.due_on, PackAction.id)
        .limit(ACTIONS_MOST)
    )
    return db.session.scalars(query).all()


def action(action_id: int) -> PackAction | None:
    """Return an action, held until the transaction ends."""
    if not 0 < action_id <= INTEGER_MOST:
        return None
    query = select(PackAction).where(PackAction.id == action_id).with_for_update(of=PackAction)
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def action_by_token(token: str) -> PackAction:
    """Return the action a form has become."""
    return db.session.scalars(select(PackAction).where(PackAction.token == token)).one()


def owners() -> list[tuple[int, str]]:
    """Return who can be given something to do: everybody who is here, by name."""
    query = select(User.id, User.name).where(User.active).order_by(User.name, User.id)
    return [(row.id, row.name) for row in db.session.execute(query)]


def receivers() -> list[int]:
    """Return who gets packs: managers, and whoever wants them; of those who are here."""
    wants = select(PackReader.user_id)
    query = select(User.id).where(
        User.active, or_(User.role == Role.MANAGER.value, User.id.in_(wants))
    )
    return list(db.session.scalars(query.order_by(User.id)))


def reader(user_id: int) -> PackReader | None:
    """Return whether somebody gets packs by their own wish."""
    return db.session.get(PackReader, user_id)


def schedules() -> dict[str, PackSchedule]:
    """Return which packs go out by themselves, by kind."""
    query = select(PackSchedule).options(joinedload(PackSchedule.set_by))
    return {it.kind: it for it in db.session.scalars(query.order_by(PackSchedule.kind))}
