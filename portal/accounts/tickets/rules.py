"""Decisions about links that work once: how long they hold, how their token is made."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum

TOKEN_MOST = 100


class Purpose(StrEnum):
    """What a link lets its person do; also the kind of the mail that brings it."""

    INVITATION = "invitation"
    RESET = "reset"


HOLDS = {Purpose.INVITATION: timedelta(days=7), Purpose.RESET: timedelta(minutes=30)}

CHANGED = "password-changed"
"""The kind of the mail that tells of another password; it has no link."""


def token(secret: str, purpose: Purpose, nonce: str) -> str:
    """Return the token of a link, made of what the row keeps and of what only the server knows.

    So a mail that is sent again says the same, and neither row nor mail keeps the token.
    """
    said = f"ticket:{purpose.value}:{nonce}"
    made = hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode("ascii").rstrip("=")


def fingerprint(given: str) -> str:
    """Return what the row keeps of a token; a stolen table opens nothing."""
    return hashlib.sha256(given.encode("utf-8", "replace")).hexdigest()


def is_open(expires_at: datetime, used_at: datetime | None, *, now: datetime) -> bool:
    """Whether a link still does what it is for."""
    return used_at is None and now < expires_at
