"""Gives somebody everything that is kept of her, and takes a person out everywhere."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy import delete, or_

from portal import clock
from portal.accounts import erasing, service
from portal.accounts.models import User
from portal.calls.planning import handing_over as planned
from portal.calls.privacy import service as calls
from portal.db import Base, db
from portal.deals import erasing as imports
from portal.deals import queries as deals
from portal.deals import service as deal_service
from portal.errors import Conflict
from portal.insights.pack import service as packs
from portal.library import erasing as library
from portal.library.handover import queries as handover_queries
from portal.library.handover import service as handover
from portal.library.publishing.acting import PORTAL
from portal.privacy import queries, rules
from portal.privacy.rules import Fate


class StandsForError(Conflict):
    """Somebody still stands for things: a successor is to be named first."""

    def __init__(self, assets: int, open_deals: int) -> None:
        """Keep how many."""
        super().__init__(f"they still stand for {assets} assets or kinds, own {open_deals} deals")
        self.assets, self.open_deals = assets, open_deals


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of erasing: the number that is left, and what went to the successor."""

    number: int
    deals: int


def write(person: User, file: IO[bytes]) -> dict[str, int]:
    """Write all that is kept of a person as a zip, a file of JSON a table; returns rows by table.

    What opens something (passwords, tokens) is left out, in any form.
    """
    counts = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in queries.tables(person):
            with archive.open(f"{name}.json", "w") as raw:
                counts[name] = _write(rows, raw)
        about = {"person": person.id, "made_at": clock.now().isoformat(), "rows": counts}
        archive.writestr("about.json", json.dumps(about, indent=1))
    return counts


def _write(rows: Iterator[dict[str, Any]], raw: IO[bytes]) -> int:
    count = 0
    with io.TextIOWrapper(raw, "utf-8") as text:
        text.write("[")
        for row in rows:
            text.write(",\n" if count else "\n")
            text.write(json.dumps(row, ensure_ascii=False, default=str))
            count += 1
        text.write("\n]\n")
    return count


def erase(person: User, heir: User | None, *, with_words: bool) -> Erased:
    """Take a person out: what she did still counts, and nobody can tell that it was her. Flushed.

    Raises:
        Conflict: when nobody would be left to manage people.
        StandsForError: when she owns something and there is no successor.
        Invalid: when the successor is she herself, has left, or may write nothing.
    """
    number, name = person.id, person.name
    service.deactivate(person)
    if heir is not None and handover_queries.load_of(number) is not None:
        handover.hand_over(PORTAL, person, heir)
    moved = deal_service.hand_over(number, heir.id, heir.team_id) if heir is not None else 0
    planned.hand_over(number, heir.id if heir else None)
    packs.hand_over(number, heir.id if heir else None)
    left, open_deals = handover_queries.load_of(number), deals.count_open_of(number)
    if left is not None or open_deals:
        raise StandsForError(left.owns + left.backs + left.reviews if left else 0, open_deals)
    library.erase(number, name, erasing.NAME)
    imports.erase(name, person.email)
    if with_words:
        calls.erase_words(number)
    _delete(number)
    erasing.erase(person)
    return Erased(number, moved)


def _delete(number: int) -> None:
    """Delete the rows that are only hers."""
    for table in Base.metadata.tables.values():
        mine = [
            column == number
            for column in table.columns
            if f"{table.name}.{column.name}" in rules.PEOPLE[Fate.DELETED]
        ]
        if mine:
            db.session.execute(delete(table).where(or_(*mine)))
