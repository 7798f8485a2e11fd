"""Claims are found while no transaction is open, and are those that saving would find."""

from sqlalchemy import select

from portal.library import loading
from portal.library.claims import keeping
from portal.library.claims.models import ClaimRow
from portal.library.models import Asset
from tests.library.trees import load, put

CARD = "---\ncompetitor: [{}]\nproduct: [Arrow]\n---\n# Card\n\n## Why\n\n{} loses 30% of all orders.\n"


def kept(db):
    rows = db.session.execute(
        select(ClaimRow.asset_id, ClaimRow.language, ClaimRow.sentence, ClaimRow.subject).order_by(
            ClaimRow.asset_id, ClaimRow.language, ClaimRow.number
        )
    )
    return [tuple(row) for row in rows]


def test_a_load_finds_no_claims_while_it_saves(db, tmp_path, monkeypatch):
    names = ("Kestrel", "Heron", "Sea Gull")
    put(tmp_path, **{n.lower().replace(" ", ""): CARD.format(n, n) for n in names})
    with monkeypatch.context() as patch:
        patch.delattr(keeping, "claims_of")  # what saving would call
        load(tmp_path)
    first = kept(db)
    assert [row[3] for row in first] == [
        "competitor:heron", "competitor:kestrel", "competitor:sea-gull",
    ]  # fmt: skip
    for asset in db.session.scalars(select(Asset)):
        keeping.keep_all(asset)
    assert kept(db) == first


def test_what_was_foreseen_otherwise_is_found_when_it_is_saved(db, tmp_path):
    put(tmp_path, **{"a.en": CARD.format("Kestrel", "Kestrel"), "a.vi": "# Thẻ\n\nHọ mất 30%.\n"})
    load(tmp_path)
    put(tmp_path, **{"a.vi": "# Thẻ\n\nHọ mất 40% đơn.\n"})
    loading.load_paths([tmp_path / "a.vi.md"])  # alone: the other file tells whom it is about
    first = kept(db)
    assert first[-1][1:] == ("vi", "Họ mất 40% đơn.", "competitor:kestrel")
    for asset in db.session.scalars(select(Asset)):
        keeping.keep_all(asset)
    assert kept(db) == first
