"""Folders of Markdown into the library: found, read, grouped into assets, saved; idempotent.

Nothing is committed here. `commit` is called after every fifty files, so that a load that is
killed has only work to repeat: what is in step already is found unchanged by the next one. All
files are read before the first transaction, and each fifty drawn before theirs, so that the
database's write lock is never held for long while pages are served.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Protocol

from portal.config import Language
from portal.errors import Invalid
from portal.library import files, merging, vocabulary
from portal.library.files import SourceFile
from portal.library.finding import Found, bytes_of, find
from portal.library.folder import collecting, collectionfile
from portal.library.folder import rules as layout
from portal.library.folder.collectionfile import CollectionFile
from portal.library.folder.extras import Extras
from portal.library.folder.fetching import Place
from portal.library.keeper import ANYBODY, Keeper
from portal.library.reporting import Report
from portal.library.rules import Kind, bounded_slug, tell_apart

CHUNK = 50  # files a transaction

Progress = Callable[[int, int, str], None]
"""Called with (files done, files in all, the file's path)."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `portal content load` was told; `owner` is the e-mail of who owns what nobody owns."""

    kind: Kind | None = None
    language: Language | None = None
    owner: str | None = None
    publish: bool = False
    keeper: Keeper = ANYBODY  # whose these files are
    seen: set[str] | None = None  # is given the slugs of all assets the files speak of


@dataclass(frozen=True, slots=True)
class _Read:
    """A file and what it says."""

    file: Found
    source: SourceFile


def _read_all(found: Sequence[Found], options: Options, report: Report) -> list[_Read]:
    """Read every file and give each its slug; the second to come to one gets another."""
    texts = []
    for file in found:
        try:
            source = files.read(
                bytes_of(file.path), file.name, kind=options.kind, language=options.language
            )
        except (Invalid, OSError) as error:
            report.refuse(file.path, error)
            continue
        slug = source.slug or bounded_slug(file.root.name)
        texts.append(_Read(file, replace(source, slug=slug, root=str(file.root))))
    apart = _told_apart(texts)
    if options.seen is not None:
        options.seen.update(text.source.slug for text in apart)
    return apart


def _told_apart(texts: Sequence[_Read]) -> list[_Read]:
    """Give another slug to the second file that came to the same slug and language.

    Within a folder given, by the file's path; between such folders by the folder, to all
    languages of the second one alike.
    """
    labels = _labels({text.file.root for text in texts})
    groups: dict[tuple[Path, str], list[_Read]] = {}
    for text in texts:
        groups.setdefault((text.file.root, text.source.slug), []).append(text)
    taken: set[tuple[str, str]] = set()
    apart = []
    for (root, slug), group in groups.items():
        label = labels[root]
        first = slug
        if label and any((slug, text.source.language) in taken for text in group):
            first = tell_apart(slug, label)
        for text in group:
            name, language = text.file.name, text.source.language
            paths = chain([name, f"{label}/{name}"], (f"{label}/{name}/{n}" for n in count(2)))
            slugs = chain([first], (tell_apart(slug, path) for path in paths))
            free = next(s for s in slugs if (s, language) not in taken)
            taken.add((free, language))
            apart.append(_Read(text.file, replace(text.source, slug=free)))
    return apart


def _labels(roots: Collection[Path]) -> dict[Path, str]:
    """Return the shortest end of each folder's path that no other has; "" for the only folder."""
    ends = Counter(root.parts[-size:] for root in roots for size in range(1, len(root.parts) + 1))
    labels = dict.fromkeys(roots, "")
    for root in roots if len(roots) > 1 else ():
        tails = (root.parts[-size:] for size in range(1, len(root.parts) + 1))
        labels[root] = "/".join(next(tail for tail in tails if ends[tail] == 1))
    return labels


class Watch(Protocol):
    """Looks at everything before and after it is saved; what is saved is taken back in between."""

    def learned(self) -> None:
        """The vocabulary has been taken over."""

    def collected(self, name: str, done: str | None) -> None:
        """A collection has been taken over: created, updated or left as it was."""

    def left(self, collections: Sequence[CollectionFile]) -> None:
        """No file has named these collections."""

    def before(self, slugs: Sequence[str]) -> None:
        """Assets of these slugs, those there are, are about to be saved."""

    def after(self, slugs: Sequence[str]) -> None:
        """They have been saved, and flushed."""


def load_paths(
    paths: Sequence[Path],
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    commit: Callable[[], None] | None = None,
    place: Place | None = None,
    watch: Watch | None = None,
) -> Report:
    """Load texts and all that lies beside them in folders; flushed, and committed by you.

    For a dry run give no `commit` and roll back afterwards. `place`: where the files of
    attachments go; `watch`: who looks at each asset before and after.

    Raises:
        Invalid: when `options.owner` is nobody's e-mail address.
    """
    options, report = options or Options(), Report()
    found = find(paths, report)
    report.files += len(found)
    beside = [file for file in found if _lies_beside(file)]
    texts = _read_all([file for file in found if not _lies_beside(file)], options, report)
    merger = _merger(options)
    _learn_words(paths, merger, report, watch)
    merger.prepare([text.source for text in texts])
    merger.slugs = _slugs(texts)
    extras = Extras(merger, report, place)
    extras.prepare(beside, [(text.file, text.source.slug) for text in texts])
    _note_strangers(texts, merger, report)
    if commit:
        commit()
    done = len(found) - len(texts)
    for chunk in _chunks(texts):
        groups = [[text.source for text in group] for group in chunk]
        merger.draw(groups)
        extras.draw(groups)
        if watch:
            _learn_again(paths, merger)
        outcomes = _save(groups, merger, extras, watch)
        for text, outcome in zip(chain.from_iterable(chunk), outcomes, strict=True):
            report.count(text.file.path, outcome)
            done += 1
            if progress:
                progress(done, len(found), text.file.name)
        if commit:
            commit()
    _collect(paths, options, report, watch, {text.source.slug for text in texts})
    return report


def _merger(told: Options) -> merging.Merger:
    return merging.Merger(
        kind=told.kind, owner=told.owner, publish=told.publish, keeper=told.keeper
    )


def _learn_again(paths: Sequence[Path], merger: merging.Merger) -> None:
    """Take over the vocabulary once more: what was learned has been taken back."""
    merger.vocabulary = vocabulary.Vocabulary()
    _learn_words(paths, merger, Report())


def _lies_beside(file: Found) -> bool:
    return layout.is_asset_file(file.path.name) or layout.is_draft(file.name)


def _save(
    groups: Sequence[Sequence[SourceFile]],
    merger: merging.Merger,
    extras: Extras,
    watch: Watch | None,
) -> list[merging.Outcome | Invalid]:
    """Save assets with what lies beside their texts; return what became of each text."""
    slugs = [group[0].slug for group in groups]
    if watch:
        watch.before(slugs)
    outcomes = merger.save(groups)
    left = iter(outcomes)
    for group in groups:
        done = [next(left) for _ in group]
        if group[0].slug not in merger.kept_back:
            extras.save(group, done)
    if watch:
        watch.after(slugs)
    return outcomes


def _note_strangers(texts: Sequence[_Read], merger: merging.Merger, report: Report) -> None:
    for text in texts:
        owner = text.source.owner
        if owner and not merger.knows(owner):
            reason = f"`owner`: nobody here has the e-mail address {owner[:100]}; it is kept"
            report.note(text.file.path, Invalid(reason, line=text.source.owner_line))


def _collect(
    paths: Sequence[Path], options: Options, report: Report, watch: Watch | None, slugs: set[str]
) -> None:
    """Take over the collections at the root of what is loaded."""
    roots = dict.fromkeys(path for path in paths if path.is_dir())
    found = [file for root in roots for file in collections_in(root)]
    if not found and not watch:
        return
    collector = collecting.Collector(options.owner)
    for file in found:
        report.files += 1

        def tell(reason: str, line: int | None, file: Path = file) -> None:
            report.leave_out(file, Invalid(reason, line=line))

        try:
            told = collectionfile.read(bytes_of(file))
            done = collector.take(told, tell, slugs=slugs if watch else ())
        except (Invalid, OSError) as error:
            report.refuse(file, error)
        else:
            report.count(file, merging.Outcome(done or "unchanged"))
            if watch:
                watch.collected(told.name, done)
    if watch:
        watch.left(collector.left())


def collections_in(root: Path) -> list[Path]:
    """Return the files of collections in a folder, in the order they were made."""
    folder = root / layout.COLLECTIONS
    if not folder.is_dir() or folder.is_symlink():
        return []
    files_of = {path.stem: path for path in folder.glob("*.yaml")}
    return [files_of[name] for name in layout.in_order(files_of)]


def _slugs(texts: Sequence[_Read]) -> dict[str, dict[str, str]]:
    slugs: dict[str, dict[str, str]] = {}
    for text in texts:
        slugs.setdefault(text.source.root, {})[text.file.name] = text.source.slug
    return slugs


def _learn_words(
    paths: Sequence[Path], merger: merging.Merger, report: Report, watch: Watch | None = None
) -> None:
    """Take over the vocabulary at the root of what is loaded."""
    for root in dict.fromkeys(path if path.is_dir() else path.parent for path in paths):
        file = root / vocabulary.FILE
        try:
            if file.is_file():
                vocabulary.load(bytes_of(file), merger.vocabulary)
        except (Invalid, OSError) as error:
            report.files += 1
            report.refuse(file, error)
    if watch:
        watch.learned()


def _chunks(texts: Sequence[_Read]) -> Iterator[list[list[_Read]]]:
    """Yield assets, each all its texts together, some fifty files at a time."""
    groups: dict[str, list[_Read]] = {}
    for text in texts:
        groups.setdefault(text.source.slug, []).append(text)
    chunk: list[list[_Read]] = []
    for group in groups.values():
        chunk.append(group)
        if sum(map(len, chunk)) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
