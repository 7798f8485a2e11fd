"""Folders of Markdown into the library: found, read, grouped into assets, saved; idempotent.

Nothing is committed here. `commit` is called after every fifty files, so that a load that is
killed has only work to repeat: what is in step already is found unchanged by the next one. All
files are read before the first transaction, and each fifty drawn before theirs, so that the
database's write lock is never held for long while pages are served.
"""

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path

from portal.config import Language
from portal.errors import Invalid
from portal.library import files, merging, vocabulary
from portal.library.files import SourceFile
from portal.library.frontmatter import MAX_FILE
from portal.library.rules import Kind, bounded_slug, tell_apart

CHUNK = 50  # files a transaction
_BAD_NAME = re.compile("[\ud800-\udfff]")  # bytes of a name that are not UTF-8 arrive as these

Progress = Callable[[int, int, str], None]
"""Called with (files done, files in all, the file's path)."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `portal content load` was told; `owner` is the e-mail of who owns what nobody owns."""

    kind: Kind | None = None
    language: Language | None = None
    owner: str | None = None
    publish: bool = False
    source: int | None = None  # the source these files belong to
    released: frozenset[str] = frozenset()  # slugs that it has given back


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that was not loaded, where and why."""

    file: str
    line: int | None
    reason: str


@dataclass(slots=True)
class Report:
    """What came of a load; every file counts once."""

    files: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def refuse(self, path: Path, error: Invalid | OSError | str) -> None:
        """Note a file that can not be loaded."""
        line = error.line if isinstance(error, Invalid) else None
        reason = error.reason if isinstance(error, Invalid) else str(error)
        if isinstance(error, OSError):
            reason = f"can not be read ({error.strerror or type(error).__name__})"
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        self.rejected.append(Rejected(name, line, str(reason)))

    def count(self, path: Path, outcome: merging.Outcome | Invalid) -> None:
        """Note what became of a file."""
        if isinstance(outcome, Invalid):
            self.refuse(path, outcome)
        elif outcome is merging.Outcome.CREATED:
            self.created += 1
        elif outcome is merging.Outcome.UPDATED:
            self.updated += 1
        else:
            self.unchanged += 1


@dataclass(frozen=True, slots=True)
class _Found:
    """A Markdown file below a folder given."""

    root: Path  # the folder given, without links
    path: Path
    name: str  # relative to the root, with `/`


@dataclass(frozen=True, slots=True)
class _Read:
    """A file and what it says."""

    file: _Found
    source: SourceFile


def find(paths: Sequence[Path], report: Report) -> list[_Found]:
    """Return the Markdown files of these folders (and files named), in a fixed order.

    Hidden folders are skipped; links to folders are not followed. What is named but can not be
    loaded is noted in the report.
    """
    found: dict[str, _Found] = {}
    for path in paths:
        if _is_folder(path):
            root = path
            below = sorted(_below(path, report), key=lambda p: p.relative_to(path).as_posix())
        elif path.suffix.lower() in files.SUFFIXES and os.path.lexists(path):
            root, below = path.parent, [path]
        else:
            report.files += 1
            exists = os.path.lexists(path)
            report.refuse(path, "is not a Markdown file" if exists else "does not exist")
            continue
        real = Path(os.path.realpath(root))
        for file in below:
            name = file.relative_to(root).as_posix()
            if _BAD_NAME.search(name):
                report.files += 1
                report.refuse(file, "its name is not UTF-8 text: rename it")
            else:
                found.setdefault(os.path.realpath(file), _Found(real, file, name))
    return list(found.values())


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  # `Path.is_dir` raises where one may not look


def _below(folder: Path, report: Report) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        report.files += 1
        report.refuse(folder, error)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry):
            if not entry.is_symlink():
                yield from _below(entry, report)
        elif entry.suffix.lower() in files.SUFFIXES:
            yield entry


def _read_all(found: Sequence[_Found], options: Options, report: Report) -> list[_Read]:
    """Read every file and give each its slug; the second to come to one gets another."""
    texts = []
    for file in found:
        try:
            source = files.read(
                _bytes(file.path), file.name, kind=options.kind, language=options.language
            )
        except (Invalid, OSError) as error:
            report.refuse(file.path, error)
            continue
        slug = source.slug or bounded_slug(file.root.name)
        texts.append(_Read(file, replace(source, slug=slug, root=str(file.root))))
    return _told_apart(texts)


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


def _bytes(path: Path) -> bytes:
    # a pipe or a device would be waited for, or read, for ever
    if not stat.S_ISREG(path.stat().st_mode):
        raise Invalid("is not a regular file")
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)


def load_paths(
    paths: Sequence[Path],
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    commit: Callable[[], None] | None = None,
    seen: set[str] | None = None,
) -> Report:
    """Load Markdown files and the `vocabulary.yaml` beside them; flushed, and committed by you.

    For a dry run give no `commit` and roll back afterwards. `seen` is given the slugs of all
    assets the files speak of.

    Raises:
        Invalid: when `options.owner` is nobody's e-mail address.
    """
    options, report = options or Options(), Report()
    found = find(paths, report)
    report.files += len(found)
    texts = _read_all(found, options, report)
    if seen is not None:
        seen.update(text.source.slug for text in texts)
    merger = merging.Merger(
        kind=options.kind,
        owner=options.owner,
        publish=options.publish,
        keeper=merging.Keeper(options.source, options.released),
    )
    _learn_words(paths, merger, report)
    merger.prepare([text.source for text in texts])
    merger.slugs = _slugs(texts)
    if commit:
        commit()
    done = len(found) - len(texts)
    for chunk in _chunks(texts):
        groups = [[text.source for text in group] for group in chunk]
        merger.draw(groups)
        outcomes = merger.save(groups)
        for text, outcome in zip([t for group in chunk for t in group], outcomes, strict=True):
            report.count(text.file.path, outcome)
            done += 1
            if progress:
                progress(done, len(found), text.file.name)
        if commit:
            commit()
    return report


def _slugs(texts: Sequence[_Read]) -> dict[str, dict[str, str]]:
    slugs: dict[str, dict[str, str]] = {}
    for text in texts:
        slugs.setdefault(text.source.root, {})[text.file.name] = text.source.slug
    return slugs


def _learn_words(paths: Sequence[Path], merger: merging.Merger, report: Report) -> None:
    """Take over the vocabulary at the root of what is loaded."""
    for root in dict.fromkeys(path if path.is_dir() else path.parent for path in paths):
        file = root / vocabulary.FILE
        try:
            if file.is_file():
                vocabulary.load(_bytes(file), merger.vocabulary)
        except (Invalid, OSError) as error:
            report.files += 1
            report.refuse(file, error)


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
