"""Workers of a server that search, each a process: what they keep in memory, how soon they find."""

import json
import random
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from statistics import median

from tests.bench.table import Figure
from tests.browser import ROOT

WORKERS, PUBLISHED = 2, 15


class Process:
    """A process that is told lines and answers lines."""

    def __init__(self, module, told):
        self.process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=told | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a process of the bench has ended")
        return line

    def end(self):
        self.process.stdin.close()
        self.process.wait(30)


@contextmanager
def running(module, told):
    process = Process(module, told)
    try:
        yield process
    finally:
        process.end()


def published(told, workers, count, size):
    """Milliseconds until all workers find what was published: from the start, and from the commit."""
    whole, after = [], []
    chance = random.Random(f"published {size}")
    with running("tests.bench.publisher", told) as publisher:
        for _ in range(count):
            word = "q" + "".join(chance.choices("bcdfghjkmnp", k=9))
            for worker in workers:
                worker.tell(json.dumps({"find": word}))
            publisher.tell(word)
            begun, committed, _ = map(float, publisher.hear().split())
            last = max(json.loads(worker.hear()) for worker in workers)
            whole.append((last - begun) * 1000)
            after.append((last - committed) * 1000)
    return whole, after


def figures(told, searches, size, *, most_ms, most_mb):
    """How soon a change is found, and the memory of a worker that has answered all searches."""
    asked = [(it.text, it.filters, it.language) for it in searches]
    with ExitStack() as stack:
        workers = [
            stack.enter_context(running("tests.bench.search_worker", told)) for _ in range(WORKERS)
        ]
        for worker in workers:
            worker.tell(json.dumps({"warm": asked}))
        sizes = [json.loads(worker.hear()) for worker in workers]
        whole, after = published(told, workers, PUBLISHED, size)
        for worker in workers:
            worker.tell(json.dumps({"warm": asked[:10]}))
        later = max(json.loads(worker.hear())[0] for worker in workers)
    memory, mapped = max(sizes)
    return [
        Figure("published → found in all workers, p50", median(whole), "ms", most=most_ms,
               note=f"worst of {len(whole)}: {max(whole):.0f}; after the commit {median(after):.0f}"),
        Figure("memory of a worker", max(memory, later), "MB", most=most_mb,
               note=f"{memory:.0f} before it found changes; {mapped:.0f} of it files"),
    ]  # fmt: skip
