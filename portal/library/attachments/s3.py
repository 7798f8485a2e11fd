"""The file store in a bucket of an S3-compatible server (extra `s3`)."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio import time as s3_time
from minio.credentials.credentials import Credentials
from minio.error import MinioException, S3Error
from minio.signer import sign_v4_s3

from portal.config import Config, ConfigError
from portal.errors import NotFound, Unavailable
from portal.library.attachments.store import CHUNK, Received, checked, tidy

log = logging.getLogger(__name__)

PREFIX = "files/"
CONNECT_SECONDS, READ_SECONDS = 5, 30
_ABSENT = frozenset({"NoSuchKey", "NoSuchObject"})
_KEPT = 300
"""The first status that does not say that the server has it."""


class S3Store:
    """Objects `files/ab/cd/abcd…` of one bucket, which exists already; addressed by path."""

    def __init__(self, config: Config, folder: Path) -> None:
        """Prepare the client; nothing connects yet. `folder` is for what is being taken down."""
        address = urlsplit(config.s3_endpoint)
        if address.scheme not in {"http", "https"} or not address.netloc:
            raise ConfigError("PORTAL_S3_ENDPOINT must look like https://s3.example.com")
        self._bucket = config.s3_bucket
        self._root = f"{address.scheme}://{address.netloc}/{config.s3_bucket}/"
        self._region = config.s3_region
        self._keys = Credentials(config.s3_access_key, config.s3_secret_key)
        self._inbox = folder / "in"
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            retries=urllib3.Retry(total=2, backoff_factor=0.2),
        )
        self._client = Minio(
            address.netloc,
            access_key=config.s3_access_key,
            secret_key=config.s3_secret_key,
            secure=address.scheme == "https",
            region=config.s3_region,
            http_client=self._http,
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
        """Keep a file; written again when it is there, so that its age begins anew.

        It is one request, so that the file is there as a whole or not at all, and nothing is left
        in the bucket of one that was cut off. Its name is signed as the hash of what follows: the
        server refuses bytes that were changed on the way.
        """
        url, now = self._root + self._key(received.digest), s3_time.utcnow()
        headers = {
            "Host": urlsplit(url).netloc,
            "Content-Length": str(received.size),
            "Content-Type": "application/octet-stream",
            "x-amz-content-sha256": received.digest,
            "x-amz-date": s3_time.to_amz_date(now),
        }
        signed: Any = sign_v4_s3(
            method="PUT",
            url=urlsplit(url),
            region=self._region,
            headers=dict(headers),
            credentials=self._keys,
            content_sha256=received.digest,
            date=now,
        )
        with _reached(), received.open() as file:
            answer = self._http.request("PUT", url, body=file, headers=signed, redirect=False)
        if answer.status >= _KEPT:
            raise _unavailable(f"{answer.status} {answer.data[:500]!r}")

    def _get(self, digest: str, start: int = 0, length: int = 0) -> Any:  # noqa: ANN401
        with _reached():
            return self._client.get_object(
                self._bucket, self._key(digest), offset=start, length=length
            )

    def open(self, digest: str) -> BinaryIO:
        """Fetch a file to a nameless one here and open that.

        Raises:
            NotFound: when it is not there.
            Unavailable: when the server can not be reached, or stops in the middle.
        """
        answer = self._get(digest)
        self._inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = cast("BinaryIO", tempfile.TemporaryFile(dir=self._inbox))  # noqa: SIM115
        try:
            with _reached():
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
            Unavailable: at once, when the server can not be reached.
        """
        if length <= 0:
            return iter(())
        return _stream(self._get(digest, start, length))

    def delete(self, digest: str) -> None:
        """Forget a file."""
        with _reached():
            self._client.remove_object(self._bucket, self._key(digest))

    def everything(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file, in the order of digests; old leftovers here are deleted on the way."""
        tidy(self._inbox)
        with _reached():
            for found in self._client.list_objects(self._bucket, prefix=PREFIX, recursive=True):
                if found.object_name and found.last_modified:
                    yield found.object_name.rsplit("/", 1)[-1], found.last_modified


def _stream(answer: Any) -> Iterator[bytes]:  # noqa: ANN401  # urllib3's response
    try:
        with _reached():
            yield from answer.stream(CHUNK)
    finally:
        answer.close()
        answer.release_conn()


@contextmanager
def _reached() -> Iterator[None]:
    """Tell a file that is not there from a server that does not answer or does not let us in."""
    try:
        yield
    except S3Error as error:
        if error.code in _ABSENT:
            raise NotFound from error
        raise _unavailable(f"{error.code}: {error.message}") from error
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise _unavailable(str(error)) from error


def _unavailable(why: str) -> Unavailable:
    error = Unavailable(f"the file store can not be used: {why}")
    log.error("%s", error)
    return error
