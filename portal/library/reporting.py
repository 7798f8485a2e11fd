"""What came of a load, file by file."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from portal.errors import Invalid
from portal.library.merging import Outcome


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that was not loaded, where and why."""

    file: str
    line: int | None
    reason: str


@dataclass(slots=True)
class Report:
    """What came of a load; every file counts once."""

    files: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    left_out: list[Rejected] = field(default_factory=list)  # of files that were loaded
    noted: list[Rejected] = field(default_factory=list)  # kept, but of no use yet

    def refuse(self, path: Path, error: Invalid | OSError | str) -> None:
        """Note a file that can not be loaded."""
        self.rejected.append(_rejected(path, error))

    def leave_out(self, path: Path, error: Invalid) -> None:
        """Note what of a file is not taken over; the rest of it is."""
        self.left_out.append(_rejected(path, error))

    def note(self, path: Path, error: Invalid) -> None:
        """Note what of a file is kept, but of no use yet."""
        self.noted.append(_rejected(path, error))

    def count(self, path: Path, outcome: Outcome | Invalid) -> None:
        """Note what became of a file."""
        if isinstance(outcome, Invalid):
            self.refuse(path, outcome)
        elif outcome is Outcome.CREATED:
            self.created += 1
        elif outcome is Outcome.UPDATED:
            self.updated += 1
        else:
            self.unchanged += 1


def _rejected(path: Path, error: Invalid | OSError | str) -> Rejected:
    line = error.line if isinstance(error, Invalid) else None
    reason = error.reason if isinstance(error, Invalid) else str(error)
    if isinstance(error, OSError):
        reason = f"can not be read ({error.strerror or type(error).__name__})"
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    return Rejected(name, line, str(reason))
