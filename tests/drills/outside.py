"""Mail server and file store go and come back: pages say so, what waits is sent once, no restart needed."""

import logging
import time
import uuid

from tests import make
from tests.bench.mail import Drill
from tests.drills.company import Company
from tests.drills.places import Line
from tests.library.attachments.conftest import png

MAILS, SHORT = 100, 20


def run(report, folder, url, *, short):
    mail(report, folder / "mail", url, MAILS if short is False else SHORT)
    if url:
        from tests.conftest import fresh_postgresql

        fresh_postgresql(url)
    store(report, folder / "store", url)


def mail(report, folder, url, count):
    folder.mkdir()
    found = Drill(folder, url, seed=11).run(count, kills=2, outages=3, deaths=2)
    report.did = (
        f"{count} notices by mail while the server was killed {found['did']['outages']} times "
        f"and workers {found['did']['kills'] + found['did'].get('deaths', 0)} times; "
    )
    report.find("notices that arrived", found["notices"], least=count)
    report.find("mails lost", found["lost"], most=0)
    report.find("mails twice", found["twice"], most=0)


def store(report, folder, url):
    from minio import Minio
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it tells of every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    line = Line(*server.get_host_and_port())
    bucket = f"a-{uuid.uuid4()}"
    Minio(
        f"127.0.0.1:{line.port}", "test", "testtest", secure=False, region="us-east-1"
    ).make_bucket(bucket)
    folder.mkdir()
    company = Company(
        folder, url, s3_endpoint=f"http://127.0.0.1:{line.port}", s3_bucket=bucket,
        s3_access_key="test", s3_secret_key="testtest",
    ).prepare()  # fmt: skip
    try:
        away(report, company, line)
    finally:
        server.stop()


def away(report, company, line):
    with company.inside(keep=True):
        writer = make.user(role="marketer")
        make.text(make.asset("held", kind="faq", state="draft", owner_id=writer.id), title="Held")
        cookie = company.cookie_of(writer)
    odd = []

    def expect(what, answer, *statuses):
        if answer.status not in statuses:
            odd.append(f"{what} answered {answer.status}")

    with company.served():
        browser = company.browser(cookie, language="ru")
        expect("an upload", browser.upload("/desk/held/attachments", "one.png", png()), 303)
        kept = attachment(company)
        expect("a download", browser.get(kept), 200)
        line.cut()
        gone = browser.upload("/desk/held/attachments", "two.png", png((60, 30)))
        expect("an upload without the store", gone, 503)
        expect("a download without it", browser.get(kept), 503)
        expect("the desk without it", browser.get("/desk/held"), 200)
        in_russian = 'lang="ru"' in gone.text
        line.mend()
        began = time.monotonic()
        answer, _ = browser.surely(
            lambda: browser.upload("/desk/held/attachments", "two.png", png((60, 30)))
        )
        expect("an upload when it was back", answer, 303)
        expect("a download when it was back", browser.get(kept), 200)
        took = time.monotonic() - began
    report.did += "the file store's line cut: an upload, a download, the desk; mended: again"
    report.find("friendly 503 of the file store", int(in_russian), least=1)
    report.find("attachments", len(all_of(company)), least=2, most=2)
    report.find("seconds until files came again", round(took, 1), most=20)
    report.none("odd answers", odd)


def all_of(company):
    from sqlalchemy import select

    from portal.library.attachments.models import Attachment

    with company.inside() as session:
        return session.execute(select(Attachment.public_id, Attachment.name)).all()


def attachment(company):
    from flask import url_for

    [(public_id, name)] = all_of(company)
    with company.app.test_request_context():
        rule = next(
            it for it in company.app.url_map.iter_rules() if it.endpoint == "attachments.download"
        )
        told = {"public_id": public_id, "name": name, "slug": "held"}
        return url_for("attachments.download", **{key: told[key] for key in rule.arguments})
