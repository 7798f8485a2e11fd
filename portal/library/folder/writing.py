"""A folder of our own written so that nothing a person did in it is lost.

`.arsenal-export` lists what an export has written, each file with its SHA-256. Another export
changes and deletes just these, and refuses when somebody has changed them since, or when other
files are in its way. What is written is appended to `.arsenal-export.part` first, so that an
export that was killed is gone on with.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from portal.errors import Conflict

LIST = ".arsenal-export"
PART = ".arsenal-export.part"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_SHOWN = 10
CHUNK = 1 << 18


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(data).hexdigest()


class Tree:
    """A folder to write an export to."""

    def __init__(self, folder: Path, *, force: bool = False) -> None:
        """Look at what is there; `force`: whatever is in the way is overwritten.

        Raises:
            Conflict: when the folder is something else.
        """
        self._folder, self._force = folder, force
        listed = (folder / LIST).is_file() or (folder / PART).is_file()
        self._before = _read(folder / PART, _read(folder / LIST, {}))
        self._there = dict(_files(folder)) if folder.is_dir() else {}
        if self._there and not listed and not force:
            raise Conflict(
                f"{folder} is not empty and was not written by an export: choose another folder, "
                "or say --force to write into it"
            )
        self._written: dict[str, str] = {}
        self.changed, self.removed = 0, 0

    @property
    def needs_look(self) -> bool:
        """Whether anything there is not just as an export has left it."""
        return not self._force and any(
            self._before.get(name) != self._digest(name) for name in self._there
        )

    def _digest(self, name: str) -> str:
        if not self._there[name]:
            path = self._folder / name
            self._there[name] = "link" if path.is_symlink() else _file_digest(path)
        return self._there[name]

    def look(self, wanted: Mapping[str, str]) -> None:
        """See whether files (path → digest) can be written and others deleted.

        Raises:
            Conflict: naming what somebody has changed, or what is in the way.
        """
        troubled = []
        for name in sorted(self._there):
            is_ours, digest = name in self._before, self._digest(name)
            as_left = is_ours and self._before[name] == digest
            if not as_left and (is_ours or name in wanted) and wanted.get(name) != digest:
                troubled.append(name)
        if troubled and not self._force:
            more = f" and {len(troubled) - _SHOWN} more" if len(troubled) > _SHOWN else ""
            raise Conflict(
                f"{len(troubled)} files in {self._folder} were changed or are not from an export: "
                f"{', '.join(troubled[:_SHOWN])}{more}. Load them first, or say --force to "
                "overwrite them"
            )

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all; one that is the same is left as it is."""
        self.put(name, digest_of(data), iter((data,)))

    def put(self, name: str, digest: str, chunks: Iterable[bytes]) -> None:
        """Write a file of known content."""
        self._written[name] = digest
        if name in self._there and self._digest(name) == digest:
            return
        path = self._folder / name
        self._make(path.parent)
        with (self._folder / PART).open("a", encoding="utf-8") as part:
            part.write(f"{digest}  {name}\n")
        handle, temporary = tempfile.mkstemp(prefix=".arsenal-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        self.changed += 1

    def keep(self, name: str) -> None:
        """Leave a file as an earlier export has written it: its content is nowhere else."""
        if name in self._before:
            self._written[name] = self._before[name]

    def _make(self, folder: Path) -> None:
        """Make a folder; a link to another place is not followed."""
        folder.mkdir(parents=True, exist_ok=True)
        real, root = Path(os.path.realpath(folder)), Path(os.path.realpath(self._folder))
        if real != root / folder.relative_to(self._folder):
            raise Conflict(f"{folder} is a link to another place: nothing is written there")

    def finish(self) -> None:
        """Delete what earlier exports have written and this one has not; list what there is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(self._before.keys() - self._written.keys()):
            path = self._folder / name
            if name in self._there and self._digest(name) == self._before[name]:
                path.unlink(missing_ok=True)
                self.removed += 1
                _forget_empty(path.parent, self._folder)
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._written.items()))
        temporary = self._folder / f"{LIST}.new"
        temporary.write_bytes(lines.encode())
        temporary.replace(self._folder / LIST)
        (self._folder / PART).unlink(missing_ok=True)


def _read(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    found = dict(known)
    with suppress(FileNotFoundError):
        for line in path.read_text("utf-8", "replace").splitlines():
            if match := _LINE.fullmatch(line):
                found[match[2]] = match[1]
    return found


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every file's path with nothing known of it; what is hidden is nobody's business."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield (Path(root) / name).relative_to(folder).as_posix(), ""


def _file_digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _forget_empty(folder: Path, root: Path) -> None:
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
