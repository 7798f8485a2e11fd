"""Runs the checks, for one asset or all of them, and keeps what they find from run to run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, update

from portal import clock
from portal.db import db
from portal.library.claims import keeping
from portal.library.claims import queries as claim_queries
from portal.library.claims.rules import VERSION, mark_of
from portal.library.claims.subjects import Vocabulary
from portal.library.models import Asset, AssetText
from portal.library.quality import looking, prints, queries
from portal.library.quality.models import QualityFinding, TextBand, TextPrint
from portal.library.quality.rules import Found

CHUNK = 10  # assets a transaction: who saves anything waits that long


@dataclass(slots=True)
class Report:
    """What came of a run."""

    assets: int = 0
    findings: int = 0
    new: int = 0
    gone: int = 0
    by_check: dict[str, int] = field(default_factory=dict)
    rest: tuple[int, int] | None = None  # where it was left, when others were to go first

    def add(self, found: Mapping[int, Sequence[Found]], *, new: int, gone: int) -> None:
        """Count what was found about some assets."""
        self.assets += len(found)
        self.new += new
        self.gone += gone
        for findings in found.values():
            self.findings += len(findings)
            for it in findings:
                self.by_check[it.check.value] = self.by_check.get(it.check.value, 0) + 1


def check_asset(asset: Asset) -> None:
    """Check an asset that was saved; its claims are kept already. Flushed."""
    db.session.flush()
    made = _refresh([asset], vocabulary=None)
    found = looking.look_at([asset], made, clock.now().date())
    _keep(found, clock.now())
    db.session.flush()


def run_all(
    commit: Callable[[], None] | None = None,
    *,
    begin: tuple[int, int] = (1, 0),
    pause: Callable[[], bool] | None = None,
) -> Report:
    """Check everything, some ten assets at a time; `commit` is called after each lot.

    Two walks: first the prints (and claims read by older rules or facets), so that the second
    compares every text with all others. A run that is killed has only work to repeat. When `pause`
    says so after a lot, the report tells where to `begin` the next time: (walk, the last asset).
    """
    report, now, vocabulary = Report(), clock.now(), claim_queries.vocabulary()
    first, after = begin
    for walk in range(first, 3):
        for assets in _lots(after if walk == first else 0):
            last = assets[-1].id
            if walk == 1:
                _refresh(assets, vocabulary=vocabulary)
            else:
                made = queries.prints([text.id for asset in assets for text in asset.texts])
                _look(assets, made, now, report)
            _finish(commit)
            if pause and pause():
                report.rest = walk, last
                return report
    report.by_check = dict(sorted(report.by_check.items()))
    return report


def run_some(asset_ids: Sequence[int], commit: Callable[[], None] | None = None) -> Report:
    """Read the claims of some assets anew and check them, some ten at a time, as `run_all`."""
    report, now, vocabulary = Report(), clock.now(), claim_queries.vocabulary()
    for start in range(0, len(asset_ids), CHUNK):
        assets = queries.assets_of(asset_ids[start : start + CHUNK])
        _look(assets, _refresh(assets, vocabulary=vocabulary), now, report)
        _finish(commit)
    report.by_check = dict(sorted(report.by_check.items()))
    return report


def _look(
    assets: Sequence[Asset], made: Mapping[int, TextPrint], now: datetime, report: Report
) -> None:
    found = looking.look_at(assets, made, now.date())
    new, gone = _keep(found, now)
    report.add(found, new=new, gone=gone)


def _finish(commit: Callable[[], None] | None) -> None:
    db.session.flush()
    if commit:
        commit()
    db.session.expunge_all()  # a library does not fit into memory at once


def _lots(last: int) -> Iterator[Sequence[Asset]]:
    """Yield all assets after that one, a lot at a time, by id."""
    while assets := queries.assets_after(last, CHUNK):
        last = assets[-1].id
        yield assets


def _refresh(assets: Sequence[Asset], *, vocabulary: Vocabulary | None) -> dict[int, TextPrint]:
    """Make the prints of texts that have changed; with a vocabulary, read their claims anew too."""
    texts = [(asset, text) for asset in assets for text in asset.texts]
    made = queries.prints([text.id for _, text in texts])
    for asset, text in texts:
        row = made.get(text.id)
        basis = _basis(asset, text, vocabulary) if vocabulary else ""
        if vocabulary and (row is None or row.basis != basis):
            keeping.keep(asset, text, vocabulary)
        if row is None:
            row = made[text.id] = TextPrint(text_id=text.id, digest="", basis="", print=b"")
            db.session.add(row)
        if basis:
            row.basis = basis
        if row.digest != text.digest:
            _make(text, row)
    db.session.flush()
    return made


def _basis(asset: Asset, text: AssetText, vocabulary: Vocabulary) -> str:
    terms = " ".join(f"{term.facet}:{term.slug}" for term in asset.facets)
    return mark_of(str(VERSION), text.digest, asset.kind, terms, vocabulary.digest)


def _make(text: AssetText, row: TextPrint) -> None:
    told = "\n".join(f"{s['heading']}\n{s['text']}" for s in text.sections)
    row.digest, row.print = text.digest, prints.print_of(told, text.language)
    db.session.execute(
        delete(TextBand)
        .where(TextBand.text_id == text.id)
        .execution_options(synchronize_session=False)
    )
    bands = prints.bands_of(row.print, text.language)
    if bands:
        db.session.execute(insert(TextBand), [{"text_id": text.id, "band": band} for band in bands])


def _keep(found: Mapping[int, Sequence[Found]], now: datetime) -> tuple[int, int]:
    """Bring what is kept in step with what was found; return how many are new, and are gone."""
    kept = {(row.asset_id, row.mark): row for row in queries.findings(found)}
    present = {(asset_id, it.mark): it for asset_id, its in found.items() for it in its}
    gone = [row.id for key, row in kept.items() if key not in present]
    if gone:
        db.session.execute(
            delete(QualityFinding)
            .where(QualityFinding.id.in_(gone))
            .execution_options(synchronize_session=False)
        )
        for key in [key for key in kept if key not in present]:
            db.session.expunge(kept[key])
    for key, row in kept.items():
        if key in present:
            _renew(row, present[key])
    db.session.flush()
    seen = [row.id for key, row in kept.items() if key in present]
    if seen:
        db.session.execute(
            update(QualityFinding)
            .where(QualityFinding.id.in_(seen))
            .values(found_at=now)
            .execution_options(synchronize_session=False)
        )
    new = [_row(asset_id, it, now) for (asset_id, mark), it in present.items()
           if (asset_id, mark) not in kept]  # fmt: skip
    if new:
        db.session.execute(insert(QualityFinding), new)
    return len(new), len(gone)


def _renew(row: QualityFinding, it: Found) -> None:
    there = mark_of(it.there)
    if row.there != there:
        row.there = there
        row.dismissed_at = row.dismissed_by_id = None  # what was decided was about another text
        row.why = ""
    if row.detail != dict(it.detail):
        row.detail = dict(it.detail)
    row.severity = int(it.severity)


def _row(asset_id: int, it: Found, now: datetime) -> dict[str, object]:
    return {
        "asset_id": asset_id, "mark": it.mark, "name": it.check.value,
        "severity": int(it.severity), "language": it.language, "anchor": it.anchor[:200],
        "detail": dict(it.detail), "there": mark_of(it.there), "first_seen": now,
        "found_at": now, "why": "",
    }  # fmt: skip
