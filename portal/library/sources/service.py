"""Sources of assets: named, brought in step with their folder, let go; loads do the reading.

What a sync brings belongs to the folder from then on: the desk shows it and does not change it
(`publishing.rules.HELD`). A file that is gone takes nothing along: its asset stays as it was, is
named in every report, and is retired or released by a person.
"""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import or_, update

from portal import clock
from portal.config import Language
from portal.db import db
from portal.errors import Conflict, Invalid, NotFound
from portal.library import files, loading
from portal.library.folder.fetching import Place
from portal.library.keeper import Keeper
from portal.library.loading import Options, Progress
from portal.library.models import Asset
from portal.library.publishing.acting import PORTAL, record
from portal.library.reporting import Report
from portal.library.rules import Kind
from portal.library.sources import queries, rules, versioning
from portal.library.sources.models import ContentSource


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of bringing a source in step; `gone` are slugs no file speaks of any more."""

    source: str
    revision: str | None
    report: Report
    gone: list[str] = field(default_factory=list)


def add(name: str, folder: Path, told: Options) -> ContentSource:
    """Name a folder as a source; nothing is read yet.

    Raises:
        Invalid: when the name or the folder can not be used.
        Conflict: when the name is taken, or the folder lies in another source's or around it.
    """
    rules.named(name)
    real = Path(os.path.realpath(folder))
    if not real.is_dir():
        raise Invalid(f"{folder} is no folder")
    for other in queries.sources():
        if other.name == name:
            raise Conflict(f"there is a source {name} already: {other.folder}")
        if rules.overlap(Path(other.folder), real):
            raise Conflict(f"{real} overlaps with the source {other.name}: {other.folder}")
    source = ContentSource(
        name=name,
        folder=str(real),
        options={
            "kind": told.kind,
            "language": told.language,
            "owner": told.owner,
            "publish": told.publish,
        },
        created_at=clock.now(),
        gone=[],
    )
    db.session.add(source)
    db.session.flush()
    return source


def get(name: str) -> ContentSource:
    """Return a source by name.

    Raises:
        NotFound: when there is none.
    """
    source = queries.by_name(name)
    if source is None:
        raise NotFound(f"there is no source {name}")
    return source


def sync(
    source: ContentSource,
    *,
    progress: Progress | None = None,
    commit: Callable[[], None] | None = None,
    place: Place | None = None,
) -> Synced:
    """Bring the portal in step with a source's folder; killed, it is only to be done again.

    For a dry run give no `commit` and roll back afterwards. `place`: where files of attachments go.

    Raises:
        Conflict: when somebody else is at it.
        Invalid: when the folder is missing or has no files: a disk that is not there must not
            look like a folder somebody has emptied.
    """
    folder = Path(source.folder)
    if not _has_files(folder):
        raise Invalid(f"{folder} is missing or holds no Markdown files: nothing was changed")
    _claim(source)
    if commit:
        commit()
    try:
        done = _read(source, folder, progress, commit, place)
    except BaseException:
        if commit:  # what was kept stays; the next sync goes on from there
            db.session.rollback()
            _let_go(source.id)
            commit()
        raise
    _let_go(source.id)
    if commit:
        commit()
    return done


def _read(
    source: ContentSource,
    folder: Path,
    progress: Progress | None,
    commit: Callable[[], None] | None,
    place: Place | None,
) -> Synced:
    """Load the folder and note what came of it."""
    seen: set[str] = set()
    options = replace(_options(source), seen=seen)
    report = loading.load_paths([folder], options, progress=progress, commit=commit, place=place)
    if not report.rejected:  # a file that can not be read may be the one its asset is in
        source.gone = sorted(_gone(source, seen))
    source.revision = versioning.revision_of(folder)
    source.synced_at = clock.now()
    db.session.flush()
    return Synced(source.name, source.revision, report, list(source.gone))


def _has_files(folder: Path) -> bool:
    """Whether a folder holds any file that would be loaded."""
    return any(
        Path(name).suffix.lower() in files.SUFFIXES
        for _, _, names in os.walk(folder)
        for name in names
    )


def _options(source: ContentSource) -> Options:
    told = source.options
    return Options(
        kind=Kind(told["kind"]) if told.get("kind") else None,
        language=Language(told["language"]) if told.get("language") else None,
        owner=told.get("owner"),
        publish=bool(told.get("publish")),
        keeper=Keeper(source.id, frozenset(told.get("released", ()))),
    )


def _claim(source: ContentSource) -> None:
    """Be the one who brings a source in step, or refuse."""
    now = clock.now()
    free = or_(
        ContentSource.busy_since.is_(None), ContentSource.busy_since <= now - rules.BUSY_MOST
    )
    won = db.session.execute(
        update(ContentSource)
        .where(ContentSource.id == source.id, free)
        .values(busy_since=now)
        .execution_options(synchronize_session=False)
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        raise Conflict(f"somebody is bringing {source.name} in step already: try again later")
    db.session.refresh(source)


def _let_go(source_id: int) -> None:
    db.session.execute(
        update(ContentSource)
        .where(ContentSource.id == source_id)
        .values(busy_since=None)
        .execution_options(synchronize_session=False)
    )


def _gone(source: ContentSource, seen: Collection[str]) -> list[str]:
    return [asset.slug for asset in queries.assets_of(source.id) if asset.slug not in seen]


def release(slugs: Collection[str]) -> list[str]:
    """Give assets back to the desk, for good; returns the slugs of those that had a source.

    Their files may stay in the folder: a sync passes them by.
    """
    return [_release(asset) for asset in queries.assets_named(sorted(slugs))]


def remove(source: ContentSource) -> int:
    """Forget a source and give all its assets back to the desk; returns how many."""
    released = [_release(asset) for asset in queries.assets_of(source.id)]
    db.session.flush()
    db.session.delete(source)
    db.session.flush()
    return len(released)


def _release(asset: Asset) -> str:
    source = queries.by_id(asset.source_id or 0)
    asset.source_id = None
    if source is not None:
        given_back = {*source.options.get("released", ()), asset.slug}
        source.options = {**source.options, "released": sorted(given_back)}
        source.gone = [slug for slug in source.gone if slug != asset.slug]
        record(asset, "released", PORTAL, note=source.name)
    return asset.slug
