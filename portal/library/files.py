"""A content file as values and back: bytes and a path → SourceFile → the same text again. Pure."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.accounts.rules import Department
from portal.config import Language
from portal.errors import Invalid
from portal.library import frontmatter, kinds
from portal.library.frontmatter import Keys, aside, escaped, one_line, unescaped
from portal.library.rules import (
    SLUG_LIMIT,
    Facet,
    Kind,
    State,
    bounded_slug,
    detect_language,
    kind_of,
    language_of,
    name_of,
    place_of,
)
from portal.markup import MAX_SOURCE, first_heading

SUFFIXES = frozenset({".md", ".mdx", ".markdown"})
TITLE_LIMIT = 300
SUMMARY_LIMIT = 2000
TAG_LIMIT = 100
TERM_LIMIT = 80
MANY = 100  # tags, or terms of a facet
# read when our own key is not there; they stay among the unknown keys as well
SUMMARY_KEYS = ("description", "excerpt", "desc", "lead")
CHECKED_KEYS = ("reviewed", "last_reviewed", "updated", "lastmod", "ms.date", "date")
TAG_KEYS = ("tag", "keywords", "category")
# keys of ours; a value one of them can not hold is kept beside it, under `x-…`
OWN_KEYS = frozenset(
    "title summary kind language slug owner department state checked tags link-targets".split()
    + list(Facet)
)
_SLUG = re.compile(rf"[a-z0-9-]{{1,{SLUG_LIMIT}}}")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One text as its file tells it; None and absent keys mean that the file says nothing."""

    path: str
    slug: str
    language: Language
    kind: Kind
    title: str
    summary: str = ""
    body: str = ""
    tags: tuple[str, ...] = ()
    owner: str | None = None
    department: Department | None = None
    state: State | None = None
    checked: date | None = None
    checked_said: bool = False  # in our own key, not read from another date
    facets: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    # slugs of the content files its links name as written, None for no asset; others go by path
    targets: Mapping[str, str | None] = field(default_factory=dict)
    # how it came to be known, which is no part of what it says
    kind_said: bool = field(default=True, compare=False)  # by the file or its folder
    root: str = field(default="", compare=False)  # the folder that `path` starts from
    owner_line: int | None = field(default=None, compare=False)


def read(
    data: bytes, path: str, *, kind: Kind | None = None, language: Language | None = None
) -> SourceFile:
    """Return what a file says; `path` is relative to the folder given, with `/`.

    `kind` and `language` hold when neither the front matter nor the path tells.

    Raises:
        Invalid: with a reason and, where known, the line.
    """
    front = frontmatter.read(frontmatter.decode(data))
    if len(front.body.encode()) > MAX_SOURCE:
        raise Invalid("the text is longer than 1 MB: split it into several documents")
    keys, place = Keys(front), place_of(path)
    language, kind_said = _language(keys) or place.language or language, _kind(keys) or place.kind
    kind = kind_said or kind or Kind.GUIDE
    title = keys.text("title", TITLE_LIMIT) or _first_heading(front.body) or _file_name(path)
    borrowed = "" if "summary" in keys.left else _borrowed_summary(keys.left)
    summary = keys.text("summary", SUMMARY_LIMIT) or borrowed
    checked, checked_said = _checked(keys)
    tags, owner = _tags(keys), _owner(keys)
    department = keys.choice("department", {d.value: d for d in Department})
    state = keys.choice("state", {s.value: s for s in State})
    facets = _facets(keys)
    slug, targets = _slug(keys) or place.slug, _targets(keys)
    fields, extra = kinds.check(kind, _without_own_keys(keys.left), front.lines)
    return SourceFile(
        path=path,
        slug=slug,
        language=language or detect_language(f"{title}\n{summary}\n{front.body}"),
        kind=kind,
        title=title,
        summary=summary,
        body=front.body,
        tags=tags,
        owner=owner,
        department=department,
        state=state,
        checked=checked,
        checked_said=checked_said,
        facets=facets,
        fields=fields,
        extra=extra,
        targets=targets,
        kind_said=kind_said is not None,
        owner_line=front.lines.get("owner"),
    )


def write(source: SourceFile) -> str:
    """Return the file's text; reading it at `source.path` gives the same values again."""
    values: dict[str, Any] = {"title": escaped(source.title)}
    if source.summary or any(key in source.extra for key in SUMMARY_KEYS):
        values["summary"] = escaped(source.summary)
    values |= {"kind": source.kind.value, "language": source.language.value}
    if place_of(source.path).slug != source.slug:
        values["slug"] = source.slug
    said = {
        "owner": source.owner,
        "department": source.department and source.department.value,
        "state": source.state and source.state.value,
        "checked": source.checked and source.checked.isoformat(),
    }
    values |= {key: value for key, value in said.items() if value}
    if not source.checked and (source.checked_said or any(k in source.extra for k in CHECKED_KEYS)):
        values["checked"] = None
    if source.tags or any(key in source.extra for key in TAG_KEYS):
        values["tags"] = list(source.tags)
    values |= {facet.value: list(terms) for facet, terms in source.facets.items()}
    values |= source.fields
    if source.targets:
        values["link-targets"] = dict(source.targets)
    extra = _without_own_keys(source.extra, OWN_KEYS | values.keys())
    return frontmatter.write(values | extra, source.body)


def _without_own_keys(extra: Mapping[str, Any], own: Collection[str] = OWN_KEYS) -> dict[str, Any]:
    """Return nobody's keys, with what keys of ours could not hold under other names."""
    kept = dict(extra)
    for key in [key for key in extra if key in own]:
        kept[aside(kept, key)] = kept.pop(key)
    return kept


def _language(keys: Keys) -> Language | None:
    for key in ("language", "lang"):
        value = keys.said(key)
        if value is not None:
            language = language_of(str(value))
            if language is None:
                known = ", ".join(Language)
                raise keys.refuse(key, f"is {str(value)[:60]!r}, not one of: {known}")
            return language
    return None


def _kind(keys: Keys) -> Kind | None:
    value = keys.said("kind")
    if value is None:
        return None
    kind = kind_of(str(value))
    if kind is None:
        raise keys.refuse("kind", f"is {str(value)[:60]!r}, not one of: {', '.join(Kind)}")
    return kind


def _slug(keys: Keys) -> str:
    """Take a text or number; a slug told otherwise stays among the unknown keys."""
    value = keys.left.get("slug")
    if isinstance(value, dict | list | bool):
        return ""
    value = keys.said("slug")
    return "" if value is None else bounded_slug(str(value))


def _owner(keys: Keys) -> str | None:
    """Take an e-mail address; an owner told otherwise stays among the unknown keys."""
    value = keys.left.get("owner")
    if value is not None and not isinstance(value, str):
        return None
    value = keys.said("owner")
    return None if value is None else str(value)


def _targets(keys: Keys) -> dict[str, str | None]:
    """Take slugs (or nothing) by file; told otherwise they stay among the unknown keys."""
    told = keys.left.get("link-targets")
    if not isinstance(told, dict) or not all(
        value is None or (isinstance(value, str) and _SLUG.fullmatch(value))
        for value in told.values()
    ):
        return {}
    return dict(keys.left.pop("link-targets"))


def _first_heading(body: str) -> str:
    return one_line(first_heading(body))[:TITLE_LIMIT].strip()


def _file_name(path: str) -> str:
    name = name_of(path)
    words = re.sub(r"[-_]+", " ", name).strip() or name
    return one_line(words)[:TITLE_LIMIT] or "—"


def _borrowed_summary(left: Mapping[str, Any]) -> str:
    for key in SUMMARY_KEYS:
        value = left.get(key)
        if isinstance(value, str) and value.strip():
            text = one_line(unescaped(value))
            return text if len(text) <= SUMMARY_LIMIT else text[: SUMMARY_LIMIT - 1].rstrip() + "…"
    return ""


def as_date(value: object) -> date | None:
    """Read a date: a date or datetime, ISO text, or `MM/DD/YYYY`; None when it is none of them."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    try:
        if us := _US_DATE.fullmatch(text):
            return date(int(us[3]), int(us[1]), int(us[2]))
        if iso := _ISO_DATE.fullmatch(text):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        return None
    return None


def _checked(keys: Keys) -> tuple[date | None, bool]:
    if "checked" in keys.left:
        said = keys.said("checked")
        if said is None:
            return None, True
        day = as_date(said)
        if day is None:
            reason = f"is {str(said)[:60]!r}, not a date such as 2026-11-03 or 11/03/2026"
            raise keys.refuse("checked", reason)
        return day, True
    return next(filter(None, (as_date(keys.left.get(key)) for key in CHECKED_KEYS)), None), False


def _words(value: object, limit: int) -> tuple[str, ...] | None:
    """Return a comma-separated text or a list as words, blanks left out; None for anything else."""
    if isinstance(value, str):
        value = re.split(r"[,;\n]", value)
    if not isinstance(value, list) or len(value) > MANY:
        return None
    if not all(v is None or isinstance(v, str | int | float) for v in value):
        return None
    told = (json.dumps(v) if isinstance(v, bool) else str(v) for v in value if v is not None)
    words = [word for word in map(one_line, told) if word]
    return tuple(dict.fromkeys(words)) if all(len(w) <= limit for w in words) else None


def _tags(keys: Keys) -> tuple[str, ...]:
    if "tags" in keys.left:
        value = keys.left.pop("tags")
        value = [value] if isinstance(value, bool | int | float) else value
        words = () if value is None else _words(value, TAG_LIMIT)
        if words is None:
            reason = f"must be a list of at most {MANY} words, each up to {TAG_LIMIT} characters"
            raise keys.refuse("tags", reason)
        return words
    borrowed = (_words(keys.left.get(key), TAG_LIMIT) for key in TAG_KEYS)
    return next(filter(None, borrowed), ())


def _facets(keys: Keys) -> dict[Facet, tuple[str, ...]]:
    """Take the facets told as short words; told otherwise they stay among the unknown keys."""
    facets = {}
    for facet in Facet:
        if facet.value in keys.left:
            value = keys.left[facet.value]
            words = () if value is None else _words(value, TERM_LIMIT)
            if words is not None:
                facets[facet] = words
                del keys.left[facet.value]
    return facets
