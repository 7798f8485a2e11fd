"""What a translator has typed and not saved yet: as it is kept, and as it is opened again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.library.translation import rules
from portal.library.translation.rules import Path

KEY = "translation"
"""Beside what the editor keeps of a text, so that either page opens what was typed in the other."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form of a translation holds; `source` and `number` are the revisions it showed."""

    title: str
    summary: str
    tags: str
    note: str
    texts: Sequence[str]
    fields: Mapping[Path, str]
    source: int
    number: int
    follows: bool


def kept(typed: Typed, own: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept: a text as the editor types it, and each section where it stood."""
    fields = rules.with_leaves(rules.shaped(new["fields"], own["fields"]), typed.fields)
    return {
        "title": typed.title,
        "summary": typed.summary,
        "tags": typed.tags,
        "note": typed.note,
        "body": rules.body_of(typed.texts, own["body"], own["title"]),
        "own": fields,
        KEY: {
            "texts": list(typed.texts),
            "source": typed.source,
            "number": typed.number,
            "follows": typed.follows,
        },
    }


@dataclass(frozen=True, slots=True)
class Opened:
    """What was kept, to be shown: the text it makes, and its sections if they stand as they did."""

    own: dict[str, Any]
    tags: str
    note: str
    texts: list[str]
    follows: bool


def opened(
    content: Mapping[str, Any], own: Mapping[str, Any], *, source: int, number: int
) -> Opened | None:
    """Return what was kept as it is shown beside this revision of the original; None: no news.

    When the original or the text has another revision by now, its sections are paired anew.
    """
    told = content.get(KEY) or {}
    stands = (told.get("source"), told.get("number")) == (source, number)
    text = {name: str(content.get(name) or "") for name in ("title", "summary", "body")}
    fields = content.get("own") if isinstance(content.get("own"), Mapping) else own["fields"]
    tags, note = str(content.get("tags") or ""), str(content.get("note") or "")
    before = {name: str(own[name]).strip() for name in text}
    same = {name: value.strip() for name, value in text.items()} == before
    if same and tags == ", ".join(own["tags"]) and fields == own["fields"] and not note:
        return None
    return Opened(
        own={**own, **text, "fields": fields},
        tags=tags,
        note=note,
        texts=[str(it) for it in told.get("texts", ())] if stands else [],
        follows=stands and bool(told.get("follows")),
    )
