"""The store: by content, once, private, whole; forgotten when nobody names it. Local and S3."""

import hashlib
import io
import os
import stat
import time

import pytest

from portal.config import Config, ConfigError
from portal.errors import NotFound
from portal.library.attachments import store as stores
from portal.library.attachments.store import LocalStore, TooLargeError, receive
from tests.library.attachments.buckets import SERVERS, a_bucket

BODY = b"bytes of a file" * 50_000


def keep(store, body, most=10_000_000):
    with receive(store, io.BytesIO(body), most) as received:
        store.put(received)
        return received.digest


@pytest.fixture(params=["local", *SERVERS])
def kept(request, tmp_path):
    if request.param == "local":
        return LocalStore(tmp_path / "files")
    server = request.getfixturevalue(f"{request.param}_s3")
    return stores.of(Config(data_dir=tmp_path, **a_bucket(server, request)))


def test_what_goes_in_comes_out(kept):
    digest = keep(kept, BODY)
    assert digest == hashlib.sha256(BODY).hexdigest()
    with kept.open(digest) as file:
        assert file.read() == BODY
        file.seek(3)
        assert file.read(4) == BODY[3:7]
    assert b"".join(kept.chunks(digest, 7, 600_000)) == BODY[7:600_007]
    assert b"".join(kept.chunks(digest, 0, 0)) == b""


def test_the_same_is_kept_once(kept):
    assert keep(kept, BODY) == keep(kept, BODY)
    assert len(list(kept.everything())) == 1
    keep(kept, b"other")
    assert len(list(kept.everything())) == 2


def test_what_is_not_there_is_not_found(kept):
    for digest in ("0" * 64, "../../etc/passwd", "", "g" * 64, "A" * 64):
        with pytest.raises(NotFound):
            kept.open(digest)
        with pytest.raises(NotFound):
            kept.chunks(digest, 0, 10)


def test_forgetting(kept):
    digest = keep(kept, BODY)
    kept.delete(digest)
    kept.delete(digest)
    assert list(kept.everything()) == []
    with pytest.raises(NotFound):
        kept.open(digest)


def test_too_long_a_stream_is_left_at_once(kept):
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(TooLargeError), receive(kept, endless, 1_000_000):
        pytest.fail("taken")
    assert endless.taken < 2_000_000
    assert list(kept.inbox.iterdir()) == []
    assert list(kept.everything()) == []


def test_folders_and_files_are_private(store):
    digest = keep(store, BODY)
    path = store.folder / digest[:2] / digest[2:4] / digest
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, path.parent.parent, store.inbox):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(store.inbox.iterdir()) == []


def test_nothing_is_left_when_a_name_can_not_be_given(store, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="No space"):
        keep(store, BODY)
    assert list(store.everything()) == []


def test_leftovers_of_killed_processes_go(store):
    keep(store, BODY)
    old, new = store.inbox / "in-old", store.inbox / "in-new"
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    os.utime(old, (time.time() - 100_000,) * 2)
    list(store.everything())
    assert [path.name for path in store.inbox.iterdir()] == ["in-new"]


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"s3_endpoint": "https://s3.example.com"}, "PORTAL_S3_BUCKET"),
        ({"s3_bucket": "x"}, "PORTAL_S3_ENDPOINT"),
        ({"s3_bucket": "x", "s3_endpoint": "https://s3.example.com"}, "PORTAL_S3_ACCESS_KEY"),
        (
            {"s3_bucket": "x", "s3_endpoint": "s3", "s3_access_key": "a", "s3_secret_key": "b"},
            "PORTAL_S3_ENDPOINT",
        ),
    ],
)
def test_half_told_settings_are_refused(tmp_path, told, wrong):
    with pytest.raises(ConfigError, match=wrong):
        stores.of(Config(data_dir=tmp_path, **told))
