"""For how long what a person said they work on counts."""

from datetime import datetime, timedelta

COUNTS = timedelta(hours=12)
"""A deal picked in the morning is not what is worked on the next day; so with none."""


def counts(since: datetime | None, now: datetime) -> bool:
    """Whether what was said then still says what somebody works on."""
    return since is not None and now - since < COUNTS
