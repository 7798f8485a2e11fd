"""Folders of Markdown into the library: found, read, grouped into assets, saved; idempotent.

Nothing is committed here. `commit` is called after every fifty files, so that a load that is
killed has only work to repeat: what is in step already is found unchanged by the next one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from portal.config import Language
from portal.errors import Invalid
from portal.library import files, merging, vocabulary
from portal.library.files import SourceFile
from portal.library.frontmatter import MAX_FILE
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
        self.rejected.append(Rejected(str(path), line, str(reason)))

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

    root: Path
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
    found: dict[Path, _Found] = {}
    for path in paths:
        if path.is_dir():
            below = sorted(_below(path, report), key=lambda p: p.relative_to(path).as_posix())
            for file in below:
                name = file.relative_to(path).as_posix()
                found.setdefault(file.resolve(), _Found(path, file, name))
        elif path.suffix.lower() in files.SUFFIXES and path.is_file():
            found.setdefault(path.resolve(), _Found(path.parent, path, path.name))
        else:
            report.files += 1
            reason = "is not a Markdown file" if path.exists() else "does not exist"
            report.refuse(path, reason)
    return list(found.values())


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
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _below(entry, report)
        elif entry.suffix.lower() in files.SUFFIXES:
            yield entry


def _read_all(found: Sequence[_Found], options: Options, report: Report) -> list[_Read]:
    """Read every file and give each its slug; the second to come to one gets another."""
    taken: set[tuple[str, str]] = set()
    texts = []
    for file in found:
        try:
            source = files.read(
                _bytes(file.path), file.name, kind=options.kind, language=options.language
            )
        except (Invalid, OSError) as error:
            report.refuse(file.path, error)
            continue
        slug = source.slug or bounded_slug(file.root.resolve().name)
        if (slug, source.language) in taken:
            slug = tell_apart(slug, file.name)
        taken.add((slug, source.language))
        texts.append(_Read(file, replace(source, slug=slug)))
    return texts


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)


def load_paths(
    paths: Sequence[Path],
    options: Options | None = None,
    *,
    progress: Progress | None = None,
    commit: Callable[[], None] | None = None,
) -> Report:
    """Load Markdown files and the `vocabulary.yaml` beside them; flushed, and committed by you.

    For a dry run give no `commit` and roll back afterwards.

    Raises:
        Invalid: when `options.owner` is nobody's e-mail address.
    """
    options, report = options or Options(), Report()
    merger = merging.Merger(owner=options.owner, publish=options.publish)
    found = find(paths, report)
    report.files += len(found)
    _learn_words(paths, merger, report)
    texts = _read_all(found, options, report)
    merger.slugs = {text.file.name: text.source.slug for text in texts}
    done = len(found) - len(texts)
    for chunk in _chunks(texts):
        outcomes = merger.save([[text.source for text in group] for group in chunk])
        for text, outcome in zip([t for group in chunk for t in group], outcomes, strict=True):
            report.count(text.file.path, outcome)
            done += 1
            if progress:
                progress(done, len(found), text.file.name)
        if commit:
            commit()
    return report


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
