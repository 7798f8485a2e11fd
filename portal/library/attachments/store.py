"""Where files are kept: by the hash of their content, in a folder beside the database or in S3."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from portal import clock
from portal.config import Config, ConfigError
from portal.errors import NotFound

CHUNK = 1 << 18
_DIGEST = re.compile(r"[0-9a-f]{64}")


class TooLargeError(Exception):
    """A stream is longer than what is taken."""


@dataclass(frozen=True, slots=True)
class Received:
    """A stream that was taken down to a file of its own, which goes when `receive` ends."""

    path: Path
    digest: str
    size: int

    def open(self) -> BinaryIO:
        """Open it for reading."""
        return self.path.open("rb")


class Store(Protocol):
    """Files by the SHA-256 of their content; the same content is kept once.

    One that is on another machine raises `Unavailable` from anything when it can not be reached.
    """

    @property
    def inbox(self) -> Path:
        """The folder where streams are taken down."""

    def put(self, received: Received) -> None:
        """Keep a file; again, when it is there, so that its age begins anew."""

    def open(self, digest: str) -> BinaryIO:
        """Open a file for reading anywhere in it; NotFound when it is not there."""

    def chunks(self, digest: str, start: int, length: int) -> Iterator[bytes]:
        """Return a part of a file in pieces; NotFound, at once, when it is not there."""

    def delete(self, digest: str) -> None:
        """Forget a file, if it is there."""

    def everything(self) -> Iterator[tuple[str, datetime]]:
        """Yield (digest, since when) of every file."""


def tidy(inbox: Path) -> None:
    """Delete what was being taken down when a process was killed, a day ago or longer."""
    day = 86_400
    for path in sorted(inbox.glob("in-*")):
        with suppress(FileNotFoundError):
            if clock.now().timestamp() - path.stat().st_mtime > day:
                path.unlink()


@contextmanager
def receive(store: Store, stream: BinaryIO, most: int) -> Iterator[Received]:
    """Take a stream down piece by piece; the block decides whether it is kept.

    Raises:
        TooLargeError: as soon as it is longer than `most` bytes.
    """
    store.inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="in-", dir=store.inbox)  # mode 0600
    path, digest, size = Path(name), hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise TooLargeError
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        yield Received(path, digest.hexdigest(), size)
    finally:
        path.unlink(missing_ok=True)


def checked(digest: str) -> str:
    """Return a digest that may be part of a path.

    Raises:
        NotFound: when it is none.
    """
    if not _DIGEST.fullmatch(digest):
        raise NotFound
    return digest


def pieces(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    """Yield a part of an open file, and close it in the end."""
    with file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


class LocalStore:
    """A folder: `ab/cd/abcd…`, its files of mode 0600, each there as a whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made with the first file."""
        self.folder = folder

    @property
    def inbox(self) -> Path:
        """A folder on the same disk, so that keeping a file is a rename."""
        return self.folder / "in"

    def _path(self, digest: str) -> Path:
        return self.folder / checked(digest)[:2] / digest[2:4] / digest

    def put(self, received: Received) -> None:
        """Keep a file: renamed into its place, the folder told to the disk."""
        path = self._path(received.digest)
        with suppress(FileNotFoundError):
            os.utime(path)
            return
        path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        twin = received.path.with_name(received.path.name + ".keep")
        os.link(received.path, twin)
        twin.replace(path)
        for folder in (path.parent, path.parent.parent, self.folder):
            _sync(folder)

    def open(self, digest: str) -> BinaryIO:
        """Open a file.

        Raises:
            NotFound: when it is not there.
        """
        try:
            return self._path(digest).open("rb")
        except OSError as error:
            raise NotFound from error

    def chunks(self, digest: str, start: int, length: int) -> Iterator[bytes]:
        """Return a part of a file in pieces.

        Raises:
            NotFound: at once, when it is not there.
        """
        return pieces(self.open(digest), start, length)

    def delete(self, digest: str) -> None:
        """Forget a file."""
        self._path(digest).unlink(missing_ok=True)

    def everything(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file, in the order of digests.

        What was being taken down when a process was killed a day ago is deleted on the way.
        """
        tidy(self.inbox)
        for path in sorted(self.folder.glob("??/??/*")):
            if _DIGEST.fullmatch(path.name):
                with suppress(FileNotFoundError):
                    yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _sync(folder: Path) -> None:
    """Tell the disk what a folder holds, where folders can be told so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def of(config: Config) -> Store:
    """Return the store of the settings; nothing connects and no folder is made yet.

    Raises:
        ConfigError: when the settings of S3 are half told, or its library is missing.
    """
    folder = config.data_dir.resolve() / "files"
    if not config.s3_bucket:
        if config.s3_endpoint or config.s3_access_key or config.s3_secret_key:
            raise ConfigError("PORTAL_S3_BUCKET is not set: the bucket files are kept in")
        return LocalStore(folder)
    for name in ("s3_endpoint", "s3_access_key", "s3_secret_key"):
        if not getattr(config, name):
            raise ConfigError(f"PORTAL_{name.upper()} is not set: PORTAL_S3_BUCKET needs it")
    try:
        from portal.library.attachments.s3 import S3Store  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise ConfigError("PORTAL_S3_BUCKET: install the extra `s3`") from error
    return S3Store(config, folder)
