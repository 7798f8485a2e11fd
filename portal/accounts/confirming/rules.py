"""Decisions about confirming without a database: how long a confirmation holds."""

from datetime import datetime, timedelta

HOLDS = timedelta(minutes=10)


def is_fresh(confirmed_at: datetime | None, *, now: datetime) -> bool:
    """Whether somebody has shown lately enough who they are; a clock set back extends nothing."""
    return confirmed_at is not None and abs(now - confirmed_at) < HOLDS
