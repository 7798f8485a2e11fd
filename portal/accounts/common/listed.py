"""The shipped list of common passwords, read once a process when a password is chosen."""

from functools import cache
from importlib.resources import files


@cache
def common() -> frozenset[str]:
    """Return the passwords of the list."""
    text = (files("portal.accounts.common") / "common.txt").read_text("utf-8")
    return frozenset(text.split("\n")) - {""}
