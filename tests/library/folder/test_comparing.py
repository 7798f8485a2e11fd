"""What a load would change is told asset by asset, and nothing is written."""

import io

import pytest
from sqlalchemy import func, select

from portal.db import Base
from portal.db import db as database
from portal.library import exporting, loading
from portal.library.attachments import service as attachments
from portal.library.attachments.store import LocalStore
from portal.library.folder import comparing
from portal.library.folder.fetching import Place
from portal.library.loading import Options
from portal.library.models import AssetText
from portal.library.publishing.acting import PORTAL, locked
from tests.library.trees import put

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CARD = "---\nkind: battlecard\nstate: {state}\ncompetitor: [Kestrel]\n---\n# Card\n\n## Price\n\n{price}\n\n## Proof\n\nYes.\n"


@pytest.fixture
def here(empty, tmp_path):
    """An empty portal in which transactions are real."""
    with empty.app_context():
        Base.metadata.create_all(database.engine)
        yield Place(LocalStore(tmp_path / "store"), 1_000_000)


def rows():
    """How many rows each table has, and all that is served."""
    counts = {
        name: database.session.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }
    texts = [tuple(row) for row in database.session.execute(
        select(AssetText.__table__).order_by("id"))]  # fmt: skip
    database.session.rollback()
    return counts, texts


def diff(folder, place):
    quiet = Place(place.store, place.most, keep=False)
    return comparing.compared(folder, Options(), place=quiet, take_back=database.session.rollback)


def load(folder, place):
    report = loading.load_paths([folder], place=place, commit=database.session.commit)
    database.session.commit()
    return report


def test_everything_is_new_to_an_empty_portal_and_stays_so(here, tmp_path):
    put(tmp_path / "in", a=CARD.format(state="published", price="Low."), b="# B")
    (tmp_path / "in" / "vocabulary.yaml").write_text("stage: [{slug: first, en: First}]\n")
    before = rows()
    found = diff(tmp_path / "in", here)
    assert [(a.slug, a.change) for a in found.assets] == [("a", "created"), ("b", "created")]
    assert found.assets[0].facts["competitor"] == (None, ["kestrel"])
    assert found.vocabulary == ["stage/first"]
    assert (found.unchanged, found.rejected, found.only_here) == (0, [], [])
    assert rows() == before
    assert not (tmp_path / "store").exists()


def test_changes_are_told_by_fact_section_draft_and_attachment(here, tmp_path):
    folder = put(tmp_path / "in", a=CARD.format(state="published", price="Low."), b="# B", c="# C")
    load(folder, here)
    card = locked("a")
    attachments.attach(
        PORTAL, card, attachments.take(here.store, io.BytesIO(PDF), "old.pdf", most=1000)
    )
    database.session.commit()
    out = tmp_path / "out"
    exporting.export_to(out, store=here.store)
    database.session.rollback()
    assert diff(out, here).assets == []
    assert diff(out, here).unchanged == 3

    text = out / "battlecard/a.en.md"
    text.write_text(text.read_text().replace("Low.", "High.").replace("Kestrel", "kestrel"))
    (out / "battlecard/a.en.draft.md").write_text("# Card\n\n## Price\n\nNone.\n")
    (out / "battlecard/a.files/new.pdf").write_bytes(PDF + b"2")
    told = out / "battlecard/a.asset.yaml"
    told.write_text(
        "review-months: 3\nreason: x\nattachments: [{file: a.files/new.pdf}, {file: a.files/no.pdf}]\n"
    )
    (out / "guide/b.en.md").unlink()
    (out / "guide/c.en.md").write_text("---\nstate: nonsense\n---\n")
    before = rows()
    found = diff(out, here)
    assert rows() == before
    assert [(a.slug, a.change) for a in found.assets] == [("a", "changed")]
    card = found.assets[0]
    assert card.facts["review-months"] == (None, 3)
    assert [name.partition(" (")[0] for name in card.facts["attachments"][1]] == [
        "old.pdf",
        "new.pdf",
    ]
    assert [(t.language, t.pending, t.change, t.sections) for t in card.texts] == [
        ("en", False, "changed", ("Price",)),
        ("en", True, "created", ()),
    ]
    assert found.only_here == ["b", "c"]
    assert [(r.line, r.reason[:20]) for r in found.rejected] == [(2, "`state` is 'nonsense")]
    assert [(r.line, r.reason) for r in found.left_out] == [
        (3, "'a.files/no.pdf' can not be read (No such file or directory)")
    ]
    done = load(out, here)
    assert (done.created, done.updated) == (0, 3)
    again = diff(out, here)
    assert (again.assets, again.only_here) == ([], ["b", "c"])


def test_words_and_collections_nobody_has_committed_do_not_disturb(here, tmp_path):
    texts = {f"t{n:03}": f"---\ncompetitor: [New {n % 3}]\n---\n# T{n}\n" for n in range(120)}
    folder = put(tmp_path / "in", **texts)  # more than one transaction
    (folder / "collections").mkdir()
    (folder / "collections/one.yaml").write_text("name: One\nowner: who@example.com\n")
    before = rows()
    found = diff(folder, here)
    assert len(found.assets) == 120
    assert [(r.line, r.reason[:19]) for r in found.rejected] == [(2, "nobody here has the")]
    assert rows() == before
    report = load(folder, here)
    assert report.created == 120
    assert diff(folder, here).unchanged == 120
