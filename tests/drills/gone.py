"""PostgreSQL goes and comes back under work: a friendly page meanwhile, nothing lost, no restart needed."""

import threading
import time

from sqlalchemy import select

from portal.calls.ratings.models import Rating
from tests import make
from tests.drills.company import Company, Lost
from tests.drills.places import Cluster, binary, through

OUTAGES, SHORT, AWAY = 5, 2, 3.0


def run(report, folder, url, *, short):
    outages, ratings = (SHORT, 40) if short else (OUTAGES, 200)
    cluster = None
    if binary("initdb"):
        cluster = Cluster(folder / "postgres").start()
        url = cluster.url
    line, cut_url = through(url)
    company = Company(folder, cut_url).prepare()
    try:
        under(report, company, (cluster, line), outages, ratings)
    finally:
        company.close()
        if cluster:
            cluster.stop()


def under(report, company, around, outages, ratings):
    cluster, line = around
    with company.inside(keep=True):
        reader = make.user(role="rep")
        for number in range(ratings):
            make.text(make.asset(f"rated-{number}", kind="faq"), title=f"Rated {number}")
        cookie, reader_id = company.cookie_of(reader), reader.id
    acknowledged, friendly, odd, over = [], [], [], threading.Event()

    def rate():
        browser = company.browser(cookie, language="vi")
        number = 0
        while not over.is_set():
            fields = {"stars": 1 + number % 5, "why": f"as {number}", "helped": "", "revision": "1"}
            path = f"/assets/rated-{number % ratings}/en/rating"
            try:
                answer = browser.post(path, **fields)
            except Lost as error:
                odd.append(str(error))
                continue
            if answer.status == 303:
                acknowledged.append(number)
                number += 1
            elif (
                answer.status == 503
                and 'lang="vi"' in answer.text
                and answer.headers["Retry-After"]
            ):
                friendly.append(number)
                time.sleep(0.1)
            else:
                odd.append(f"{answer.status}: {answer.text[:200]}")
                time.sleep(0.1)

    recovered = []
    with company.served():
        thread = threading.Thread(target=rate, daemon=True)
        thread.start()
        for number in range(outages):
            time.sleep(1.0)
            hard = cluster is not None and number % 2 == 1
            cluster.stop() if hard else line.cut()
            time.sleep(AWAY)
            before = len(acknowledged)
            cluster.start() if hard else line.mend()
            began = time.monotonic()
            while len(acknowledged) <= before and time.monotonic() < began + 60:
                time.sleep(0.02)
            recovered.append(time.monotonic() - began)
        time.sleep(1)
        over.set()
        thread.join()
        company.run("worker", "--once")
    with company.inside() as session:
        kept = dict(
            session.execute(
                select(Rating.asset_id, Rating.why).where(Rating.user_id == reader_id)
            ).all()
        )
    whys = set(kept.values())
    last = {number % ratings: number for number in acknowledged}
    lost = [number for number in last.values() if f"as {number}" not in whys]
    what = "the line cut and the server killed in turn" if cluster else "the line cut"
    report.did = (
        f"{outages} outages of {AWAY:.0f} s ({what}) while somebody rated {len(acknowledged)} times"
    )
    report.find("acknowledged", len(acknowledged), least=outages * 2)
    report.find("friendly 503 meanwhile", len(friendly), least=outages)
    report.none("acknowledged and lost", lost)
    report.find("longest until the first write again, s", round(max(recovered), 1), most=20)
    report.none("odd answers", odd)
