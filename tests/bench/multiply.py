"""A library grown by copying its rows: `python -m tests.bench.multiply ASSETS`, on the settings' database."""

import sys

from sqlalchemy import insert, select

from portal.app import from_environment
from portal.db import db, optimise
from portal.library.models import Asset, AssetText
from portal.library.publishing.models import TextRevision

CHUNK = 500


def plain(row, **changes):
    """A row as values to insert, without its own id."""
    values = {c.key: getattr(row, c.key) for c in row.__table__.columns if c.key != "id"}
    return {**values, **changes}


def grow(wanted):
    """Copy assets, one text each, under other slugs, until there are as many as wanted."""
    first = db.session.scalars(select(AssetText).order_by(AssetText.id)).all()
    patterns = [(db.session.get(Asset, text.asset_id), text) for text in first]
    have = len({text.asset_id for text in first})
    for start in range(have, wanted, CHUNK):
        numbers = range(start, min(start + CHUNK, wanted))
        used = [patterns[number % len(patterns)] for number in numbers]
        assets = [
            plain(asset, slug=f"copy-{number}", version=1)
            for number, (asset, _) in zip(numbers, used, strict=True)
        ]
        ids = db.session.scalars(insert(Asset).returning(Asset.id), assets).all()
        texts = [
            plain(text, asset_id=key, revision=1, title=f"{text.title} {key}", path="")
            for key, (_, text) in zip(ids, used, strict=True)
        ]
        db.session.execute(insert(AssetText), texts)
        names = [c.key for c in TextRevision.__table__.columns if c.key in texts[0]]
        revisions = [
            {
                **{name: text[name] for name in names},
                "number": 1,
                "at": text["updated_at"],
                "note": "",
            }
            for text in texts
        ]
        db.session.execute(insert(TextRevision), revisions)
        db.session.commit()
    optimise()
    db.session.commit()


if __name__ == "__main__":
    with from_environment().app_context():
        grow(int(sys.argv[1]))
