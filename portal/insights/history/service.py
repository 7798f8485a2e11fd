"""Imports a history: its files one after the other, a chunk a transaction; again: nothing new.

A run that was killed is done again from the start: what is there already is passed over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from portal import clock
from portal.db import db
from portal.deals.importing.rules import RefusedError, lots, text_of
from portal.insights.history import assets, deals, queries, ratings, reading, rules, stages, uses
from portal.insights.history.known import Known
from portal.insights.history.reading import Record, Table
from portal.insights.history.rules import FileReport
from portal.insights.history.settling import settle
from portal.insights.history.stages import Way

CHUNK = 1000
REPEATABLE = {"assets.csv": "asset_id", "deals.csv": "deal_id"}
"""Files whose rows say how something is: of two rows of one id the later one counts."""
OF_DEALS = ("deals.csv", "deal_stages.csv")
Progress = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """What became of all files, and whom the import has added."""

    source: str
    files: list[FileReport] = field(default_factory=list)
    people_added: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows were not taken."""
        return sum(it.refused for it in self.files)

    def told(self) -> dict[str, Any]:
        """Return it as a program reads it."""
        files = [asdict(it) for it in self.files]
        names = ("rows", "created", "updated", "unchanged", "repeated", "refused")
        totals = {name: sum(it[name] for it in files) for name in names}
        people = {"people_added": len(self.people_added)}
        some = self.people_added[: rules.PEOPLE_TOLD]
        return {"source": self.source, "files": files, "totals": totals | people, "people": some}


class Run:
    """An import of a folder under the name of its source."""

    def __init__(self, folder: Path, source: str) -> None:
        """Look through the files; nothing is written yet.

        Raises:
            RefusedError: when one of them can not be read.
        """
        self.tables = reading.tables(folder)
        if not self.tables:
            raise RefusedError("no-file", name=str(folder))
        self.source = source
        self.report = Report(source)

    def rows(self) -> int:
        """Return about how many rows there are."""
        return sum(it.lines() for it in self.tables)

    def carry(self, commit: Callable[[], None], progress: Progress | None = None) -> Report:
        """Take in all files; `commit` is called after each chunk."""
        at = clock.now()
        known, way = Known(self.source, at), Way(self.source)
        commit()
        last_of_deals = next((it.name for it in reversed(self.tables) if it.name in OF_DEALS), "")
        for it in self.tables:
            report = FileReport(file=it.name, unknown_columns=it.unknown)
            self.report.files.append(report)
            last = _last(it)
            for lot in lots(reading.records(it), CHUNK):
                queries.alone(self.source)
                rows = list(_read(it, lot, report, at, last))
                self._keep(it.name, rows, known, way, report)
                db.session.flush()
                commit()
                if progress:
                    progress(len(lot))
            if it.name == "deal_stages.csv":
                way.order()
                commit()
            if it.name == last_of_deals:
                settle(self.source, way, commit)
        self.report.people_added = sorted(known.added.values())
        return self.report

    def _keep(
        self, name: str, rows: Sequence[tuple[int, Any]], known: Known, way: Way, report: FileReport
    ) -> None:
        if name == "assets.csv":
            assets.keep(rows, known, report)
        elif name == "deals.csv":
            deals.keep(rows, known, report)
        elif name == "deal_stages.csv":
            stages.keep(rows, known, report, way)
        elif name == "uses.csv":
            uses.keep(rows, known, report)
        else:
            ratings.keep(rows, known, report)


def _last(it: Table) -> dict[str, int]:
    """Return the last row of each id that comes more than once."""
    column = REPEATABLE.get(it.name)
    if column is None:
        return {}
    first: set[str] = set()
    last: dict[str, int] = {}
    for record in reading.records(it):
        said = text_of(record.cells.get(column, ""))
        if said in first:
            last[said] = record.row
        first.add(said)
    return last


def _read(
    it: Table, lot: Sequence[Record], report: FileReport, now: datetime, last: dict[str, int]
) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a chunk that can be meant."""
    column = REPEATABLE.get(it.name, "")
    for record in lot:
        report.rows += 1
        said = text_of(record.cells.get(column, "")) if last else ""
        if said and last.get(said, record.row) != record.row:
            report.repeated += 1
            report.note(record.row, f"{said} comes again in row {last[said]}, which counts")
            continue
        if record.flaw:
            report.reject(record.row, record.flaw)
            continue
        try:
            yield record.row, rules.read(it.kind, record.cells, now)
        except ValueError as error:
            report.reject(record.row, str(error))
