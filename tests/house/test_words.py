"""No file holds unfinished work, a machine's paths, a registry's host or a forgotten conflict."""

import re

from tests.house.tree import ROOT, below, files

# one letter in brackets, so that this file does not find itself
UNFINISHED = re.compile(r"\b([T]ODO|[F]IXME|[X]XX|[N]otImplementedError|(?i:[l]orem ipsum))\b")
MACHINE = re.compile(r"(?<![\w./])/(?:home|root|Users|opt|mnt|[w]ork)/[\w.-]")
REGISTRY = re.compile(
    r"([p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.(?:org|com)|[u]npkg\.com|[j]sdelivr\.net"
    r"|[d]eb\.debian\.org|[s]ecurity\.debian\.org|[p]roxy\.golang\.org)"
)
CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
BINARY = {".png", ".ico", ".webp", ".woff2", ".jpg", ".gif"}


def texts():
    for path in files():
        if path.suffix not in BINARY:
            yield path, (ROOT / path).read_text("utf-8", errors="replace")


def found(pattern, pairs):
    return {
        f"{path}:{text.count(chr(10), 0, hit.start()) + 1}": hit.group()
        for path, text in pairs
        for hit in pattern.finditer(text)
    }


def test_nothing_is_unfinished():
    watched = set(below("portal", "content", "tests", "migrations"))
    assert found(UNFINISHED, ((p, t) for p, t in texts() if p in watched)) == {}


def test_no_path_of_one_machine():
    assert found(MACHINE, texts()) == {}


def test_no_registry_is_named():
    assert found(REGISTRY, texts()) == {}


def test_no_conflict_was_committed():
    assert found(CONFLICT, texts()) == {}


def test_every_pattern_can_match():
    bait = "TO~DO: later\n/ro~ot/x\nhttps://pyp~i.org/simple\n<<<~<<<< HEAD\n".replace("~", "")
    pairs = [("bait", bait)]
    for line, pattern in enumerate((UNFINISHED, MACHINE, REGISTRY, CONFLICT), 1):
        assert list(found(pattern, pairs)) == [f"bait:{line}"]


def test_text_files_are_utf8_with_unix_lines():
    wrong = []
    for path in files():
        if path.suffix in BINARY or path.parts[0] == "tests":
            continue
        raw = (ROOT / path).read_bytes()
        text = raw.decode("utf-8")
        if b"\r" in raw or text.startswith("\ufeff") or (text and not text.endswith("\n")):
            wrong.append(str(path))
    assert wrong == []


def test_the_top_level_is_the_agreed_one():
    agreed = {
        "portal", "content", "migrations", "tests", "docs", "deploy",
        "wsgi.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "CONTRIBUTING.md",
        "SECURITY.md",
    }  # fmt: skip
    top = {path.parts[0] for path in files()}
    assert {name for name in top if not name.startswith(".")} - agreed == set()
