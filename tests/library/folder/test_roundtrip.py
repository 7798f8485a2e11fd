"""All that is content goes into a folder and into an empty portal, and comes out the same."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.accounts.rules import Role
from portal.library import exporting, loading
from portal.library.attachments import service as attachments
from portal.library.attachments.models import Attachment
from portal.library.attachments.store import LocalStore
from portal.library.claims import service as claims
from portal.library.claims.models import ClaimRow, ClaimRuling
from portal.library.collections import service as collections
from portal.library.collections.models import Collection
from portal.library.collections.rules import Facts, Reach, Viewer
from portal.library.folder.fetching import Place
from portal.library.freshness import service as freshness
from portal.library.models import Asset, FacetTerm
from portal.library.pinning import service as pinning
from portal.library.publishing import moving
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import AssetEvent
from portal.library.publishing.rules import Action
from portal.library.rules import Kind
from portal.library.service import content_of
from tests import make

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17


@pytest.fixture
def place(tmp_path):
    return Place(LocalStore(tmp_path / "store"), 1_000_000)


def upload(place, name, data=PDF):
    return attachments.take(place.store, io.BytesIO(data), name, most=place.most)


def text(title, body, **more):
    return content_of(title=title, body=body, **more)


def rich(place):
    """A portal in which everything that is content occurs."""
    north, south = make.team("Nord & Süd"), make.team("2024")
    minh = make.user("minh@example.com", role="manager", team_id=north.id)
    olga = make.user("olga@example.com", name="Ольга", role="marketer", team_id=south.id)
    me = Actor(minh.id, Role.MANAGER)
    make.term("competitor", "kestrel", en="Kestrel", vi="Kền Kền")
    old = make.term("industry", "old")
    old.retired_on = date(2026, 1, 5)

    card = publishing.create(
        me, slug="battlecard-kestrel", kind=Kind.BATTLECARD, language="en",
        content=text("Kestrel", "## Price\n\nKestrel loses 30% of orders.\n", tags=["a", "b"]),
    )  # fmt: skip
    card.facets = [make.db.session.scalar(
        select(FacetTerm).where(FacetTerm.slug == "kestrel"))]  # fmt: skip
    attachments.attach(me, card, upload(place, "Giá — цены.pdf"))
    attachments.attach(me, card, upload(place, "same.pdf", PDF + b"2"))
    attachments.attach(me, card, upload(place, "SAME.pdf", PDF + b"3"))
    attachments.attach_link(me, card, "https://video.example.com/v?a=1&b=2", "Demo: 12:30")
    publishing.save(me, card, "vi", text("Kền Kền", "## Giá\n\nĐắt.\n"), base=0, note="từ đầu")
    moving.move(me, card, Action.PUBLISH)
    publishing.save(
        me, card, "en", text("Kestrel", "## Price\n\nThey lost.\n"), base=1, note="x: y"
    )
    publishing.save(me, card, "ru", text("Пустельга", "## Цена\n\nДорого.\n"), base=0)
    moving.move(Actor(olga.id, Role.MARKETER), card, Action.SUBMIT)
    held = list(attachments.queries.held(card.id))
    attachments.attach(me, card, upload(place, "new.png", PNG), replaces=held[1].public_id)
    freshness.set_own_interval(me, card, 2)
    freshness.assign(me, card, "backup", olga.id)
    soon = clock.now() + timedelta(days=30)
    moving.schedule(me, card, publish_at=soon, retire_at=soon + timedelta(days=90))
    claim = make.db.session.scalars(select(ClaimRow).where(ClaimRow.asset_id == card.id)).first()
    claims.dismiss_claim(me, claim.id, 'Said by\nthem: "twice"')
    pinning.pin_asset(Viewer(minh.id, Role.MANAGER, north.id), card, [north.id, south.id])

    gone = publishing.create(
        me, slug="old", kind=Kind.GUIDE, language="ru", content=text("Старое", "Текст.\n")
    )
    moving.move(me, gone, Action.RETIRE, reason="Nobody sells it.\n\nEnd of life: 2026")
    down = publishing.create(
        me, slug="down", kind=Kind.FAQ, language="en", content=text("FAQ", "## Why?\n\nSo.\n")
    )
    moving.move(me, down, Action.PUBLISH)
    moving.move(me, down, Action.UNPUBLISH, reason="wrong price")
    review = publishing.create(
        me, slug="faq-review", kind=Kind.FAQ, language="en", content=text("Q", "## Q?\n\nA.\n")
    )
    moving.move(me, review, Action.SUBMIT)
    viewer = Viewer(minh.id, Role.MANAGER, north.id)
    for name, reach in (
        ("A", Reach.ALL),
        ("A", Reach.TEAM),
        ("A 2", Reach.PRIVATE),
        ("Встреча", Reach.ALL),
    ):
        it = collections.create(viewer, Facts(name, f"{name}:\n- x", "ru", reach))
        for asset in (gone, card):
            collections.add(it, asset, "first: yes" if asset is card else "")
        if reach is not Reach.PRIVATE:
            pinning.pin_collection(viewer, it, [north.id])
    make.db.session.flush()


def wipe(db):
    for model in (Collection, Attachment, ClaimRuling, AssetEvent, Asset, FacetTerm):
        for row in db.session.scalars(select(model)):
            if model is Attachment:
                row.replaced_by_id = None
                db.session.flush()
            db.session.delete(row)
        db.session.flush()
    db.session.expire_all()


def tree(folder, place):
    report = exporting.export_to(folder, store=place.store)
    assert report.missing == []
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def load(folder, place):
    report = loading.load_paths([folder], place=place)
    assert (report.rejected, report.left_out, report.noted) == ([], [], [])
    return report


def test_everything_goes_into_an_empty_portal_and_comes_out_the_same(db, tmp_path, place):
    rich(place)
    first = tree(tmp_path / "one", place)
    again = load(tmp_path / "one", place)
    assert (again.created, again.updated) == (0, 0)
    assert again.unchanged == again.files
    assert tree(tmp_path / "same", place) == first
    wipe(db)
    fresh = Place(LocalStore(tmp_path / "other"), place.most)
    report = load(tmp_path / "one", fresh)
    assert (report.created, report.updated, report.unchanged) == (report.files, 0, 0)
    second = tree(tmp_path / "two", fresh)
    assert second.keys() == first.keys()
    for name, data in sorted(first.items(), reverse=True):
        assert second[name].decode("utf-8", "replace") == data.decode("utf-8", "replace"), name
    again = load(tmp_path / "one", fresh)
    assert again.unchanged == again.files
