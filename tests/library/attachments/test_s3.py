"""Files in a real S3 server: whole or not at all, whoever is cut off, away, or not let in."""

import hashlib
import io
import os
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from portal.config import Config
from portal.errors import NotFound, Unavailable
from portal.library.attachments import extracting
from portal.library.attachments import store as stores
from portal.library.attachments.store import CHUNK, receive
from tests import make
from tests.library.attachments.buckets import REAL, a_bucket
from tests.library.attachments.conftest import pdf
from tests.library.attachments.test_store import keep

BODY = b"bytes of a file" * 50_000
BIG = 200_000_000


@pytest.fixture(params=REAL)
def told(request):
    """Settings of an empty bucket of a real server."""
    return a_bucket(request.getfixturevalue(f"{request.param}_s3"), request)


@pytest.fixture
def kept(told, tmp_path):
    return stores.of(Config(data_dir=tmp_path, **told))


@pytest.fixture
def swift(swift_s3):
    """The server whose parts may be stopped."""
    return swift_s3


@pytest.fixture
def in_swift(swift, request, tmp_path):
    """A store in it; all parts of the server are there again afterwards."""
    yield stores.of(Config(data_dir=tmp_path, **a_bucket(swift, request)))
    if away := [name for name in swift.ports if name not in swift.running]:
        swift.start(*away)


def digests(store):
    return [digest for digest, _ in store.everything()]


def refused(store, digest):
    """How many of the five things a store does are refused as what can not be reached."""
    tries = (
        lambda: keep(store, BODY),
        lambda: store.open(digest),
        lambda: store.chunks(digest, 0, 10),
        lambda: store.delete(digest),
        lambda: list(store.everything()),
    )
    count = 0
    for it in tries:
        with pytest.raises(Unavailable):
            it()
        count += 1
    return count


def test_all_files_are_listed_page_by_page_in_the_order_of_digests(kept):
    """Swift is told to give five names a page."""
    put = [keep(kept, b"%d" % number) for number in range(12)]
    assert digests(kept) == sorted(put)


def test_the_same_put_by_many_at_once_is_there_once_and_whole(kept):
    with ThreadPoolExecutor(8) as pool:
        (digest,) = set(pool.map(lambda _: keep(kept, BODY), range(16)))
    assert digests(kept) == [digest]
    assert kept.open(digest).read() == BODY


def test_bytes_that_do_not_fit_their_name_are_refused_by_the_server(kept):
    other = hashlib.sha256(b"other").hexdigest()
    with receive(kept, io.BytesIO(BODY), 10_000_000) as received, pytest.raises(Unavailable):
        kept.put(replace(received, digest=other))
    assert digests(kept) == []


class CutOffError(Exception):
    """As if the process had been killed."""


class Cut(io.BytesIO):
    """A file whose reader is gone half way."""

    def read(self, size=-1):
        if self.tell() > len(BODY) // 2:
            raise CutOffError
        return super().read(min(size, 50_000) if size > 0 else 50_000)


def test_an_upload_that_is_cut_off_leaves_nothing(kept, monkeypatch):
    monkeypatch.setattr(stores.Received, "open", lambda _: Cut(BODY))
    with receive(kept, io.BytesIO(BODY), 10_000_000) as received, pytest.raises(CutOffError):
        kept.put(received)
    assert digests(kept) == []
    with pytest.raises(NotFound):
        kept.open(received.digest)
    monkeypatch.undo()
    assert kept.open(keep(kept, BODY)).read() == BODY


@pytest.mark.parametrize("wrong", [{"s3_secret_key": "x" * 20}, {"s3_access_key": "no:body"}])
def test_a_wrong_key_opens_nothing(kept, told, tmp_path, wrong):
    digest = keep(kept, BODY)
    assert refused(stores.of(Config(data_dir=tmp_path, **(told | wrong))), digest) == 5
    assert digests(kept) == [digest]


def test_a_bucket_that_is_not_there_is_no_missing_file(kept, told, tmp_path):
    elsewhere = stores.of(Config(data_dir=tmp_path, **(told | {"s3_bucket": "not-there"})))
    assert refused(elsewhere, keep(kept, BODY)) >= 4


@pytest.mark.slow
def test_the_largest_file_passes_without_being_held_in_memory(kept):
    class Zeros(io.RawIOBase):
        left = BIG

        def read(self, size=-1):
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    tracemalloc.start()
    try:
        with receive(kept, Zeros(), BIG) as received:
            kept.put(received)
        size = sum(map(len, kept.chunks(received.digest, 0, BIG)))
        with kept.open(received.digest) as file:
            file.seek(BIG - 10)
            assert file.read() == bytes(10)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size == BIG
    assert peak < 8_000_000


@pytest.mark.parametrize("part", ["proxy", "object"])
def test_a_server_that_is_away_is_said_to_be_and_comes_back(swift, in_swift, part):
    digest = keep(in_swift, BODY)
    swift.stop(part)
    if part == "proxy":
        assert refused(in_swift, digest) == 5
    else:  # the bucket answers, what is in it does not
        for ask in (lambda: keep(in_swift, b"new"), lambda: in_swift.open(digest)):
            with pytest.raises(Unavailable):
                ask()
    swift.start(part)
    assert in_swift.open(digest).read() == BODY
    assert keep(in_swift, b"new") in digests(in_swift)


def test_a_server_that_dies_while_it_answers_gives_no_half_file(swift, in_swift):
    digest = keep(in_swift, bytes(30_000_000), most=30_000_000)
    pieces = in_swift.chunks(digest, 0, 30_000_000)
    assert len(next(pieces)) <= CHUNK
    swift.stop("proxy")
    with pytest.raises(Unavailable):
        list(pieces)
    assert list(in_swift.inbox.iterdir()) == []


def test_leftovers_of_killed_processes_go_here_too(kept):
    keep(kept, BODY)
    old, new = kept.inbox / "in-old", kept.inbox / "in-new"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 100_000,) * 2)
    list(kept.everything())
    assert [path.name for path in kept.inbox.iterdir()] == ["in-new"]


@pytest.fixture
def desk(app, db, as_, in_swift, monkeypatch):
    """A marketer's desk whose files are kept in Swift."""
    make.text(make.asset("card", state="published"))
    db.session.commit()
    monkeypatch.setitem(app.extensions, "arsenal.files", in_swift)
    return as_("marketer")


def send(desk, body, accept="application/json"):
    data = {"file": (io.BytesIO(body), "deck.pdf")}
    return desk.post("/desk/card/attachments", data=data, headers={"Accept": accept})


def test_the_portal_hands_files_out_of_it_and_says_when_it_is_away(swift, in_swift, desk):
    deck = pdf("a page of Swift")
    added = send(desk, deck)
    assert added.status == 201
    where = f"/files/{added.response.get_json()['id']}"
    assert desk.get(where).response.data == deck
    part = desk.get(where, headers={"Range": "bytes=5-14"})
    assert (part.status, part.response.data) == (206, deck[5:15])
    waiting = list(extracting.all_waiting())
    swift.stop("proxy")
    for number in waiting:
        with pytest.raises(Unavailable):  # so its job fails, and is tried again
            extracting.run(number, in_swift)
    away = desk.get(where)
    assert away.status == 503
    assert "can not be reached" in away.text
    assert send(desk, pdf("another")).response.get_json() == {
        "error": "The files can not be reached just now"
    }
    assert send(desk, pdf("another"), "text/html").status == 503
    swift.start("proxy")
    assert desk.get(where).response.data == deck
    assert [extracting.run(number, in_swift) for number in waiting] == [True]
    assert send(desk, pdf("another")).status == 201
