"""How far the index is behind, and whether it can be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.search import outbox
from portal.search.engine import Engine, IndexDamagedError


class State(StrEnum):
    """What there is to search in; a missing index finds nothing and is made by the worker."""

    READABLE = "readable"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Lag:
    """How many changes searches do not know yet, and since when the oldest waits."""

    state: State
    waiting: int
    since: datetime | None

    def age(self, now: datetime) -> timedelta:
        """How long the oldest has waited."""
        return max(now - self.since, timedelta(0)) if self.since else timedelta(0)


def lag(engine: Engine) -> Lag:
    """Look at the index and at what waits for it."""
    try:
        state = State.READABLE if engine.generation() >= 0 else State.MISSING
    except IndexDamagedError:
        state = State.DAMAGED
    return Lag(state, *outbox.backlog())
