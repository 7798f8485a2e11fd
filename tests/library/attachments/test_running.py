"""Strangers' files in the locked-in process: read, refused with a word, ended when they go too far."""

import io
import json
import resource
import struct
import sys
import zipfile
import zlib

import pytest

from portal.library.attachments import running
from tests.library.attachments.conftest import docx, part, pdf, png, pptx, repacked, xlsx

CONTENT_TYPES = "[Content_Types].xml"


@pytest.fixture
def on_disk(tmp_path):
    """A function that gives bytes as an open file, as the process wants them."""

    def make(body):
        path = tmp_path / "file"
        path.write_bytes(body)
        return path.open("rb")

    return make


@pytest.fixture
def reading(on_disk):
    def read_it(body, kind):
        with on_disk(body) as file:
            return running.read(file, kind)

    return read_it


@pytest.fixture
def looking(on_disk):
    def look_at(body):
        with on_disk(body) as file:
            return running.look(file)

    return look_at


def test_a_pdf_by_page(reading):
    found = reading(pdf("first page", "second page"), "pdf")
    assert found.trouble is None
    assert found.pages == 2
    assert [(n, text) for n, _, text in found.passages] == [(1, "first page"), (2, "second page")]
    assert found.preview[8:12] == b"WEBP"


def test_slides_with_titles_and_notes(reading):
    found = reading(pptx("Giá", "Скидка"), "pptx")
    assert [(n, label) for n, label, _ in found.passages] == [(1, "Giá"), (2, "Скидка")]
    assert "notes of Скидка" in found.passages[1][2]
    assert found.pages == 2


def test_a_word_file_in_parts(reading):
    found = reading(docx("One paragraph.", "word " * 900, "Another."), "docx")
    assert found.passages[0][1] == "The heading"
    whole = "\n".join(text for _, _, text in found.passages)
    assert "One paragraph." in whole
    assert "in a cell" in whole
    assert len(found.passages) > 1


def test_sheets(reading):
    found = reading(xlsx(Prices=[["Gói", 100], [None, 2.5]], Empty=[]), "xlsx")
    assert found.passages == [(1, "Prices", "Gói | 100\n2.5"), (2, "Empty", "")]


def test_a_picture_has_a_preview_only(reading):
    found = reading(png((2000, 1000)), "image")
    assert found.trouble is None
    assert found.passages == []
    assert found.preview[8:12] == b"WEBP"


def test_long_texts_are_cut_and_said_so(reading):
    found = reading(xlsx(Long=[["word " * 4000]] * 40), "xlsx")
    assert found.trouble == "cut"
    assert sum(len(text) for _, _, text in found.passages) <= 400_000


# --- refused with a word -------------------------------------------------------------------------

BILLION = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
XXE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("dtd", [BILLION, XXE, (" " * 70_000).encode() + XXE])
def test_entities_are_never_looked_up(looking, reading, dtd):
    whole = docx("x")
    body = part(whole, "word/document.xml").split(b"?>", 1)[1]
    hostile = repacked(whole, {"word/document.xml": dtd + body})
    assert looking(hostile) == (None, "unsafe")
    assert reading(hostile, "docx").trouble == "unsafe"


def test_entities_in_another_encoding(looking):
    whole = docx("x")
    hostile = repacked(whole, {"word/document.xml": BILLION.decode().encode("utf-16")})
    assert looking(hostile) == (None, "unsafe")


def test_macros(looking):
    whole = docx("x")
    kinds = part(whole, CONTENT_TYPES)
    assert looking(repacked(whole, {"word/vbaProject.bin": b"x"})) == (None, "macros")
    marked = kinds.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert looking(repacked(whole, {CONTENT_TYPES: marked})) == (None, "macros")


def test_a_zip_bomb(looking, reading):
    bomb = repacked(docx("x"), {"word/media/a.xml": b"\0" * 130_000_000})
    assert len(bomb) < 500_000
    assert looking(bomb) == (None, "bomb")
    assert reading(bomb, "docx").trouble == "bomb"


def test_many_entries(looking):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        for number in range(6000):
            package.writestr(f"word/{number}.xml", b"")
    assert looking(kept.getvalue()) == (None, "bomb")


def test_folded_entries(looking):
    """Two names for the same bytes: how a small file unpacks to petabytes."""
    body = bytearray(repacked(docx("x"), {"word/a.xml": b"a" * 50, "word/b.xml": b"b" * 50}))
    at = body.rfind(b"PK\x01\x02")
    before = body.rfind(b"PK\x01\x02", 0, at)
    body[at + 42 : at + 46] = body[before + 42 : before + 46]
    assert looking(bytes(body)) == (None, "bomb")


def test_a_size_that_lies(looking, reading):
    """A part that says it is small and is not: what it says is all that is unpacked."""
    whole = repacked(docx("x"), {"word/media/a.xml": b"\0" * 90_000_000})
    body = bytearray(whole)
    at = body.rfind(b"PK\x01\x02")
    body[at + 24 : at + 28] = struct.pack("<I", 1000)
    assert looking(bytes(body)) in {(None, "broken"), ("docx", None)}
    assert reading(bytes(body), "docx").trouble in {"broken", None}


@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx", "xlsx", "image"])
@pytest.mark.parametrize("body", [b"", b"\0" * 100, b"%PDF-1.7\n" + b"\xff" * 999, b"PK\x03\x04"])
def test_nonsense_has_a_word(reading, kind, body):
    assert reading(body, kind).trouble in {"empty", "unknown", "broken", "crashed"}


def test_a_picture_of_too_many_pixels(reading):
    def chunk(name, body):
        crc = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    assert reading(body + chunk(b"IEND", b""), "image").trouble == "large"


# --- ended when they go too far ------------------------------------------------------------------

CONFINED = "from portal.library.attachments.confining import confine; confine(cpu={cpu}); "


def run(on_disk, code, cpu=20, seconds=20.0):
    with on_disk(b"file") as file:
        command = [sys.executable, "-c", CONFINED.format(cpu=cpu) + code]
        return running.run(file, command, seconds=seconds)


def test_a_loop_is_ended_by_its_processor_time(on_disk):
    done = run(on_disk, "\nwhile True: pass", cpu=1)
    assert done.trouble == "slow"
    assert done.seconds < 15


def test_a_sleeper_is_ended_by_the_clock(on_disk):
    done = run(on_disk, "import time; time.sleep(60)", seconds=1.0)
    assert done.trouble == "slow"
    assert done.seconds < 5


def test_what_it_began_is_ended_too(on_disk, tmp_path):
    """Without the lock a process may begin another; the whole group goes all the same."""
    code = (
        "import os, sys, time\nif os.fork() == 0:\n    time.sleep(60)\n"
        "sys.stdout.write('{}'); sys.stdout.flush()"
    )
    with on_disk(b"x") as file:
        done = running.run(file, [sys.executable, "-c", code], seconds=2.0)
    assert done.trouble == "slow"  # the pipe stayed open until the clock ended both


def test_memory_is_bounded(on_disk):
    done = run(
        on_disk,
        "\nimport json\ntry:\n    x = bytearray(600 * 1024 * 1024)\n    print(json.dumps({'got': 1}))\n"
        "except MemoryError:\n    print(json.dumps({'trouble': 'large'}))",
    )
    assert done.told == {"trouble": "large"}
    # the system counts for a child what its parent had when it was forked
    had = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert done.peak_mb < max(512, had + 16)


def test_an_endless_answer_is_not_collected(on_disk):
    done = run(on_disk, "\nimport sys\nwhile True: sys.stdout.write('x' * 65536)")
    assert done.trouble == "crashed"
    assert done.told == {}


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 1))",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "open('/tmp/arsenal-was-here', 'w')",
        "import os; os.open('/tmp/arsenal-was-here', os.O_CREAT | os.O_WRONLY)",
        "import os; os.fork()",
    ],
)
def test_no_network_no_files_no_processes(on_disk, code):
    told = "\nimport json\ntry:\n    {}\nexcept PermissionError as error:\n    print(json.dumps({{'no': str(error)}}))"
    assert run(on_disk, told.format(code)).told.get("no")


def test_it_knows_no_secrets(on_disk, monkeypatch):
    monkeypatch.setenv("PORTAL_SECRET_KEY", "very secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very secret")
    done = run(on_disk, "import json, os; print(json.dumps(dict(os.environ)))")
    assert "very secret" not in json.dumps(dict(done.told))


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"passages": 3, "pages": None, "preview": ""},
        {"passages": [[1, "a"]], "pages": 1, "preview": ""},
        {"passages": [], "pages": "many", "preview": ""},
    ],
)
def test_an_answer_that_does_not_fit_is_not_believed(told):
    assert running.reading_of(running.Run(told, None, 0, 0)).trouble == "crashed"


def test_a_preview_that_is_no_picture_is_dropped():
    told = {"passages": [], "pages": 1, "preview": "PHNjcmlwdD4="}
    assert running.reading_of(running.Run(told, None, 0, 0)).preview == b""
