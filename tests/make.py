"""Factories that name only what a test is about; each flushes what it makes."""

from datetime import date
from itertools import count

from portal import clock
from portal.accounts.models import Team, User
from portal.db import db
from portal.library.models import Asset, FacetTerm

_numbers = count(1)


def _add(row):
    db.session.add(row)
    db.session.flush()
    return row


def team(name="North"):
    return _add(Team(name=name, name_key=name.casefold()))


def user(email=None, *, name="Minh Anh", role="rep", **values):
    email = email or f"person{next(_numbers)}@example.com"
    values.setdefault("created_at", clock.now())
    return _add(User(email=email, email_key=email.casefold(), name=name, role=role, **values))


def term(facet="competitor", slug="kestrel", **names):
    return _add(FacetTerm(facet=facet, slug=slug, names=names or {"en": slug.title()}, aliases=[]))


def asset(slug=None, *, kind="battlecard", state="published", facets=(), **values):
    now = clock.now()
    values.setdefault("created_at", now)
    values.setdefault("updated_at", now)
    if state == "published":
        values.setdefault("published_at", now)
        values.setdefault("checked_on", date(2026, 11, 1))
    slug = slug or f"asset-{next(_numbers)}"
    return _add(Asset(slug=slug, kind=kind, state=state, facets=list(facets), **values))


def text(of, language="en", *, title="Kestrel", body="## Why we win\n\nWe are quick.\n", **values):
    """A text as the library saves it: the body is rendered by the same service."""
    from portal.library import service

    return service.save_text(of, language=language, title=title, body=body, **values)
