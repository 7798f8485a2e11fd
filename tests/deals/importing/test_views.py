"""The pages of imports: files sent, looked at, read otherwise, taken in by a job, reported."""

import io
import re

import pytest
from sqlalchemy import select

from portal import work
from portal.accounts.rules import Role
from portal.deals.importing import sending
from portal.deals.importing.models import DealImport, DealImportFile, DealImportWord
from portal.deals.models import Deal
from portal.jobs.models import QueuedJob
from tests import make

CSV = "ID;Deal name;Stage;Amount;Product\nA1;Delta;Demo;1 200,50;GTXPro\nB2;Ember;Won;-4;\n"


def send(browser, *files):
    data = {"file": [(io.BytesIO(content), name) for name, content in files]}
    return browser.post("/deals/import/", data=data, content_type="multipart/form-data")


class Job:
    """A job in the hands of a test."""

    id, token = 1, 1

    def __init__(self, payload):
        self.payload = payload

    def checkpoint(self):
        from portal.db import db

        db.session.commit()


def do(app, db):
    """Do the waiting imports as a worker does."""
    done = []
    waiting = db.session.scalars(select(QueuedJob).where(QueuedJob.name == sending.JOB)).all()
    payloads = [it.payload for it in waiting]
    db.session.commit()
    for payload in payloads:
        done.append(work.HANDLERS[sending.JOB].work(Job(payload)))
        db.session.commit()
    return done


def shown(page):
    """The values of the fields of a preview, as a browser would send them."""
    found = {}
    for it in page.tree.iter("input"):
        if it.get("name") and it.get("type") != "hidden":
            found[it.get("name")] = it.get("value", "")
    for it in page.tree.iter("select"):
        chosen = [o.get("value") for o in it.iter("option") if "selected" in o.attrib]
        found[it.get("name")] = chosen[0] if chosen else next(it.iter("option")).get("value")
    return {k: v for k, v in found.items() if k != "q"}


def test_a_file_is_looked_at_and_then_taken_in(app, db, as_):
    make.term("product", "gtx-pro", en="GTX Pro")
    browser = as_("manager")
    sent = send(browser, ("deals.csv", CSV.encode("cp1251")))
    assert sent.status == 303
    page = browser.get(sent.location)
    words = page.words()
    assert "Delta (A1)" in words
    assert "not taken: the amount is negative" in words
    said = shown(page)
    assert (said["delimiter"], said["map-id"], said["word-0"]) == (";", "0", "gtx-pro")
    assert db.session.scalars(select(Deal)).all() == []
    assert browser.post(sent.location, data=said | {"do": "run"}).status == 303
    running = browser.get(sent.location)
    assert running.headers["Refresh"] == "3"
    assert "0 of 2 rows" in running.words()
    assert do(app, db) == [
        "rows 2, created 1, updated 0, unchanged 0, won 0, lost 0, open 1, no_decision 0"
    ]
    report = browser.get(sent.location)
    assert "Refresh" not in report.headers
    assert "1 row was not taken" in report.words()
    assert "Row 3: the amount is negative (-4)" in report.words()
    deal = db.session.scalars(select(Deal)).one()
    assert [it.slug for it in deal.terms] == ["gtx-pro"]
    assert db.session.scalars(select(DealImportWord)).one().target == "gtx-pro"
    assert db.session.scalars(select(DealImportFile)).all() == []
    assert "deals.csv" in browser.get("/deals/import/").words()


def test_columns_chosen_on_the_page_count_and_are_remembered(app, db, as_):
    browser = as_("admin")
    text = "Ключ;Что;Где\nA1;Проект;Демо\n".encode("cp1251")
    sent = send(browser, ("свой.csv", text))
    page = browser.get(sent.location)
    assert "Choose which column is the ID" in page.words()
    refused = browser.post(sent.location, data=shown(page) | {"do": "run"})
    assert refused.status == 422
    assert "Choose which column is the ID" in refused.words()
    said = shown(page) | {"map-id": "0", "map-name": "1", "map-stage": "2", "source": "own"}
    assert browser.post(sent.location, data=said | {"do": "look"}).status == 303
    page = browser.get(sent.location)
    assert "Проект (A1)" in page.words()
    assert "Stage: Demo" in page.words()
    browser.post(sent.location, data=shown(page) | {"do": "run"})
    do(app, db)
    assert db.session.scalars(select(Deal)).one().source == "own"
    again = browser.get(send(browser, ("снова.csv", text)).location)
    assert (shown(again)["map-id"], shown(again)["source"]) == ("0", "own")


def test_a_file_of_another_encoding_is_read_as_said(db, as_):
    browser = as_("manager")
    sent = send(browser, ("d.csv", "ID,Deal name,Stage\nA1,Đồng Tâm,Demo\n".encode("utf-16")))
    assert "Đồng Tâm" in browser.get(sent.location).words()


def test_a_bad_file_is_refused_on_the_page(db, as_):
    browser = as_("manager")
    for name, content, words in (
        ("x.csv", b"", "x.csv is empty"),
        ("x.csv", b"\x00\x01\x02" * 99, "is no table"),
        ("p.csv", b"Row Labels,Sum of Amount\nDemo,5\n", "pivot report"),
    ):
        page = send(browser, (name, content))
        assert page.status == 422
        assert words in page.words()
    empty = browser.post("/deals/import/", data={}, content_type="multipart/form-data")
    assert (empty.status, "Choose a file first." in empty.words()) == (422, True)
    assert db.session.scalars(select(DealImport)).all() == []


def test_files_too_large_are_refused_unread(db, as_, monkeypatch):
    browser = as_("manager")
    monkeypatch.setattr(sending, "BYTES_MOST", 1000)
    assert send(browser, ("x.csv", b"ID,Stage\n" * 200)).status == 422
    assert send(browser, ("x.csv", b"ID,Stage\n" * 200_000)).status == 413


def test_files_may_be_larger_than_other_forms(app, db, as_):
    browser = as_("manager")
    content = b"ID,Deal name,Stage\n" + b"".join(
        b"N%d,%s,Demo\n" % (n, b"x" * 90) for n in range(25_000)
    )
    assert len(content) > app.config["MAX_CONTENT_LENGTH"]
    assert send(browser, ("x.csv", content)).status == 303


def test_files_are_forgotten_when_not_wanted(db, as_):
    browser = as_("manager")
    sent = send(browser, ("deals.csv", CSV.encode()))
    assert browser.post(sent.location, data={"do": "drop"}).status == 303
    assert browser.get(sent.location).status == 404
    assert db.session.scalars(select(DealImport)).all() == []


def test_an_import_runs_once(app, db, as_):
    browser = as_("manager")
    sent = send(browser, ("deals.csv", CSV.encode()))
    said = shown(browser.get(sent.location)) | {"do": "run"}
    assert browser.post(sent.location, data=said).status == 303
    assert browser.post(sent.location, data=said).status == 409
    do(app, db)
    assert do(app, db) == ["nothing to do"]


def test_a_run_that_has_stopped_says_so_and_goes_on_when_asked(app, db, as_):
    browser = as_("manager")
    sent = send(browser, ("deals.csv", CSV.encode()))
    browser.post(sent.location, data=shown(browser.get(sent.location)) | {"do": "run"})
    job = db.session.scalars(select(QueuedJob).where(QueuedJob.name == sending.JOB)).one()
    job.error = "no disk"
    db.session.commit()
    assert "It failed on the way and will be tried again" in browser.get(sent.location).words()
    job.state = "dead"
    db.session.commit()
    page = browser.get(sent.location)
    assert "It has stopped and does not go on by itself" in page.words()
    assert "Refresh" not in page.headers
    assert browser.post(sent.location, data={"do": "again"}).status == 303
    assert browser.get(sent.location).headers["Refresh"] == "3"
    assert browser.post(sent.location, data={"do": "again"}).status == 303
    states = select(QueuedJob.state).where(QueuedJob.name == sending.JOB).order_by(QueuedJob.id)
    assert db.session.scalars(states).all() == ["dead", "waiting"]
    do(app, db)
    assert db.session.scalars(select(DealImport.state)).all() == ["done"]


def test_products_of_a_table_are_added_unless_unticked(app, db, as_):
    browser = as_("manager")
    table = ("products.csv", b"product,series,sales_price\nGTX Pro,GTX,4821\n")
    deals = ("deals.csv", b"ID,Deal name,Product\nA1,Delta,GTXPro\n")
    sent = send(browser, table, deals)
    page = browser.get(sent.location)
    assert "1 product the library does not know" in page.words()
    said = shown(page) | {"do": "run"}
    assert said["products"] == "1"
    browser.post(sent.location, data=said)
    do(app, db)
    deal = db.session.scalars(select(Deal)).one()
    assert [(it.facet, it.slug) for it in deal.terms] == [("product", "gtx-pro")]
    assert "the library does not know" not in browser.get(send(browser, table).location).words()


def test_owners_sent_after_their_deals_count_next_time(app, db, as_):
    browser = as_("manager")
    sent = send(browser, ("o.csv", b"owner_id,email,first_name,last_name\n7,a@b.c,Ann,Lee\n"))
    browser.post(sent.location, data=shown(browser.get(sent.location)) | {"do": "run"})
    do(app, db)
    assert "count for deals when their file is sent again" in browser.get(sent.location).words()


def test_an_unknown_currency_is_said_and_never_a_figure(app, db, as_):
    browser = as_("manager")
    text = b"ID,Deal name,Amount,Deal Currency\nA1,Delta,10,shells\n"
    sent = send(browser, ("deals.csv", text))
    page = browser.get(sent.location)
    assert "“shells” is no currency we know" in page.words()
    wrong = browser.post(sent.location, data=shown(page) | {"currency": "QQQ", "do": "run"})
    assert (wrong.status, "“QQQ” is no currency." in wrong.words()) == (422, True)
    browser.post(sent.location, data=shown(page) | {"do": "run"})
    do(app, db)
    assert db.session.scalars(select(Deal)).one().amount is None
    report = browser.get(sent.location).words()
    assert "1 row was taken in part" in report
    assert "Row 2: “shells” is no currency we know" in report


def test_a_mapping_that_makes_no_sense_is_no_error(db, as_):
    browser = as_("manager")
    sent = send(browser, ("deals.csv", CSV.encode()))
    odd = {"map-id": "999", "map-name": "-1", "order": "x", "encoding": "rot13", "source": "\x00",
           "delimiter": "ab", "decimal": "\ud800", "currency": "€€€", "word-0": "\x00", "do": "look"}  # fmt: skip
    odd = {k: v.encode("utf-8", "surrogatepass").decode("utf-8", "ignore") for k, v in odd.items()}
    assert browser.post(sent.location, data=odd).status in {303, 422}
    assert browser.get(sent.location).status == 200


@pytest.mark.parametrize("role", [Role.REP, Role.CONTRIBUTOR, Role.MARKETER])
def test_others_neither_send_nor_see(db, as_, role):
    browser = as_(role.value)
    assert browser.get("/deals/import/").status == 403
    assert "/deals/import/" not in browser.get("/deals/").links()


@pytest.mark.parametrize("language", ["vi", "ru"])
def test_the_pages_in_other_languages(db, client, language):
    browser = client.sign_in(make.user(role="manager", language=language))
    sent = send(browser, ("deals.csv", CSV.encode()))
    assert not re.search(r"%\(\w+\)s", browser.get(sent.location).text)
