"""What may be attached, what it is called, where it is in its life, and its addresses."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

from portal.library.rules import State as Asset

NAME_MOST = 150
URL_MOST = 2000
MANY_FILES = 20
"""Files sent at once."""
MANY_ATTACHMENTS = 100
"""Attachments of one asset."""
EXTRACTOR = 1
"""Raise it when the same file would give another text: what is indexed is then made anew."""


class Kind(StrEnum):
    """What an attachment is, by its content."""

    PDF = "pdf"
    PPTX = "pptx"
    DOCX = "docx"
    XLSX = "xlsx"
    IMAGE = "image"
    VIDEO = "video"
    LINK = "link"


class State(StrEnum):
    """Where an attachment is: like a text, a published asset's are changed by publishing."""

    ADDED = "added"  # readers get it with the next publication
    SERVED = "served"
    GOING = "going"  # readers have it until the next publication
    REMOVED = "removed"


class Status(StrEnum):
    """How far reading its text has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    NONE = "none"  # there is nothing to read


@dataclass(frozen=True, slots=True)
class Type:
    """What a file is: its kind, media type and the endings its name may have, the best first."""

    kind: Kind
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES: dict[str, Type] = {
    "pdf": Type(Kind.PDF, "application/pdf", ("pdf",)),
    "pptx": Type(Kind.PPTX, _OFFICE + "presentationml.presentation", ("pptx",)),
    "docx": Type(Kind.DOCX, _OFFICE + "wordprocessingml.document", ("docx",)),
    "xlsx": Type(Kind.XLSX, _OFFICE + "spreadsheetml.sheet", ("xlsx",)),
    "png": Type(Kind.IMAGE, "image/png", ("png",)),
    "jpeg": Type(Kind.IMAGE, "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    "gif": Type(Kind.IMAGE, "image/gif", ("gif",)),
    "webp": Type(Kind.IMAGE, "image/webp", ("webp",)),
    "mp4": Type(Kind.VIDEO, "video/mp4", ("mp4", "m4v", "mov")),
    "webm": Type(Kind.VIDEO, "video/webm", ("webm",)),
}
"""What is taken; every other content is refused."""

READ = frozenset({Kind.PDF, Kind.PPTX, Kind.DOCX, Kind.XLSX, Kind.IMAGE})
"""Kinds that are opened to read their text or to draw a preview."""
UNITS = {Kind.PDF: "page", Kind.PPTX: "slide", Kind.XLSX: "sheet"}
"""What the numbers of passages count; a Word file has no pages until it is printed."""

_DOTS = re.compile(r"[.\s]+$")
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def ending_of(name: str) -> str:
    """Return a name's ending in lower case without its dot, or nothing."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and re.fullmatch(r"[A-Za-z0-9]{1,8}", ending) else ""


def clean_name(raw: str | None, endings: tuple[str, ...] = ()) -> str:
    """Return a file's name fit for display and for every file system, at most `NAME_MOST` long.

    Folders, controls, direction marks and what Windows forbids are gone; it ends in one of
    `endings` when there are any. Cleaning it again changes nothing.
    """
    text = unicodedata.normalize("NFC", raw or "")
    text = re.split(r"[\\/]", text)[-1]
    text = "".join(map(_shown, text))
    text = " ".join(_FORBIDDEN.sub(" ", text).split()).lstrip(". ")
    ending = ending_of(text)
    stem = text[: -len(ending) - 1] if ending else text
    if endings and ending not in endings:
        ending = endings[0]
    tail = f".{ending}" if ending else ""
    stem = _DOTS.sub("", _cut(stem, NAME_MOST - len(tail) - 1)) or "file"
    stem = f"{stem}_" if _RESERVED.match(stem) else stem
    return stem + tail


def _shown(char: str) -> str:
    """Drop what only directs the text around it; turn what shows nothing into a blank."""
    category = unicodedata.category(char)
    return "" if category == "Cf" else " " if category[0] in "CZ" else char


def _cut(text: str, most: int) -> str:
    """Cut a text, never between a letter and the marks that belong to it."""
    if len(text) <= most:
        return text
    while most and unicodedata.combining(text[most]):
        most -= 1
    return text[:most]


def fits(name: str, kind: Type) -> bool:
    """Whether a name does not claim to be something else."""
    ending = ending_of(name)
    return not ending or ending in kind.endings


def disposition(name: str, *, inline: bool = False) -> str:
    """Return the header that names a file for saving (RFC 6266), also for browsers of old."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'[^ -~]|["\\%;]', "_", plain).strip() or "file"
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def clean_url(raw: str | None) -> str | None:
    """Return an https address fit for a link, or None."""
    text = (raw or "").strip()
    if len(text) > URL_MOST or not text.isprintable() or " " in text or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return None
    good = parts.scheme == "https" and parts.hostname and not parts.username and port_fits
    return text if good and "." in str(parts.hostname) else None


def first_states(*, is_published: bool) -> State:
    """Return where a new attachment begins: readers wait for it when they see the asset."""
    return State.ADDED if is_published else State.SERVED


def after_removal(state: State, *, is_published: bool) -> State:
    """Return where an attachment is once somebody has removed it."""
    return State.GOING if is_published and state is State.SERVED else State.REMOVED


def after_publication(state: State) -> State:
    """Return where an attachment is when its asset is published."""
    return {State.ADDED: State.SERVED, State.GOING: State.REMOVED}.get(state, state)


def after_discarding(state: State) -> State:
    """Return where an attachment is when the change in the works is discarded."""
    return {State.ADDED: State.REMOVED, State.GOING: State.SERVED}.get(state, state)


VISIBLE = (State.SERVED.value, State.GOING.value)
"""What readers of a published asset get."""
HELD = (State.ADDED.value, *VISIBLE)
"""What the desk shows."""


def is_out(asset_state: str, state: str) -> bool:
    """Whether readers get an attachment, by its asset's state and its own."""
    return asset_state == Asset.PUBLISHED.value and state in VISIBLE


def file_path(public_id: str, *, view: str = "", page: int = 0, trail: str = "") -> str:
    """Return the address of an attachment: to download, to show (`view`) or its `preview`."""
    path = f"/files/{public_id}" + (f"/{view}" if view else "")
    return path + (f"?{trail}" if trail else "") + (f"#page={page}" if page else "")


# --- where a passage is, as the index keeps it ---------------------------------------------------

_MARK = "@"
_PLACE = re.compile(r"@([a-z]*):([0-9a-f]{32}):(\d{1,6})\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """A page, slide or sheet (`unit`, empty for none) of an attachment."""

    unit: str
    public_id: str
    number: int

    @property
    def anchor(self) -> str:
        """The place as one word that no heading's anchor can be."""
        return f"{_MARK}{self.unit}:{self.public_id}:{self.number}"

    def url(self, trail: str) -> str:
        """Where the attachment is handed out, at its page when it has pages."""
        page = self.number if self.unit == "page" else 0
        return file_path(self.public_id, page=page, trail=trail)


def place_of(anchor: str) -> Place | None:
    """Return the place an anchor stands for; None for an anchor of a text's section."""
    found = _PLACE.match(anchor)
    return Place(found[1], found[2], int(found[3])) if found else None
