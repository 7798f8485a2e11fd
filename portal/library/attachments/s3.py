"""The file store in a bucket of an S3-compatible server (extra `s3`)."""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import S3Error

from portal.config import Config, ConfigError
from portal.errors import NotFound
from portal.library.attachments.store import CHUNK, Received, checked

PREFIX = "files/"
CONNECT_SECONDS, READ_SECONDS = 5, 30
_ABSENT = frozenset({"NoSuchKey", "NoSuchObject"})


class S3Store:
    """Objects `files/ab/cd/abcd…` of one bucket, which exists already; addressed by path."""

    def __init__(self, config: Config, folder: Path) -> None:
        """Prepare the client; nothing connects yet. `folder` is for what is being taken down."""
        address = urlsplit(config.s3_endpoint)
        if address.scheme not in {"http", "https"} or not address.netloc:
            raise ConfigError("PORTAL_S3_ENDPOINT must look like https://s3.example.com")
        self._bucket = config.s3_bucket
        self._inbox = folder / "in"
        self._client = Minio(
            address.netloc,
            access_key=config.s3_access_key,
            secret_key=config.s3_secret_key,
            secure=address.scheme == "https",
            region=config.s3_region,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
                retries=urllib3.Retry(total=2, backoff_factor=0.2),
            ),
        )
        self._client.disable_virtual_style_endpoint()  # type: ignore[no-untyped-call]

    @property
    def inbox(self) -> Path:
        """A local folder: the name in the bucket is only known at the end of the stream."""
        return self._inbox

    @staticmethod
    def _key(digest: str) -> str:
        return f"{PREFIX}{checked(digest)[:2]}/{digest[2:4]}/{digest}"

    def put(self, received: Received) -> None:
        """Keep a file; written again when it is there, so that its age begins anew."""
        self._client.fput_object(self._bucket, self._key(received.digest), str(received.path))

    def _get(self, digest: str, start: int = 0, length: int = 0) -> Any:  # noqa: ANN401
        try:
            return self._client.get_object(
                self._bucket, self._key(digest), offset=start, length=length
            )
        except S3Error as error:
            if error.code in _ABSENT:
                raise NotFound from error
            raise

    def open(self, digest: str) -> BinaryIO:
        """Fetch a file to a nameless one here and open that.

        Raises:
            NotFound: when it is not there.
        """
        answer = self._get(digest)
        self._inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = cast("BinaryIO", tempfile.TemporaryFile(dir=self._inbox))  # noqa: SIM115
        try:
            for chunk in answer.stream(CHUNK):
                file.write(chunk)
            file.seek(0, os.SEEK_SET)
        except BaseException:
            file.close()
            raise
        finally:
            answer.close()
            answer.release_conn()
        return file

    def chunks(self, digest: str, start: int, length: int) -> Iterator[bytes]:
        """Return a part of a file in pieces.

        Raises:
            NotFound: at once, when it is not there.
        """
        if length <= 0:
            return iter(())
        return _stream(self._get(digest, start, length))

    def delete(self, digest: str) -> None:
        """Forget a file."""
        self._client.remove_object(self._bucket, self._key(digest))

    def everything(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file, in the order of digests."""
        for found in self._client.list_objects(self._bucket, prefix=PREFIX, recursive=True):
            if found.object_name and found.last_modified:
                yield found.object_name.rsplit("/", 1)[-1], found.last_modified


def _stream(answer: Any) -> Iterator[bytes]:  # noqa: ANN401  # urllib3's response
    try:
        yield from answer.stream(CHUNK)
    finally:
        answer.close()
        answer.release_conn()
