"""What hostile people and broken programs send: texts, bodies of requests, files."""

import functools
import io
import json
import tarfile
import unicodedata
import zipfile
from pathlib import Path

from tests.house.test_naughty import OURS as NAUGHTY
from tests.journeys.test_hostile import OURS as SCRIPTS
from tests.journeys.test_hostile import shared_payloads
from tests.library.attachments.conftest import docx, pdf, png, pptx, xlsx

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE_MOST = 3_000_000


@functools.cache
def texts():
    """Our own, and the collected ones where they are."""
    found = [*NAUGHTY, *SCRIPTS, *_planes(), *_numbers(), *_structures()]
    for file in sorted((SHARED / "hostile").rglob("blns.json")):
        found += [str(text) for text in json.loads(file.read_text("utf-8"))]
    found += shared_payloads()
    for file in sorted((SHARED / "hostile" / "hostile-paths").glob("*.txt")):
        found += file.read_text("utf-8", "replace").splitlines()[::20]
    for file in sorted((SHARED / "hostile" / "markdown-slow-inputs").glob("*.md")):
        found.append(file.read_text("utf-8", "replace")[:50_000])
    return list(dict.fromkeys(found))


def _planes():
    """A character of every kind in every plane, and pieces of each plane in a row."""
    kinds = {}
    for number in range(0x110000):
        letter = chr(number)
        kinds.setdefault((number >> 16, unicodedata.category(letter)), letter)
    yield from (f"a{letter}b" for letter in kinds.values())
    for plane in range(17):
        yield "".join(chr((plane << 16) + at) for at in range(0, 0xFFFE, 1311))
    yield "\ud83d"  # half of a pair
    yield "\udc00\ud800"
    yield "a\u0300" * 3000
    yield "\u202e\u2066\u200f" * 50


def _numbers():
    yield from (
        str(2**31),
        str(2**31 - 1),
        str(-(2**31) - 1),
        str(2**63),
        str(2**64),
        "9" * 400,
        "-0",
        "+1",
        " 1 ",
    )
    yield from (
        "1_000",
        "1e5",
        "0x10",
        "0.1",
        "1,5",
        "١٢٣",
        "１２",
        "NaN",
        "Infinity",
        "-Infinity",
        "1\x00",
    )
    yield from (
        "9999-12-31",
        "0000-00-00",
        "0001-01-01",
        "2026-02-30",
        "10000-01-01",
        "2026-13-01T25:61",
        "9999-12-31T23:59",
    )
    yield from ("2026-W53-7", "24:00", "00:00:60", "2026-03-29T02:30")


def _structures():
    yield "[" * 3000 + "]" * 3000
    yield json.dumps({"a": [[[[{"b": None}]]]]})
    yield "{" * 2000
    yield "> " * 800 + "x"
    yield "*" * 5000 + "a" + "*" * 5000
    yield "| a " * 600 + "|\n" + "|---" * 600 + "|\n"
    yield "[a](" * 1500
    yield "\n" * 10_000
    yield "x" * 10_000
    yield "<b>" * 3000
    yield "&" * 5000 + "&amp;&#0;&#x110000;&#xD800;"
    yield "---\ntitle: !!python/object/apply:os.system ['true']\n---\n"
    yield "---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n---\n"
    yield "=1+1"
    yield '=HYPERLINK("http://evil.example","x")'
    yield "//evil.example/%2f.."
    yield "/\\evil.example"
    yield "https://evil.example@127.0.0.1/"
    yield "\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>"
    yield "%0d%0aLocation:%20//evil.example"
    yield "a" * 300 + ".pdf"
    yield "..%2f..%2f..%2fetc%2fpasswd"
    yield "' OR 1=1 --"
    yield "1; SELECT pg_sleep(20)--"
    yield "(a+)+$" * 20 + "a" * 200
    yield '"a" AND ("b" OR NOT c' * 50
    yield 'field:value kind:faq is:old -x "y' * 40


@functools.cache
def bodies():
    """(body, content type) that no form of ours sends."""
    deep = "[" * 50_000
    part = '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n'
    return (
        (b"", "application/json"),
        (b"{", "application/json"),
        (deep.encode(), "application/json"),
        (json.dumps({"title": {"a": [1, None]}, "base": [[]]}).encode(), "application/json"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"title=%ff%fe&base=%00&base=&base=1&%=&=%&&&", "application/x-www-form-urlencoded"),
        (b"title=x&" * 2000, "application/x-www-form-urlencoded"),
        (b"a=1&" * 100_000, "application/x-www-form-urlencoded"),
        (b"title=" + b"x" * 2_500_000, "application/x-www-form-urlencoded"),
        (part.encode(), "multipart/form-data; boundary=b"),
        (part.encode() * 1500 + b"--b--\r\n", "multipart/form-data; boundary=b"),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=" + "b" * 5000),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="\x00../a.pdf"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (
            b"--b\r\nContent-Disposition: attachment\r\nContent-Type: \x00\r\n\r\nx\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
        ),
        ("title=ж".encode("cp1251"), "application/x-www-form-urlencoded; charset=windows-1251"),
        (b"x", "text/plain; charset=no-such"),
        (b"<a/>", "application/xml"),
        (b"x", "a" * 3000),
    )


def _zipped(**names):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in names.items():
            package.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


def _tarred():
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as package:
        package.addfile(tarfile.TarInfo("../../etc/passwd"))
    return kept.getvalue()


@functools.cache
def files():
    """(name, content): bombs, polyglots, wrong endings, names that are paths, tables of nonsense."""
    bomb = _zipped(**{f"xl__s{n}.xml": b"\0" * 30_000_000 for n in range(2)})
    picture, document = png(), pdf("hello")
    found = [
        ("bomb.xlsx", bomb), ("bomb.docx", bomb), ("bomb.zip", bomb),
        ("a.pdf", b""), ("a.pdf", b"%PDF-1.7\n"), ("a.pdf", document[:200]), ("a.pdf", document + picture),
        ("a.png", picture + b"<script>alert(1)</script>"), ("a.png", picture[:60]), ("a.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 4000),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), ("a.html", b"<script>alert(1)</script>"),
        ("a.jpg", b"GIF89a/*<script>alert(1)</script>*/"), ("../../etc/passwd", b"x"), ("a\x00.pdf", document),
        ("\u202efdp.exe", document), ("x" * 5000 + ".pdf", document), (".pdf", document), ("a.pdf.exe", document), ("nul", b"MZ"),
        ("a.docx", _zipped(**{"word__document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})), ("a.xlsx", _tarred()),
        ("evil.zip", _zipped(**{"..__..__etc__passwd": b"x"})), ("a.csv", b""), ("a.csv", b"\xff\xfe" + "a;b\n".encode("utf-16-le")),
        ("a.csv", b'name,amount\n=1+1,1e999\n"open,1\n'), ("a.csv", b"name\n" + b"x" * 1_000_000), ("a.csv", b"a," * 20_000 + b"\n"),
        ("a.csv", b"\x00" * 1000), ("a.csv", ("имя;сумма\n" + "ж;٣\n" * 500).encode()), ("a.csv", b"id,name,stage,closes\n1,x,\x00,9999-99-99\n"),
        ("a.json", b"[" * 100_000), ("a.json", b'{"deals": [1, null, {"name": {}}]}'), ("a.xlsx", xlsx(a=[["=1+1", "\u202e"], [1e308, "x" * 30_000]])),
        ("a.docx", docx("<script>alert(1)</script>")), ("a.pptx", pptx("x" * 20_000)), ("a.xlsx", xlsx(a=[])),
    ]  # fmt: skip
    for folder in ("hostile/hostile-uploads", "hostile/csv-spectrum/csvs", "office"):
        for path in sorted((SHARED / folder).rglob("*")):
            small = path.is_file() and path.stat().st_size < FILE_MOST
            found += [(path.name, path.read_bytes())] if small else []
    return found[:260]
