"""Reads a response as a careful person would."""

from datetime import timedelta

import html5lib

from portal.accounts import sessions
from portal.accounts.rules import Limits
from portal.db import db


class Page:
    """A response and, when it is HTML, its tree; a page that is not well made fails the test."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.location = response.location
        self.headers = response.headers
        self.text = response.get_data().decode("utf-8", "replace")  # a file may be anything
        self.tree = None
        if response.mimetype == "text/html" and self.text.lstrip().lower().startswith("<!doctype"):
            parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
            self.tree = parser.parse(self.text)
            assert not parser.errors, parser.errors
            heads = self.tree.findall(".//h1")
            assert len(heads) == 1, f"a page has one h1, not {len(heads)}"
            assert "".join(self.tree.find(".//title").itertext()).strip()

    def words(self, path=".//main"):
        """The text below a path, with white space folded."""
        node = self.tree.find(path)
        return " ".join(" ".join(node.itertext()).split())

    def links(self):
        """Every address a link points to."""
        return [a.get("href") for a in self.tree.iter("a") if a.get("href")]


class Client:
    """Flask's test client, answering with pages; each request has a context of its own.

    Answers are closed when they are there, as a server does: what follows them has happened.
    """

    def __init__(self, app):
        self.app = app
        self.raw = app.test_client()

    def get(self, url, **options):
        with self.app.app_context():
            return Page(self.raw.get(url, buffered=True, **options))

    def post(self, url, **options):
        with self.app.app_context():
            return Page(self.raw.post(url, buffered=True, **options))

    def sign_in(self, user):
        """Give this browser a session of a person, without the form."""
        config = self.app.config["PORTAL"]
        limits = Limits(
            timedelta(hours=config.session_idle_hours), timedelta(days=config.session_days)
        )
        token = sessions.start(user.id, address="192.0.2.1", device="", limits=limits)
        db.session.commit()
        with self.app.app_context(), self.raw.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie.permanent = True
        return self
