"""Assets as the files they would be: texts, texts in the works, `asset.yaml`. Reads only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.accounts.rules import Department
from portal.config import Language
from portal.errors import Invalid
from portal.library import files, frontmatter, relinking, service
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import State as FileState
from portal.library.claims.models import ClaimRuling
from portal.library.files import SourceFile
from portal.library.folder import assetfile, queries, rules
from portal.library.folder.assetfile import AssetFile, AttachmentTold, RevisionTold, RulingTold
from portal.library.models import Asset, AssetText
from portal.library.publishing.models import TextRevision
from portal.library.rules import Facet, Kind, State, export_path

MARK = 16  # digits of a text's digest that tell which revision is meant


@dataclass(frozen=True, slots=True)
class Described:
    """An asset as its files say it: by language what is served and what is pending."""

    slug: str
    base: str
    served: dict[str, SourceFile]
    pending: dict[str, SourceFile]
    told: AssetFile
    digests: dict[str, str]  # path of an attachment's file → digest

    def files(self) -> dict[str, str]:
        """Return the text of every file by its path; attachments apart."""
        found = {source.path: files.write(source) for source in self.served.values()}
        for language, source in self.pending.items():
            found[rules.draft_path(self.base, language)] = files.write(source)
        if told := assetfile.dump(self.told):
            found[self.base + rules.ASSET] = told
        return found


def source_of(asset: Asset, text: AssetText) -> SourceFile:
    """Return a text as the file it would be."""
    return replace(_file_of(asset, text), targets=relinking.targets_of(text))


def _file_of(asset: Asset, text: AssetText) -> SourceFile:
    facets: dict[Facet, tuple[str, ...]] = {}
    for term in asset.facets:
        facet = Facet(term.facet)
        facets[facet] = (*facets.get(facet, ()), term.slug)
    extra = dict(text.extra)
    return replace(
        _plain(asset, text),
        owner=asset.owner.email if asset.owner else _stranger(extra),
        extra=extra,
        department=Department(asset.department) if asset.department else None,
        state=State(asset.state),
        checked=asset.checked_on,
        facets=facets,
    )


def _plain(asset: Asset, text: AssetText | TextRevision) -> SourceFile:
    """Return a text as a file that says nothing of its asset but its kind."""
    return SourceFile(
        path=export_path(asset.slug, asset.kind, text.language),
        slug=asset.slug,
        language=Language(text.language),
        kind=Kind(asset.kind),
        title=text.title,
        summary=text.summary,
        body=frontmatter.trim(text.body),
        tags=tuple(text.tags),
        fields=text.fields,
        extra=dict(text.extra),
    )


def says(asset: Asset, text: AssetText, source: SourceFile) -> bool:
    """Whether a file says what a text would say as one, although it is not kept so exactly."""
    try:
        again = files.read(files.write(_file_of(asset, text)).encode(), source.path)
    except Invalid:
        return False
    mine, its = (replace(it, facets={}, targets={}) for it in (again, source))
    return mark_of(mine) == mark_of(its) and its.owner in (None, mine.owner)


def _stranger(extra: dict[str, Any]) -> str | None:
    """Take the owner a file named whom nobody knew when it was loaded: the last one put aside."""
    name = "x-owner"
    while f"x-{name}" in extra:
        name = f"x-{name}"
    told = extra.get(name)
    return str(extra.pop(name)) if isinstance(told, str) and told.strip() else None


def _pending(asset: Asset, revision: TextRevision) -> SourceFile:
    """Return a text in the works as the file it would be; facts of the asset are told elsewhere."""
    drawn = revision.drawn or {}
    text = AssetText(title=revision.title, body=revision.body, sections=drawn.get("sections", []))
    return replace(_plain(asset, revision), targets=relinking.targets_of(text))


def content_of(source: SourceFile) -> dict[str, Any]:
    """Return what is kept of a file's text."""
    return service.content_of(
        title=source.title, summary=source.summary, body=source.body,
        tags=source.tags, fields=source.fields, extra=source.extra,
    )  # fmt: skip


def mark_of(source: SourceFile) -> str:
    """Return what tells a text from others, whoever owns the asset."""
    return service.digest_of(content_of(source))[:MARK]


def describe(assets: Sequence[Asset]) -> list[Described]:
    """Return assets as their files, each a few queries for all of them together."""
    ids = [asset.id for asset in assets]
    pending, held, pins = queries.pending(ids), queries.held(ids), queries.pins(ids)
    reasons = queries.reasons(ids)
    rulings, revisions = defaultdict(list), defaultdict(list)
    for ruling in queries.rulings(ids):
        rulings[ruling.asset_id].append(ruling)
    for revision in queries.told_of_served(ids):
        revisions[revision.asset_id].append(revision)
    people = {asset.creator_id for asset in assets}
    people |= {
        r.author_id for found in (pending, revisions) for rows in found.values() for r in rows
    }
    people |= {r.by_id for rows in rulings.values() for r in rows}
    emails = queries.emails({person for person in people if person})
    found = []
    for asset in assets:
        base = rules.export_base(asset.slug, asset.kind)
        served = {text.language: source_of(asset, text) for text in asset.texts}
        works = {row.language: _pending(asset, row) for row in pending.get(asset.id, ())}
        attachments, digests = _attachments(base, held.get(asset.id, ()))
        told = AssetFile(
            creator=emails.get(asset.creator_id or 0, ""),
            backup_owner=asset.backup_owner.email if asset.backup_owner else "",
            review_months=asset.review_months,
            reason=_reason(asset, *reasons.get(asset.id, ("", ""))),
            change=(asset.change or "") if asset.state == State.PUBLISHED.value else "",
            publish_at=asset.publish_at,
            retire_at=asset.retire_at,
            pinned_for=tuple(sorted(pins.get(asset.id, ()))),
            revisions=(
                *_revisions(revisions[asset.id], served, emails),
                *_revisions(pending.get(asset.id, ()), works, emails),
            ),
            claims=tuple(_ruling(row, emails) for row in rulings[asset.id]),
            attachments=attachments,
        )
        found.append(Described(asset.slug, base, served, works, told, digests))
    return found


def _reason(asset: Asset, action: str, note: str) -> str:
    fitting = {State.RETIRED.value: "retire", State.DRAFT.value: "unpublish"}
    return note if action and fitting.get(asset.state) == action else ""


def _revisions(
    rows: Sequence[TextRevision], texts: dict[str, SourceFile], emails: dict[int, str]
) -> list[RevisionTold]:
    found = []
    for row in rows:
        author = emails.get(row.author_id or 0, "")
        if row.language in texts and (author or row.note):
            mark = mark_of(texts[row.language])
            found.append(RevisionTold(row.language, mark, author, row.note))
    return found


def _ruling(row: ClaimRuling, emails: dict[int, str]) -> RulingTold:
    by = emails.get(row.by_id or 0, "")
    sentences = tuple(map(str, row.sentences))
    return RulingTold(row.verdict, row.language, sentences, row.mark, row.why, by, row.at)


def _attachments(
    base: str, rows: Sequence[Attachment]
) -> tuple[tuple[AttachmentTold, ...], dict[str, str]]:
    files_of = [row for row in rows if row.digest]
    names = dict(
        zip([r.id for r in files_of], rules.file_names([r.name for r in files_of]), strict=True)
    )
    folder = base.rpartition("/")[2] + "files"
    told, digests = [], {}
    for row in rows:
        plain = AttachmentTold(row.public_id, row.name, state=row.state or FileState.SERVED.value)
        if row.digest:
            file = f"{folder}/{names[row.id]}"
            digests[base.rpartition("/")[0] + f"/{file}"] = row.digest
            plain = replace(plain, file=file, sha256=row.digest, size=row.size)
        else:
            plain = replace(plain, link=row.url or "")
        told.append(plain)
    return tuple(told), digests
