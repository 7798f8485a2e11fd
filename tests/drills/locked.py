"""Another process holds the database for half a minute: reads answer, writes say "in a moment", nothing is lost."""

import sqlite3
import threading
import time
from contextlib import contextmanager

from sqlalchemy import func, select

from portal.library.publishing.models import TextRevision
from tests import make
from tests.drills.company import Company, Lost

SECONDS, SHORT = 30, 12
LANGUAGES = ("en", "vi", "ru")


@contextmanager
def held(company, url):
    """All writing is somebody else's while the block runs; on PostgreSQL reading texts too."""
    if not url:
        other = sqlite3.connect(company.data / "portal.sqlite", isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    import psycopg

    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE text_revisions, ratings IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def run(report, folder, url, *, short):
    seconds = SHORT if short else SECONDS
    company = Company(folder, url).prepare()
    with company.inside(keep=True):
        writer = make.user(role="marketer")
        for language in LANGUAGES:
            make.text(make.asset(f"one-{language}", kind="faq", owner_id=writer.id), title="One")
        make.text(make.asset("other", kind="faq"), title="Other")
        cookie = company.cookie_of(writer)
    company.run("search", "rebuild")
    refused, answered, waits, odd = [], [], [], []

    def write(language):
        """Save until it is saved, as somebody does who presses the button of the page."""
        browser = company.browser(cookie, language=language)
        fields = {"title": "One", "body": f"## Mine\n\nKept, {language}.\n", "base": 1}
        browser.token()
        ready.wait()
        for _ in range(60):
            answer = browser.post(f"/desk/one-{language}/en", **fields)
            if answer.status == 303:
                answered.append(language)
                return
            good = f'lang="{language}"' in answer.text and f"Kept, {language}." in answer.text
            if answer.status == 503 and answer.headers["Retry-After"] and good:
                refused.append(language)
            else:
                odd.append(f"{language}: {answer.status} {answer.text[-300:]}")
            time.sleep(0.2)

    def read():
        browser = company.browser(cookie)
        browser.token()
        ready.wait()
        while not over.is_set():
            for path in ("/assets/other", "/?q=other", "/library", "/account"):
                began = time.monotonic()
                try:
                    status = browser.get(path).status
                except Lost as error:
                    status = str(error)
                if status != 200 and not (url and status == 503):  # the very table was locked
                    odd.append(f"reading {path}: {status}")
                waits.append(time.monotonic() - began)
            time.sleep(0.1)

    ready, over = threading.Barrier(len(LANGUAGES) + 2), threading.Event()
    threads = [
        threading.Thread(target=write, args=(language,), daemon=True) for language in LANGUAGES
    ]
    threads.append(threading.Thread(target=read, daemon=True))
    with company.served("--workers", "4"):
        for thread in threads:
            thread.start()
        with held(company, url):
            ready.wait()
            time.sleep(seconds)
            early = len(answered)
        for thread in threads[:-1]:
            thread.join()
        over.set()
        threads[-1].join()
    with company.inside() as session:
        saved = session.scalar(select(func.count()).where(TextRevision.number == 2))
    report.did = f"held everything for {seconds} s while {len(LANGUAGES)} people saved and one read {len(waits)} pages"
    report.find("saved while it was held", early, most=0)
    report.find("friendly 503 with what was typed", len(refused), least=1)
    report.find("saved afterwards", len(answered), least=len(LANGUAGES))
    report.find("lost or saved twice", abs(saved - len(LANGUAGES)), most=0)
    report.find("longest wait of a reader, s", round(max(waits), 1), most=16)
    report.none("odd answers", odd)
