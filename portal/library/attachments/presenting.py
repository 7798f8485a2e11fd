"""What pages show of attachments: words, sizes, addresses, and what to put into a text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal, gettext, ngettext

from portal.config import Config
from portal.library.attachments import labels
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import TYPES, Kind, State, Status, file_path
from portal.web import words

_MARKS = re.compile(r"([\\\[\]*_`<>])")
FAIL_AGAIN = frozenset({"slow", "large", "crashed", "missing"})
"""Troubles that another try may overcome."""


@dataclass(frozen=True, slots=True)
class FileView:
    """An attachment as a page shows it."""

    public_id: str
    name: str
    kind: str
    kind_label: str
    detail: str
    url: str
    preview_url: str
    video_url: str
    video_type: str
    is_link: bool
    note: str = ""
    is_bad: bool = False
    may_retry: bool = False
    waits_for: str = ""
    downloads: int = 0
    added_by: str = ""


def size_label(size: int) -> str:
    """Return a size in the reader's way of writing numbers."""
    for unit, name in ((1_000_000, gettext("MB")), (1000, gettext("kB"))):
        if size >= unit:
            rounded = round(size / unit, 1 if size < unit * 10 else 0)
            return f"{format_decimal(rounded)} {name}"
    return str(ngettext("%(num)d byte", "%(num)d bytes", size))


def _pages(it: Attachment) -> str:
    if not it.pages:
        return ""
    if it.kind == Kind.PPTX.value:
        return str(ngettext("%(num)d slide", "%(num)d slides", it.pages))
    if it.kind == Kind.XLSX.value:
        return str(ngettext("%(num)d sheet", "%(num)d sheets", it.pages))
    return str(ngettext("%(num)d page", "%(num)d pages", it.pages))


def file_view(it: Attachment, downloads: Mapping[str, int] | None = None) -> FileView:
    """Show an attachment."""
    size = size_label(it.size) if it.digest else ""
    trouble = it.trouble or ""
    waiting = it.status == Status.WAITING.value
    return FileView(
        public_id=it.public_id,
        name=it.name,
        kind=it.kind,
        kind_label=words.label(labels.KINDS, it.kind),
        detail=" · ".join(filter(None, (_pages(it), size))),
        url=file_path(it.public_id),
        preview_url=file_path(it.public_id, view="preview") if it.preview else "",
        video_url=file_path(it.public_id, view="show") if it.kind == Kind.VIDEO.value else "",
        video_type=it.media_type,
        is_link=it.kind == Kind.LINK.value,
        note=_note(trouble, waiting=waiting),
        is_bad=it.status == Status.FAILED.value,
        may_retry=waiting or trouble in FAIL_AGAIN,
        waits_for={
            State.ADDED.value: gettext("Readers get it when the asset is published"),
            State.GOING.value: gettext("Removed when the asset is published"),
        }.get(it.state, ""),
        downloads=(downloads or {}).get(it.public_id, 0),
        added_by=it.added_by.name if downloads is not None and it.added_by else "",
    )


def _note(trouble: str, *, waiting: bool) -> str:
    if waiting:
        return str(gettext("Its text is being read; search finds it in a moment."))
    return words.label(labels.TROUBLES, trouble) if trouble else ""


def reader_views(found: Sequence[Attachment]) -> list[FileView]:
    """Show what readers get."""
    return [file_view(it) for it in found]


@dataclass(frozen=True, slots=True)
class DeskView:
    """The attachments of an asset on the desk, and what the form says."""

    items: Sequence[FileView]
    most: str
    most_bytes: int
    accept: str


def desk_view(
    found: Sequence[Attachment], downloads: Mapping[str, int], config: Config
) -> DeskView:
    """Show the attachments of an asset with how often each was downloaded."""
    most = config.max_upload_mb * 1_000_000
    endings = (f".{ending}" for it in TYPES.values() for ending in it.endings)
    return DeskView(
        [file_view(it, downloads) for it in found], size_label(most), most, ",".join(endings)
    )


def markdown_of(it: Attachment) -> str:
    """Return what shows or links the attachment in a text."""
    words_ = _MARKS.sub(r"\\\1", it.name)
    if it.kind == Kind.IMAGE.value:
        stem = _MARKS.sub(r"\\\1", it.name.rpartition(".")[0])
        return f"![{stem}]({file_path(it.public_id, view='show')})"
    return f"[{words_}]({file_path(it.public_id)})"


def told(it: Attachment) -> dict[str, str]:
    """Return what a script is told of a new attachment."""
    shown = it.kind in {Kind.IMAGE.value, Kind.VIDEO.value}
    return {
        "id": it.public_id,
        "name": it.name,
        "kind": it.kind,
        "url": file_path(it.public_id, view="show" if shown else ""),
        "markdown": markdown_of(it),
    }
