"""How a server's processes hold memory: from one arena, what is free given back before a fork.

Both are words to glibc; other C libraries do without.
"""

import ctypes
from collections.abc import Callable

_ARENAS_MOST = -8
"""`M_ARENA_MAX` of malloc.h."""


def _of_c(name: str) -> Callable[..., object] | None:
    return getattr(ctypes.CDLL(None), name, None)


def share_one_arena() -> None:
    """Let threads take what others have freed: one of them answers all requests, none waits."""
    if mallopt := _of_c("mallopt"):
        mallopt(_ARENAS_MOST, 1)


def give_back() -> None:
    """Return what is free to the system: a fork would count it in every worker."""
    if malloc_trim := _of_c("malloc_trim"):
        malloc_trim(0)
