"""YAML in and out, bounded: no tags, no bombs; what is written reads back the same."""

import json
import re
from collections.abc import Hashable
from datetime import date, time
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from portal.errors import Invalid

MAX_NODES = 20_000  # after aliases are followed
MAX_BRACKETS = 500
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FAST_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_NESTED_ITEMS = re.compile(r"(?:[-?:][ \t\n]+){20}")
_DEEP_ITEMS = re.compile(r"(?:[-?][ \t]+){40}")
_TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\d(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d{1,9})?"
    r"(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_RESOLVED = (
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    ("null", re.compile(r"(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("int", re.compile(r"-?[0-9]+$"), "-0123456789"),
    ("float", re.compile(r"-?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?$"), "-0123456789"),
    ("timestamp", re.compile(f"(?:{_TIMESTAMP.pattern})$"), "0123456789"),
    ("merge", re.compile(r"<<$"), "<"),
)


class _Fast(_FAST):  # type: ignore[misc]
    """libyaml's loader; it overflows the stack on deep nesting, so only shallow text goes here."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


class _Slow(yaml.SafeLoader):
    """The loader that can say it is nested too deeply."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


for _loader in (_Fast, _Slow):
    for _name, _pattern, _first in _RESOLVED:
        _loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", _pattern, list(_first))


class _Builder(yaml.SafeLoader):
    """Makes values of nodes; a number that would be written differently stays text.

    Keys are text, so that `1` and `true`, which are equal to Python, stay two.
    """

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        self.flatten_mapping(node)
        values: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, list | dict | set):
                start = key_node.start_mark
                raise yaml.MarkedYAMLError("", node.start_mark, "found unhashable key", start)
            values[key_text(key)] = self.construct_object(value_node, deep=deep)
        return values

    @staticmethod
    def number(builder: yaml.SafeLoader, node: ScalarNode) -> int | float | str:
        text = str(builder.construct_scalar(node))
        try:
            value = float(text) if "." in text else int(text)
        except ValueError:  # more digits than Python converts
            return text
        written = repr(value)
        return value if text in {written, written.replace("e", ".0e", 1)} else text

    @staticmethod
    def moment(builder: yaml.SafeLoader, node: ScalarNode) -> Any:  # noqa: ANN401
        try:
            return builder.construct_yaml_timestamp(node)
        except (ValueError, OverflowError):  # the 45th of the 13th month is a word
            return str(builder.construct_scalar(node))


def key_text(key: object) -> str:
    """Return a key as JSON has it."""
    if isinstance(key, str):
        return key
    if isinstance(key, date | time):
        return key.isoformat()
    return json.dumps(key) if key is None or isinstance(key, bool | int | float) else str(key)


_Builder.add_constructor("tag:yaml.org,2002:int", _Builder.number)
_Builder.add_constructor("tag:yaml.org,2002:float", _Builder.number)
_Builder.add_constructor("tag:yaml.org,2002:timestamp", _Builder.moment)


class _Dumper(_FAST_DUMPER):  # type: ignore[misc]
    """Writes dates plainly and repeats instead of referring."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _represent_text(dumper: Any, value: str) -> ScalarNode:  # noqa: ANN401
    if _DATE.fullmatch(value):
        return ScalarNode("tag:yaml.org,2002:timestamp", value)
    node: ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", value)
    return node


_Dumper.add_representer(str, _represent_text)


def _count(node: Node, open_nodes: set[int], sizes: dict[int, int], line: int) -> int:
    """Return how many values a node stands for when its aliases are followed."""
    if id(node) in sizes:
        return sizes[id(node)]
    if id(node) in open_nodes:
        raise Invalid("front matter refers to itself", line=line)
    open_nodes.add(id(node))
    children: list[Node] = []
    if isinstance(node, SequenceNode):
        children = node.value
    elif isinstance(node, MappingNode):
        children = [part for pair in node.value for part in pair]
    size = 1 + sum(_count(child, open_nodes, sizes, line) for child in children)
    if size > MAX_NODES:
        raise Invalid("front matter holds too many values", line=line)
    open_nodes.discard(id(node))
    sizes[id(node)] = size
    return size


def _compose(source: str) -> Node | None:
    brackets = source.count("[") + source.count("{")
    closed = source.count("]") + source.count("}")
    if _DEEP_ITEMS.search(source) or brackets - closed > MAX_BRACKETS:
        raise RecursionError
    deep = brackets > MAX_BRACKETS or _NESTED_ITEMS.search(source)
    try:
        return yaml.compose(source, Loader=_Slow if deep else _Fast)
    except yaml.MarkedYAMLError:
        # a tab after a value is a mistake nobody sees
        tidy = re.sub(r"[ \t]+$", "", source, flags=re.MULTILINE)
        if tidy == source:
            raise
        return yaml.compose(tidy, Loader=_Slow if deep else _Fast)


def _load(source: str, start: int) -> tuple[dict[Any, Any], dict[str, int]]:
    node = _compose(source)
    if node is None or (isinstance(node, ScalarNode) and node.tag.endswith(":null")):
        return {}, {}
    if not isinstance(node, MappingNode):
        raise Invalid("front matter must be lines of `key: value`", line=start + 1)
    _count(node, set(), {}, start + 1)
    builder = _Builder("")
    lines = _lines(node, start, builder)
    _forbid_twins(node, start, builder, set())
    values = builder.construct_document(node)
    if not isinstance(values, dict):  # a set is a mapping, too
        raise Invalid("front matter must be lines of `key: value`", line=start + 1)
    return values, lines


def load(source: str, start: int = 0) -> tuple[dict[Any, Any], dict[str, int]]:
    """Return the mapping in the source and the line of each key; `start` lines stand before it.

    Raises:
        Invalid: with the line, when it is no mapping or not safe to read.
    """
    try:
        return _load(source, start)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = start + (mark.line if mark else 0) + 1
        reason = error.problem or error.context or "can not be read"
        raise Invalid(f"YAML: {reason}", line=line) from error
    except yaml.YAMLError as error:
        reason = str(error).split("\n", 1)[0]
        raise Invalid(f"YAML: {reason}", line=start + 1) from error
    except RecursionError as error:
        raise Invalid("YAML: nested too deeply", line=start + 1) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise Invalid(f"YAML: a value can not be read ({error})", line=start + 1) from error


def item_lines(source: str) -> dict[tuple[str, int], int]:
    """Return the line of each item of the lists in a mapping that `load` has read."""
    node = _compose(source)
    found: dict[tuple[str, int], int] = {}
    for key, value in node.value if isinstance(node, MappingNode) else ():
        for number, item in enumerate(value.value if isinstance(value, SequenceNode) else ()):
            found[str(key.value), number] = item.start_mark.line + 1
    return found


def _forbid_twins(node: Node, start: int, builder: _Builder, seen: set[int]) -> None:
    """Refuse a mapping, at any depth, of which one key would take another's place."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, MappingNode):
        _lines(node, start, builder)
    if isinstance(node, MappingNode | SequenceNode):
        for part in node.value:
            for child in part if isinstance(part, tuple) else (part,):
                _forbid_twins(child, start, builder, seen)


def _lines(node: MappingNode, start: int, builder: _Builder) -> dict[str, int]:
    lines: dict[str, int] = {}
    for key, _value in node.value:
        if isinstance(key, ScalarNode) and not key.tag.endswith(":merge"):
            line = start + key.start_mark.line + 1
            name = key_text(builder.construct_object(key))
            if name in lines:
                raise Invalid(f"`{name}` is given twice", line=line)
            lines[name] = line
    return lines


def dump(values: dict[str, Any]) -> str:
    """Write values as YAML that `load` reads back the same."""
    text: str = yaml.dump(
        values,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        default_flow_style=None,
    )
    return text
