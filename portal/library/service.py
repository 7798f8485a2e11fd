"""Saving texts: every change a revision that stays, the one served drawn once and kept."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote

from portal import clock, markup
from portal.db import db
from portal.library import kinds
from portal.library.claims import keeping
from portal.library.files import SUFFIXES
from portal.library.links import asset_path
from portal.library.models import Asset, AssetText
from portal.library.publishing.models import TextRevision
from portal.library.rules import Kind, anchor_of, place_of
from portal.library.translation import following
from portal.library.translation import queries as translation

_NO_NAME = re.compile("[\x00\ud800-\udfff]")  # what no file's name holds
LinkOf = Callable[[str], str | None]


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 (64 hex digits) of all that makes a text what it is."""
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def file_named(href: str) -> str:
    """Return the content file that a link names, "" when it names none."""
    target = unquote(href.partition("#")[0].partition("?")[0])
    known = PurePosixPath(target).suffix.lower() in SUFFIXES and not target.startswith("/")
    return target if known and not _NO_NAME.search(target) else ""


def link_between_files(
    path: str, slugs: Mapping[str, str], targets: Mapping[str, str | None] | None = None
) -> LinkOf:
    """Return where links to other content files lead: `../x/en.md` becomes the asset's page.

    `slugs` gives the slugs of files whose path alone does not tell them; `targets` where links of
    this very file lead (`SourceFile.targets`), which counts first.
    """
    folder = PurePosixPath(path).parent
    told = targets or {}

    def link_of(href: str) -> str | None:
        target, fragment = file_named(href), href.partition("#")[2]
        if not target:
            return None
        if target in told:
            known = told[target]
            return asset_path(known, anchor=fragment) if known else None
        full = normpath(str(folder / target))
        while full.startswith("../"):
            full = full[3:]
        slug = slugs.get(full) or place_of(full).slug
        return asset_path(slug, anchor=fragment) if slug else None

    return link_of


def draw(body: str, *, title: str, link_of: LinkOf) -> markup.Document:
    """Return a body drawn as it is kept with a text.

    Raises:
        Invalid: when the body is over 1 MB or would take too long to draw.
    """
    return markup.render(body, title=title, anchor_of=anchor_of, link_of=link_of)


def save_text(
    asset: Asset,
    *,
    language: str,
    title: str,
    body: str,
    summary: str = "",
    tags: Sequence[str] = (),
    fields: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    path: str = "",
    existing: AssetText | None = None,
    link_of: LinkOf | None = None,
    document: markup.Document | None = None,
    claims: bool = True,
) -> AssetText:
    """Save an asset's text in a language: render it, and count a revision if it has changed.

    `existing`: the row, when the caller has loaded it already; `document`: the body, when the
    caller has drawn it already; `claims`: as for `serve`. Returns the row, flushed.

    Raises:
        Invalid: when the body is over 1 MB or would take too long to draw; nothing is changed.
    """
    language = str(language)
    content = content_of(
        title=title, body=body, summary=summary, tags=tags, fields=fields, extra=extra
    )
    text = existing or next((t for t in asset.texts if t.language == language), None)
    if text is not None and text.digest == digest_of(content):
        return text
    if document is None:
        document = draw(body, title=title, link_of=link_of or link_between_files(path, {}))
    asset.updated_at = clock.now()
    db.session.add(asset)
    db.session.flush()
    revision = add_revision(asset, language, content)
    text = serve(asset, revision, document, existing=text, claims=claims)
    text.path = path[:1000]
    db.session.flush()
    return text


def content_of(
    *,
    title: str,
    body: str,
    summary: str = "",
    tags: Sequence[str] = (),
    fields: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return all that makes a text what it is, as revisions and texts keep it."""
    return {
        "title": title,
        "summary": summary,
        "body": body,
        "tags": list(tags),
        "fields": dict(fields or {}),
        "extra": dict(extra or {}),
    }


CONTENT = ("title", "summary", "body", "tags", "fields", "extra")


def kept_content(row: AssetText | TextRevision) -> dict[str, Any]:
    """Return the content of a text or a revision, as `content_of` makes it."""
    return {name: getattr(row, name) for name in CONTENT}


def add_revision(
    asset: Asset,
    language: str,
    content: Mapping[str, Any],
    *,
    author_id: int | None = None,
    note: str = "",
    document: markup.Document | None = None,
) -> TextRevision:
    """Keep a save of an asset's text for ever, with the next number; flushed.

    `document`: the body, drawn, to be kept until the revision is served.
    The caller holds the asset (`publishing.queries.asset_by_slug(lock=True)`) or is alone.
    """
    before = translation.heads(asset.id)
    newest = next((head.newest for head in before if head.language == language), 0)
    row = TextRevision(
        asset_id=asset.id,
        language=language,
        number=newest + 1,
        digest=digest_of(content),
        drawn=drawn(document) if document else None,
        author_id=author_id,
        at=clock.now(),
        note=note,
        **content,
    )
    db.session.add(row)
    db.session.flush()
    following.told(asset, row, before)
    return row


def drawn(document: markup.Document) -> dict[str, Any]:
    """Return a body that was drawn as texts and revisions keep it."""
    return {"sections": [asdict(section) for section in document.sections], "words": document.words}


def serve(
    asset: Asset,
    revision: TextRevision,
    document: markup.Document | None,
    *,
    existing: AssetText | None = None,
    claims: bool = True,
) -> AssetText:
    """Make a revision the text that readers get; not flushed.

    `document` is its body, drawn; None when it is kept with the revision. Its claims are kept
    with it, unless the caller does that (`claims.keeping.keep`): when the asset's facets are not
    known yet.
    """
    text = existing or next((t for t in asset.texts if t.language == revision.language), None)
    if text is None:
        text = AssetText(language=revision.language, path="")
        asset.texts.append(text)
    for name, value in kept_content(revision).items():
        setattr(text, name, value)
    text.digest = revision.digest
    text.revision = revision.number
    kept = drawn(document) if document else revision.drawn or {}
    text.sections, text.words = kept["sections"], kept["words"]
    revision.drawn = None
    text.updated_at = asset.updated_at = clock.now()
    if claims:
        keeping.keep(asset, text)
    return text


def refit_text(asset: Asset, text: AssetText, kind: Kind) -> None:
    """Part a text's own keys anew, for the kind its asset is now; a change is a revision."""
    fields, extra = kinds.refit(kind, {**text.fields, **text.extra})
    if (fields, extra) != (text.fields, text.extra):
        content = {**kept_content(text), "fields": fields, "extra": extra}
        revision = add_revision(asset, text.language, content)
        text.fields, text.extra = fields, extra
        text.digest, text.revision = revision.digest, revision.number
        text.updated_at = revision.at
