"""What the pages of translations show: the original beside the text, and how languages stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup, escape

from portal.config import Language
from portal.library.models import Asset
from portal.library.revisions import labels as parts
from portal.library.revisions.presenting import unified
from portal.library.revisions.rules import Change, Row, compare
from portal.library.revisions.sections import leaves
from portal.library.translation import queries, rules
from portal.library.translation.forms import FIELD
from portal.library.translation.labels import STATUSES
from portal.library.translation.rules import Head, Line, Status
from portal.web import locale, words

WIDTH = 64  # characters a line of a text field holds, about
ROWS = (3, 26)


@dataclass(frozen=True, slots=True)
class LineView:
    """A section to translate: the original's, with what changed, and the text beside it."""

    label: str
    note: str
    is_current: bool
    source: Markup | None
    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """A text beside the sections: its name in the form, the original's, and the translation."""

    name: str
    label: str
    source: Markup
    note: str
    text: str
    rows: int


def _rows(*texts: str) -> int:
    lines = max(
        sum(1 + len(line) // WIDTH for line in text.splitlines()) if text else 0 for text in texts
    )
    return min(max(ROWS[0], lines + 1), ROWS[1])


def _note(line: Line, *, is_begun: bool) -> str:
    if line.row is None:
        return str(gettext("Only in this language"))
    if line.row.new is None:
        return str(gettext("Gone from the original"))
    if not is_begun:
        return ""
    if line.lags and line.row.moved and line.row.change in {Change.SAME, Change.SPACING}:
        return str(gettext("Moved"))
    return words.label(parts.CHANGES, line.row.change) if line.lags else ""


def line_views(lines: Sequence[Line], typed: Sequence[str], *, is_begun: bool) -> list[LineView]:
    """Show the sections to translate; `typed` stands for what is kept, where it was sent."""
    views = []
    for number, line in enumerate(lines):
        text = line.translation.text if line.translation else line.start
        text = typed[number] if len(typed) == len(lines) else text
        row = line.row
        piece = (row.new or row.old) if row else line.translation
        plain = row.new.text if row and row.new else ""
        source = None
        if row is not None:
            source = unified(row.chunks) if is_begun and line.lags else escape(plain)
        views.append(
            LineView(
                label=parts.section_label(piece.heading if piece else ""),
                note=_note(line, is_begun=is_begun),
                is_current=not (is_begun and line.lags),
                source=source,
                text=text,
                rows=_rows(text, plain),
            )
        )
    return views


def field_views(
    old: Mapping[str, Any], new: Mapping[str, Any], own: Mapping[str, Any], *, is_begun: bool
) -> list[FieldView]:
    """Show the kind's own texts, as the original and the translation have them."""
    changed = {row.key: row for row in compare(old, new).facts}
    source = dict(leaves(new["fields"]))
    views = []
    for path, text in leaves(rules.shaped(new["fields"], own["fields"])):
        key = ".".join(("fields", *path))
        told = source.get(path, "")
        views.append(
            FieldView(
                name=FIELD + ".".join(path),
                label=parts.fact_label(key),
                source=_fact(changed.get(key), told, is_begun=is_begun),
                note=_fact_note(changed.get(key), is_begun=is_begun),
                text=text,
                rows=1 if len(told) < WIDTH and len(text) < WIDTH else _rows(text, told),
            )
        )
    return views


def _fact(row: Row | None, text: str, *, is_begun: bool) -> Markup:
    return unified(row.chunks) if row and is_begun else escape(text)


def _fact_note(row: Row | None, *, is_begun: bool) -> str:
    shown = row is not None and is_begun and row.change not in {Change.SAME, Change.SPACING}
    return words.label(parts.CHANGES, row.change) if row and shown else ""


def facts(
    old: Mapping[str, Any], new: Mapping[str, Any], *, is_begun: bool
) -> dict[str, tuple[Markup, str]]:
    """Return the original's title, summary and tags, what changed marked, with a note each."""
    changed = {row.key: row for row in compare(old, new).facts}
    plain = {"title": new["title"], "summary": new["summary"], "tags": ", ".join(new["tags"])}
    return {
        key: (
            _fact(changed.get(key), text, is_begun=is_begun),
            _fact_note(changed.get(key), is_begun=is_begun),
        )
        for key, text in plain.items()
    }


@dataclass(frozen=True, slots=True)
class LanguageView:
    """How a language of an asset stands, and what can be done about it."""

    code: str
    name: str
    status: str
    label: str
    is_original: bool
    url: str  # where it is translated; empty for the original
    number: int
    follows: int


def language_views(asset: Asset) -> list[LanguageView]:
    """Show how each language of an asset stands, with how many parts lag."""
    heads = {head.language: head for head in queries.heads(asset.id)}
    source = heads.get(rules.original(list(heads.values())) or "")
    if source is None or not source.live:
        return []
    served = {text.language: text.revision for text in asset.texts}
    lags = lag_counts([(asset.id, source, head) for head in heads.values()])
    views = []
    for code in Language:
        head = heads.get(code)
        stands = rules.status(
            head, source, served=served.get(code), public=asset.state == "published"
        )
        views.append(
            LanguageView(
                code=code.value,
                name=locale.NAMES[code],
                status=stands.value,
                label=status_label(stands, lags.get((asset.id, code.value), 0)),
                is_original=code == source.language,
                url=""
                if code == source.language
                else url_for("translation.edit", slug=asset.slug, language=code.value),
                number=head.live or 0 if head else 0,
                follows=source.live,
            )
        )
    return views


def status_label(status: Status, lag: int) -> str:
    """Return the words for how a language stands."""
    if status is Status.LAGGING and lag:
        return str(ngettext("%(num)d part lags behind", "%(num)d parts lag behind", lag))
    return words.label(STATUSES, status)


def lag_counts(wanted: Sequence[tuple[int, Head, Head]]) -> dict[tuple[int, str], int]:
    """Return how many parts of translations lag: of (asset, original, translation) each."""
    behind = [
        (asset_id, source, head, rules.followed(head, source))
        for asset_id, source, head in wanted
        if head.live and head.language != source.language
    ]
    behind = [it for it in behind if it[3] != it[1].live]
    names = [(a, s.language, n) for a, s, _h, f in behind for n in (f, s.live or 0) if n]
    known = queries.contents(names)
    counts: dict[tuple[int, str], int] = {}
    for asset_id, source, head, number in behind:
        new = known.get((asset_id, source.language, source.live or 0))
        if new is not None:
            old = known.get((asset_id, source.language, number), EMPTY)
            counts[asset_id, head.language] = len(rules.differing(old, new))
    return counts


EMPTY: Mapping[str, Any] = {
    "title": "", "summary": "", "body": "", "tags": [], "fields": {}, "extra": {},
}  # fmt: skip
