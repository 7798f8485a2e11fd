"""What `portal doctor` finds: one thing looked at, and how long things take in people's words."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is ok, warn or fail."""

    name: str
    state: str
    what: str
    do: str = ""


def spoken(age: timedelta) -> str:
    """Return how long something takes in the words of people."""
    seconds = int(age.total_seconds())
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"
