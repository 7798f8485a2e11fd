"""kill -9 of web, worker, index writer and all of it, while people publish and rate: nothing is lost."""

import os
import random
import signal
import threading
import time
from contextlib import suppress

from sqlalchemy import select

from portal.calls.ratings.models import Rating
from portal.library.models import Asset, AssetText
from tests import make
from tests.drills.company import Company, Lost, command_of, descendants

COUNT, KILLS = 100, 24
SHORT_COUNT, SHORT_KILLS = 10, 4
SHORT_MOST = 80
"""So much is done in the short form when no index writer was met before: they write for a moment."""


def prepare(company, count):
    """Drafts to publish, published assets to rate; their ids and the cookies of two people."""
    with company.inside(keep=True):
        writer, reader = make.user(role="marketer"), make.user(role="rep")
        for number in range(count):
            draft = make.asset(f"draft-{number}", kind="faq", state="draft", owner_id=writer.id)
            make.text(draft, title=f"Draft {number}")
            rated = make.asset(f"rated-{number}", kind="faq", owner_id=writer.id)
            make.text(rated, title=f"Rated {number}")
        made = (company.cookie_of(writer), company.cookie_of(reader), reader.id)
    company.run("search", "rebuild")
    return made


def word(number):
    """A word of an asset's own, of letters alone."""
    return "zq" + "".join(chr(ord("b") + int(digit)) for digit in f"{number:03}") + "kv"


def publish(browser, number, acknowledged):
    """Save a new text, then publish it; each until somebody says that it is done."""
    slug, own = f"draft-{number}", word(number)
    fields = {
        "title": f"Draft {number}",
        "body": f"## About {own}\n\nNew words: {own}.\n",
        "base": 1,
    }
    answer, tries = browser.surely(lambda: browser.post(f"/desk/{slug}/en", **fields))
    # a save that was done and not heard of meets itself: the same text is no conflict
    if answer.status != 303:
        return [f"{slug}: saving answered {answer.status} at try {tries}"]
    answer, tries = browser.surely(lambda: browser.post(f"/desk/{slug}/moves/publish", reason=""))
    if answer.status != 303 and not (answer.status == 409 and tries > 1):
        return [f"{slug}: publishing answered {answer.status} at try {tries}"]
    acknowledged.append(number)
    return []


def rate(browser, number, acknowledged):
    fields = {"stars": 1 + number % 5, "why": f"because of {number}", "helped": "", "revision": "1"}
    answer, tries = browser.surely(
        lambda: browser.post(f"/assets/rated-{number}/en/rating", **fields)
    )
    if answer.status != 303:
        return [f"rated-{number}: rating answered {answer.status} at try {tries}"]
    acknowledged.append(number)
    return []


def holder(company):
    """The process that holds the index writer's lock at this moment, or 0."""
    with suppress(OSError):
        inode = (company.data / "index" / "writer.lock").stat().st_ino
        with open("/proc/locks", encoding="ascii") as locks:  # noqa: PTH123
            for line in locks:
                told = line.split()
                if "->" not in told and told[5].endswith(f":{inode}") and int(told[4]) > 0:
                    return int(told[4])
    return 0


class Killer:
    """Ends processes of a company at random moments, and starts the server when all of it is gone."""

    def __init__(self, company, kills, seed):
        self.company, self.kills, self.random = company, kills, random.Random(seed)
        self.restarts = 0
        self.did = {"web": 0, "worker": 0, "index writer": 0, "everything": 0}

    def run(self, busy):
        """Each kind in turn until the people are done and each was killed at least once."""
        kinds = ["web", "index writer", "worker", "index writer", "everything"]
        number = 0
        while busy() or sum(self.did.values()) < self.kills:
            time.sleep(self.random.uniform(0.05, 0.5))
            self.keep()
            kind = kinds[number % len(kinds)]
            number += 1
            if kind == "everything" and self.did[kind] > self.kills // 8:
                continue  # a start takes a while
            self.did[kind] += self._strike(kind)
            if not busy() and number > self.kills * 4:
                return

    def keep(self):
        """Start a server that has given up, as a service manager does: granian ends when the same
        worker dies twice within five seconds.
        """
        if self.company.process.poll() is not None:
            self.company.kill()
            self.company.start()
            self.restarts += 1

    def _strike(self, kind):
        if kind == "everything":
            self.company.kill()
            self.company.start()
            return 1
        victim = self._writer() if kind == "index writer" else self._one(kind)
        if not victim:
            return 0
        with suppress(OSError):
            os.kill(victim, signal.SIGKILL)
            return 1
        return 0

    def _one(self, kind):
        mine = descendants(self.company.process.pid)
        workers = [it for it in mine if " worker --child-of" in command_of(it)]
        if kind == "worker":
            return next(iter(workers), 0)
        below = {it for worker in workers for it in descendants(worker)}
        web = [it for it in mine if it not in below and it not in workers and _is_web(it)]
        return self.random.choice(web) if web else 0

    def _writer(self):
        deadline = time.monotonic() + 3
        mine = set()
        while time.monotonic() < deadline:
            found = holder(self.company)
            if found:
                mine = set(descendants(self.company.process.pid))
                return found if found in mine else 0
            time.sleep(0.0005)
        return 0


def _is_web(number):
    """A worker of granian is a fork of the server: the tracker of shared things is not."""
    return "tracker" not in command_of(number)


def look(company, published, rated, reader):
    """What was acknowledged and is not there."""
    lost = []
    with company.inside():
        session = company_session()
        states = dict(session.execute(select(Asset.slug, Asset.state)).all())
        bodies = dict(
            session.execute(
                select(Asset.slug, AssetText.body).join(AssetText, AssetText.asset_id == Asset.id)
            ).all()
        )
        stars = dict(
            session.execute(
                select(Asset.slug, Rating.stars)
                .join(Rating, Rating.asset_id == Asset.id)
                .where(Rating.user_id == reader)
            ).all()
        )
        ratings = len(session.scalars(select(Rating.id)).all())
    for number in published:
        slug = f"draft-{number}"
        if states[slug] != "published" or word(number) not in bodies[slug]:
            lost.append(f"{slug} is {states[slug]}")
    lost += [
        f"rated-{n}: {stars.get(f'rated-{n}')}"
        for n in rated
        if stars.get(f"rated-{n}") != 1 + n % 5
    ]
    return lost, ratings


def company_session():
    from portal.db import db

    return db.session


def run(report, folder, url, *, short):
    count, most, kills = (SHORT_COUNT, SHORT_MOST, SHORT_KILLS) if short else (COUNT, COUNT, KILLS)
    company = Company(folder, url).prepare()
    writer, reader, reader_id = prepare(company, most)
    published, rated, troubles = [], [], []

    def people(cookie, act, acknowledged):
        browser = company.browser(cookie)
        for number in range(most):
            if number >= count and killer.did["index writer"]:
                break
            try:
                troubles.extend(act(browser, number, acknowledged))
            except Lost as error:
                troubles.append(f"{act.__name__} {number}: {error}")
        browser.close()

    killer = Killer(company, kills, seed=5)
    with company.served():
        threads = [
            threading.Thread(target=people, args=(writer, publish, published)),
            threading.Thread(target=people, args=(reader, rate, rated)),
        ]
        for thread in threads:
            thread.start()
        killer.run(lambda: any(thread.is_alive() for thread in threads))
        while any(thread.is_alive() for thread in threads):
            killer.keep()
            time.sleep(0.2)
        killer.keep()
        company.run("search", "drain", fine=(0, 1))
        index = company.json("search", "verify")
        lost, ratings = look(company, published, rated, reader_id)
        browser = company.browser(writer)
        unfound = [
            number for number in published
            if f"/assets/draft-{number}" not in browser.surely(lambda n=number: browser.get(f"/?q={word(n)}"))[0].text
        ]  # fmt: skip
    did = ", ".join(f"{name} {times}" for name, times in killer.did.items())
    report.did = f"{len(published)} texts saved and published and {len(rated)} ratings by HTTP; kill -9: {did}; "
    report.did += f"started again as a service manager does: {killer.restarts}"
    report.find("publishes acknowledged", len(published), least=count)
    report.find("ratings acknowledged", len(rated), least=count)
    report.find("index writers killed", killer.did["index writer"], least=1)
    report.none("acknowledged and lost", lost)
    report.find("ratings twice", ratings - len(rated), most=0)
    differences = index["missing"] + index["extra"] + index["stale"] + index["waiting"]
    report.find("index differences after the drain", differences + index["damaged"], most=0)
    report.none("published and not found", unfound)
    report.none("odd answers", troubles)
