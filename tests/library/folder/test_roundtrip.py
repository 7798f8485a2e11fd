"""All that is content goes into a folder and into an empty portal, and comes out the same."""

import io
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
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


def wipe(db, *more):
    for model in (Collection, Attachment, ClaimRuling, AssetEvent, Asset, FacetTerm, *more):
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


# ---- anything

fronts = st.fixed_dictionaries(
    {}, optional={
        "state": st.sampled_from(["draft", "review", "published", "retired"]),
        "kind": st.sampled_from(["guide", "faq", "case-study"]),
        "owner": st.sampled_from(["minh@example.com", "gone@example.com"]),
        "checked": st.sampled_from(["2026-01-02", "2025-05-05"]),
        "customer": st.just("ACME"),
    },
)  # fmt: skip
bodies = st.sampled_from(["# A\n\nOne.", "Two [b](b.md).\n\n", "## X\n\nKestrel lost 30%.", ""])
texts = st.builds(
    lambda front, body: "---\n" + "".join(f"{k}: {v}\n" for k, v in front.items()) + f"---\n{body}",
    fronts, bodies,
)  # fmt: skip
beside = st.fixed_dictionaries(
    {}, optional={
        "review-months": st.integers(1, 24),
        "backup-owner": st.just("minh@example.com"),
        "reason": st.sampled_from(["why", "'two\n\n  lines'"]),
        "change": st.sampled_from(["draft", "review"]),
        "retire-at": st.just("2090-01-01T00:00:00+07:00"),
        "attachments": st.lists(st.sampled_from([
            "{file: one.pdf}", "{file: one.pdf, name: Other.pdf, state: going}",
            "{file: two.pdf, state: added}", "{link: 'https://v.example.com/', name: Clip}",
        ]), max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    },
)  # fmt: skip
PHASES = [p for p in Phase if p is not Phase.shrink]  # each try takes long
NAMES = ("a.en", "a.vi", "a.en.draft", "a.ru.draft", "faq/b/en", "faq/b/en.draft", "faq/b/vi")


@pytest.mark.usefixtures("db")
@settings(
    max_examples=40,
    deadline=None,
    database=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)
@given(
    contents=st.dictionaries(st.sampled_from(NAMES), texts, min_size=1),
    told=st.dictionaries(st.sampled_from(["a.", "faq/b/"]), beside),
)
def test_any_folder_goes_there_and_back(tmp_path_factory, contents, told):
    wipe(make.db, User)
    make.user("minh@example.com", role="manager")
    folder = tmp_path_factory.mktemp("any")
    place, fresh = (Place(LocalStore(folder / name), 1_000_000) for name in ("s1", "s2"))
    (folder / "in/faq/b").mkdir(parents=True)
    for name in ("one.pdf", "two.pdf", "faq/b/one.pdf", "faq/b/two.pdf"):
        (folder / "in" / name).write_bytes(PDF + name.rpartition("/")[2].encode())
    for name, text in contents.items():
        (folder / "in" / f"{name}.md").write_text(text)
    for base, values in told.items():
        lines = "".join(f"{key}: {value}\n" for key, value in values.items())
        (folder / f"in/{base}asset.yaml").write_text(lines)
    loading.load_paths([folder / "in"], place=place)
    again = loading.load_paths([folder / "in"], place=place)
    assert (again.created, again.updated) == (0, 0)
    first = tree(folder / "one", place)
    same = loading.load_paths([folder / "one"], place=place)
    assert (same.created, same.updated, same.left_out) == (0, 0, [])
    wipe(make.db)
    loading.load_paths([folder / "one"], place=fresh)
    assert tree(folder / "two", fresh) == first
