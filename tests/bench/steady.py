"""A portal under load for minutes, with five writes a second beside it: no error, memory that stays as it is.

`wrk` asks for pages when it is installed (Debian: `apt-get install wrk`), else our own client does.
"""

import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from itertools import cycle
from pathlib import Path
from statistics import median

from tests.bench import corpus
from tests.bench.client import encode, sign_in, together
from tests.bench.site import EMAIL, PASSWORD, Site
from tests.bench.table import Figure, show
from tests.drills.company import Browser, Lost, command_of, descendants

MINUTES, ASSETS, CLIENTS = 10.0, 300, 4
WRITES = 5
"""A second."""
SAMPLE, WARM = 2.0, 0.2
"""Seconds between two looks at memory; the share of the time that is warming up."""
WRITER = "writer@example.com"
LUA = """
local paths = {%s}
local at = 0
odd = 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
function response(status) if status ~= 200 then odd = odd + 1 end end
function done(summary)
  local all = 0
  for _, thread in ipairs(threads) do all = all + thread:get("odd") end
  local e = summary.errors
  print(string.format("TOLD %%d %%d %%d", summary.requests, all, e.connect + e.read + e.write + e.timeout))
end
"""


def rss(number):
    """Resident memory of a process in MB: all of it, and what is its own."""
    told = {}
    for line in Path(f"/proc/{number}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in {"VmRSS", "RssAnon"}:
            told[name] = int(value.split()[0]) / 1024
    return told["VmRSS"], told["RssAnon"]


class Memory:
    """Samples of every process of a server."""

    def __init__(self, server):
        self.server, self.samples, self.over = server, {}, threading.Event()
        self.thread = threading.Thread(target=self._look)

    def _look(self):
        while not self.over.wait(SAMPLE):
            for number in [self.server, *descendants(self.server)]:
                try:
                    self.samples.setdefault(number, []).append((time.monotonic(), *rss(number)))
                except (OSError, KeyError):
                    continue  # it has ended: a reader of an attachment, say

    def grown(self):
        """(process, MB at first, MB in the end, growth in %) of each that lived all the time."""
        longest = max(map(len, self.samples.values()))
        for number, samples in sorted(self.samples.items()):
            kept = samples[int(len(samples) * WARM) :]
            if len(samples) < longest * 0.9 or "tracker" in command_of(number):
                continue
            fourth = max(len(kept) // 4, 1)
            first, last = (median(it[1] for it in part) for part in (kept[:fourth], kept[-fourth:]))
            minutes = (kept[-1][0] - kept[0][0]) / 60
            yield number, first, last, (last / first - 1) * 100, (last - first) / max(minutes, 1e-9)


class Writer:
    """Five writes a second: ratings, texts saved, texts published."""

    def __init__(self, site, slugs):
        self.site, self.slugs, self.done, self.odd = site, slugs, Counter(), []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._write)
        self.waits = []

    def _write(self):
        reader = Browser(self.site.port, sign_in(self.site.port, EMAIL, PASSWORD))
        writer = Browser(self.site.port, sign_in(self.site.port, WRITER, PASSWORD))
        bases, number, begun = dict.fromkeys(self.slugs, 1), 0, time.monotonic()
        for what in cycle(("rate", "save", "rate", "publish", "rate")):
            slug = self.slugs[number // WRITES % len(self.slugs)]
            number += 1
            if self.over.wait(max(begun + number / WRITES - time.monotonic(), 0)):
                return
            asked = time.monotonic()
            try:
                if what == "rate":
                    fields = {
                        "stars": 1 + number % 5,
                        "why": f"{number}",
                        "helped": "",
                        "revision": "1",
                    }
                    answer = reader.post(f"/assets/{slug}/en/rating", **fields)
                elif what == "save":
                    text = {
                        "title": f"Title {number}",
                        "body": f"## About\n\nWords {number}.\n",
                        "base": bases[slug],
                    }
                    answer = writer.post(f"/desk/{slug}/en", **text)
                    bases[slug] += answer.status == 303
                else:
                    answer = writer.post(f"/desk/{slug}/moves/publish", reason="")
            except Lost as error:
                self.odd.append(f"{what}: {error}")
                continue
            self.waits.append((time.monotonic() - asked) * 1000)
            self.done[what] += 1
            if answer.status != 303:
                self.odd.append(f"{what} {slug}: {answer.status}")


def load(site, cookie, paths, seconds, folder):
    """(requests, answers that are not 200, broken connections, by what)."""
    if not shutil.which("wrk"):
        timing = together(
            site.port,
            cycle([encode(it, host=site.host, cookie=cookie) for it in paths]),
            CLIENTS,
            seconds,
        )
        return timing.requests, 0, 0, "our own client"
    script = folder / "paths.lua"
    script.write_text(LUA % ", ".join(f'"{path}"' for path in paths))
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{int(seconds)}s", "--timeout", "20s", "-s", str(script),
               "-H", f"Cookie: {cookie}", "-H", "Accept: text/html", f"http://{site.host}/"]  # fmt: skip
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    requests, odd, broken = map(int, re.search(r"TOLD (\d+) (\d+) (\d+)", said).groups())
    return requests, odd, broken, "wrk"


def run(minutes=MINUTES):
    """Print the table; returns whether everything asked for was reached."""
    with tempfile.TemporaryDirectory(prefix="arsenal-steady-") as name:
        return measured(Path(name), minutes)


def measured(folder, minutes):
    corpus.write(folder / "content", ASSETS)
    site = Site(folder)
    site.fill(folder / "content")
    person = ("user", "add", WRITER, "--name", "Writer", "--role", "marketer", "--password-stdin")
    site.run(*person, stdin=PASSWORD + "\n")
    site.settle()
    names = sorted(
        {
            f"{path.parent.parent.name}-{path.parent.name}"
            for path in (folder / "content").glob("*/*/*.md")
        }
    )
    written = [name for name in names if (folder / "content" / name.split("-", 1)[0]).exists()][:40]
    with site.served() as (process, _):
        cookie = sign_in(site.port, EMAIL, PASSWORD)
        paths = (
            [f"/assets/{name}" for name in names[40:60]]
            + [f"/?q={'+'.join(q.split())}" for q in list(corpus.queries())[:20] if q.isascii()]
            + ["/library"]
        )
        writer, memory = Writer(site, open_in_english(site, written)), Memory(process.pid)
        threads = (writer.thread, memory.thread)
        for thread in threads:
            thread.start()
        requests, odd, broken, by = load(
            site, cookie, direct(site, cookie, paths), minutes * 60, folder
        )
        writer.over.set()
        memory.over.set()
        for thread in threads:
            thread.join()
        grown = list(memory.grown())
    for it in writer.odd[:10]:
        print(it)
    seconds = minutes * 60
    waits = sorted(writer.waits)
    note = ", ".join(f"{what} {count}" for what, count in sorted(writer.done.items()))
    figures = [
        Figure("pages", requests / seconds, "req/s", note=f"{requests} by {by}, {CLIENTS} connections"),
        Figure("answers that are not 200", odd, "", most=0),
        Figure("broken connections", broken, "", most=0),
        Figure("writes a second", sum(writer.done.values()) / seconds, "/s", least=WRITES * 0.95, note=note),
        Figure("writes refused or lost", len(writer.odd), "", most=0),
        Figure("a write, p95", waits[int(len(waits) * 0.95)], "ms"),
        *(
            Figure(
                f"memory of process {number}", growth, "%", most=5,
                note=f"{first:.1f} → {last:.1f} MB, {slope:+.3f} MB a minute",
            )
            for number, first, last, growth, slope in grown
        ),
    ]  # fmt: skip
    return show(
        f"steady: {minutes:g} minutes, {ASSETS} assets, 2 workers and the one beside, SQLite",
        figures,
    )


def direct(site, cookie, paths):
    """The addresses that answer with a page: an asset's leads to its language."""
    browser, found = Browser(site.port, cookie), []
    for path in paths:
        where = browser.get(path).location or path
        if browser.get(where).status == 200:
            found.append(where)
    return found


def open_in_english(site, slugs):
    """Those of the assets that have an English text a marketer may change."""
    browser = Browser(site.port, sign_in(site.port, WRITER, PASSWORD))
    return [
        slug
        for slug in slugs
        if browser.get(f"/desk/{slug}/en").status == 200
        and browser.get(f"/assets/{slug}/en").status == 200
    ]
