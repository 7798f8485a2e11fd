"""The SELECT behind the facet of owners."""

from collections.abc import Collection

from sqlalchemy import bindparam, select

from portal.accounts.models import User
from portal.db import db

_people = User.__table__.c
_NAMES = select(_people.id, _people.name).where(_people.id.in_(bindparam("ids", expanding=True)))


def names_of(ids: Collection[int]) -> dict[int, str]:
    """Return the names of people."""
    if not ids:
        return {}
    rows = db.session.connection().execute(_NAMES, {"ids": sorted(ids)})
    return {row.id: row.name for row in rows}
