"""Which version of a folder there is: git's, when it is a work tree of git's."""

import shutil
import subprocess
from pathlib import Path

PATIENCE = 10
"""Seconds git may take."""


def revision_of(folder: Path) -> str | None:
    """Return the commit a folder is at, or None when git does not know it or is not there."""
    git = shutil.which("git")
    if git is None:
        return None
    # The folder may be another user's, who does the pulling; nothing of it is run.
    command = [git, "-c", "safe.directory=*", "-C", str(folder), "rev-parse", "--verify", "HEAD"]
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and the folder is an administrator's
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    found = done.stdout.strip()
    return found if done.returncode == 0 and found.isalnum() else None
