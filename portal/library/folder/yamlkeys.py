"""The keys of a YAML file of a folder, where they stand, and values no text has. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.library import frontmatter, yamltext
from portal.library.frontmatter import FrontMatter, Keys

MANY = 2000
WORD = 200


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file's keys, the line of each, and the line of each item of its lists."""

    keys: Keys
    lines: Mapping[str, int]
    items: Mapping[tuple[str, int], int]


def read(data: bytes) -> YamlFile:
    """Return what a file holds.

    Raises:
        Invalid: with the line, when it is no YAML of plain keys.
    """
    source = frontmatter.decode(data)
    values, lines = yamltext.load(source)
    keys = Keys(FrontMatter(frontmatter.storable(values), "", lines))
    return YamlFile(keys, lines, yamltext.item_lines(source))


def prose(keys: Keys, key: str, limit: int) -> str:
    """Take text as it stands, lines and all; "" when it is not there.

    Raises:
        Invalid: when it is no text, or longer than `limit` characters.
    """
    value = keys.left.pop(key, None)
    if isinstance(value, dict | list | bool):
        raise keys.refuse(key, "must be text")
    text = "" if value is None else str(value)
    if len(text) > limit:
        raise keys.refuse(key, f"is longer than {limit} characters")
    return text


def words(keys: Keys, key: str, limit: int = WORD) -> tuple[str, ...]:
    """Take a list of words.

    Raises:
        Invalid: when it is none, too long, or one is longer than `limit` characters.
    """
    values = keys.said(key)
    values = [] if values is None else values
    if not isinstance(values, list) or not all(isinstance(v, str | int | float) for v in values):
        raise keys.refuse(key, "must be a list of words")
    if len(values) > MANY or any(len(str(value)) > limit for value in values):
        raise keys.refuse(key, "is too long")
    return tuple(map(str, values))
