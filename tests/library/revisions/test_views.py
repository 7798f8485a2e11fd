"""Pages of revisions: the list, an old one as it was drawn, two side by side, restored."""

import pytest
from sqlalchemy import func, select

from portal.accounts.rules import Role
from portal.library.publishing import acting, moving
from portal.library.publishing import queries as publishing_queries
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import TextRevision
from portal.library.publishing.rules import Action
from portal.library.service import content_of
from portal.usage.models import UsageEvent
from tests import make

OLD = (
    "## Pricing\n\nTwelve percent cheaper.\n\n> Ask about <b>year</b> two.\n\n## Proof\n\nLotus.\n"
)
NEW = "## Pricing\n\nFourteen percent cheaper.\n\n> Ask about <b>year</b> two.\n\n## Proof\n\nLotus.\n"


@pytest.fixture
def marketer(db):
    person = make.user(name="Lan", role="marketer")
    return Actor(person.id, Role.MARKETER, None)


@pytest.fixture
def asset(db, marketer):
    """A published asset at revision 1, with a second one in the works."""
    made = make.asset("kestrel", kind="battlecard")
    make.text(made, "en", title="Kestrel", body=OLD, summary="Short")
    save(marketer, NEW, base=1, summary="Longer", note="new price")
    db.session.commit()
    return made


def save(actor, body, *, base, title="Kestrel", language="en", **values):
    note = values.pop("note", "")
    content = content_of(title=title, body=body, **values)
    return publishing.save(actor, acting.locked("kestrel"), language, content, base=base, note=note)


def test_the_list_offers_what_readers_get_and_the_newest(as_, asset):
    page = as_("marketer").get("/desk/kestrel/en/revisions")
    assert page.status == 200
    told = [
        (i.get("name"), i.get("value"))
        for i in page.tree.iter("input")
        if i.get("type") == "radio" and i.get("checked") is not None
    ]
    assert told == [("new", "2"), ("old", "1")]
    assert "Readers get this one" in page.words()
    assert "new price" in page.words()
    assert "/desk/kestrel/en/revisions/1" in page.links()


def test_what_has_changed_since_what_is_published(as_, asset):
    client = as_("marketer")
    assert "/desk/kestrel/en/compare" in client.get("/desk/kestrel").links()
    page = client.get("/desk/kestrel/en/compare")
    assert page.status == 200
    gone = ["".join(it.itertext()) for it in page.tree.findall(".//del")]
    come = ["".join(it.itertext()) for it in page.tree.findall(".//ins")]
    assert gone == ["[removed: Short] ", "[removed: Twelve] "]
    assert come == ["[added: Longer] ", "[added: Fourteen] "]
    assert "2 parts differ" in page.words()
    assert "Proof" not in page.words(".//main")
    assert "&lt;b&gt;year&lt;/b&gt;" in page.text
    everything = client.get("/desk/kestrel/en/compare?old=1&new=2&all=1")
    assert "Proof" in everything.words(".//main")


@pytest.mark.parametrize(
    "query", ["?old=x&new=", "?old=2&new=2", "?old=2&new=1", "?old=1", "?new=2"]
)
def test_any_two_can_be_compared(as_, asset, query):
    assert as_("marketer").get(f"/desk/kestrel/en/compare{query}").status == 200


@pytest.mark.parametrize(
    "path",
    ["compare?old=1&new=99", "compare?old=99999999999999999999", "revisions/99", "revisions/0",
     "revisions/99999999999999999999"],
)  # fmt: skip
def test_what_is_not_there_is_said(as_, asset, path):
    page = as_("marketer").get(f"/desk/kestrel/en/{path}")
    assert (page.status, "There is no such revision." in page.words()) == (404, True)


def test_an_old_revision_is_drawn_as_it_was_and_notes_no_use(as_, asset, db):
    page = as_("marketer").get("/desk/kestrel/en/revisions/1")
    assert page.status == 200
    assert "Twelve percent cheaper." in page.words(".//article")
    assert page.tree.find(".//x-tabs") is not None  # a battlecard's own template
    assert page.tree.find(".//*[@data-asset]") is None
    assert "Revision 1 of 2" in page.words()
    assert db.session.scalar(select(func.count()).select_from(UsageEvent)) == 0


def test_a_retired_assets_revisions_can_still_be_read(as_, asset, marketer, db):
    moving.move(marketer, acting.locked("kestrel"), Action.RETIRE, reason="old")
    db.session.commit()
    client = as_("marketer")
    assert client.get("/desk/kestrel/en/revisions").status == 200
    assert client.get("/desk/kestrel/en/revisions/1").status == 200
    assert client.post("/desk/kestrel/en/revisions/1/restored").status == 409


def test_somebody_elses_work_is_not_shown(as_, asset):
    client = as_("contributor")
    for path in ("revisions", "revisions/1", "compare"):
        assert client.get(f"/desk/kestrel/en/{path}").status == 403


def test_restoring_is_a_revision_of_its_own(as_, asset, db):
    page = as_("marketer").post("/desk/kestrel/en/revisions/1/restored")
    assert (page.status, page.location) == (303, "/desk/kestrel/en/revisions")
    newest = publishing_queries.newest(asset.id, "en")
    assert (newest.number, newest.body, newest.note) == (3, OLD, "↺ 1")
    assert [t.revision for t in asset.texts] == [1]  # readers keep what they have


def tell(client, asset, revision):
    data = {"action": "copied", "asset": str(asset.id), "language": "en", "revision": str(revision)}
    return client.post("/usage", data=data).status


def test_a_copy_stays_tied_to_the_revision_that_was_seen(as_, asset, marketer, db):
    """What readers never got can not have been copied; what they got before, can."""
    rep = as_("rep")
    assert (tell(rep, asset, 1), tell(rep, asset, 2)) == (204, 422)
    moving.move(marketer, acting.locked("kestrel"), Action.PUBLISH)
    db.session.commit()
    assert (tell(rep, asset, 1), tell(rep, asset, 2), tell(rep, asset, 3)) == (204, 204, 422)
    publishing.restore_revision(marketer, acting.locked("kestrel"), "en", 1, base=2)
    db.session.commit()
    assert (tell(rep, asset, 2), tell(rep, asset, 3)) == (204, 422)
    moving.move(marketer, acting.locked("kestrel"), Action.DISCARD)
    save(marketer, NEW + "\nMore.\n", base=3)
    moving.move(marketer, acting.locked("kestrel"), Action.PUBLISH)
    db.session.commit()
    assert (tell(rep, asset, 3), tell(rep, asset, 4)) == (422, 204)  # 3 was discarded
    told = [
        event.revision for event in db.session.scalars(select(UsageEvent).order_by(UsageEvent.id))
    ]
    assert told == [1, 1, 2, 2, 4]
    assert db.session.scalar(select(func.count()).select_from(TextRevision)) == 4


def test_the_assets_page_leads_marketers_to_the_revision(as_, visitor, asset, db):
    rep = visitor().sign_in(make.user(role="rep"))
    assert "/desk/kestrel/en/revisions/1" not in rep.get("/assets/kestrel/en").links()
    assert "/desk/kestrel/en/revisions/1" in as_("marketer").get("/assets/kestrel/en").links()
