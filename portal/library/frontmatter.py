"""Front matter in and out: YAML, TOML or JSON before a Markdown body; bytes to text.

Encodings: UTF-8 (with or without mark), UTF-16 and UTF-32 with their mark. Anything else is
refused rather than guessed: a wrong guess would store letters nobody wrote.
YAML (`yamltext`) is read by the rules of 1.2 for plain words: `yes`, `on` and `12:30` stay words,
and a number stays text when writing it again would change it (`1.10`, `007`).
"""

import codecs
import html
import json
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from portal.errors import Invalid
from portal.library import yamltext

MAX_FILE = 5_000_000  # bytes
MAX_FRONT = 200_000  # characters
MAX_VALUES = 20_000  # after aliases are followed
MAX_DEPTH = 30
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OPENING = re.compile(r"(---|\+\+\+)[ \t]*([A-Za-z]*)[ \t]*\n")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_LANGUAGES = {("---", ""): "yaml", ("+++", ""): "toml"}
_KEY_LINE = re.compile(r"[\w.-]+[ \t]*:(?:[ \t]|$)")
_KEY_ANYWHERE = re.compile(
    r"^[ \t{,?-]*(?:[\w.-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:(?:[ \t]|$)", re.MULTILINE
)
_JSON_START = re.compile(r"\{\s*(?:\"|\})")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BAD = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stood before the body (values JSON can hold), the body, and the line of each key."""

    values: dict[str, Any]
    body: str
    lines: dict[str, int] = field(default_factory=dict)


class Keys:
    """The keys of a front matter, taken out one by one; what is left is nobody's."""

    def __init__(self, front: FrontMatter) -> None:
        """Begin with all of them."""
        self.left = dict(front.values)
        self._lines = front.lines

    def refuse(self, key: str, reason: str) -> Invalid:
        """Return the error that a key's value is wrong, with its line."""
        return Invalid(f"`{key}` {reason}", line=self._lines.get(key))

    def said(self, key: str) -> Any:  # noqa: ANN401
        """Take a value; None when it is not there or blank, which is the same."""
        value = self.left.pop(key, None)
        return None if isinstance(value, str) and not value.strip() else value

    def text(self, key: str, limit: int) -> str:
        """Take a line of text; numbers and dates count as text."""
        value = self.said(key)
        if isinstance(value, dict | list | bool):
            raise self.refuse(key, "must be text")
        text = one_line("" if value is None else unescaped(str(value)))
        if len(text) > limit:
            raise self.refuse(key, f"is longer than {limit} characters")
        return text

    def choice(self, key: str, known: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Take one of a few words, None when it is not said."""
        value = self.said(key)
        if value is None:
            return None
        word = str(value).strip().casefold().replace(" ", "-").replace("_", "-")
        if word not in known:
            raise self.refuse(key, f"is {str(value)[:60]!r}, not one of: {', '.join(known)}")
        return known[word]


def unescaped(text: str) -> str:
    """Return a line as it is read: what other systems wrote as `&amp;` or `&#8212;` is a letter."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def escaped(text: str) -> str:
    """Return what `unescaped` turns into the text."""
    return text.replace("&", "&amp;") if unescaped(text) != text else text


def one_line(text: str) -> str:
    """Return the text in composed letters, each run of white space as one blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def aside(values: Mapping[str, Any], key: str) -> str:
    """Return a free name to keep a value under that its own key can not hold: `x-owner`."""
    name = f"x-{key}"
    while name in values:
        name = f"x-{name}"
    return name


def decode(data: bytes) -> str:
    """Return the text of a file, line ends as plain newlines.

    Raises:
        Invalid: when it is too large, not Unicode, or holds NUL.
    """
    if len(data) > MAX_FILE:
        raise Invalid(f"is larger than {MAX_FILE // 1_000_000} MB")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Invalid(
            f"is not UTF-8 text (byte 0x{data[error.start]:02x}): save it as UTF-8", line=line
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Invalid("holds NUL characters: not a text, or UTF-16 without its mark", line=line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(text: str) -> FrontMatter:
    """Part front matter from body.

    Raises:
        Invalid: with the line, when the front matter can not be read.
    """
    stripped = text.lstrip("\n \t") if text[:1].isspace() else text
    start = text.count("\n", 0, len(text) - len(stripped))
    if _JSON_START.match(stripped):
        values, end = _json(stripped, start)
        return _checked(values, stripped[end:], _find_lines(values, stripped[:end], start))
    opening = _OPENING.match(stripped)
    if not opening:
        return FrontMatter({}, trim(text))
    fence, name = opening[1], opening[2].lower()
    closing = _CLOSING[fence].search(stripped, opening.end())
    if not closing:
        if name or fence == "+++" or _KEY_LINE.match(stripped, opening.end()):
            raise Invalid(f"front matter is opened by {fence} but never closed", line=start + 1)
        return FrontMatter({}, trim(text))
    source, body = stripped[opening.end() : closing.start()], stripped[closing.end() :]
    if fence == "---" and not name and _is_prose(source):
        return FrontMatter({}, trim(text))
    if len(source) > MAX_FRONT:
        raise Invalid(f"front matter is longer than {MAX_FRONT} characters", line=start + 1)
    language = _LANGUAGES.get((fence, name), name)
    return _checked(*_parse(language, source, body, start + 1))


def _is_prose(source: str) -> bool:
    """Whether what stands between two rules is the beginning of the text: no line is `key: value`.

    Nothing at all is front matter, and so is what YAML takes for keys and values, if no empty line
    stands before it, as one does after a rule.
    """
    if not source.strip() or _KEY_ANYWHERE.search(source):
        return False
    if not source.partition("\n")[0].strip() or len(source) > MAX_FRONT:
        return True
    try:
        return not yamltext.load(source)[0]
    except Invalid:
        return True


def _parse(
    language: str, source: str, body: str, start: int
) -> tuple[dict[str, Any], str, dict[str, int]]:
    if language in {"yaml", "yml"}:
        values, lines = yamltext.load(source, start)
        return values, body, lines
    if language == "toml":
        values = _toml(source, start)
    elif language == "json":
        values, end = _json(source.strip() or "{}", start)
        if source.strip()[end:].strip():
            raise Invalid("front matter goes on after its JSON object", line=start + 1)
    else:
        raise Invalid(f"front matter in {language}: only YAML, TOML and JSON are read", line=start)
    return values, body, _find_lines(values, source, start)


def _checked(values: dict[str, Any], body: str, lines: dict[str, int]) -> FrontMatter:
    budget = [MAX_VALUES]
    kept = {
        key: storable(value, line=lines.get(key), budget=budget) for key, value in values.items()
    }
    return FrontMatter(kept, trim(body), lines)


def trim(body: str) -> str:
    """Leave out empty lines around the body; indentation of its first line stays."""
    return re.sub(r"\A(?:[ \t]*\n)+", "", body).rstrip()


def storable(
    value: object, *, line: int | None = None, depth: int = 0, budget: list[int] | None = None
) -> Any:  # noqa: ANN401  # what JSON can hold has no name
    """Return the value as JSON can hold it: dates as ISO text; the same value when read again.

    Raises:
        Invalid: when it is of a type, size or depth that can not be kept.
    """
    budget = [MAX_VALUES] if budget is None else budget
    budget[0] -= 1
    if depth > MAX_DEPTH or budget[0] < 0:
        raise Invalid("front matter holds too many or too deeply nested values", line=line)
    if isinstance(value, str):
        if _BAD.search(value):
            raise Invalid("front matter holds a character that can not be kept", line=line)
        return value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [storable(v, line=line, depth=depth + 1, budget=budget) for v in value]
    if isinstance(value, dict):
        return {
            storable(str(k), line=line): storable(v, line=line, depth=depth + 1, budget=budget)
            for k, v in value.items()
        }
    raise Invalid(f"front matter holds a {type(value).__name__}, which can not be kept", line=line)


def write(values: dict[str, Any], body: str) -> str:
    """Write front matter as YAML and the body after it, so that `read` returns the same."""
    return f"---\n{yamltext.dump(values) if values else ''}---\n\n{body}\n"


def _find_lines(values: dict[str, Any], source: str, start: int) -> dict[str, int]:
    lines: dict[str, int] = {}
    for number, line in enumerate(source.split("\n"), start + 1):
        word = re.match(r"[\s{,]*\"?([\w.-]+)\"?\s*[:=]", line)
        if word and word[1] in values:
            lines.setdefault(word[1], number)
    return lines


def _json(source: str, start: int) -> tuple[dict[str, Any], int]:

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = Counter(key for key, _value in pairs)
        if twice := next((key for key, times in names.items() if times > 1), None):
            raise Invalid(f"`{twice[:60]}` is given twice", line=start + 1)
        return dict(pairs)

    try:
        decoder = json.JSONDecoder(strict=False, object_pairs_hook=once)
        values, end = decoder.raw_decode(source[: MAX_FRONT + 1])
    except json.JSONDecodeError as error:
        raise Invalid(f"JSON front matter: {error.msg}", line=start + error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise Invalid("JSON front matter can not be read", line=start + 1) from error
    if not isinstance(values, dict):
        raise Invalid("front matter must be an object of keys and values", line=start + 1)
    return values, end


def _toml(source: str, start: int) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else source.count("\n") + 1
        reason = _TOML_PLACE.sub("", str(error))
        raise Invalid(f"TOML front matter: {reason}", line=start + line) from error
    except (RecursionError, ValueError) as error:
        raise Invalid("TOML front matter can not be read", line=start + 1) from error
