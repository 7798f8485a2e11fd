"""The page of figures, over what has really happened."""

import pytest

from portal import clock
from portal.asset_requests.delivering import service
from portal.asset_requests.delivering.rules import Replayed, Why
from portal.asset_requests.figures import queries
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action
from portal.db import db as _db
from portal.usage.models import UsageEvent
from tests import make
from tests.asset_requests.conftest import as_person


@pytest.mark.parametrize("language", ["en", "vi", "ru"])
def test_delivered_used_and_accepted(client, ask, lan, tom, language):
    asset, it = make.asset("card"), ask(kind="faq")
    ask("Another")
    service.deliver(as_person(tom), it, asset, Replayed("x", 1, 1, Why.FOUND))
    for user in (tom, lan):
        _db.session.add(
            UsageEvent(at=clock.now(), action="viewed", user_id=user.id, asset_id=asset.id)
        )
    moving.move(as_person(lan), it, Action.ACCEPT)
    _db.session.flush()
    found = {one.kind: one for one in queries.asked(clock.now(), 30)}
    assert set(found["faq"].reached) == {"delivered", "accepted"}
    assert found["faq"].was_there is True
    assert found["faq"].used_at is not None
    assert found[None].reached == {}
    lan.language = language
    _db.session.commit()
    client.sign_in(lan)
    for days in ("30", "365", "bomb", "-1"):
        page = client.get(f"/requests/figures?days={days}")
        assert page.status == 200
    assert "100" in page.words()
    assert [td.text for td in page.tree.iterfind(".//tbody/tr/td")][:2] == ["2", "1"]


def test_nothing_asked(as_):
    assert "Nothing was asked" in as_("rep").get("/requests/figures").words()
