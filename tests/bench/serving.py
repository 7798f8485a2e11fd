"""Serving: 2,000 assets on SQLite, two workers, one signed-in rep; pages, floors, memory, freshness."""

import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path
from statistics import median
from urllib.parse import quote_plus

from tests.bench import corpus
from tests.bench.client import Connection, alone, encode, sign_in, together
from tests.bench.site import EMAIL, PASSWORD, Site, resident
from tests.bench.table import Figure, show
from tests.browser import ROOT

ASSETS = 2000
WARM, SAMPLE, CLIENTS, SECONDS, PUBLISHED = 200, 800, 8, 8.0, 25
LINKED = re.compile(r'(?:href|src)="(/[^"#]+\.(?:css|js|svg|webmanifest))[^"]*"')


def shuffled(paths, site, cookie):
    """Requests for these addresses, over and over, in one fixed random order."""
    requests = [encode(path, host=site.host, cookie=cookie) for path in paths]
    random.Random(7).shuffle(requests)
    return cycle(requests)


def measure(site, cookie, paths, *, sample=SAMPLE, seconds=SECONDS):
    """(one client, eight clients) on these addresses, warmed up."""
    requests = shuffled(paths, site, cookie)
    together(site.port, requests, 2, 1.0)
    alone(site.port, requests, WARM)
    return alone(site.port, requests, sample), together(site.port, requests, CLIENTS, seconds)


def weight(site, cookie, path):
    """(requests, bytes) of a page and all it links to, as packed."""
    connection = Connection(site.port)
    page = connection.ask(encode(path, host=site.host, cookie=cookie))
    size, linked = len(page.raw), sorted(set(LINKED.findall(page.text)))
    for address in linked:
        size += len(connection.ask(encode(address, host=site.host)).raw)
    connection.close()
    return len(linked) + 1, size


def freshness(site, cookie):
    """Milliseconds from the start of publishing until the search page shows it, each time."""
    publisher = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.publisher"],
        cwd=ROOT, env=site.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    connection, waits = Connection(site.port), []
    chance = random.Random(11)
    for _ in range(PUBLISHED):
        word = "q" + "".join(chance.choices("bcdfghjkmnp", k=9))
        request = encode(f"/?q={word}", host=site.host, cookie=cookie)
        publisher.stdin.write(word + "\n")
        publisher.stdin.flush()
        while "Note about" not in connection.ask(request).text:
            pass
        found = time.time()
        begun, _, _ = map(float, publisher.stdout.readline().split())
        waits.append((found - begun) * 1000)
    publisher.stdin.close()
    publisher.wait(20)
    connection.close()
    return waits


def events(site):
    """How many facts of use there are, by action."""
    with sqlite3.connect(site.folder / "data" / "portal.sqlite") as connection:
        return dict(connection.execute("SELECT action, count(*) FROM usage_events GROUP BY action"))


def pages(site, folder, process):
    cookie = sign_in(site.port, EMAIL, PASSWORD)
    searches = [f"/?q={quote_plus(query)}" for query in corpus.queries()]
    folders = sorted({path.parent for path in folder.glob("*/*/*.md")})
    assets = [f"/assets/{path.parent.name}-{path.name}" for path in folders]
    random.Random(3).shuffle(assets)
    before = events(site)
    search_one, search_many = measure(site, cookie, searches)
    asset_one, asset_many = measure(site, cookie, assets[:400])
    after = events(site)
    asked = {"searched": search_one, "viewed": asset_one}
    for action, least in asked.items():
        if after.get(action, 0) - before.get(action, 0) < least.requests:
            raise RuntimeError(f"use was not recorded: {before} {after}")
    requests, size = weight(site, cookie, searches[0])
    asset_requests, asset_size = weight(site, cookie, assets[0])
    fresh = freshness(site, cookie)
    memory = resident(process)
    return {
        "search": (search_one, search_many),
        "asset": (asset_one, asset_many),
        "figures": [
            Figure(
                "published → found, p50",
                median(fresh),
                "ms",
                most=40,
                note=f"worst of {len(fresh)}: {max(fresh):.0f} ms",
            ),
            Figure(
                "search page, packed with all its files",
                size / 1000,
                "kB",
                most=20,
                note=f"{requests} requests",
            ),
            Figure(
                "asset page, packed with all its files",
                asset_size / 1000,
                "kB",
                most=20,
                note=f"{asset_requests} requests",
            ),
            Figure("requests of the heavier page", max(requests, asset_requests), "", most=6),
            Figure(
                "resident memory of the larger worker",
                max(memory),
                "MB",
                most=160,
                note=f"{len(memory)} workers",
            ),
        ],
    }


def compared(name, timings, floors, asked):
    """The lines of a page, each beside the floors of the same run."""
    (one, many), (p50, p95, rate) = timings, asked
    bare, query = floors
    note = f"floors {bare[0].p50:.1f} / {query[0].p50:.1f} ms: {one.p50 / bare[0].p50:.1f}× / {one.p50 / query[0].p50:.1f}×"
    rates = f"floors {bare[1].rate:.0f} / {query[1].rate:.0f}: 1/{bare[1].rate / many.rate:.1f}, 1/{query[1].rate / many.rate:.1f}"
    return [
        Figure(f"{name}, p50, one client", one.p50, "ms", most=p50, note=note),
        Figure(f"{name}, p95, one client", one.p95, "ms", most=p95),
        Figure(f"{name}, eight clients", many.rate, "req/s", least=rate, note=rates),
        Figure(f"{name}, p95, eight clients", many.p95, "ms"),
    ]


def run(assets=ASSETS):
    """Print the table; returns whether everything asked for was reached."""
    folder = Path(tempfile.mkdtemp(prefix="arsenal-bench-"))
    try:
        return measured(folder, assets)
    finally:
        shutil.rmtree(folder)


def measured(folder, assets):
    texts = corpus.write(folder / "content", assets)
    site = Site(folder)
    report, loading, indexing = site.fill(folder / "content")
    if report["created"] != texts:
        raise RuntimeError(f"{texts} texts written, but: {str(report)[:500]}")
    site.settle()
    with site.served() as (process, cold):
        found = pages(site, folder / "content", process)
    with site.served(site.floors()):
        floors = [measure(site, "", [f"/floor/{name}"], seconds=4.0) for name in ("none", "one")]
    figures = [
        *compared("search page", found["search"], floors, (6, 13, 280)),
        *compared("asset page", found["asset"], floors, (3, None, 500)),
        *found["figures"],
        Figure(
            "cold start: from spawn to first answer",
            cold,
            "s",
            most=1.5,
            note="server and first worker",
        ),
        Figure(f"loading {texts} texts", loading, "s", note=f"{texts / loading:.0f} texts/s"),
        Figure("building the index", indexing, "s"),
    ]
    return show(f"serving: {assets:,} assets, {texts:,} texts, 2 workers, SQLite", figures)
