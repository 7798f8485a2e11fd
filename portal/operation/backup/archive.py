"""The file: a tar written beside and renamed, read piece by piece, believed in nothing."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

from portal.operation.backup import rules
from portal.operation.backup.rules import Header, Manifest, Part, UnusableError

CHUNK = 1 << 18
RAW_MOST = 300_000_000
"""Bytes one member of rows may unpack to: more is an attack, or broken."""
WORDS_MOST = 1 << 28
"""Bytes of the largest list of contents that is read."""


class Writer:
    """Writes the members one after the other and remembers their sums."""

    def __init__(self, file: BinaryIO, header: Header) -> None:
        """Begin with the header."""
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.manifest = Manifest(header)
        self._put(rules.HEADER, _json(_told(header)))

    def settings(self, values: dict[str, Any]) -> None:
        """Write the settings, which are for people to read."""
        self._member(rules.SETTINGS, _json(values))

    def rows(self, table: str, number: int, lines: list[bytes]) -> None:
        """Write some rows of a table."""
        raw = b"".join(lines)
        self.manifest.raw_bytes += len(raw)
        packed = gzip.compress(raw, 6, mtime=0)
        self._member(rules.part_name(table, number), packed, rows=len(lines))

    def file(self, digest: str, source: IO[bytes]) -> bool:
        """Write an attachment; False, and nothing, when its content is not what its name says."""
        found, size = hashlib.sha256(), 0
        while chunk := source.read(CHUNK):
            found.update(chunk)
            size += len(chunk)
        if found.hexdigest() != digest:
            return False
        source.seek(0)
        name = f"files/{digest}"
        self._tar.addfile(_info(name, size), source)
        self.manifest.parts.append(Part(name, size, digest))
        return True

    def close(self) -> None:
        """End with the list of contents and what vouches for it."""
        told = _json(self.manifest.told())
        self._put(rules.MANIFEST, told)
        self._put(rules.SEAL, _json({"manifest": hashlib.sha256(told).hexdigest()}))
        self._tar.close()

    def _member(self, name: str, content: bytes, rows: int = 0) -> None:
        self._put(name, content)
        sha256 = hashlib.sha256(content).hexdigest()
        self.manifest.parts.append(Part(name, len(content), sha256, rows))

    def _put(self, name: str, content: bytes) -> None:
        self._tar.addfile(_info(name, len(content)), io.BytesIO(content))


def _told(header: Header) -> dict[str, Any]:
    return Manifest(header).told()["header"]  # type: ignore[no-any-return]


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Give a file that gets its name only once all of it is on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:  # mode 0600, as mkstemp makes it
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except tarfile.ReadError as error:
        raise UnusableError(f"it is no backup, or it was cut off ({error})") from error
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnusableError(f"it is damaged ({type(error).__name__})") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UnusableError("it is damaged: a part of it is not what was written") from error


def members(path: Path) -> Iterator[tuple[str, IO[bytes], int]]:
    """Yield name, content and size of every member, in order; no name reaches the disk.

    Raises:
        UnusableError: for a file that is no tar, is cut off, or holds anything but plain members
            of names that a backup has, each once.
    """
    seen: set[str] = set()
    with _readable(), tarfile.open(path, "r:") as tar:
        for info in tar:
            name = info.name
            known = name in {rules.HEADER, rules.SETTINGS, rules.MANIFEST, rules.SEAL}
            if not (known or rules.table_of(name) or rules.digest_of(name)):
                raise UnusableError(f"there is something in it that no backup has: {name[:80]!r}")
            content = tar.extractfile(info) if info.isreg() and not info.issparse() else None
            if content is None or name in seen:
                raise UnusableError(f"{name} is not a plain file in it, or is there twice")
            seen.add(name)
            vars(tar)["members"] = []  # or a tar of a million members would be kept in memory
            yield name, content, info.size


def read_json(content: IO[bytes], size: int) -> Any:  # noqa: ANN401
    """Read a small member."""
    if size > WORDS_MOST:
        raise UnusableError("it is damaged: its list of contents is too long")
    return json.loads(content.read(size).decode("utf-8"))


def lines(content: IO[bytes]) -> Iterator[bytes]:
    """Yield the rows of a member as lines."""
    left = RAW_MOST
    with _readable(), gzip.GzipFile(fileobj=content) as raw:
        while line := raw.readline(left + 1):
            left -= len(line)
            if left < 0:
                raise UnusableError("it is damaged: a part of it is far too large")
            yield line


def check(path: Path) -> Manifest:
    """Read all of a backup and compare every sum and count with what it says of itself.

    Raises:
        UnusableError: with what is wrong.
    """
    header: Header | None = None
    manifest: Manifest | None = None
    sealed = said = ""
    found: list[Part] = []
    with _readable():
        for name, content, size in members(path):
            if header is None:
                if name != rules.HEADER:
                    raise UnusableError("it is no backup of this portal")
                header = rules.header_of(read_json(content, size))
            elif name == rules.MANIFEST:
                told = content.read(min(size, WORDS_MOST))
                sealed = hashlib.sha256(told).hexdigest()
                manifest = rules.manifest_of(json.loads(told), header)
            elif name == rules.SEAL:
                said = str(dict(read_json(content, size)).get("manifest", ""))
            elif manifest is not None:
                raise UnusableError("it is damaged: something comes after its list of contents")
            else:
                found.append(_part(name, content, size))
    if header is None or manifest is None or not said:
        raise UnusableError("it was cut off: its end is missing. Take an older backup")
    if sealed != said or found != manifest.parts:
        raise UnusableError(f"it is damaged{_where(found, manifest.parts)}. Take another backup")
    return manifest


def _part(name: str, content: IO[bytes], size: int) -> Part:
    """Return what a member is, after reading all of it."""
    digest, read, rows = hashlib.sha256(), 0, 0
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        read += len(chunk)
    if read != size:
        raise UnusableError("it was cut off")
    if rules.table_of(name):
        content.seek(0)
        rows = sum(1 for _ in lines(content))
    return Part(name, size, digest.hexdigest(), rows)


def _where(found: list[Part], told: list[Part]) -> str:
    """Return the first member that is not as told."""
    for one, other in zip(found, told, strict=False):
        if one != other:
            return f": {one.name} is not what was written"
    return ": members are missing or too many" if len(found) != len(told) else ""
