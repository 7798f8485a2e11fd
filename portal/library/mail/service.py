"""How people want to be told: chosen by kind, and ended from a mail."""

from collections.abc import Mapping

from portal.db import db, inserting
from portal.library.mail import posting, queries
from portal.library.mail.models import NoticeChoice
from portal.library.mail.rules import DIGEST, Way
from portal.library.notices.rules import Kind


def ways_of(user_id: int) -> dict[Kind, Way]:
    """Return how a person is told of each kind."""
    chosen = queries.choices([user_id])
    return {kind: posting.way(chosen, user_id, kind) for kind in Kind}


def choose(user_id: int, ways: Mapping[Kind, Way]) -> None:
    """Keep how a person wants to be told; kinds that are not named stay as they are."""
    for kind, way in ways.items():
        values = {"user_id": user_id, "kind": kind.value, "way": way.value}
        insert = inserting(NoticeChoice).values(values)
        db.session.execute(
            insert.on_conflict_do_update(
                index_elements=[NoticeChoice.user_id, NoticeChoice.kind],
                set_={"way": insert.excluded.way},
            )
        )


def end_mail(user_id: int, kind: str, way: Way = Way.PORTAL) -> None:
    """End a person's mails of a kind, or their digests; what is muted already stays so."""
    now = ways_of(user_id)
    digested = [it for it, how in now.items() if how is Way.DIGEST]
    ended = digested if kind == DIGEST else [Kind(kind)]
    choose(user_id, {it: way for it in ended if now[it] is not Way.MUTED})


def shown(ways: Mapping[Kind, Way], *, sends: bool) -> dict[Kind, Way]:
    """Return the ways as they are where there may be no mail at all."""
    if sends:
        return dict(ways)
    return {kind: Way.MUTED if way is Way.MUTED else Way.PORTAL for kind, way in ways.items()}


def changed(before: Mapping[Kind, Way], wanted: Mapping[Kind, Way]) -> dict[Kind, Way]:
    """Return what somebody has changed: the rest goes on as usual, even when that changes."""
    return {kind: way for kind, way in wanted.items() if before.get(kind) is not way}
