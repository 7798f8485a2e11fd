"""What each process counts about its requests, shared by files so that any of them can tell all.

prometheus_client decides how it counts when it is loaded: it is loaded here, once the folder that
processes share is named, and only where somebody asks for figures.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = "metrics"
"""The folder of the data directory."""
SHARED = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def share(data_dir: Path, *, afresh: bool) -> None:
    """Let the processes of a server count in one folder; `afresh`: what earlier ones counted goes.

    Call it before the first `Meters` of a process are made.
    """
    folder = data_dir.resolve() / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if afresh:
        for path in folder.glob("*.db"):
            with suppress(OSError):
                path.unlink()
    os.environ[SHARED] = str(folder)


def shared_folder() -> Path | None:
    """Return the folder processes count in; None: this one counts for itself."""
    named = os.environ.get(SHARED)
    return Path(named) if named else None


Gauges = dict[str, tuple[str, list[tuple[dict[str, str], float]]]]
"""Name → what it is, and its samples by labels."""


def get_ready() -> None:
    """Load what counts: before a server forks, so that its processes share the memory."""
    import prometheus_client.multiprocess  # noqa: F401, PLC0415


class Meters:
    """Requests, how long they took and how many are under way, by rule, method and status."""

    def __init__(self) -> None:
        """Load prometheus_client and make the meters."""
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram  # noqa: PLC0415

        self.registry = CollectorRegistry()
        named: dict[str, Any] = {"namespace": "arsenal", "registry": self.registry}
        self._requests = Counter(
            "requests", "Requests answered.", ["method", "route", "status"], **named
        )
        self._seconds = Histogram(
            "request_seconds", "Seconds until the answer was ready.", ["method", "route"],
            buckets=BUCKETS, **named,
        )  # fmt: skip
        self._under_way = Gauge(
            "requests_in_progress", "Requests under way.", multiprocess_mode="livesum", **named
        )
        self._searches = Counter("searches", "Searches asked for.", **named)
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def begin(self) -> None:
        """A request has come."""
        self._under_way.inc()

    def end(self) -> None:
        """It is gone."""
        self._under_way.dec()

    def searched(self) -> None:
        """Somebody has searched."""
        self._searches.inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """It was answered; rules and methods are few, so these meters are as well."""
        method = method if method in METHODS else "other"
        key = (method, route, status)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(method, route),
            )
        found[0].inc()
        found[1].observe(seconds)


def processes() -> list[int]:
    """Return the processes that count and live; what the dead had under way is forgotten."""
    folder = shared_folder()
    if folder is None:
        return [os.getpid()]
    from prometheus_client import multiprocess  # noqa: PLC0415

    alive = []
    for number in sorted({int(p.stem.rpartition("_")[2]) for p in folder.glob("*_[0-9]*.db")}):
        if Path(f"/proc/{number}").exists() or sys.platform != "linux":
            alive.append(number)
        else:
            multiprocess.mark_process_dead(number, str(folder))  # type: ignore[no-untyped-call]
    return alive


def memory(numbers: list[int]) -> list[int]:
    """Return the resident bytes of processes, as Linux tells them."""
    return list(_resident(numbers))


def _resident(numbers: list[int]) -> Iterator[int]:
    for number in numbers:
        with suppress(OSError, ValueError, IndexError):
            pages = int(Path(f"/proc/{number}/statm").read_text("ascii").split()[1])
            yield pages * os.sysconf("SC_PAGE_SIZE")


def text(meters: Meters, gauges: Gauges) -> bytes:
    """Return everything in Prometheus' format: what all processes counted, then these gauges."""
    from prometheus_client import CollectorRegistry, generate_latest, multiprocess  # noqa: PLC0415
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    class Now:
        """What is asked at this moment."""

        def collect(self) -> Iterator[GaugeMetricFamily]:
            for name, (said, samples) in gauges.items():
                labels = list(samples[0][0]) if samples else []
                family = GaugeMetricFamily(f"arsenal_{name}", said, labels=labels)
                for values, number in samples:
                    family.add_metric(list(values.values()), number)
                yield family

    folder = shared_folder()
    registry = CollectorRegistry()
    if folder is not None:
        multiprocess.MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
        counted = generate_latest(registry)
    else:
        counted = generate_latest(meters.registry)
    own = CollectorRegistry()
    own.register(Now())
    return counted + generate_latest(own)
