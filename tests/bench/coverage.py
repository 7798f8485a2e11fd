"""Which lines and branches the tests take: all branches where trust hangs on it, lines elsewhere."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

LINES = 0.95
NARROW = {
    "portal/accounts/policy.py": "tests/accounts",
    "portal/accounts/sessions.py": "tests/accounts",
    "portal/accounts/gate.py": "tests/accounts",
    "portal/accounts/signing_in.py": "tests/accounts",
    "portal/library/mail/message.py": "tests/library/mail",
    "portal/search/outbox.py": "tests/search/test_outbox.py",
    "portal/audit": "tests/audit",
    "portal/accounts/tokens.py": "tests/accounts",
}
"""File or folder → the tests beside it; every branch of it is to be taken. One not there is left out."""


def _covered(data, tests):
    """Run tests and return coverage's figures by file."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder, "data"), Path(folder, "out.json")
        settings = Path(folder, "rc")
        settings.write_text(
            "[run]\nbranch = true\nconcurrency = thread\nparallel = false\nsource = portal\n"
            "[report]\nexclude_also =\n    if TYPE_CHECKING\n    def __repr__\n"
        )
        environ = os.environ | {"COVERAGE_FILE": str(file), "COVERAGE_CORE": "ctrace"}
        command = [sys.executable, "-m", "coverage"]
        status = subprocess.run(
            [*command, "run", "--rcfile", str(settings), "-m", "pytest", "-q", *tests],
            env=environ, check=False, stdout=subprocess.DEVNULL if data else None,
        ).returncode  # fmt: skip
        subprocess.run(
            [*command, "json", "--rcfile", str(settings), "-q", "-o", str(out)],
            env=environ, check=True,
        )  # fmt: skip
        return status == 0, json.loads(out.read_text("utf-8"))["files"]


def _rows(files):
    """Yield (file, share of branches, share of lines, what is missing) where every branch is asked."""
    for place in NARROW:
        for name, told in sorted(files.items()):
            if name == place or name.startswith(f"{place}/"):
                total = told["summary"]
                branches = total["num_branches"]
                taken = total["covered_branches"] / branches if branches else 1.0
                missing = [f"{a}→{b}" for a, b in told["missing_branches"]]
                yield name, taken, total["percent_covered"] / 100, missing


def run(*, everything=False):
    """Print the branches taken of what trust hangs on; with `everything`, lines of all the rest."""
    there = {place: tests for place, tests in NARROW.items() if Path(place).exists()}
    tests = ["tests"] if everything else sorted({it for it in there.values() if Path(it).exists()})
    passed, files = _covered(False, [*tests, "-m", "not browser"])
    rows = list(_rows(files))
    print(f"{'file':<42} {'branches':>8} {'asked':>6}  missing")
    for name, taken, _, missing in rows:
        print(f"{name:<42} {taken:>8.1%} {1:>6.0%}  {' '.join(missing[:12])}")
    good = passed and all(taken == 1 for _, taken, _, _ in rows)
    if everything:
        narrow = {name for name, *_ in rows}
        rest = [told["summary"] for name, told in files.items() if name not in narrow]
        lines = sum(it["covered_lines"] for it in rest) / sum(it["num_statements"] for it in rest)
        print(f"{'lines of all the rest':<42} {lines:>8.1%} {LINES:>6.0%}")
        good &= lines >= LINES
    return good
