"""What a load would change, asset by asset: loaded for a look, compared, and taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.library import loading, vocabulary
from portal.library.files import SourceFile
from portal.library.folder import describing, queries
from portal.library.folder.assetfile import AssetFile
from portal.library.folder.collectionfile import CollectionFile
from portal.library.folder.describing import Described
from portal.library.folder.fetching import Place
from portal.library.loading import Options
from portal.library.reporting import Rejected
from portal.library.revisions.rules import compare, is_change

_FACTS = ("kind", "owner", "department", "state", "checked")


@dataclass(frozen=True, slots=True)
class TextChange:
    """What would change of one text; `pending`: it is a draft that nobody reads yet."""

    language: str
    pending: bool
    change: str  # created, changed or removed
    fields: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetChange:
    """What would become of an asset: `facts` as (before, after), texts, keys of `asset.yaml`."""

    slug: str
    change: str  # created or changed
    facts: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    texts: tuple[TextChange, ...] = ()


@dataclass(slots=True)
class Difference:
    """All that a load would change, and what it would leave as it is."""

    folder: str
    assets: list[AssetChange] = field(default_factory=list)
    unchanged: int = 0
    collections: list[tuple[str, str]] = field(default_factory=list)  # (name, what would happen)
    vocabulary: list[str] = field(default_factory=list)  # `facet/slug` of terms that would change
    rejected: list[Rejected] = field(default_factory=list)
    left_out: list[Rejected] = field(default_factory=list)
    noted: list[Rejected] = field(default_factory=list)
    only_here: list[str] = field(default_factory=list)  # slugs of assets not in the folder
    collections_only_here: list[str] = field(default_factory=list)


def changes(before: Described | None, after: Described) -> AssetChange | None:
    """Return what differs between an asset as it is and as it would be; None for nothing."""
    facts: dict[str, tuple[Any, Any]] = {}
    old, new = _facts(before), _facts(after)
    for key in new:
        if old.get(key) != new[key] and (old.get(key) or new[key]):
            facts[key] = (old.get(key), new[key])
    texts = []
    for pending in (False, True):
        was = (before.pending if pending else before.served) if before else {}
        now = after.pending if pending else after.served
        for language in sorted({*was, *now}):
            found = _text(language, was.get(language), now.get(language), pending=pending)
            texts += [found] if found else []
    if before is not None and not facts and not texts:
        return None
    return AssetChange(after.slug, "changed" if before else "created", facts, tuple(texts))


def _facts(it: Described | None) -> dict[str, Any]:
    """Return what is said of an asset as a whole, ready to be shown."""
    if it is None:
        return {}
    source = next(iter(it.served.values()), None) or next(iter(it.pending.values()))
    facts: dict[str, Any] = {key: _plain(getattr(source, key)) for key in _FACTS}
    facts |= {facet.value: list(terms) for facet, terms in source.facets.items()}
    told = it.told
    facts |= {
        "backup-owner": told.backup_owner,
        "creator": told.creator,
        "review-months": told.review_months,
        "reason": told.reason,
        "change": told.change,
        "publish-at": _plain(told.publish_at),
        "retire-at": _plain(told.retire_at),
        "pinned-for": list(told.pinned_for),
        "claims": [" / ".join(ruling.sentences) for ruling in told.claims],
        "attachments": _attachments(told),
    }
    return facts


def _attachments(told: AssetFile) -> list[str]:
    return [
        f"{a.name} ({a.link or a.sha256[:12]}{'' if a.state == 'served' else ', ' + a.state})"
        for a in told.attachments
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401
    return value if value is None or isinstance(value, str) else value.isoformat()


def _text(
    language: str, was: SourceFile | None, now: SourceFile | None, *, pending: bool
) -> TextChange | None:
    if now is None or was is None:
        if now is was:
            return None
        return TextChange(language, pending, "removed" if now is None else "created")
    found = compare(describing.content_of(was), describing.content_of(now))
    fields = tuple(row.key for row in found.facts if is_change(row))
    sections = tuple(
        (row.new or row.old).heading or row.key  # type: ignore[union-attr]
        for row in found.sections
        if is_change(row)
    )
    if not fields and not sections:
        return None
    return TextChange(language, pending, "changed", fields, sections)


class _Watch:
    """Sees each asset before and after it is saved."""

    def __init__(self, difference: Difference) -> None:
        self._difference = difference
        self._before: dict[str, Described] = {}
        self._words = vocabulary.terms_told()
        self.seen: set[str] = set()

    def learned(self) -> None:
        now = vocabulary.terms_told()
        changed = [name for name, told in now.items() if self._words.get(name) != told]
        self._difference.vocabulary = sorted(changed)

    def collected(self, name: str, done: str | None) -> None:
        if done:
            self._difference.collections.append((name, done))

    def left(self, collections: Sequence[CollectionFile]) -> None:
        self._difference.collections_only_here = [told.name for told in collections]

    def before(self, slugs: Sequence[str]) -> None:
        self._before = _described(slugs)

    def after(self, slugs: Sequence[str]) -> None:
        now = _described(slugs)
        for slug in slugs:
            self.seen.add(slug)
            if slug not in now:  # all its files were refused
                continue
            found = changes(self._before.get(slug), now[slug])
            if found:
                self._difference.assets.append(found)
            else:
                self._difference.unchanged += 1


def _described(slugs: Sequence[str]) -> dict[str, Described]:
    return {it.slug: it for it in describing.describe(queries.assets_named(slugs))}


def compared(
    folder: Path,
    options: Options,
    *,
    place: Place,
    take_back: Callable[[], None],
    progress: loading.Progress | None = None,
) -> Difference:
    """Return what loading a folder would change; nothing is written.

    `take_back` ends each of the small transactions in which files are loaded for a look, without
    a trace; the files of attachments are looked at and left where they are.

    Raises:
        Invalid: when `options.owner` is nobody's e-mail address.
    """
    difference = Difference(folder=str(folder))
    here = queries.slugs()
    watch = _Watch(difference)
    report = loading.load_paths(
        [folder], options, place=place, watch=watch, commit=take_back, progress=progress
    )
    take_back()
    difference.rejected, difference.left_out = report.rejected, report.left_out
    difference.noted = report.noted
    difference.only_here = [slug for slug in here if slug not in watch.seen]
    return difference
