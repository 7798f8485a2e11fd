"""Where things lie in an exported folder: texts, what is pending, facts, files, collections. Pure.

What belongs to one asset shares a base: `battlecard/kestrel/` (`…/en.md`, `…/en.draft.md`,
`…/asset.yaml`, `…/files/deck.pdf`), or `guide/x.` for a slug that its folders do not tell
(`guide/x.en.md`, `guide/x.asset.yaml`, `guide/x.files/deck.pdf`).
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from portal.library.rules import export_path, language_of
from portal.markup import slugify

ASSET = "asset.yaml"
COLLECTIONS = "collections"
_DRAFT = ".draft"
_NAME_BYTES = 180  # of 255, so that a number and an ending have room


def is_asset_file(name: str) -> bool:
    """Whether a file of this name says what the texts beside it can not."""
    return name == ASSET or name.endswith(f".{ASSET}")


def is_draft(path: str) -> bool:
    """Whether a file holds a text that nobody reads yet: `en.draft.md`, `x.en.draft.md`."""
    stem = PurePosixPath(path).stem
    return stem.endswith(_DRAFT) and bool(_parted(stem.removesuffix(_DRAFT))[1])


def served_path(path: str) -> str:
    """Return the path of the text that a draft is to take the place of."""
    pure = PurePosixPath(path)
    return pure.with_name(pure.stem.removesuffix(_DRAFT) + pure.suffix).as_posix()


def _parted(stem: str) -> tuple[str, str]:
    head, dot, tail = stem.rpartition(".")
    return (head, tail) if language_of(tail) and (head or not dot) else (stem, "")


def base_of(path: str) -> str:
    """Return what a text, a draft or an asset's file has in common with all else of the asset."""
    pure = PurePosixPath(path)
    if is_asset_file(pure.name):
        return path[: -len(ASSET)]
    stem = pure.stem.removesuffix(_DRAFT) if is_draft(path) else pure.stem
    head = _parted(stem)[0]
    folder = "" if pure.parent.as_posix() == "." else f"{pure.parent.as_posix()}/"
    return f"{folder}{head}." if head else folder


def export_base(slug: str, kind: str) -> str:
    """Return the base under which an asset is exported."""
    return base_of(export_path(slug, kind, "en"))


def draft_path(base: str, language: str) -> str:
    """Return where a text in the works is exported."""
    return f"{base}{language}{_DRAFT}.md"


def file_names(names: Sequence[str]) -> list[str]:
    """Return a name on disk for each attachment: short enough, and no two alike in any case."""
    taken: set[str] = set()
    return [_free(_short(name), taken) for name in names]


def _short(name: str) -> str:
    if len(name.encode()) <= _NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    stem, tail = (stem, dot + ending) if stem else (name, "")
    cut = stem.encode()[: _NAME_BYTES - len(tail.encode())].decode("utf-8", "ignore")
    return cut.rstrip(". ") + tail


def _free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    stem, tail = (stem, dot + ending) if stem else (name, "")
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem}-{number}{tail}"
    taken.add(free.casefold())
    return free


def collection_names(names: Iterable[str]) -> list[str]:
    """Return the names, without ending, of the files of collections, in the order they came."""
    taken: set[str] = set()
    found = []
    for name in names:
        base = slugify(name, 80) or "collection"
        number, free = 1, base
        while free in taken:
            number += 1
            free = f"{base}-{number}"
        taken.add(free)
        found.append(free)
    return found


def in_order(names: Iterable[str]) -> list[str]:
    """Return names in the order in which `collection_names` would give them again."""
    return sorted(names, key=lambda name: (len(name), name))


def is_inside(relative: str) -> bool:
    """Whether a path told in a file stays in its folder."""
    pure = PurePosixPath(relative)
    odd = "\\" in relative or "\0" in relative or not relative or relative != pure.as_posix()
    return not odd and not pure.is_absolute() and ".." not in pure.parts
