"""The code keeps its budget of size, says what it owns, and satisfies ruff and mypy."""

import ast
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.house.tree import ROOT, below, read

FILE_LINES = {"portal": 300, "migrations": 300, "tests": 400}
FUNCTION_LINES = 40
TEMP = Path(tempfile.gettempdir())


def too_long(source):
    """(name, lines) of the functions beyond the budget, not counting docstrings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node) is not None:
                lines -= node.body[0].end_lineno - node.body[0].lineno + 1
            if lines > FUNCTION_LINES:
                yield node.name, lines


def unsaid(source):
    """Why a module's first line does not say what it owns, or None."""
    said = ast.get_docstring(ast.parse(source)) or ""
    first = said.split("\n", 1)[0]
    if not source.startswith('"""'):
        return "the file does not begin with a docstring"
    if len(first) < 15:
        return f"{first!r} says too little"
    if first[-1] not in ".;:" or (first[-1] in ";:" and "\n" not in said):
        return f"{first!r} is not a sentence"
    return None


def test_files_are_short():
    long = {
        str(path): lines
        for path in below(*FILE_LINES, suffix=".py")
        if (lines := len(read(path).splitlines())) > FILE_LINES[path.parts[0]]
    }
    assert long == {}


def test_functions_are_short():
    long = {
        str(p): found for p in below("portal", suffix=".py") if (found := list(too_long(read(p))))
    }
    assert long == {}


def test_a_long_function_is_noticed():
    body = "\n".join(f"    x = {n}" for n in range(FUNCTION_LINES))
    assert list(too_long(f"def f():\n{body}")) == [("f", FUNCTION_LINES + 1)]
    assert list(too_long(f'def f():\n    """One.\n\n    Two.\n    """\n{body[:-11]}')) == []


def test_every_module_says_what_it_owns():
    paths = [*below("portal", "migrations", "tests", suffix=".py"), Path("wsgi.py")]
    # what tests/accounts/test_gate.py owns is said by where it is
    paths = [path for path in paths if not path.name.startswith("test_")]
    assert {str(path): why for path in paths if (why := unsaid(read(path)))} == {}


def test_a_silent_module_is_noticed():
    assert unsaid("import os\n")
    assert unsaid('"""Helpers."""\n')
    assert unsaid('"""What this file is here for\n\nmore"""\n')
    assert unsaid('"""Tables of people: users, teams."""\n') is None


def run(*arguments):
    result = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if result.returncode:
        pytest.fail(result.stdout + result.stderr, pytrace=False)


def test_ruff_is_content():
    run("ruff", "check", "--no-fix", "--cache-dir", str(TEMP / "arsenal-ruff"), ".")


def test_code_is_formatted():
    run("ruff", "format", "--check", "--cache-dir", str(TEMP / "arsenal-ruff"), ".")


def test_types_are_strict():
    run("mypy", "--cache-dir", str(TEMP / "arsenal-mypy"))


def test_mypy_is_strict_on_everything_in_portal():
    import tomllib

    mypy = tomllib.loads(read("pyproject.toml"))["tool"]["mypy"]
    assert mypy["strict"] is True
    assert mypy["files"] == ["portal", "wsgi.py"]
    loose = [o for o in mypy["overrides"] if any(str(m).startswith("portal") for m in o["module"])]
    assert loose == []
