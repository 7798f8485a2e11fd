"""Which folder may be a source of assets, and when somebody was killed bringing it in step."""

import re
from datetime import datetime, timedelta
from pathlib import PurePath

from portal.errors import Invalid

NAME_MOST = 60
BUSY_MOST = timedelta(minutes=30)
"""After so long whoever had begun to bring a source in step is taken to be gone."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def named(name: str) -> str:
    """Return a source's name if it can be one.

    Raises:
        Invalid: when it is too long or holds anything but a-z, 0-9 and hyphens between them.
    """
    if len(name) > NAME_MOST or not _NAME.fullmatch(name):
        raise Invalid(f"a source is named with a-z, 0-9 and -, at most {NAME_MOST} of them")
    return name


def overlap(one: PurePath, other: PurePath) -> bool:
    """Whether two folders are the same, or one lies in the other."""
    return one == other or one in other.parents or other in one.parents


def is_busy(since: datetime | None, now: datetime) -> bool:
    """Whether somebody is bringing a source in step."""
    return since is not None and now - since < BUSY_MOST
