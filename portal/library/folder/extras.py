"""What lies beside the texts of a folder read and taken over with them: drafts, `asset.yaml`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal import clock
from portal.db import db
from portal.errors import Invalid
from portal.library import files, finding, service
from portal.library.attachments.service import Upload
from portal.library.files import SourceFile
from portal.library.finding import Found
from portal.library.folder import assetfile, fetching, pending, queries, rules, taking
from portal.library.folder.assetfile import AssetFile
from portal.library.folder.fetching import Place
from portal.library.folder.pending import Draft
from portal.library.folder.placing import Fetched
from portal.library.merging import Merger, Outcome
from portal.library.models import Asset
from portal.library.publishing.acting import PORTAL, record
from portal.library.publishing.models import TextRevision
from portal.library.reporting import Report


@dataclass(slots=True)
class _Beside:
    """What lies beside the texts of one asset."""

    told: AssetFile | None = None
    told_in: Found | None = None
    drafts: dict[str, tuple[Found, SourceFile]] = field(default_factory=dict)
    fetched: Fetched = field(default_factory=dict)
    drawn: list[Draft] = field(default_factory=list)
    refused: dict[str, Invalid] = field(default_factory=dict)  # drafts that can not be drawn


class Extras:
    """Reads all of it first, then draws and saves it chunk by chunk beside the `Merger`."""

    def __init__(self, merger: Merger, report: Report, place: Place | None) -> None:
        """`place` is where files of attachments go; without one they are left out."""
        self._merger, self._report, self._place = merger, report, place
        self._beside: dict[str, _Beside] = defaultdict(_Beside)
        self._taker: taking.Taker | None = None
        self._had: Mapping[str, set[str]] = {}

    def _read_all(self, found: Iterable[Found], texts: Iterable[tuple[Found, str]]) -> None:
        """Read files, each for the asset whose texts (with their slugs) it lies beside."""
        slugs: dict[tuple[str, str], set[str]] = defaultdict(set)
        for text, slug in texts:
            slugs[str(text.root), rules.base_of(text.name)].add(slug)
        for file in found:
            whose = slugs.get((str(file.root), rules.base_of(file.name)), set())
            try:
                self._read(file, _only(whose))
            except (Invalid, OSError) as error:
                self._report.refuse(file.path, error)

    def _read(self, file: Found, slug: str) -> None:
        data, beside = finding.bytes_of(file.path), self._beside[slug]
        if rules.is_draft(file.name):
            source = files.read(data, rules.served_path(file.name))
            if source.language in beside.drafts:
                raise Invalid("there is another draft in this language")
            source = replace(source, slug=slug, root=str(file.root))
            beside.drafts[source.language] = (file, source)
        elif beside.told is not None:
            raise Invalid("there is another one for this asset")
        else:
            beside.told, beside.told_in = assetfile.read(data), file

    def prepare(self, found: Iterable[Found], texts: Iterable[tuple[Found, str]]) -> None:
        """Read files, and ask the database what is needed before the first chunk is drawn."""
        self._read_all(found, texts)
        self._taker = taking.Taker()
        self._had = queries.digests([s for s, b in self._beside.items() if b.told])

    def draw(self, groups: Sequence[Sequence[SourceFile]]) -> None:
        """Draw drafts and take files into the store; the database is not asked."""
        for group in groups:
            beside = self._beside.get(group[0].slug)
            if beside is None:
                continue
            kind = self._merger.kind_of(group)
            for language, (_file, source) in beside.drafts.items():
                link_of = self._merger.link_of(source)
                try:
                    drawn = service.draw(source.body, title=source.title, link_of=link_of)
                    content = self._merger.content(replace(source, owner=None), kind)
                    beside.drawn.append(Draft(language, content, drawn))
                except Invalid as error:
                    beside.refused[language] = error
            beside.fetched = self._fetched(group[0].slug, beside)

    def _fetched(self, slug: str, beside: _Beside) -> Fetched:
        found: dict[int, Upload | str | Invalid] = {}
        file = beside.told_in
        for number, item in enumerate(beside.told.attachments if beside.told else ()):
            if not item.file or file is None:
                continue
            if self._place is None:
                found[number] = Invalid(f"{item.file!r} is not loaded here", line=item.line)
                continue
            folder = file.name.rpartition("/")[0]
            try:
                had = self._had.get(slug, set())
                found[number] = fetching.fetch(item, file.root, folder, had, self._place)
            except Invalid as error:
                found[number] = error
        return found

    def save(self, group: Sequence[SourceFile], outcomes: Sequence[Outcome | Invalid]) -> None:
        """Take over what lies beside an asset's texts, which the merger has just saved."""
        slug = group[0].slug
        beside, asset = self._beside.get(slug), self._merger.assets.get(slug)
        if asset is None:
            self._refuse(beside)
            return
        before = self._merger.before[slug]
        written = any(o in (Outcome.CREATED, Outcome.UPDATED) for o in outcomes)
        taking.step_down(asset, before.state)
        changed, texts = self._take(asset, beside, before.pending, written=written)
        if written or changed or texts:
            detail = {"changed": changed} if changed else None
            record(asset, "load", PORTAL, detail=detail)
        if changed or texts:
            asset.updated_at = clock.now()
        db.session.flush()
        self._count(beside, changed, texts, new=not before.state)

    def _take(
        self, asset: Asset, beside: _Beside | None, had: Sequence[TextRevision], *,
        written: bool,
    ) -> tuple[list[str], list[str]]:  # fmt: skip
        """Return the keys of `asset.yaml` and the languages of drafts that brought something."""
        told = beside.told if beside else None
        texts = pending.take(asset, beside.drawn if beside else (), had)
        changed: list[str] = []
        if told and beside and beside.told_in and self._taker:
            path = beside.told_in.path
            changed = self._taker.take(
                asset, told, beside.fetched, lambda e: self._report.leave_out(path, e)
            )
        if told and self._taker and (written or texts):
            self._taker.credit(asset, told)
        if asset.change or texts or (told and told.change):
            was = asset.change
            pending.settle(asset, told.change if told else "")
            changed += ["change"] if asset.change != was else []
        return changed, texts

    def _count(
        self, beside: _Beside | None, changed: Sequence[str], texts: Sequence[str], *, new: bool
    ) -> None:
        if beside is None:
            return
        if beside.told_in:
            outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
            self._report.count(beside.told_in.path, Outcome.CREATED if new else outcome)
        for language, (file, _source) in beside.drafts.items():
            done = Outcome.UPDATED if language in texts else Outcome.UNCHANGED
            came = Outcome.CREATED if new else done
            self._report.count(file.path, beside.refused.get(language, came))

    def _refuse(self, beside: _Beside | None) -> None:
        for file in () if beside is None else (
            *([beside.told_in] if beside.told_in else []),
            *(file for file, _source in beside.drafts.values()),
        ):  # fmt: skip
            self._report.refuse(file.path, "the texts beside it could not be loaded")


def _only(slugs: set[str]) -> str:
    if not slugs:
        raise Invalid("no text lies beside it that could be loaded")
    if len(slugs) > 1:
        raise Invalid("the texts beside it belong to several assets")
    return next(iter(slugs))
