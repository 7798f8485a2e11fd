"""What a drill did and found: lines on the screen, rows of the dated table in the documentation."""

import os
import platform
import sqlite3
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was counted; `most` or `least` is what was asked, when something was."""

    name: str
    count: float
    most: float | None = None
    least: float | None = None

    @property
    def good(self):
        low = self.least is None or self.count >= self.least
        return low and (self.most is None or self.count <= self.most)

    def __str__(self):
        return f"{self.name} {self.count:g}" + ("" if self.good else " ✗")


@dataclass(slots=True)
class Report:
    """One drill on one database; `examples` says more of what was wrong."""

    drill: str
    database: str
    did: str = ""
    found: list[Found] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def find(self, name, count, *, most=None, least=None):
        self.found.append(Found(name, count, most, least))

    def none(self, name, wrong):
        """What must not be: counted, and its first ones kept."""
        wrong = list(wrong)
        self.found.append(Found(name, len(wrong), most=0))
        self.examples += [f"{name}: {it}" for it in wrong[:5]]

    @property
    def good(self):
        return bool(self.found) and all(it.good for it in self.found)

    def end(self):
        self.seconds = time.monotonic() - self.begun
        return self

    def say(self):
        verdict = "ok" if self.good else "WRONG"
        print(f"\n{self.drill} on {self.database}: {verdict}, {self.seconds:.0f} s")
        print(f"  did:   {self.did}")
        print(f"  found: {'; '.join(map(str, self.found))}")
        for it in self.examples:
            print(f"  {it[:2600]}")


def machine():
    """The machine in a line: nobody can judge seconds without it."""
    memory = "?"
    with Path("/proc/meminfo").open(encoding="ascii") as file:
        memory = f"{int(file.readline().split()[1]) / 1e6:.0f} GB"
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors, {memory}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def table(reports):
    """The Markdown table of one day."""
    lines = [
        f"## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "",
        f"Machine: {machine()}.",
        "",
        "| drill | database | what it did | what it found | seconds | |",
        "|---|---|---|---|--:|---|",
    ]
    for it in reports:
        found = "; ".join(map(str, it.found))
        cells = (
            it.drill,
            it.database,
            it.did,
            found,
            f"{it.seconds:.0f}",
            "ok" if it.good else "**wrong**",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


HEAD = """# Drills

What happens to the portal when everything around it goes wrong, tried and not promised. Each line is made by
`python -m tests.drills NAME`; all of them, and this file, by `python -m tests.drills --write docs/drills.md`
(`PORTAL_TEST_DATABASE_URL` names the PostgreSQL). Short forms of them run with the tests.

"""


def older(path):
    """What an earlier run has written, without the words before it."""
    return Path(path).read_text("utf-8").removeprefix(HEAD) if Path(path).exists() else ""


def write(path, reports, old):
    """Put a new table before the older ones."""
    Path(path).write_text(HEAD + table(reports) + ("\n" + old if old else ""), "utf-8")
