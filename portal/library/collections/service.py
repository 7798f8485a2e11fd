"""Collections made, filled and put in order; every change of one holds its row."""

from collections.abc import Sequence

from portal import clock
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.collections import queries, rules
from portal.library.collections.models import Collection, CollectionEntry
from portal.library.collections.rules import Facts, Reach, Standing, Viewer
from portal.library.models import Asset


class FullError(Invalid):
    """A collection has as many entries as one may have."""


def standing(it: Collection) -> Standing:
    """Return what decides who sees and changes a collection."""
    return Standing(it.owner_id, it.reach, it.team_id)


def seen(viewer: Viewer, collection_id: int) -> Collection:
    """Return a collection somebody sees.

    Raises:
        NotFound: when there is none for this person.
    """
    it = queries.by_id(collection_id)
    if it is None or not rules.sees(viewer, standing(it)):
        raise NotFound
    return it


def locked(viewer: Viewer, collection_id: int) -> Collection:
    """Return a collection somebody may change; nobody else does until this transaction ends.

    Raises:
        NotFound: when there is none for this person.
        Forbidden: when it is for others to change.
    """
    it = queries.by_id(collection_id, lock=True)
    if it is None or not rules.sees(viewer, standing(it)):
        raise NotFound
    if not rules.edits(viewer, standing(it)):
        raise Forbidden
    return it


def create(viewer: Viewer, facts: Facts) -> Collection:
    """Make a collection that belongs to who makes it; flushed.

    Raises:
        Invalid: when it is for a team and the person is in none.
    """
    now = clock.now()
    it = Collection(owner_id=viewer.id, created_at=now, updated_at=now, version=1)
    _state(viewer, it, facts)
    db.session.add(it)
    db.session.flush()
    return it


def rewrite(viewer: Viewer, it: Collection, facts: Facts) -> None:
    """Give a locked collection its name, words and reach; flushed.

    Raises:
        Invalid: when it is to be for a team and the person is in none.
    """
    _state(viewer, it, facts)
    _changed(it)


def _state(viewer: Viewer, it: Collection, facts: Facts) -> None:
    """A collection for a team stays for the team of who said so first."""
    if facts.reach is Reach.TEAM and it.reach != Reach.TEAM:
        if viewer.team_id is None:
            raise Invalid("a collection for a team needs somebody who is in one")
        it.team_id = viewer.team_id
    if facts.reach is not Reach.TEAM:
        it.team_id = None
    it.name, it.description = facts.name, facts.description
    it.language, it.reach = facts.language, facts.reach.value


def _changed(it: Collection) -> None:
    it.version += 1
    it.updated_at = clock.now()
    db.session.flush()


def remove(it: Collection) -> None:
    """Delete a locked collection with its entries and pins; flushed."""
    told = {"name": it.name, "reach": it.reach, "owner": it.owner_id}
    audit.record("collection.removed", kind="collection", key=it.id, before=told)
    db.session.delete(it)
    db.session.flush()


# --- entries -------------------------------------------------------------------------------------


def add(it: Collection, asset: Asset, note: str = "") -> None:
    """Put an asset at the end of a locked collection; one that is there stays; flushed.

    Raises:
        FullError: when there is no room for another.
    """
    found = queries.entries(it.id)
    if any(entry.asset_id == asset.id for entry in found):
        return
    if len(found) >= rules.ENTRIES_MOST:
        raise FullError(f"a collection has at most {rules.ENTRIES_MOST} entries")
    entry = CollectionEntry(
        collection_id=it.id, asset_id=asset.id, position=len(found) + 1, note=note
    )
    db.session.add(entry)
    _renumber([*found, entry])
    _changed(it)


def take_out(it: Collection, entry_id: int) -> None:
    """Take an entry out of a locked collection; one that is gone already is fine; flushed."""
    found = queries.entries(it.id)
    gone = [entry for entry in found if entry.id == entry_id]
    for entry in gone:
        db.session.delete(entry)
    if gone:
        _renumber([entry for entry in found if entry.id != entry_id])
        _changed(it)


def reorder(it: Collection, order: Sequence[int]) -> None:
    """Put the entries of a locked collection in another order; flushed.

    Raises:
        Conflict: when the order does not name each entry once.
    """
    found = {entry.id: entry for entry in queries.entries(it.id)}
    if not rules.is_order_of(order, list(found)):
        raise Conflict("these are not the entries of this collection any more")
    if list(order) != list(found):
        _renumber([found[entry_id] for entry_id in order])
        _changed(it)


def step(it: Collection, entry_id: int, *, up: bool) -> None:
    """Move an entry of a locked collection one place; flushed."""
    order = [entry.id for entry in queries.entries(it.id)]
    reorder(it, rules.stepped(order, entry_id, up=up))


def annotate(it: Collection, entry_id: int, note: str) -> None:
    """Say something about an entry of a locked collection; flushed.

    Raises:
        NotFound: when the entry is not there any more.
    """
    entry = next((e for e in queries.entries(it.id) if e.id == entry_id), None)
    if entry is None:
        raise NotFound
    if entry.note != note:
        entry.note = note
        _changed(it)


def _renumber(found: Sequence[CollectionEntry]) -> None:
    for number, entry in enumerate(found, start=1):
        entry.position = number
