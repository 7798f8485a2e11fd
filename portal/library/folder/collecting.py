"""Collections out of the library and back into it, each a file of its own."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete

from portal import clock
from portal.accounts import queries as people
from portal.db import db
from portal.errors import Invalid
from portal.library.collections import rules as reach
from portal.library.collections.models import Collection, CollectionEntry
from portal.library.collections.rules import Reach, Standing
from portal.library.folder import collectionfile, queries, rules
from portal.library.folder.collectionfile import CollectionFile, EntryTold
from portal.library.pinning import queries as pinning
from portal.library.pinning.models import CollectionPin

Tell = Callable[[str, int | None], None]
"""Called with what is left out of a collection that is taken over all the same, and the line."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A collection as the database has it and as its file says it."""

    row: Collection
    told: CollectionFile


def kept() -> list[Kept]:
    """Return all collections, in the order they were made."""
    entries, pins, names = queries.entries(), queries.collection_pins(), queries.team_names()
    return [
        Kept(
            row,
            CollectionFile(
                name=row.name,
                owner=row.owner.email,
                language=row.language,
                reach=row.reach,
                team=names.get(row.team_id or 0, ""),
                description=row.description,
                pinned_for=tuple(sorted(pins.get(row.id, ()))),
                entries=tuple(EntryTold(*entry) for entry in entries.get(row.id, ())),
            ),
        )
        for row in queries.collections()
    ]


def files() -> dict[str, str]:
    """Return the text of every collection's file by its path."""
    found = kept()
    names = rules.collection_names(it.told.name for it in found)
    return {
        f"{rules.COLLECTIONS}/{name}.yaml": collectionfile.dump(it.told)
        for name, it in zip(names, found, strict=True)
    }


class Collector:
    """Takes files over one after another, each to a collection of the same name and owner."""

    def __init__(self, owner: str | None) -> None:
        """`owner` gets what nobody here owns."""
        self._fallback = owner
        self._known = kept()
        self._teams = queries.teams()

    def take(self, told: CollectionFile, tell: Tell, *, slugs: Container[str] = ()) -> str | None:
        """Take a collection over; returns "created", "updated" or None; flushed.

        `slugs`: assets that count as there although they are not (yet), when it is only compared.

        Raises:
            Invalid: when it belongs to nobody here, or to a team there is not.
        """
        person = people.by_email(told.owner) if told.owner else None
        if person is None and self._fallback:
            person = people.by_email(self._fallback)
        if person is None:
            reason = f"nobody here has the e-mail address {told.owner or '(none)'}"
            raise Invalid(reason, line=told.lines.get("owner"))
        told = self._fitting(replace(told, owner=person.email), tell, slugs)
        known = next((it for it in self._known if it.told.key == told.key), None)
        if known is not None:
            self._known.remove(known)  # the next of the same name is another one
            if known.told == told:
                return None
        now = clock.now()
        row = known.row if known else Collection(owner_id=person.id, created_at=now, version=0)
        row.name, row.description, row.language = told.name, told.description, told.language
        row.reach, row.updated_at, row.version = told.reach, now, row.version + 1
        row.team_id = self._teams[told.team] if told.reach == Reach.TEAM else None
        db.session.add(row)
        db.session.flush()
        self._fill(row, told.entries)
        self._pin(row, told)
        return "updated" if known else "created"

    def _fitting(self, told: CollectionFile, tell: Tell, slugs: Container[str]) -> CollectionFile:
        """Return what of a file can be taken over; the rest is told."""
        if told.reach != Reach.TEAM:
            told = replace(told, team="")
        elif told.team not in self._teams:
            reason = f"there is no team {told.team[:60]!r} here"
            raise Invalid(reason, line=told.lines.get("team"))
        there = queries.asset_ids([entry.asset for entry in told.entries])
        entries = tuple(e for e in told.entries if e.asset in there or e.asset in slugs)
        for entry in told.entries:
            if entry not in entries:
                tell(f"there is no asset {entry.asset[:60]!r}: left out", entry.line)
        team_id = self._teams.get(told.team)
        standing = Standing(0, told.reach, team_id)
        pinned = []
        for name in told.pinned_for:
            if name in self._teams and reach.can_pin_for(standing, self._teams[name]):
                pinned.append(name)
            else:
                reason = f"it can not be pinned for {name[:60]!r}: no such team sees it"
                tell(reason, told.lines.get("pinned-for"))
        pinned.sort()
        return replace(told, entries=entries, pinned_for=tuple(pinned))

    def _fill(self, row: Collection, entries: Sequence[EntryTold]) -> None:
        there = queries.asset_ids([entry.asset for entry in entries])
        rows = {entry.asset_id: entry for entry in row.entries}
        wanted: list[CollectionEntry] = []
        for told in entries:
            if told.asset in there:
                asset_id = there[told.asset]
                entry = rows.get(asset_id) or CollectionEntry(asset_id=asset_id)
                entry.position, entry.note = len(wanted) + 1, told.note
                wanted.append(entry)
        row.entries = wanted
        db.session.flush()

    def _pin(self, row: Collection, told: CollectionFile) -> None:
        wanted = {self._teams[name] for name in told.pinned_for}
        had = pinning.teams_with_collection(row.id)
        gone = delete(CollectionPin).where(
            CollectionPin.collection_id == row.id, CollectionPin.team_id.in_(had - wanted)
        )
        db.session.execute(gone)
        for team_id in sorted(wanted - had):
            db.session.add(CollectionPin(team_id=team_id, collection_id=row.id, at=clock.now()))
        db.session.flush()

    def left(self) -> list[CollectionFile]:
        """Return the collections that no file has named."""
        return [it.told for it in self._known]
