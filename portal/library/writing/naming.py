"""The slug of a new asset: from its kind and title, not taken yet."""

from itertools import chain, count

from sqlalchemy import select

from portal.db import db
from portal.library.models import Asset
from portal.library.rules import SLUG_LIMIT, Kind
from portal.markup import slugify

ROOM = 12  # characters left for a number


def free_slug(title: str, kind: Kind) -> str:
    """Return a slug like `battlecard-kestrel-wms` that no asset has yet."""
    words = slugify(title, SLUG_LIMIT - ROOM - len(kind.value) - 1) or "x"
    base = words if words.startswith(f"{kind.value}-") else f"{kind.value}-{words}"
    query = select(Asset.slug).where(Asset.slug.startswith(base, autoescape=True))
    taken = set(db.session.scalars(query))
    return next(s for s in chain([base], (f"{base}-{n}" for n in count(2))) if s not in taken)
