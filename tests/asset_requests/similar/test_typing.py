"""Typing in Chromium: what answers appears beside the form, focus stays, nothing is lost on the way back."""

import threading
from datetime import timedelta

import pytest
from flask import Blueprint, render_template_string, request
from werkzeug.serving import make_server

from portal.accounts import sessions
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.rules import Limits
from portal.app import create_app
from portal.asset_requests.asking.service import keep_words
from portal.config import Config
from portal.db import Base
from portal.db import db as handle
from portal.search import service as search
from portal.search import wording
from tests import make
from tests.browser import Tab, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = """{% set scripts = ['asking.js'] %}{% set desk = true %}{% extends "web/base.html" %}
{% block title %}Trial{% endblock %}{% block main %}<h1>Trial</h1><div class="desk-columns">
<form id="ask" class="panel form" method="post" action="/trial">
<label for="title">Title</label><input id="title" name="title" autocomplete="off">
<label for="deal">Deal</label><select id="deal" name="deal"><option value="">-</option><option>7</option></select>
</form><aside id="similar" aria-live="polite" data-url="/requests/suggest"></aside></div>{% endblock %}"""
LIMITS = Limits(timedelta(days=1), timedelta(days=1))


@pytest.fixture
def site(tmp_path):
    """A portal with one asset and one request, a trial page, who is signed in, what was posted."""
    base = f"http://127.0.0.1:{free_port()}"
    app = create_app(Config(data_dir=tmp_path, secret_key="x" * 40, base_url=base))
    trial, posted = Blueprint("trial", __name__), []
    page = allows(Act.REQUEST_ASK)(lambda: render_template_string(PAGE))
    trial.add_url_rule("/trial", "page", page)
    trial.before_app_request(
        lambda: posted.append(dict(request.form)) if request.path.endswith("/support") else None
    )
    app.register_blueprint(trial)
    with app.app_context():
        Base.metadata.create_all(handle.engine)
        text = make.text(make.asset("kestrel-price"), title="Kestrel: what to say about price")
        it = make.request(title="Kestrel is cheaper than we are")
        keep_words(it, wording.words(it.title))
        token = sessions.start(make.user().id, address="127.0.0.1", device="", limits=LIMITS)
        assert text is not None
        handle.session.commit()
        search.rebuild(app.extensions["arsenal.finder"].engine)
        signer = app.session_interface.get_signing_serializer(app)
        cookie = {"name": "arsenal", "value": signer.dumps({"_user_id": token}), "url": base}
    server = make_server("127.0.0.1", int(base.rsplit(":", 1)[1]), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield base, cookie, posted
    server.shutdown()
    thread.join()
    with app.app_context():
        handle.engine.dispose()


@pytest.fixture
def tab(site, engine):
    context = engine.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    context.add_cookies([site[1]])
    yield Tab(context, site[0])
    context.close()


def suggestions(tab):
    return sum("/requests/suggest" in request.url for request in tab.requests)


def test_what_answers_appears_while_typing(site, tab):
    tab.open("/trial")
    tab.page.locator("#title").press_sequentially("Kestrel cheaper price", delay=15)
    tab.page.wait_for_selector("#similar .too")
    assert tab.page.evaluate("document.activeElement.id") == "title"
    assert suggestions(tab) <= 3  # not one a key
    assert tab.axe() == []
    tab.check()

    tab.page.select_option("#deal", "7")
    tab.page.click("#similar .that")
    tab.page.wait_for_url("**/assets/kestrel-price/en**")
    tab.page.go_back()
    tab.page.wait_for_selector("#similar .too")
    assert tab.page.input_value("#title") == "Kestrel cheaper price"

    tab.page.select_option("#deal", "7")
    with tab.page.expect_request("**/support"):
        tab.page.click("#similar .too button")
    assert [form["deal"] for form in site[2]] == ["7"]
    assert site[2][0]["csrf_token"]


def test_nothing_is_asked_offline_and_the_list_goes_with_the_text(tab):
    tab.open("/trial")
    tab.page.context.set_offline(True)
    tab.page.locator("#title").press_sequentially("Kestrel price")
    tab.page.wait_for_timeout(400)
    assert suggestions(tab) == 0
    tab.page.context.set_offline(False)
    tab.complaints.clear()  # the browser itself may have missed the page's icon meanwhile
    tab.page.wait_for_selector("#similar .that")
    tab.page.fill("#title", "")
    tab.page.wait_for_selector("#similar .that", state="detached")
    tab.check()
