"""The disk is full, for database, index and uploads: 507 in the reader's language, nothing half written, on it goes."""

import sqlite3
import time

from sqlalchemy import func, select

from portal.library.attachments.models import Attachment
from portal.library.models import Asset
from portal.library.publishing.models import TextRevision
from tests import make
from tests.drills.company import Company
from tests.drills.places import Cluster, Disk, binary, small_disk
from tests.library.attachments.conftest import png

LANGUAGES = ("en", "vi", "ru")
MEGABYTES, CLUSTER_MEGABYTES = 48, 96
TRIES, SHORT_TRIES = 12, 4
REFUSED = {503, 507}
"""503 of a PostgreSQL that restarts because it can not write what it must."""


def run(report, folder, url, *, short):
    place = folder / "disk"
    with small_disk(place, CLUSTER_MEGABYTES if url else MEGABYTES) as real:
        if not url:
            company = Company(place).prepare()
            under(report, company, Disk(place, company, real=real), short=short, own=True)
            return
        if not (real and binary("initdb")):
            report.did = "nothing: a PostgreSQL on a disk of its own needs root and its programs"
            report.find("drilled", 0)
            return
        cluster = Cluster(place / "pg").start()
        try:
            company = Company(folder / "company", cluster.url)
            company.folder.mkdir()
            company.prepare()
            disk = Disk(place, company, real=True)
            under(report, company, disk, short=short, own=False, restart=cluster)
        finally:
            cluster.stop()


def prepare(company):
    with company.inside(keep=True):
        writer = make.user(role="marketer")
        for language in LANGUAGES:
            make.text(
                make.asset(f"one-{language}", kind="faq", owner_id=writer.id),
                title=f"One {language}",
            )
        make.text(make.asset("held", kind="faq", state="draft", owner_id=writer.id), title="Held")
        make.text(make.asset("other", kind="faq"), title="Other")
        cookie = company.cookie_of(writer)
    company.run("search", "rebuild")
    return cookie


def text_of(browser, language, number):
    """A text of 100 kB: what room a file has left inside is soon used."""
    filler = " ".join(f"word{number}x{at}" for at in range(8_000))
    return {"title": f"One {language}", "body": f"## Mine\n\nKept {number}.\n\n{filler}\n"}


def under(report, company, disk, *, short, own, restart=None):  # noqa: PLR0912
    cookie = prepare(company)
    tries = SHORT_TRIES if short else TRIES
    counts = {"saved": 0, "refused": 0, "read": 0}
    odd, bases = [], dict.fromkeys(LANGUAGES, 1)

    def save(language, number):
        browser = browsers[language]
        answer = browser.post(
            f"/desk/one-{language}/en", **text_of(browser, language, number), base=bases[language]
        )
        if answer.status == 303:
            counts["saved"] += 1
            bases[language] += 1
        return answer

    with company.served():
        browsers = {language: company.browser(cookie, language=language) for language in LANGUAGES}
        for browser in browsers.values():
            browser.token()
        disk.fill()
        for number in range(tries):
            for language in LANGUAGES:
                answer = save(language, number)
                if answer.status in REFUSED:
                    counts["refused"] += 1
                    if (
                        f'lang="{language}"' not in answer.text
                        or f"Kept {number}." not in answer.text
                    ):
                        odd.append(f"a page without what was typed: {answer.status}")
                elif answer.status != 303:
                    odd.append(f"saving answered {answer.status}: {answer.text[:150]}")
        uploaded = browsers["vi"].upload("/desk/held/attachments", "p.png", png((900, 900)))
        moved = browsers["ru"].post("/desk/held/moves/publish", reason="")
        for path in ("/assets/other", "/?q=other", "/library", "/assets/one-en", "/account"):
            answer = browsers["en"].get(path)
            counts["read"] += answer.status == 200
            if answer.status != 200 and (own or answer.status != 503):
                odd.append(f"{path} answered {answer.status}")
        if (own and uploaded.status != 507) or (
            uploaded.status >= 500 and uploaded.status not in REFUSED
        ):
            odd.append(f"the upload answered {uploaded.status}")
        if moved.status not in REFUSED | {303}:
            odd.append(f"publishing answered {moved.status}")
        disk.make_room()
        began = time.monotonic()
        if restart and restart.process.poll() is not None:
            restart.start()  # it gave up without room; its service manager starts it again
        for language in LANGUAGES:
            browsers[language].surely(lambda it=language: save(it, "after"))
        again = time.monotonic() - began
        browsers["ru"].surely(lambda: browsers["ru"].post("/desk/held/moves/publish", reason=""))
        back = browsers["vi"].surely(
            lambda: browsers["vi"].upload("/desk/held/attachments", "p.png", png((900, 900)))
        )[0]
        if back.status != 303:
            odd.append(f"the upload answered {back.status} when there was room")
        company.run("search", "drain", fine=(0, 1))
        index = company.json("search", "verify")
    look(report, company, counts, index, own=own)
    kind = "a disk of its own" if disk.real else "a limit on its files"
    report.did = f"filled {kind}; {tries * 3} texts of 80 kB saved, a picture sent, an asset published, 5 pages read; made room"
    report.find("refused with 507 or 503, the text kept on the page", counts["refused"], least=1)
    report.find("pages read meanwhile", counts["read"], least=5 if own else 0)
    report.find("seconds until it was saved again", round(again, 1), most=30)
    report.none("odd answers", odd)


def look(report, company, counts, index, *, own):
    with company.inside() as session:
        revisions = session.scalar(select(func.count()).where(TextRevision.number > 1))
        attachments = session.scalar(select(func.count(Attachment.id)))
        state = session.scalar(select(Asset.state).where(Asset.slug == "held"))
    if own:
        with sqlite3.connect(company.data / "portal.sqlite") as raw:
            sound = raw.execute("PRAGMA integrity_check").fetchone()[0]
        report.find("SQLite's integrity_check complains", int(sound != "ok"), most=0)
    rests = list((company.data / "files" / "in").glob("*"))
    report.find(
        "saves acknowledged and not there, or half there", abs(revisions - counts["saved"]), most=0
    )
    report.find("files half written", len(rests), most=0)
    report.find("attachments after room was made", attachments, least=1)
    report.find("published after room was made", int(state == "published"), least=1)
    report.find(
        "index differences after the drain",
        index["missing"] + index["extra"] + index["stale"] + index["waiting"] + index["damaged"],
        most=0,
    )
