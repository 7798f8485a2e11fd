"""Assets begun: a draft with its kind's template, once however often its form is sent."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.config import Language
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.library.models import Asset
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.rules import Kind
from portal.library.service import content_of
from portal.library.writing import queries, rules, starting
from portal.library.writing.naming import free_slug

REMEMBERED = timedelta(days=2)
"""How long a form sent again leads to what it has begun."""
TRIES = 5


def begin(
    actor: Actor, *, kind: Kind, language: Language, title: str, token: str, remark: str = ""
) -> Asset:
    """Begin an asset, or return the one this very form has begun before; flushed.

    `remark` stands first in the text, for its writer alone.

    Raises:
        Forbidden: when the person writes nothing here.
        Conflict: when others took each slug first.
    """
    if actor.id is None:
        raise Forbidden
    key = rules.once_key(token, kind.value, language.value, title) if token else ""
    queries.hold_person(actor.id)
    if key:
        known = queries.begun_with(actor.id, key, after=clock.now() - REMEMBERED)
        if known is not None:
            return known
    body = starting.remark(remark) + starting.template(kind, language)
    content = content_of(title=title, body=body)
    for _ in range(TRIES):
        slug = free_slug(title, kind)
        try:
            with db.session.begin_nested():
                return publishing.create(
                    actor,
                    slug=slug,
                    kind=kind,
                    language=language.value,
                    content=content,
                    detail={"once": key} if key else None,
                )
        except (IntegrityError, Conflict):  # somebody begins one of that name at this moment
            continue
    raise Conflict(f"no free address for {title[:60]!r}")
