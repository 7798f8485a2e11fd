"""Publishing at 20,000 assets: saving and publishing by the form, found at once, all carried over."""

import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from tests.bench import corpus
from tests.bench.client import TOKEN, Connection, encode, sign_in
from tests.bench.site import PASSWORD, Site
from tests.bench.table import Figure, show
from tests.browser import ROOT

ASSETS, SEEDS, SAVED, CARRIED = 20_000, 300, 120, 2000
MARKETER = "marketer@example.com"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
BODY = re.compile(r"<textarea[^>]*name=\"body\"[^>]*>(.*?)</textarea>", re.DOTALL)


def fill(site, content, assets):
    """A library of this size: some made by loading, the others by copying rows; indexed."""
    site.fill(content)
    person = ("user", "add", MARKETER, "--name", "Tom", "--role", "marketer", "--password-stdin")
    site.run(*person, stdin=PASSWORD + "\n")
    subprocess.run(
        [sys.executable, "-m", "tests.bench.multiply", str(assets)],
        cwd=ROOT, env=site.environ, check=True,
    )  # fmt: skip
    site.run("search", "rebuild")


class Desk:
    """A marketer at the editor, by plain requests."""

    def __init__(self, site):
        self.site = site
        self.cookie = sign_in(site.port, MARKETER, PASSWORD)
        self.connection = Connection(site.port)
        page = self.get("/desk/new")  # the first form gives the session its token
        self.cookie = "; ".join(page.cookies) or self.cookie
        self.token = TOKEN.search(page.text)[1]

    def get(self, path):
        return self.connection.ask(encode(path, host=self.site.host, cookie=self.cookie))

    def post(self, path, **form):
        """Milliseconds until the answer, which has to be a way on."""
        request = encode(
            path, host=self.site.host, cookie=self.cookie,
            body={"csrf_token": self.token, **form},
        )  # fmt: skip
        began = time.perf_counter()
        answer = self.connection.ask(request)
        took = (time.perf_counter() - began) * 1000
        if answer.status != 303:
            raise RuntimeError(f"{path} answered {answer.status}")
        return took


def measure(site, slugs):
    """Milliseconds of saving, of publishing, and from the click on Publish until it is found."""
    desk, chance = Desk(site), random.Random(5)
    saving, publishing, finding = [], [], []
    for slug in slugs:
        word = "q" + "".join(chance.choices("bcdfghjkmnp", k=9))
        page = desk.get(f"/desk/{slug}/en").text
        base = re.search(r'name="base"[^>]*value="(\d+)"', page)[1]
        body = f"{BODY.search(page)[1].strip()}\n\nSay {word}."
        saving.append(
            desk.post(
                f"/desk/{slug}/en",
                title=f"Note {word}",
                summary="",
                body=body,
                tags="",
                note="",
                base=base,
            )
        )
        began = time.perf_counter()
        publishing.append(desk.post(f"/desk/{slug}/moves/publish"))
        while f"/assets/{slug}" not in desk.get(f"/?q={word}").text:
            pass
        finding.append((time.perf_counter() - began) * 1000)
    return saving, publishing, finding


def p95(values):
    return quantiles(values, n=20)[18]


def furnish(content):
    """Lay beside the texts what else is content: files, drafts, decisions, times, collections."""
    chance = random.Random(7)
    slugs = []
    for number, text in enumerate(sorted(content.glob("*/*/??.md"))):
        folder = text.parent
        if (folder / "asset.yaml").exists():
            continue
        slugs.append(f"{folder.parent.name}-{folder.name}")
        told = [f"review-months: {1 + number % 24}", f"backup-owner: {MARKETER}"]
        if number % 3 == 0:
            (folder / "files").mkdir()
            (folder / "files/one page.pdf").write_bytes(PDF + str(number).encode())
            told += [
                "attachments:",
                "- {file: files/one page.pdf}",
                "- {link: 'https://video.example.com/x'}",
            ]
        if number % 4 == 0:
            draft = text.read_text("utf-8").split("---\n", 2)[2] + f"\n\nMore of {number}.\n"
            text.with_name(f"{text.stem}.draft.md").write_text(draft, "utf-8")
            told.append("change: review")
        if number % 5 == 0:
            told.append(f"retire-at: '2091-01-{1 + number % 28:02}T09:00:00+00:00'")
        (folder / "asset.yaml").write_text("\n".join(told) + "\n", "utf-8")
    (content / "collections").mkdir()
    for number in range(20):
        lines = [f"name: List {number % 15}", f"owner: {MARKETER}", "assets:"]
        lines += [f"- {slug}" for slug in chance.sample(slugs, min(len(slugs), 12))]
        (content / f"collections/list-{number}.yaml").write_text("\n".join(lines) + "\n")


def carried(folder, assets):
    """(texts, seconds, differences) of a library exported and loaded into an empty portal."""
    places = []
    for name in ("from", "to"):
        (folder / name).mkdir()
        places.append(Site(folder / name))
    texts = corpus.write(folder / "content", assets)
    furnish(folder / "content")
    person = ("user", "add", MARKETER, "--name", "Tom", "--role", "marketer", "--password-stdin")
    for place in places:
        place.run("db", "upgrade")
        place.run(*person, stdin=PASSWORD + "\n")
    places[0].fill(folder / "content")
    began = time.perf_counter()
    places[0].run("content", "export", folder / "out")
    places[1].run("content", "load", folder / "out", "--json")
    seconds = time.perf_counter() - began
    again, _ = places[0].run("content", "load", folder / "out", "--json")
    places[1].run("content", "export", folder / "back")
    files = {p.relative_to(folder / "out") for p in (folder / "out").rglob("*") if p.is_file()}
    backs = {p.relative_to(folder / "back") for p in (folder / "back").rglob("*") if p.is_file()}
    wrong = len(files ^ backs) + sum(
        (folder / "out" / name).read_bytes() != (folder / "back" / name).read_bytes()
        for name in files & backs
    )
    told = json.loads(again)
    wrong += told["created"] + told["updated"] + len(told["rejected"]) + len(told["left_out"])
    compared, _ = places[1].run("content", "diff", folder / "out", "--json")
    return texts, seconds, wrong + len(json.loads(compared)["assets"])


def run(assets=ASSETS):
    """Print the table; returns whether everything asked for was reached."""
    folder = Path(tempfile.mkdtemp(prefix="arsenal-bench-"))
    try:
        (folder / "site").mkdir()
        site = Site(folder / "site")
        corpus.write(folder / "content", SEEDS)
        fill(site, folder / "content", assets)
        site.settle()
        english = [p.parent for p in sorted((folder / "content").glob("*/*/en.md"))][:SAVED]
        slugs = [f"{path.parent.name}-{path.name}" for path in english]
        with site.served():
            saving, publishing, finding = measure(site, slugs)
        shutil.rmtree(folder / "content")
        (folder / "carry").mkdir()
        texts, seconds, wrong = carried(folder / "carry", CARRIED)
    finally:
        shutil.rmtree(folder)
    figures = [
        Figure("saving, p95", p95(saving), "ms", most=60, note=f"p50 {median(saving):.0f} ms"),
        Figure(
            "publishing, p95",
            p95(publishing),
            "ms",
            most=60,
            note=f"p50 {median(publishing):.0f} ms",
        ),
        Figure(
            "published → found, p50", median(finding), "ms", note=f"worst {max(finding):.0f} ms"
        ),
        Figure(f"{texts} texts exported and loaded elsewhere", seconds, "s"),
        Figure("different after that", wrong, "files", most=0),
    ]
    return show(f"publishing: {assets:,} assets, {len(slugs)} saved and published", figures)
