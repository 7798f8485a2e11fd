"""Reading strangers' files: every one of the shared office files, by type, with the reason of each refusal."""

import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from portal.library.attachments import running, service
from portal.library.attachments.store import LocalStore
from tests.bench.table import Figure, show
from tests.browser import ROOT

REAL = ROOT.parent / "shared" / "data" / "office"
READ = "portal.library.attachments.extract"


@dataclass
class Tally:
    """What became of the files of one type."""

    files: int = 0
    read: int = 0
    refused: Counter = field(default_factory=Counter)
    seconds: float = 0.0
    peak_mb: float = 0.0


def ingest(store, path):
    """Take a file in and read it as the portal does; returns (word or None, seconds, MB)."""
    with path.open("rb") as file:
        try:
            upload = service.take(store, file, path.name, most=50_000_000)
        except service.RefusedError as error:
            return error.code, 0.0, 0.0
    with store.open(upload.digest) as file:
        command = [sys.executable, "-m", READ, "read", upload.type.kind.value]
        done = running.run(file, command)
    word = running.reading_of(done).trouble
    if word is None and not done.told["passages"]:
        word = "no-text"
    return word, done.seconds, done.peak_mb


def tallies(folder):
    """Type → tally, over all files below a folder."""
    found = defaultdict(Tally)
    with tempfile.TemporaryDirectory() as name:
        store = LocalStore(Path(name))
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            tally = found[path.suffix.lower().lstrip(".") or "none"]
            word, seconds, peak = ingest(store, path)
            tally.files += 1
            tally.read += word in {None, "cut"}
            if word not in {None, "cut"}:
                tally.refused[word] += 1
            tally.seconds = max(tally.seconds, seconds)
            tally.peak_mb = max(tally.peak_mb, peak)
    return dict(sorted(found.items()))


def run():
    """Print the tables; True when reached, or when there are no files here."""
    if not REAL.is_dir():
        print("office: no shared data here, left out")
        return True
    found = tallies(REAL)
    print(f"\n{'type':<8}{'files':>6}{'read':>6}{'max s':>8}{'max MB':>8}  not read, by reason")
    for name, it in found.items():
        why = ", ".join(f"{word} {count}" for word, count in it.refused.most_common())
        print(f"{name:<8}{it.files:>6}{it.read:>6}{it.seconds:>8.2f}{it.peak_mb:>8.1f}  {why}")
    crashed = sum(it.refused["crashed"] for it in found.values())
    return show(
        "office: files of strangers",
        [
            Figure("files taken in or refused", sum(it.files for it in found.values()), ""),
            Figure("without a reason in plain words", crashed, "", most=0),
            Figure("longest reading", max(it.seconds for it in found.values()), "s", most=30),
            Figure("most memory", max(it.peak_mb for it in found.values()), "MB", most=512),
        ],
    )
