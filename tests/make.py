"""Factories that name only what a test is about; each flushes what it makes."""

from datetime import timedelta
from itertools import count

from portal import clock
from portal.accounts.models import Team, User
from portal.asset_requests.models import AssetRequest, RequestSupporter
from portal.calls.models import Call
from portal.calls.ratings.models import Rating
from portal.db import db
from portal.deals.models import Deal
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
        values.setdefault("checked_on", now.date())
    slug = slug or f"asset-{next(_numbers)}"
    return _add(Asset(slug=slug, kind=kind, state=state, facets=list(facets), **values))


def text(of, language="en", *, title="Kestrel", body="## Why we win\n\nWe are quick.\n", **values):
    """A text as the library saves it: the body is rendered by the same service."""
    from portal.library import service

    return service.save_text(of, language=language, title=title, body=body, **values)


def deal(owner=None, *, name="Delta Foods", **values):
    now = clock.now()
    values.setdefault("team_id", owner.team_id if owner else None)
    return _add(
        Deal(
            name=name,
            owner_id=owner.id if owner else None,
            created_at=now,
            updated_at=now,
            **values,
        )
    )


def request(requester=None, *, title="Kestrel in cold stores", state="asked", deal=None, **values):
    """A request as it is kept, with its requester waiting for it; no clocks, no events."""
    requester = requester or user(department="sales")
    values.setdefault("asked_at", clock.now())
    values.setdefault("department", "marketing")
    values.setdefault("origin", "blank")
    it = _add(
        AssetRequest(
            token=f"t{next(_numbers)}",
            title=title,
            state=state,
            requester=requester,
            changed_at=values["asked_at"],
            **values,
        )
    )
    it.supporters.append(
        RequestSupporter(user_id=requester.id, deal_id=deal.id if deal else None, at=it.asked_at)
    )
    db.session.flush()
    return it


def call(deal, user, *, state="logged", **values):
    """A call on a deal, an hour ago unless `at` says otherwise."""
    now = clock.now()
    values.setdefault("at", now - timedelta(hours=1))
    values.setdefault("logged_at", now if state == "logged" else None)
    token = f"c{next(_numbers)}"
    return _add(
        Call(token=token, deal_id=deal.id, user_id=user.id, state=state, created_at=now, **values)
    )


def rating(user, asset, stars=4, *, language="en", call=None, **values):
    now = clock.now()
    values.setdefault("at", now)
    values.setdefault("changed_at", values["at"])
    return _add(
        Rating(
            user_id=user.id,
            asset_id=asset.id,
            stars=stars,
            language=language,
            call_id=call.id if call else None,
            **values,
        )
    )
