"""A small application that has a face and nothing else: no database, no features."""

from types import SimpleNamespace

import pytest
from flask import Flask, abort, g, render_template, request
from flask_wtf import CSRFProtect
from jinja2 import DictLoader, PackageLoader, PrefixLoader

from portal.config import Language
from portal.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from portal.web import page

REFUSALS = {
    403: lambda: Forbidden("not yours"),
    404: NotFound,
    409: Conflict,
    422: lambda: Invalid("“13/13/2026” is not a date"),
    429: lambda: TooMany(retry_after=130),
}


def build(*, secure=False, language=Language.EN):
    app = Flask("portal", static_folder=None)
    app.config.update(SECRET_KEY="only for tests, only for tests", MAX_CONTENT_LENGTH=2000)
    mine = {"page.html": '{% extends "web/base.html" %}{% block main %}<h1>x</h1>{% endblock %}'}
    app.jinja_loader = PrefixLoader({"web": PackageLoader("portal.web"), "mine": DictLoader(mine)})
    CSRFProtect(app)
    page.install(app, default=language, timezone="Asia/Ho_Chi_Minh", secure=secure)

    @app.before_request
    def somebody():
        role = request.headers.get("X-Role")
        if role:
            g._login_user = SimpleNamespace(name="Trần Minh Anh", role=role, is_authenticated=True)

    @app.get("/refuse/<int:status>")
    def refuse(status):
        raise REFUSALS[status]() if status in REFUSALS else abort(status)

    @app.get("/break")
    def break_():
        raise RuntimeError("secret detail")

    @app.get("/page")
    def plain_page():
        return render_template("mine/page.html")

    @app.get("/long")
    def long():
        return "long " * 1000

    @app.post("/form")
    def form():
        return request.form.get("a", "")

    return app


@pytest.fixture(scope="session")
def make_face():
    return build


@pytest.fixture(scope="session")
def face():
    return build()


@pytest.fixture
def browser(face):
    return face.test_client()
