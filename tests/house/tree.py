"""What the house tests look at: the files of the project, as version control sees them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def files():
    """Every file that is, or is about to be, under version control, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")
    paths = sorted({Path(name) for name in listed.split("\0") if name})
    return [path for path in paths if (ROOT / path).is_file()]


def below(*folders, suffix=""):
    """Those in some folders, with a suffix."""
    return [p for p in files() if p.parts[0] in folders and p.name.endswith(suffix)]


def read(path):
    return (ROOT / path).read_text("utf-8")
