"""Attaches files and links to an asset, replaces them, takes them away."""

import secrets
from dataclasses import dataclass
from typing import BinaryIO

from portal import clock
from portal.db import db
from portal.errors import Conflict, Invalid, NotFound
from portal.library.attachments import extracting, lifecycle, queries, rules, running, sniffing
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import TYPES, Kind, State, Status
from portal.library.attachments.sniffing import UnfitError
from portal.library.attachments.store import Received, Store, TooLargeError, receive
from portal.library.models import Asset
from portal.library.publishing.acting import Actor, record, require
from portal.library.publishing.rules import Action
from portal.library.rules import State as AssetState


class RefusedError(Invalid):
    """A file or link that is not taken: `code` says why (`labels.REFUSALS`), `told` the rest."""

    def __init__(self, code: str, **told: str | int) -> None:
        """Keep the code and what its words are filled with."""
        super().__init__(code)
        self.code, self.told = code, told


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is in the store and may be attached."""

    name: str
    type: rules.Type
    digest: str
    size: int


def take(
    store: Store, stream: BinaryIO, raw_name: str | None, *, most: int, keep: bool = True
) -> Upload:
    """Take a file into the store once it is known what it is; do it with no transaction open.

    What is not attached afterwards is swept away some day: see `sweeping`. Unless `keep`, it is
    only looked at.

    Raises:
        RefusedError: when it is longer than `most` bytes, empty, or not what we take.
    """
    name = rules.clean_name(raw_name)
    try:
        with receive(store, stream, most) as received:
            found = _examined(received, name)
            if keep:
                store.put(received)
    except TooLargeError as error:
        raise RefusedError("too-large", name=name, most=most // 1_000_000) from error
    name = rules.clean_name(name, found.endings)
    return Upload(name, found, received.digest, received.size)


def _examined(received: Received, name: str) -> rules.Type:
    """Find out what a file is, a container in the locked-in process, and whether its name fits."""
    ending = rules.ending_of(name)
    with received.open() as file:
        try:
            found: str | None = sniffing.type_of(file)
        except UnfitError as error:
            raise RefusedError(error.code, name=name) from error
        if found in {"zip", "ole"}:
            found, trouble = running.look(file)
            if trouble or found is None:
                raise RefusedError(trouble or "crashed", name=name)
    if found == "encrypted":  # what is behind the password only the name tells
        types = [t for t in TYPES.values() if ending in t.endings]
        if not types:
            raise RefusedError("mismatch", name=name, found="docx, pptx, xlsx")
        return types[0]
    kind = TYPES[str(found)]
    if not rules.fits(name, kind):
        raise RefusedError("mismatch", name=name, found=kind.endings[0])
    return kind


def attach(
    actor: Actor, asset: Asset, upload: Upload, *, replaces: str | None = None
) -> Attachment:
    """Attach a file to a locked asset, in place of another one when `replaces` names it; flushed.

    Its text is read once this transaction has been committed: see `extracting.soon`.

    Raises:
        Forbidden, Conflict: as `require`.
        NotFound: when there is nothing to replace.
        RefusedError: when the asset has too many.
    """
    attachment = _of_file(upload)
    _add(actor, asset, attachment, replaces)
    if attachment.status == Status.WAITING.value:
        extracting.soon(attachment.id)
    return attachment


def _of_file(upload: Upload) -> Attachment:
    return Attachment(
        name=upload.name,
        kind=upload.type.kind.value,
        media_type=upload.type.media_type,
        digest=upload.digest,
        size=upload.size,
        status=(Status.WAITING if upload.type.kind in rules.READ else Status.NONE).value,
    )


def place(
    asset: Asset, what: Upload | str, *, name: str, state: State, public_id: str = ""
) -> Attachment:
    """Put a file, or a link, where a folder says it is: readers need not wait for it; flushed.

    `public_id`: the address it has elsewhere, which texts name; another one when it is taken.

    Raises:
        RefusedError: when it is no https address, or the asset has too many attachments.
    """
    if isinstance(what, str) and rules.clean_url(what) is None:
        raise RefusedError("link")
    if queries.count(asset.id) >= rules.MANY_ATTACHMENTS:
        raise RefusedError("too-many", most=rules.MANY_ATTACHMENTS)
    if isinstance(what, str):
        row = Attachment(kind=Kind.LINK.value, url=what, status=Status.NONE.value)
        row.name = rules.clean_name(name)
    else:
        row = _of_file(what)
    free = public_id and queries.by_public_id(public_id) is None
    row.public_id = public_id if free else secrets.token_hex(16)
    row.asset_id, row.added_at, row.state = asset.id, clock.now(), state.value
    db.session.add(row)
    db.session.flush()
    if row.status == Status.WAITING.value:
        extracting.soon(row.id)
    return row


def attach_link(actor: Actor, asset: Asset, url: str, name: str) -> Attachment:
    """Attach a video by its https address to a locked asset; flushed.

    Raises:
        Forbidden, Conflict: as `require`.
        RefusedError: when it is no https address, or the asset has too many attachments.
    """
    address = rules.clean_url(url)
    if address is None:
        raise RefusedError("link")
    title = rules.clean_name(name) if name.strip() else ""
    link = Attachment(
        name=title or address.split("/")[2][: rules.NAME_MOST],
        kind=Kind.LINK.value,
        url=address,
        status=Status.NONE.value,
    )
    return _add(actor, asset, link, None)


def _add(actor: Actor, asset: Asset, row: Attachment, replaces: str | None) -> Attachment:
    require(actor, asset, Action.EDIT)
    old = _of(asset, replaces) if replaces else None
    if old is None and queries.count(asset.id) >= rules.MANY_ATTACHMENTS:
        raise RefusedError("too-many", most=rules.MANY_ATTACHMENTS)
    is_published = asset.state == AssetState.PUBLISHED.value
    row.asset_id, row.added_by_id = asset.id, actor.id
    row.public_id, row.added_at = secrets.token_hex(16), clock.now()
    row.state = rules.first_states(is_published=is_published).value
    db.session.add(row)
    db.session.flush()
    if old is not None:
        old.replaced_by_id = row.id
        lifecycle.set_state(old, rules.after_removal(State(old.state), is_published=is_published))
    _changed(asset)
    detail = {"attachment": row.public_id, "replaces": old.public_id if old else None}
    record(asset, "replace-file" if old else "attach", actor, note=row.name, detail=detail)
    return row


def remove(actor: Actor, asset: Asset, public_id: str) -> None:
    """Take an attachment from a locked asset; readers keep it until the next publication.

    Raises:
        Forbidden, Conflict: as `require`.
        NotFound: when the asset has none of this address.
    """
    require(actor, asset, Action.EDIT)
    old = _of(asset, public_id)
    if old.state == State.GOING.value:
        raise Conflict
    is_published = asset.state == AssetState.PUBLISHED.value
    lifecycle.set_state(old, rules.after_removal(State(old.state), is_published=is_published))
    _changed(asset)
    record(asset, "detach", actor, note=old.name, detail={"attachment": public_id})


def _of(asset: Asset, public_id: str) -> Attachment:
    found = queries.by_public_id(public_id)
    if found is None or found.asset_id != asset.id or found.state == State.REMOVED.value:
        raise NotFound
    return found


def _changed(asset: Asset) -> None:
    """Note that an asset has a change in the works, when readers see it, and what is searched."""
    asset.updated_at = clock.now()
    if asset.state == AssetState.PUBLISHED.value:
        asset.change = asset.change or "draft"
    lifecycle.restamp(asset)
