"""Seals what the database must keep and nobody may read there, with keys of the portal's secret."""

import base64
import os
from functools import lru_cache

NONCE = 12


@lru_cache(maxsize=16)
def key(secret: str, purpose: str) -> bytes:
    """Return the key of a purpose: none can be told from another."""
    # 6 MB, for those few who have a second factor
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    made = HKDF(algorithm=SHA256(), length=32, salt=b"arsenal", info=purpose.encode())
    return made.derive(secret.encode("utf-8", "surrogatepass"))


def seal(secret: str, purpose: str, content: bytes, *, of: str) -> str:
    """Return a content sealed, so that it opens only as what it was sealed `of`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    nonce = os.urandom(NONCE)
    sealed = AESGCM(key(secret, purpose)).encrypt(nonce, content, of.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def unseal(secret: str, purpose: str, text: str, *, of: str) -> bytes | None:
    """Return what was sealed; None when it was not here, not for this, or was changed."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii"))
        return AESGCM(key(secret, purpose)).decrypt(raw[:NONCE], raw[NONCE:], of.encode())
    except (InvalidTag, ValueError):
        return None
