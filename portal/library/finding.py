"""Files below folders found and read: in a fixed order, never following where they lead out."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.errors import Invalid
from portal.library import files
from portal.library.folder.rules import is_asset_file
from portal.library.frontmatter import MAX_FILE
from portal.library.reporting import Report

_BAD_NAME = re.compile("[\ud800-\udfff]")  # bytes of a name that are not UTF-8 arrive as these


@dataclass(frozen=True, slots=True)
class Found:
    """A Markdown file below a folder given."""

    root: Path  # the folder given, without links
    path: Path
    name: str  # relative to the root, with `/`


def find(paths: Sequence[Path], report: Report) -> list[Found]:
    """Return the Markdown files of these folders (and files named), in a fixed order.

    Hidden folders are skipped; links to folders are not followed. What is named but can not be
    loaded is noted in the report.
    """
    found: dict[str, Found] = {}
    for path in paths:
        if _is_folder(path):
            root = path
            below = sorted(_below(path, report), key=lambda p: p.relative_to(path).as_posix())
        elif path.suffix.lower() in files.SUFFIXES and os.path.lexists(path):
            root, below = path.parent, [path]
        else:
            report.files += 1
            exists = os.path.lexists(path)
            report.refuse(path, "is not a Markdown file" if exists else "does not exist")
            continue
        real = Path(os.path.realpath(root))
        for file in below:
            name = file.relative_to(root).as_posix()
            if _BAD_NAME.search(name):
                report.files += 1
                report.refuse(file, "its name is not UTF-8 text: rename it")
            else:
                found.setdefault(os.path.realpath(file), Found(real, file, name))
    return list(found.values())


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  # `Path.is_dir` raises where one may not look


def _below(folder: Path, report: Report) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        report.files += 1
        report.refuse(folder, error)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry):
            if not entry.is_symlink():
                yield from _below(entry, report)
        elif entry.suffix.lower() in files.SUFFIXES or is_asset_file(entry.name):
            yield entry


def bytes_of(path: Path) -> bytes:
    """Return a file's content, and a byte more than we take of a larger one.

    Raises:
        Invalid: when it is not a regular file.
        OSError: when it can not be read.
    """
    # a pipe or a device would be waited for, or read, for ever
    if not stat.S_ISREG(path.stat().st_mode):
        raise Invalid("is not a regular file")
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)
