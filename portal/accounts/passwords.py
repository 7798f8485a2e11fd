"""Password hashes: argon2id with 19 MiB, two passes, one lane."""

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.common.listed import common
from portal.accounts.common.rules import is_easy
from portal.accounts.rules import (
    PASSWORD_MOST,
    PasswordProblem,
    normal_password,
    password_problem,
)

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# The hash of random bytes nobody kept: checked in place of a person who does not exist, so that
# the answer takes as long. A constant, because making one at the first such try would show.
DUMMY = (
    "$argon2id$v=19$m=19456,t=2,p=1$B+/WmXeLczFDCTmsXhsFxQ$"
    "ZdsSfMRsvqgnUH+xVZpOOvbsulX0anModUdZWDCTkDI"
)


def problem(text: str, about: Iterable[str] = ()) -> PasswordProblem | None:
    """Say why a text can not be the new password of somebody of whom `about` is known."""
    wrong = password_problem(text)
    if wrong is None and is_easy(text, common=common(), about=(*about, "arsenal")):
        return PasswordProblem.EASY
    return wrong


def hash_password(text: str) -> str:
    """Return the hash to store; `text` has passed `problem`."""
    return _hasher.hash(normal_password(text))


def verify(stored: str | None, text: str) -> bool:
    """Whether the text is the password of a stored hash; as slow when there is none."""
    normal = normal_password(text[: 4 * PASSWORD_MOST]).encode("utf-8", "surrogatepass")
    try:
        matches = _hasher.verify(stored or DUMMY, normal)
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than are used now."""
    return _hasher.check_needs_rehash(stored)
