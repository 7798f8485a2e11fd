"""The one bounded cache: least recently used, measured in bytes, thread safe."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ByteCache(Generic[Key, Value]):
    """Keeps what was used last, up to ``limit`` bytes by the sizes its users tell."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._used = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes kept now; never above the limit."""
        return self._used

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Value | None:
        """The value kept for the key, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep the value; one larger than the whole cache is not kept."""
        with self._lock:
            old = self._kept.pop(key, None)
            if old is not None:
                self._used -= old[1]
            if size > self._limit:
                return
            self._kept[key] = (value, size)
            self._used += size
            while self._used > self._limit:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._used -= dropped

    def keep_only(self, wanted: Callable[[Key], bool]) -> None:
        """Forget the values whose keys are not wanted, as those nobody can ask for again."""
        with self._lock:
            for key in [key for key in self._kept if not wanted(key)]:
                _, size = self._kept.pop(key)
                self._used -= size

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._used = 0
