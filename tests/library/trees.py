"""Folders of files made and loaded, and what the library holds then."""

from sqlalchemy import select

from portal.library import loading
from portal.library.loading import Options
from portal.library.models import Asset


def put(folder, **contents):
    """Write files: `a__b.en` is a/b.en.md."""
    for name, text in contents.items():
        file = folder / (name.replace("__", "/") + ".md")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def load(*paths, **options):
    report = loading.load_paths(list(paths), Options(**options))
    assert report.files == report.created + report.updated + report.unchanged + len(report.rejected)
    return report


def told(report):
    return (report.created, report.updated, report.unchanged, len(report.rejected))


def asset(db, slug):
    db.session.expire_all()
    return db.session.scalar(select(Asset).where(Asset.slug == slug))


def drawn(db):
    """What readers see of every text."""
    db.session.expire_all()
    assets = db.session.scalars(select(Asset).order_by(Asset.slug))
    return {(a.slug, t.language): (t.title, t.sections) for a in assets for t in a.texts}


def snapshot(db):
    """All that a load can change."""
    db.session.expire_all()
    assets = db.session.scalars(select(Asset).order_by(Asset.slug))
    return {
        a.slug: (
            (a.kind, a.department, a.state, a.checked_on, a.owner_id, [t.slug for t in a.facets]),
            {
                t.language: (t.digest, t.title, t.body, t.tags, t.fields, t.extra, t.revision)
                for t in a.texts
            },
        )
        for a in assets
    }
