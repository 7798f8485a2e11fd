"""Codes: RFC 6238's of an app, and recovery codes; which was meant, which is right."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
WINDOW = 1
"""Codes before and after today's that are taken: clocks differ, fingers are slow."""
SECRET_BYTES = 20
CODES = 10
CODE_LENGTH = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that looks like something else: no 0, 1, i, l, o."""


def code_at(secret: bytes, counter: int, *, digits: int = DIGITS, digest: str = "sha1") -> str:
    """Return the code of a counter, as RFC 4226 says."""
    made = hmac.new(secret, counter.to_bytes(8, "big"), digest).digest()
    start = made[-1] & 0xF
    number = int.from_bytes(made[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def counter_at(now: datetime) -> int:
    """Return the counter of a moment."""
    return int(now.timestamp()) // STEP


def counter_of(secret: bytes, code: str, *, now: datetime) -> int | None:
    """Return the counter whose code this is, of the few that are taken now; None: a wrong code."""
    middle = counter_at(now)
    right = None
    for counter in range(middle - WINDOW, middle + WINDOW + 1):
        # all are compared, so that the time tells nothing; the newest counts
        if hmac.compare_digest(code_at(secret, counter).encode(), code.encode()):
            right = counter
    return right


def typed(text: str) -> str:
    """Return a code as it is compared: without the blanks and dashes people read and type."""
    return re.sub(r"[\s\-–]", "", text[:100]).lower()


def is_of_app(code: str) -> bool:
    """Whether a typed code can be an app's."""
    return re.fullmatch(rf"[0-9]{{{DIGITS}}}", code) is not None


def is_recovery(code: str) -> bool:
    """Whether a typed code can be a recovery code."""
    return len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)


def recovery_code(choose: Callable[[str], str]) -> str:
    """Return a new recovery code, of letters that `choose` picks."""
    return "".join(choose(ALPHABET) for _ in range(CODE_LENGTH))


def shown(code: str) -> str:
    """Return a recovery code as it stands on paper."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def recovery_hash(key: bytes, user_id: int, code: str) -> str:
    """Return what a row keeps of a recovery code: without the key nothing can be tried on it."""
    return hmac.new(key, f"{user_id} {code}".encode(), hashlib.sha256).hexdigest()


def base32(secret: bytes) -> str:
    """Return a secret as apps take it, and as people can type it."""
    return base64.b32encode(secret).decode("ascii")


def grouped(text: str) -> str:
    """Return a text in groups of four, to be read aloud and typed."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """Return what the QR code says to an app."""
    told = {
        "secret": base32(secret),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP,
    }
    label = quote(f"{issuer}:{account}", safe="@:")
    return f"otpauth://totp/{label}?{urlencode(told, quote_via=quote)}"
