"""Fifty people save the same text at once, each on a connection of its own, with real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.db import Base
from portal.db import db as _db
from portal.library.publishing import acting
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import TextRevision
from portal.library.service import content_of, kept_content
from tests import make
from tests.library.conflicts.test_views import fields
from tests.page import Client, Page

MANY = 50


@pytest.fixture
def people(empty):
    """A text at revision 1, and fifty marketers."""
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        made = make.asset("kestrel", kind="guide", state="draft")
        make.text(made, "en", title="T", body="## A\n\nas it was\n")
        found = [make.user(role="marketer").id for _ in range(MANY)]
        _db.session.commit()
    return found


def at_once(jobs):
    barrier = Barrier(len(jobs))

    def one(job):
        barrier.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


def bodies(empty):
    with empty.app_context():
        query = select(TextRevision.number, TextRevision.body).order_by(TextRevision.number)
        return [tuple(row) for row in _db.session.execute(query)]


def text_of(number):
    return f"## A\n\nwritten by number{number}\n"


def test_accepted_saves_are_revisions_and_everybody_else_gets_theirs(empty, people):
    def save(number):
        with empty.app_context():
            try:
                actor = Actor(people[number], Role.MARKETER, None)
                content = content_of(title="T", body=text_of(number))
                asset = acting.locked("kestrel")
                publishing.save(actor, asset, "en", content, base=1)
                _db.session.commit()
            except publishing.TextConflictError as conflict:
                theirs = kept_content(conflict.theirs)["body"]
                _db.session.rollback()
                return theirs
            return None

    results = at_once([lambda n=n: save(n) for n in range(MANY)])
    kept = bodies(empty)
    assert [number for number, _body in kept] == [1, 2]
    assert results.count(None) == 1
    assert {body for body in results if body is not None} == {kept[1][1]}
    assert kept[1][1] == text_of(results.index(None))


@pytest.mark.slow
def test_through_the_pages_nothing_is_lost_and_nothing_breaks(empty, people, monkeypatch):
    """One is saved, forty-nine are shown both texts; when they have settled, all fifty are in."""
    monkeypatch.setitem(empty.config, "WTF_CSRF_ENABLED", False)
    with empty.app_context():
        browsers = [Client(empty).sign_in(_db.session.get(User, person)).raw for person in people]

    def save(number):
        body = f"## A\n\nas it was\n\n## By {number}\n\nqq{number}\n"
        sent = {"title": "T", "body": body, "summary": "", "tags": "", "note": "", "base": "1"}
        return browsers[number].post("/desk/kestrel/en", data=sent)

    answers = at_once([lambda n=n: save(n) for n in range(MANY)])
    statuses = [answer.status_code for answer in answers]
    assert sorted(set(statuses)) == [303, 409]
    assert statuses.count(303) == 1
    first = f"qq{statuses.index(303)}"
    for number, first_answer in enumerate(answers):
        answer = first_answer
        while answer.status_code == 409:
            page = Page(answer)
            assert f"qq{number}" in page.text
            assert first in page.text
            sent = {**fields(page), "how": "choices"}
            answer = browsers[number].post("/desk/kestrel/en/settled", data=sent)
        assert answer.status_code == 303
    kept = bodies(empty)
    assert [number for number, _body in kept] == list(range(1, MANY + 2))
    assert all(f"qq{number}\n" in kept[-1][1] for number in range(MANY))
