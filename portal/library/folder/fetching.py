"""Files of attachments found beside their texts, checked, and taken into the store.

Done while no transaction is open: files are large, and looking into them takes long.
"""

import hashlib
import os
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portal.errors import Invalid
from portal.library.attachments import service
from portal.library.attachments.service import RefusedError, Upload
from portal.library.attachments.store import CHUNK, Store
from portal.library.folder.assetfile import AttachmentTold

_REFUSED = {
    "too-large": "is larger than attachments may be",
    "empty": "is empty",
    "unknown": "is of no type that is taken",
    "svg": "is an SVG, which can carry programs",
    "mismatch": "is not what its name says",
    "macros": "carries macros",
    "old": "is of an old Office format",
    "broken": "is damaged",
    "bomb": "unpacks to far more than it should",
    "unsafe": "holds instructions Office never writes",
    "encrypted": "asks for a password",
    "slow": "takes too long to look into",
    "crashed": "can not be looked into",
    "large": "takes too much memory to look into",
    "link": "is no https address",
    "too-many": "is one attachment too many for this asset",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where files are kept, how large one may be, and whether anything is kept at all."""

    store: Store
    most: int
    keep: bool = True


def fetch(
    told: AttachmentTold, root: Path, folder: str, had: Collection[str], place: Place
) -> Upload | str:
    """Return a file taken into the store, or just its digest when the asset has it already.

    Raises:
        Invalid: when it is missing, lies elsewhere, is not the one that is meant or not taken.
    """
    try:
        with _opened(root / folder / told.file) as file:
            return _checked(file, told, had, place)
    except Invalid as error:
        raise Invalid(f"{told.file!r} {words_of(error)}", line=told.line) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Invalid(f"{told.file!r} can not be read ({reason})", line=told.line) from error


def _checked(
    file: BinaryIO, told: AttachmentTold, had: Collection[str], place: Place
) -> Upload | str:
    if os.fstat(file.fileno()).st_size > place.most:
        raise Invalid(_REFUSED["too-large"])
    digest = _digest(file)
    if told.sha256 and told.sha256 != digest:
        raise Invalid("is not the file that is meant: its SHA-256 is another one")
    if digest in had:
        return digest
    file.seek(0)
    return service.take(place.store, file, told.name, most=place.most, keep=place.keep)


def words_of(error: Invalid) -> str:
    """Return why a file is not taken."""
    if isinstance(error, RefusedError):
        return _REFUSED.get(error.code, _REFUSED["crashed"])
    return str(error.reason)


def _opened(path: Path) -> BinaryIO:
    """Open a file that is one, and that no link leads to."""
    if os.path.lexists(path) and os.path.realpath(path) != str(path):
        raise Invalid("is reached by a link, which may lead anywhere")
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    file = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        file.close()
        raise Invalid("is not a regular file")
    return file


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
