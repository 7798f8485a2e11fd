"""Imports deals: plans a run over files, goes on with it chunk by chunk, says what became of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from portal import clock
from portal.audit import service as audit
from portal.db import db
from portal.deals.importing import companions, queries, rules
from portal.deals.importing.matching import Matcher
from portal.deals.importing.models import (
    DealImport,
    DealImportMapping,
    DealImportRow,
    DealImportWord,
)
from portal.deals.importing.reading import Given
from portal.deals.importing.resolving import Resolved, resolve
from portal.deals.importing.rules import BadRowError, Cell, RefusedError, Settings
from portal.deals.importing.survey import Survey, Table, cell_text, settled, survey, table
from portal.deals.importing.tallying import COUNTED, Noted, tallied
from portal.deals.importing.understanding import refuse_formulas, understand
from portal.deals.importing.writing import Chunk
from portal.deals.pipelines.service import ready
from portal.deals.rules import key_of
from portal.errors import Conflict

CHUNK = 500
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Files looked through: the table of deals, if any, and those beside it."""

    deals: Table | None
    beside: list[Table]
    survey: Survey
    source: str
    is_certain: bool = True

    @property
    def fingerprint(self) -> str:
        """What stands for these files, read in this way."""
        told = [it.given.digest() for it in self.beside]
        if self.deals is not None:
            told += [self.deals.given.digest(), repr(self.deals.settings.kept())]
        return sha256("\n".join([self.source, *told]).encode()).hexdigest()


def plan(
    files: Sequence[Given],
    said: Settings,
    columns: Mapping[str, str],
    *,
    remembered: Mapping[str, Mapping[str, Any]],
    strict: bool = True,
    most: int | None = None,
) -> Plan:
    """Look through files; `columns` are headers by field, as said by hand; asks no database.

    `remembered` is how tables were read before; unless `strict`, there may be no id yet; with
    `most`, only so many rows are looked at.

    Raises:
        RefusedError: when nothing can be made of them.
    """
    tables = [table(given, said, remembered) for given in files]
    deals = [it for it in tables if not it.companion]
    beside = sorted((it for it in tables if it.companion), key=lambda it: it.companion)
    if len(deals) > 1:
        raise RefusedError("two-tables", names=", ".join(it.given.name for it in deals))
    if not deals:
        kinds = {it.companion for it in beside}
        other = "hubspot" if kinds & {"owners", "stages", "pipelines"} else "maven"
        return Plan(None, beside, Survey(), said.source or other)
    it = _mapped(deals[0], columns, strict=strict)
    found = survey(it, most)
    settings, is_certain = settled(it, found)
    return Plan(replace(it, settings=settings), beside, found, settings.source, is_certain)


def _mapped(it: Table, columns: Mapping[str, str], *, strict: bool) -> Table:
    mapping = dict(it.settings.mapping)
    for what, header in columns.items():
        if what not in rules.FIELDS:
            raise RefusedError("no-field", field=what, fields=", ".join(rules.FIELDS))
        if not header:
            mapping.pop(what, None)
            continue
        folded = rules.header_of(header)
        if folded not in it.headers:
            raise RefusedError(
                "no-column", column=header, columns=", ".join(filter(None, it.names))
            )
        mapping[what] = [it.headers.index(folded)]
    if strict and not mapping.get("id"):
        raise RefusedError(
            "no-id-column", name=it.given.name, columns=", ".join(filter(None, it.names))
        )
    return replace(it, settings=replace(it.settings, mapping=mapping))


def begin(made: Plan, by: int | None, *, resume: bool = True) -> DealImport:
    """Return the run of a plan, or the one of the same files that was interrupted; flushed."""
    fingerprint = made.fingerprint
    found = queries.unfinished(fingerprint) if resume else None
    if found is not None:
        return found
    ready()
    found = DealImport(token=token_hex(16), by_id=by, at=clock.now(), counts={}, cursor=0)
    names = [it.given.name for it in (*made.beside, *filter(None, [made.deals]))]
    found.found = {"files": names}
    db.session.add(found)
    start(found, made)
    return found


def start(row: DealImport, made: Plan) -> None:
    """Let a run begin as planned, and remember how these tables are read; flushed."""
    row.fingerprint, row.source, row.state = made.fingerprint, made.source, "running"
    row.settings = made.deals.settings.kept() if made.deals else {"source": made.source}
    if made.deals is not None:
        remember(made.deals)
    db.session.flush()


def remember(it: Table) -> None:
    """Remember how tables with these headers are read."""
    kept = it.settings.kept()
    told = {name: kept[name] for name in ("source", "mapping", "order", "decimal", "currency")}
    known = db.session.get(DealImportMapping, it.signature)
    if known is None:
        row = DealImportMapping(signature=it.signature, settings=told, at=clock.now())
        db.session.add(row)
    elif known.settings != told:
        known.settings, known.at = told, clock.now()


def check_targets(source: str, aliases: Mapping[tuple[str, str], str]) -> None:
    """Refuse aliases of what is not there.

    Raises:
        RefusedError: naming the target, and what is spelt nearly so.
    """
    matcher = Matcher(source) if aliases else None
    for (kind, _), target in aliases.items():
        if matcher is not None and not matcher.stands(kind, target):
            near = rules.nearest(target, matcher.offered(kind))
            raise RefusedError("no-target", kind=kind, target=target[:60], near=near or "")


def accept(source: str, kind: str, word: str, target: str) -> None:
    """Remember what a word of a source stands for; flushed."""
    rows = queries.words(source)
    known = next((r for r in rows if (r.kind, r.word_key) == (kind, key_of(word))), None)
    if known is None:
        known = DealImportWord(source=source, kind=kind, word_key=key_of(word), word=word)
        known.detail = {}
        db.session.add(known)
    known.target = target
    db.session.flush()


class Run:
    """A run in progress: what it is over, and how it goes on."""

    def __init__(self, made: Plan, row: DealImport, zone: str) -> None:
        """Read what words can be matched to."""
        self.plan, self.zone = made, ZoneInfo(zone)
        self.id, self.source, self.at, self.cursor = row.id, made.source, row.at, row.cursor
        self.matcher = Matcher(made.source)

    def carry(self, commit: Callable[[], None], progress: Progress | None = None) -> None:
        """Take in all that is left, each chunk with its place in one transaction."""
        self._beside()
        commit()
        deals, total = self.plan.deals, self.plan.survey.rows
        if deals is not None:
            rows = ((n, cells) for n, cells in deals.data() if n > self.cursor)
            for lot in rules.lots(rows, CHUNK):
                row = self._chunk(deals, lot)
                done = row.counts["rows"]
                commit()
                if progress:
                    progress(min(done, total), total)
        row = self._row()
        row.state, row.finished_at = "done", clock.now()
        row.files = []
        db.session.flush()
        after = {"source": self.source, **told(row)}
        audit.record("deals.imported", kind="import", key=self.id, after=after, actor=row.by_id)
        commit()

    def _row(self) -> DealImport:
        """Return this run's row, held until the commit.

        Raises:
            Conflict: when another process goes on with it.
        """
        row = queries.by_id(self.id, lock=True)
        if row is None or row.cursor != self.cursor or row.state != "running":
            raise Conflict("this import is being done by another process")
        return row

    def _beside(self) -> None:
        row = self._row()
        tables = dict(row.counts.get("tables", {}))
        for it in self.plan.beside:
            key = f"{it.companion}: {it.given.name}"
            if key not in tables:
                tables[key] = companions.carry(it, self.source, self.matcher, self.at)
        row.counts = row.counts | {"tables": tables}
        db.session.flush()

    def _chunk(self, deals: Table, lot: Sequence[tuple[int, list[Cell]]]) -> DealImport:
        row = self._row()
        _alone(self.source)
        taken, noted = self.taken(deals, lot)
        done = Chunk(self.source, self.at, self.matcher, deals.settings.currency).write(taken)
        if noted:
            rows = [{"import_id": self.id} | it._asdict() for it in noted]
            db.session.execute(insert(DealImportRow), rows)
        self.cursor = row.cursor = lot[-1][0]
        row.counts = tallied(row.counts, taken, noted, done)
        db.session.flush()
        return row

    def taken(
        self, deals: Table, lot: Sequence[tuple[int, list[Cell]]]
    ) -> tuple[list[Resolved], list[Noted]]:
        """Return what rows make of deals, and what is to be said of rows; asks no database."""
        taken: list[Resolved] = []
        noted = []
        for number, cells in lot:
            try:
                if (it := self._resolved(deals, number, cells)) is not None:
                    taken.append(it)
                    noted += [Noted("doubt", number, *doubt) for doubt in it.row.doubts]
            except BadRowError as error:
                noted.append(Noted("rejected", number, error.code, error.told))
        return taken, noted

    def _resolved(self, deals: Table, number: int, cells: list[Cell]) -> Resolved | None:
        """Return what a row makes of a deal, None for an empty row."""
        id_ = cell_text(cells, deals.settings.mapping["id"], rules.ID_MOST)
        kind = rules.furniture(cells, deals.headers, id_)
        if kind == "blank":
            return None
        if kind:
            raise BadRowError(kind)
        refuse_formulas(cells, deals.settings)
        last = self.plan.survey.last.get(id_, number)
        if last != number:
            raise BadRowError("repeated", id=id_, later=last)
        return resolve(
            understand(cells, number, deals.settings, self.zone), self.matcher, self.zone
        )


def _alone(source: str) -> None:
    """Let one import of a source write at a time; SQLite has one writer anyway."""
    if db.session.connection().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext('deal import'), hashtext(:source))")
        db.session.execute(lock, {"source": source})


def counts_later(row: DealImport) -> bool:
    """Whether what a run has learnt counts for deals only when their file comes again."""
    kinds = {name.partition(":")[0] for name in row.counts.get("tables", {})}
    return not row.settings.get("mapping") and bool(kinds & {"owners", "stages", "pipelines"})


def told(row: DealImport) -> dict[str, Any]:
    """Return what became of a run, as a program reads it, without the reasons of rows."""
    return {name: row.counts.get(name, 0) for name in COUNTED}
