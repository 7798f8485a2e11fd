"""The SELECTs behind exporting and comparing: what belongs to assets beside the texts served."""

from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from portal.accounts.models import Team, User
from portal.db import db
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import HELD
from portal.library.claims.models import ClaimRuling
from portal.library.collections.models import Collection, CollectionEntry
from portal.library.models import Asset, AssetText
from portal.library.pinning.models import AssetPin, CollectionPin
from portal.library.publishing.models import AssetEvent, TextRevision


def assets_after(last: int, limit: int) -> Sequence[Asset]:
    """Return the next assets by id, with all that their files say."""
    return db.session.scalars(_whole().where(Asset.id > last).order_by(Asset.id).limit(limit)).all()


def assets_named(slugs: Some[str]) -> Sequence[Asset]:
    """Return assets by their slugs, as they are now, with all that their files say."""
    query = _whole().where(Asset.slug.in_(list(slugs))).order_by(Asset.slug)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _whole() -> Any:  # noqa: ANN401  # a Select of assets
    return select(Asset).options(
        selectinload(Asset.texts),
        selectinload(Asset.facets),
        selectinload(Asset.owner),
        selectinload(Asset.backup_owner),
    )


def to_merge(slugs: Some[str]) -> dict[str, Asset]:
    """Return the assets there are of these, by slug, without their bodies."""
    texts = selectinload(Asset.texts)
    query = (
        select(Asset)
        .where(Asset.slug.in_(list(slugs)))
        .order_by(Asset.id)
        .options(
            texts.options(defer(AssetText.body), defer(AssetText.sections)),
            selectinload(Asset.facets),
        )
    )
    return {asset.slug: asset for asset in db.session.scalars(query)}


def slugs() -> list[str]:
    """Return the slugs of all assets."""
    return list(db.session.scalars(select(Asset.slug).order_by(Asset.slug)))


def emails(ids: Some[int]) -> dict[int, str]:
    """Return the e-mail addresses of people."""
    query = select(User.id, User.email).where(User.id.in_(list(ids)))
    return {row.id: row.email for row in db.session.execute(query.order_by(User.id))}


def pending(asset_ids: Some[int]) -> dict[int, list[TextRevision]]:
    """Return, by asset, the newest revisions that are not served and were not discarded."""
    row = TextRevision
    last = (
        select(row.asset_id, row.language, func.max(row.number).label("number"))
        .where(row.asset_id.in_(list(asset_ids)))
        .group_by(row.asset_id, row.language)
        .subquery()
    )
    query = (
        select(row)
        .join(
            last,
            and_(
                row.asset_id == last.c.asset_id,
                row.language == last.c.language,
                row.number == last.c.number,
            ),
        )
        .outerjoin(
            AssetText,
            and_(AssetText.asset_id == row.asset_id, AssetText.language == row.language),
        )
        .where(row.discarded_at.is_(None))
        .where(or_(AssetText.id.is_(None), AssetText.revision < row.number))
        .order_by(row.asset_id, row.language)
    )
    found: dict[int, list[TextRevision]] = defaultdict(list)
    for revision in db.session.scalars(query):
        found[revision.asset_id].append(revision)
    return found


def told_of_served(asset_ids: Some[int]) -> list[TextRevision]:
    """Return the revisions being served that have an author or a note."""
    row = TextRevision
    query = (
        select(row)
        .join(
            AssetText,
            and_(
                AssetText.asset_id == row.asset_id,
                AssetText.language == row.language,
                AssetText.revision == row.number,
            ),
        )
        .where(row.asset_id.in_(list(asset_ids)))
        .where(or_(row.author_id.is_not(None), row.note != ""))
        .order_by(row.asset_id, row.language)
    )
    return list(db.session.scalars(query))


def rulings(asset_ids: Some[int]) -> list[ClaimRuling]:
    """Return what was decided about claims of assets and still holds."""
    query = (
        select(ClaimRuling)
        .where(ClaimRuling.asset_id.in_(list(asset_ids)), ClaimRuling.ended_at.is_(None))
        .order_by(ClaimRuling.asset_id, ClaimRuling.at, ClaimRuling.id)
    )
    return list(db.session.scalars(query))


def held(asset_ids: Some[int]) -> dict[int, list[Attachment]]:
    """Return the attachments of assets that were not removed, in the order they came."""
    query = (
        select(Attachment)
        .where(Attachment.asset_id.in_(list(asset_ids)), Attachment.state.in_(HELD))
        .order_by(Attachment.asset_id, Attachment.added_at, Attachment.id)
    )
    found: dict[int, list[Attachment]] = defaultdict(list)
    for row in db.session.scalars(query):
        found[row.asset_id].append(row)
    return found


def digests(slugs: Some[str]) -> dict[str, set[str]]:
    """Return the digests of the files each of these assets has."""
    query = (
        select(Asset.slug, Attachment.digest)
        .join(Attachment, Attachment.asset_id == Asset.id)
        .where(Asset.slug.in_(list(slugs)), Attachment.state.in_(HELD))
    )
    found: dict[str, set[str]] = defaultdict(set)
    for slug, digest in db.session.execute(query.where(Attachment.digest.is_not(None))):
        found[slug].add(str(digest))
    return found


def reasons(asset_ids: Some[int]) -> dict[int, tuple[str, str]]:
    """Return (action, why) of the last time each asset was taken down, if nothing came after."""
    moves = ("retire", "unpublish", "publish", "restore")
    last = (
        select(func.max(AssetEvent.id))
        .where(AssetEvent.asset_id.in_(list(asset_ids)), AssetEvent.action.in_(moves))
        .group_by(AssetEvent.asset_id)
    )
    query = select(AssetEvent.asset_id, AssetEvent.action, AssetEvent.note)
    query = query.where(AssetEvent.id.in_(last), AssetEvent.action.in_(moves[:2]))
    rows = db.session.execute(query.order_by(AssetEvent.id))
    return {asset_id: (action, note) for asset_id, action, note in rows}


def pins(asset_ids: Some[int]) -> dict[int, list[str]]:
    """Return the names of the teams assets are pinned for."""
    query = (
        select(AssetPin.asset_id, Team.name)
        .join(Team, Team.id == AssetPin.team_id)
        .where(AssetPin.asset_id.in_(list(asset_ids)))
        .order_by(AssetPin.asset_id, Team.name_key)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for asset_id, name in db.session.execute(query):
        found[asset_id].append(name)
    return found


def collections() -> Sequence[Collection]:
    """Return all collections by id, as they are now."""
    query = select(Collection).options(joinedload(Collection.owner)).order_by(Collection.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def entries() -> dict[int, list[tuple[str, str]]]:
    """Return (slug, note) of the entries of all collections, in their order."""
    query = (
        select(CollectionEntry.collection_id, Asset.slug, CollectionEntry.note)
        .join(Asset, Asset.id == CollectionEntry.asset_id)
        .order_by(CollectionEntry.collection_id, CollectionEntry.position, CollectionEntry.id)
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for collection_id, slug, note in db.session.execute(query):
        found[collection_id].append((slug, note))
    return found


def collection_pins() -> dict[int, list[str]]:
    """Return the names of the teams collections are pinned for."""
    query = (
        select(CollectionPin.collection_id, Team.name)
        .join(Team, Team.id == CollectionPin.team_id)
        .order_by(CollectionPin.collection_id, Team.name_key)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for collection_id, name in db.session.execute(query):
        found[collection_id].append(name)
    return found


def teams() -> dict[str, int]:
    """Return all teams by name, and by the name in small letters."""
    rows = list(db.session.execute(select(Team.name, Team.name_key, Team.id).order_by(Team.id)))
    return {row.name_key: row.id for row in rows} | {row.name: row.id for row in rows}


def team_names() -> dict[int, str]:
    """Return the names of all teams."""
    return {row.id: row.name for row in db.session.scalars(select(Team).order_by(Team.id))}


def asset_ids(slugs: Some[str]) -> dict[str, int]:
    """Return the ids of assets by their slugs."""
    query = select(Asset.slug, Asset.id).where(Asset.slug.in_(list(slugs)))
    return {row.slug: row.id for row in db.session.execute(query.order_by(Asset.id))}
