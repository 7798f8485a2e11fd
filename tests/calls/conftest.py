"""A rep with a call in which two assets were used, and whoever looks after one of them."""

from datetime import timedelta

import pytest

from portal import clock
from portal.calls.models import CallUse
from portal.db import db as _db
from tests import make


@pytest.fixture
def tom(db):
    """A marketer who owns the battlecard."""
    return make.user(name="Tom Reed", role="marketer")


@pytest.fixture
def lan(db):
    """A rep."""
    return make.user(name="Nguyễn Thị Lan", team_id=make.team().id)


@pytest.fixture
def kestrel(db, tom):
    """A published battlecard in English with a section."""
    made = make.asset("kestrel", owner_id=tom.id)
    make.text(made, title="Kestrel", body="## Why we win\n\nWe are quick.\n\n## Prices\n\nLow.\n")
    _db.session.commit()
    return made


@pytest.fixture
def story(db):
    """A published case study that nobody owns."""
    made = make.asset("delta-story", kind="case-study")
    make.text(made, title="Delta Foods saves a day")
    _db.session.commit()
    return made


@pytest.fixture
def deal(lan):
    return make.deal(lan, name="Delta cold store")


def use(call, *assets, language="en", revision=1):
    for asset in assets:
        _db.session.add(
            CallUse(call_id=call.id, asset_id=asset.id, language=language, revision=revision)
        )
    _db.session.commit()
    return call


@pytest.fixture
def call(lan, deal, kestrel, story):
    """A call of yesterday in which both assets were used."""
    yesterday = clock.now() - timedelta(days=1)
    return use(make.call(deal, lan, at=yesterday, logged_at=yesterday), kestrel, story)
