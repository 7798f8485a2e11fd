"""Saving texts and terms: rendered once, a revision for every change, nothing for none."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote

from portal import clock, markup
from portal.db import db
from portal.library import kinds
from portal.library.files import SUFFIXES
from portal.library.links import asset_path
from portal.library.models import Asset, AssetText
from portal.library.rules import Kind, anchor_of, place_of

LinkOf = Callable[[str], str | None]


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 (64 hex digits) of all that makes a text what it is."""
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def link_between_files(path: str, slugs: Mapping[str, str]) -> LinkOf:
    """Return where links to other content files lead: `../x/en.md` becomes the asset's page.

    `slugs` gives the slugs of files whose path alone does not tell them.
    """
    folder = PurePosixPath(path).parent

    def link_of(href: str) -> str | None:
        target, _, fragment = href.partition("#")
        target = unquote(target.partition("?")[0])
        if PurePosixPath(target).suffix.lower() not in SUFFIXES or target.startswith("/"):
            return None
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
) -> AssetText:
    """Save an asset's text in a language: render it, and count a revision if it has changed.

    `existing`: the row, when the caller has loaded it already; `document`: the body, when the
    caller has drawn it already. Returns the row, flushed.

    Raises:
        Invalid: when the body is over 1 MB or would take too long to draw; nothing is changed.
    """
    language = str(language)
    content: dict[str, Any] = {
        "title": title,
        "summary": summary,
        "body": body,
        "tags": list(tags),
        "fields": dict(fields or {}),
        "extra": dict(extra or {}),
    }
    digest = digest_of(content)
    text = existing or next((t for t in asset.texts if t.language == language), None)
    if text is not None and text.digest == digest:
        return text
    if document is None:
        document = draw(body, title=title, link_of=link_of or link_between_files(path, {}))
    if text is None:
        text = AssetText(language=language, revision=0)
        asset.texts.append(text)
    _store(text, content)
    text.sections = [asdict(section) for section in document.sections]
    text.words = document.words
    text.path = path[:1000]
    asset.updated_at = text.updated_at
    db.session.flush()
    return text


def refit_text(text: AssetText, kind: Kind) -> None:
    """Part a text's own keys anew, for the kind its asset is now; a change is a revision."""
    fields, extra = kinds.refit(kind, {**text.fields, **text.extra})
    if (fields, extra) != (text.fields, text.extra):
        names = ("title", "summary", "body", "tags")
        told = {name: getattr(text, name) for name in names}
        _store(text, {**told, "fields": fields, "extra": extra})


def _store(text: AssetText, content: Mapping[str, Any]) -> None:
    for name, value in content.items():
        setattr(text, name, value)
    text.digest = digest_of(content)
    text.revision += 1
    text.updated_at = clock.now()
