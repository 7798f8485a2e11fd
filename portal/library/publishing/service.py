"""Texts in the works: begun, saved as revisions, restored, kept while they are typed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from portal import clock, markup
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound
from portal.library import relinking, service
from portal.library.models import Asset, AssetText
from portal.library.publishing import queries
from portal.library.publishing.acting import Actor, record, require
from portal.library.publishing.models import Autosave, TextRevision
from portal.library.publishing.rules import Action
from portal.library.quality import service as quality
from portal.library.rules import Kind, State


class TextConflictError(Conflict):
    """Somebody saved meanwhile: `theirs` is the newest revision; nothing was changed."""

    def __init__(self, theirs: TextRevision) -> None:
        """Keep what the other person saved."""
        super().__init__(f"revision {theirs.number} was saved meanwhile")
        self.theirs = theirs


def create(
    actor: Actor, *, slug: str, kind: Kind, language: str, content: Mapping[str, Any],
    department: str | None = None, detail: Mapping[str, Any] | None = None,
) -> Asset:  # fmt: skip
    """Begin an asset: a draft that belongs to who begins it, with a first text; flushed.

    `detail` is kept with the first line of its timeline.

    Raises:
        Forbidden: when the person writes nothing here.
        Conflict: when the slug is taken.
    """
    if not policy.granted(actor.role, Act.ASSET_BEGIN):
        raise Forbidden
    if db.session.scalar(select(Asset.id).where(Asset.slug == slug)) is not None:
        raise Conflict(f"there is an asset at {slug} already")
    now = clock.now()
    asset = Asset(
        slug=slug,
        kind=kind.value,
        state=State.DRAFT.value,
        department=department or actor.department,
        owner_id=actor.id,
        creator_id=actor.id,
        created_at=now,
        updated_at=now,
    )
    db.session.add(asset)
    db.session.flush()
    record(asset, "create", actor, language=language, detail=detail)
    save(actor, asset, language, content, base=0)
    return asset


def save(
    actor: Actor,
    asset: Asset,
    language: str,
    content: Mapping[str, Any],
    *,
    base: int,
    note: str = "",
) -> TextRevision:
    """Save a text as a revision of its own; the asset is `locked` by the caller.

    `content` is what `library.service.content_of` makes; `base` the number of the revision it was
    made from, 0 for none. What is published stays as it is until the revision is published. The
    same text again is no revision. The person's autosave is done with.

    Raises:
        Forbidden, Conflict: as `require`.
        TextConflictError: when `base` is not the newest revision; nothing is changed.
        Invalid: when the body is over 1 MB or would take too long to draw.
    """
    require(actor, asset, Action.EDIT)
    newest = queries.newest(asset.id, language)
    if newest is not None and newest.digest == service.digest_of(content):
        forget_autosave(actor, asset, language)
        return newest
    if newest is not None and newest.number != base:
        raise TextConflictError(newest)
    document = draw(asset, language, content)
    published = asset.state == State.PUBLISHED.value
    revision = service.add_revision(
        asset,
        language,
        content,
        author_id=actor.id,
        note=note,
        document=document if published else None,
    )
    if published:
        asset.change = asset.change or "draft"
        asset.updated_at = clock.now()
    else:
        service.serve(asset, revision, document)
        quality.check_asset(asset)
    record(asset, "save", actor, language=language, number=revision.number, note=note)
    forget_autosave(actor, asset, language)
    db.session.flush()
    return revision


def restore_revision(
    actor: Actor, asset: Asset, language: str, number: int, *, base: int
) -> TextRevision:
    """Save an older revision again as the newest one.

    Raises:
        NotFound: when there is no such revision; and as `save`.
    """
    old = queries.revision(asset.id, language, number)
    if old is None:
        raise NotFound
    note = f"↺ {number}"
    return save(actor, asset, language, service.kept_content(old), base=base, note=note)


def draw(asset: Asset, language: str, content: Mapping[str, Any]) -> markup.Document:
    """Return a text's body drawn as its page will show it.

    Raises:
        Invalid: when it is over 1 MB or would take too long to draw.
    """
    text = next((t for t in asset.texts if t.language == language), None)
    return service.draw(content["body"], title=content["title"], link_of=link_of(text))


def link_of(text: AssetText | None) -> service.LinkOf:
    """Return where links of a text lead: as they did, else by the files that texts came from."""
    path = text.path if text else ""

    class _Paths(dict[str, str]):
        def get(self, full: str, default: Any = None) -> Any:  # noqa: ANN401
            query = (
                select(Asset.slug)
                .join(AssetText, AssetText.asset_id == Asset.id)
                .where(AssetText.path == full)
                .order_by(Asset.id)
            )
            return db.session.scalar(query) if path else default

    return service.link_between_files(path, _Paths(), relinking.targets_of(text) if text else {})


def autosave(
    actor: Actor, asset: Asset, language: str, content: Mapping[str, Any], *, base: int
) -> None:
    """Keep what somebody is typing until they save it.

    Raises:
        Forbidden, Conflict: as `require`.
    """
    require(actor, asset, Action.EDIT)
    if actor.id is None:
        raise Forbidden
    row = queries.autosave(actor.id, asset.id, language)
    if row is None:
        row = Autosave(user_id=actor.id, asset_id=asset.id, language=language)
        db.session.add(row)
    row.base, row.content, row.at = base, dict(content), clock.now()
    db.session.flush()


def forget_autosave(actor: Actor, asset: Asset, language: str) -> None:
    """Forget what a person had typed: it was saved, or is not wanted any more."""
    db.session.execute(
        delete(Autosave).where(
            Autosave.user_id == actor.id,
            Autosave.asset_id == asset.id,
            Autosave.language == language,
        )
    )
