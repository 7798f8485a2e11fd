"""The floors: the same server and base template on a page without a query and with one."""

from flask import Flask
from sqlalchemy import select

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.app import from_environment
from portal.db import db
from portal.library.models import Asset

PAGE = """{% extends "web/bare.html" %}{% block title %}{{ title }}{% endblock %}
{% block main %}<h1>{{ title }}</h1><p>{{ line }}</p>{% endblock %}"""


def build() -> Flask:
    """The portal with two pages more, which nobody has to sign in for."""
    app = from_environment()
    page = app.jinja_env.from_string(PAGE)

    def render(line):
        context = {"title": "Floor", "line": line}
        app.update_template_context(context)
        return page.render(context)

    @allows(Act.ENTER)
    def without():
        return render("nothing was asked of the database")

    @allows(Act.ENTER)
    def one():
        return render(db.session.scalar(select(Asset.slug).where(Asset.id == 1)))

    app.add_url_rule("/floor/none", "floor.none", without)
    app.add_url_rule("/floor/one", "floor.one", one)
    return app
