"""What the pages of revisions show: two texts side by side, with what differs marked in both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from portal import markup
from portal.library import presenting
from portal.library import queries as library
from portal.library.models import Asset
from portal.library.publishing.models import TextRevision
from portal.library.revisions import labels
from portal.library.revisions.queries import RevisionLine
from portal.library.revisions.rules import Change, Comparison, Row, is_change
from portal.library.revisions.worddiff import Chunk
from portal.library.rules import nest
from portal.web import words


@dataclass(frozen=True, slots=True)
class RowView:
    """A section or fact on both sides; `notes` says what happened to it."""

    label: str
    renamed_from: str
    anchor: str
    change: str
    notes: Sequence[str]
    old: Markup | None
    new: Markup | None


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision at the head of a column, or of a page of its own."""

    number: int
    at: datetime
    author: str
    note: str
    url: str
    is_served: bool


def marked(chunks: Iterable[Chunk], *, new: bool, equals: bool = False) -> Markup:
    """Return one side of a comparison as HTML: what the other side has not is marked and told.

    `equals`: neither side is the newer one.
    """
    around = _around("mark" if equals else "ins" if new else "del")
    parts = []
    for chunk in chunks:
        text = chunk.new if new else chunk.old
        if text:
            parts.append(str(escape(text)) if chunk.same else _marked(text, around))
    return Markup("".join(parts))  # noqa: S704  # every piece was escaped above


def _marked(text: str, around: tuple[str, str]) -> str:
    """Put marks around a text, not around the blanks after it."""
    bare = text.rstrip()
    return f"{around[0]}{escape(bare)}{around[1]}{escape(text[len(bare) :])}" if bare else text


def _around(tag: str) -> tuple[str, str]:
    """Return what stands around a piece that the other side has not, for eyes and for ears."""
    told = {"ins": gettext("[added:"), "del": gettext("[removed:"), "mark": gettext("[only here:")}
    begin = escape(told[tag])
    return f'<{tag}><span class="vh">{begin} </span>', f'<span class="vh">] </span></{tag}>'


def unified(chunks: Iterable[Chunk]) -> Markup:
    """Return both sides of a comparison in one text: what is gone, then what stands there now."""
    gone, come = _around("del"), _around("ins")
    parts = []
    for chunk in chunks:
        if chunk.same:
            parts.append(str(escape(chunk.new)))
            continue
        parts += [_marked(chunk.old, gone)] if chunk.old else []
        parts += [_marked(chunk.new, come)] if chunk.new else []
    return Markup("".join(parts))  # noqa: S704  # every piece was escaped above


def _row(row: Row, label: str) -> RowView:
    notes = [] if row.change is Change.SAME else [words.label(labels.CHANGES, row.change)]
    if row.moved:
        notes.append(gettext("Moved"))
    if row.renamed:
        notes.append(gettext("Renamed"))
    return RowView(
        label=label,
        renamed_from=row.old.heading if row.old and row.renamed else "",
        anchor=row.key,
        change=row.change.value,
        notes=notes,
        old=marked(row.chunks, new=False) if row.old else None,
        new=marked(row.chunks, new=True) if row.new else None,
    )


def row_views(comparison: Comparison, *, everything: bool) -> list[RowView]:
    """Show the facts and sections that differ, or all of them."""
    views = [
        _row(row, labels.fact_label(row.key))
        for row in comparison.facts
        if everything or is_change(row)
    ]
    views += [
        _row(row, labels.section_label((row.new or row.old or _NOTHING).heading))
        for row in comparison.sections
        if everything or is_change(row)
    ]
    return views


class _Nothing:
    heading = ""


_NOTHING = _Nothing()


def revision_view(asset: Asset, revision: TextRevision) -> RevisionView:
    """Show whose and which revision it is."""
    return RevisionView(
        number=revision.number,
        at=revision.at,
        author=revision.author.name if revision.author else "",
        note=revision.note,
        url=url_for(
            "revisions.show", slug=asset.slug, language=revision.language, number=revision.number
        ),
        is_served=served(asset, revision.language) == revision.number,
    )


def drawn(
    asset: Asset, revision: TextRevision, document: markup.Document
) -> tuple[presenting.PageView, Markup] | None:
    """Return a revision as the asset's page would show it, and its text by the same templates."""
    page = library.asset_page(asset.slug, asked=revision.language, unpublished=True)
    if page is None:
        return None
    page = replace(
        page,
        language=revision.language,
        title=revision.title,
        summary=revision.summary,
        tags=tuple(revision.tags),
        fields=revision.fields,
        sections=nest(document.sections),
        revision=revision.number,
        related=(),
    )
    view = presenting.page_view(page)
    body = render_template(presenting.body_template(asset.kind), page=view)
    return view, Markup(body)  # noqa: S704  # drawn by a template just now


def served(asset: Asset, language: str) -> int | None:
    """Return the number of the revision that readers get, if there is one."""
    return next((t.revision for t in asset.texts if t.language == language), None)


def chosen(lines: Sequence[RevisionLine], shown: int | None) -> tuple[int, int]:
    """Return which two are compared unless others are chosen: what readers get and the newest."""
    if not lines:
        return 0, 0
    new = lines[0].number
    numbers = [line.number for line in lines]
    old = shown if shown in numbers and shown != new else numbers[min(1, len(numbers) - 1)]
    return old or new, new


def compare_urls(asset: Asset, language: str, old: int, new: int) -> Mapping[str, str]:
    """Return where a comparison leads: everything, changes only, and turned round."""

    def to(**values: Any) -> str:  # noqa: ANN401
        return url_for("revisions.compare", slug=asset.slug, language=language, **values)

    return {
        "everything": to(old=old, new=new, all=1),
        "changes": to(old=old, new=new),
        "turned": to(old=new, new=old),
    }
