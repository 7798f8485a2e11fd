"""The library back into files: all that is content, in every state, without loss."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.errors import Invalid, NotFound
from portal.library import vocabulary
from portal.library.attachments.store import Store
from portal.library.folder import collecting, describing, queries, writing
from portal.library.folder.describing import Described
from portal.library.folder.writing import Tree, digest_of

CHUNK = 100


@dataclass(slots=True)
class Report:
    """What an export has written; `missing` names attachments whose files are not in the store."""

    files: int = 0
    changed: int = 0
    removed: int = 0
    missing: list[str] = field(default_factory=list)


def _described() -> Iterator[Described]:
    last = 0
    while assets := queries.assets_after(last, CHUNK):
        yield from describing.describe(assets)
        last = assets[-1].id


def _texts() -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Yield texts by path, and the digests of attachments by path, a few files at a time."""
    for it in _described():
        yield it.files(), it.digests
    words = vocabulary.dump()
    yield collecting.files() | ({vocabulary.FILE: words} if words else {}), {}


def export_to(folder: Path, *, store: Store | None = None, force: bool = False) -> Report:
    """Write everything to a folder; what an earlier export has written there is brought up to date.

    Without a `store` attachments are told, but their files left out.

    Raises:
        Conflict: when something there would be lost, unless `force`; nothing is changed then.
        Invalid: when the folder can not be written.
    """
    report = Report()
    try:
        tree = Tree(folder, force=force)
        if tree.needs_look:
            wanted: dict[str, str] = {}
            for texts, digests in _texts():
                wanted |= {name: digest_of(text.encode()) for name, text in texts.items()}
                wanted |= digests if store else {}
            tree.look(wanted)
        for texts, digests in _texts():
            for name, text in texts.items():
                tree.write(name, text.encode())
            if store:
                for name, digest in digests.items():
                    _copy(tree, store, name, digest, report)
            report.files += len(texts) + (len(digests) if store else 0)
        tree.finish()
        report.changed, report.removed = tree.changed, tree.removed
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Invalid(f"{error.filename or folder} can not be written ({reason})") from error
    return report


def _copy(tree: Tree, store: Store, name: str, digest: str, report: Report) -> None:
    try:
        with store.open(digest) as file:
            tree.put(name, digest, iter(lambda: file.read(writing.CHUNK), b""))
    except NotFound:
        report.missing.append(name)
        tree.keep(name)
