"""The SELECTs behind the form of facts: who may own an asset, which words there are."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.db import db
from portal.library.models import Asset, FacetTerm

WRITING = policy.roles(Act.ASSET_EDIT)


def people(asset: Asset) -> Sequence[User]:
    """Return who may own an asset, by name: all who write here, and its owners of today."""
    own = [number for number in (asset.owner_id, asset.backup_owner_id) if number is not None]
    writes = and_(User.active.is_(True), User.role.in_(WRITING))
    query = select(User).where(or_(writes, User.id.in_(own))).order_by(User.name, User.id)
    return db.session.scalars(query).all()


def offered(asset: Asset) -> Sequence[FacetTerm]:
    """Return the words an asset may be given, by facet: those in use, and those it has already."""
    own = [term.id for term in asset.facets]
    query = select(FacetTerm).where(or_(FacetTerm.retired_on.is_(None), FacetTerm.id.in_(own)))
    return db.session.scalars(query.order_by(FacetTerm.facet, FacetTerm.slug)).all()


def terms() -> Sequence[FacetTerm]:
    """Return the words of the vocabulary, by facet."""
    query = select(FacetTerm).order_by(FacetTerm.facet, FacetTerm.slug)
    return db.session.scalars(query).all()
