"""`asset.yaml` as values and back: what is content, but not of one text. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from portal.config import Language
from portal.errors import Invalid
from portal.library import yamltext
from portal.library.attachments.rules import MANY_ATTACHMENTS, clean_url
from portal.library.claims.rules import WHY_MOST, Verdict
from portal.library.folder import yamlkeys
from portal.library.folder.rules import is_inside
from portal.library.folder.yamlkeys import MANY, WORD, YamlFile, prose, words
from portal.library.frontmatter import FrontMatter, Keys
from portal.library.publishing.rules import NOTE_MOST, REASON_MOST

KEYS = (
    "creator", "backup-owner", "review-months", "reason", "change", "publish-at", "retire-at",
    "pinned-for", "revisions", "claims", "attachments",
)  # fmt: skip
_STATES = {word: word for word in ("served", "added", "going")}


@dataclass(frozen=True, slots=True)
class RevisionTold:
    """Who saved a text and what was said of it; `text` (the start of its digest) tells which."""

    language: str
    text: str
    author: str = ""
    note: str = ""
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RulingTold:
    """What a person decided about a claim of this asset."""

    verdict: str
    language: str
    sentences: tuple[str, ...]
    mark: str
    why: str
    by: str
    at: datetime
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AttachmentTold:
    """A file beside the texts (`file`, from the folder of `asset.yaml`), or a link."""

    id: str
    name: str
    file: str = ""
    sha256: str = ""
    size: int = 0
    link: str = ""
    state: str = "served"
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AssetFile:
    """What the file says; `said` holds the keys it has, `troubles` what it says wrongly."""

    creator: str = ""
    backup_owner: str = ""
    review_months: int | None = None
    reason: str = ""
    change: str = ""
    publish_at: datetime | None = None
    retire_at: datetime | None = None
    pinned_for: tuple[str, ...] = ()
    revisions: tuple[RevisionTold, ...] = ()
    claims: tuple[RulingTold, ...] = ()
    attachments: tuple[AttachmentTold, ...] = ()
    said: frozenset[str] = field(default=frozenset(), compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    troubles: tuple[Invalid, ...] = field(default=(), compare=False)
    spoiled: frozenset[str] = field(default=frozenset(), compare=False)  # keys with a wrong item


def read(data: bytes) -> AssetFile:
    """Return what a file says; an item that is wrong is left out and told in `troubles`.

    Raises:
        Invalid: with the line, when the file as a whole can not be read.
    """
    file = yamlkeys.read(data)
    keys, lines = file.keys, file.lines
    reader = _Reader(file)
    said = frozenset(keys.left)
    told: dict[str, Any] = {
        "creator": reader.one("creator", lambda k: keys.text(k, WORD)),
        "backup_owner": reader.one("backup-owner", lambda k: keys.text(k, WORD)),
        "review_months": reader.one("review-months", lambda k: _number(keys, k)),
        "reason": reader.one("reason", lambda k: prose(keys, k, REASON_MOST)),
        "change": reader.one("change", lambda k: keys.choice(k, _CHANGES)) or "",
        "publish_at": reader.one("publish-at", lambda k: _moment(keys, k)),
        "retire_at": reader.one("retire-at", lambda k: _moment(keys, k)),
        "pinned_for": reader.one("pinned-for", lambda k: words(keys, k)) or (),
        "revisions": reader.many("revisions", _revision),
        "claims": reader.many("claims", _ruling),
        "attachments": reader.many("attachments", _attachment, MANY_ATTACHMENTS),
    }
    for key in keys.left:
        reader.troubles.append(
            Invalid(f"`{key[:60]}` is not known: there are {', '.join(KEYS)}", line=lines.get(key))
        )
    text = {key: value if value is not None else "" for key, value in told.items()}
    numbers = ("review_months", "publish_at", "retire_at")
    told = {key: told[key] if key in numbers else text[key] for key in told}
    return AssetFile(
        **told, said=said, lines=lines, troubles=tuple(reader.troubles),
        spoiled=frozenset(reader.spoiled),
    )  # fmt: skip


_CHANGES = {word: word for word in ("draft", "review")}


class _Reader:
    """Reads keys one by one; what one of them refuses spoils that one only."""

    def __init__(self, file: YamlFile) -> None:
        self._file = file
        self.troubles: list[Invalid] = []
        self.spoiled: set[str] = set()

    def one(self, key: str, take: Any) -> Any:  # noqa: ANN401
        """Take one value, None when it is not there or wrong."""
        try:
            return take(key)
        except Invalid as error:
            self.troubles.append(error)
            self.spoiled.add(key)
            return None

    def many(self, key: str, take: Any, most: int = MANY) -> tuple[Any, ...]:  # noqa: ANN401
        """Take a list of mappings."""
        values = self._file.keys.said(key) or []
        if not isinstance(values, list) or len(values) > most:
            self.troubles.append(self._file.keys.refuse(key, f"must be a list of at most {most}"))
            self.spoiled.add(key)
            return ()
        found = []
        for number, value in enumerate(values):
            line = self._file.items.get((key, number), self._file.lines.get(key))
            try:
                found.append(_item(value, line, take))
            except Invalid as error:
                self.troubles.append(error)
                self.spoiled.add(key)
        return tuple(found)


def _item(value: object, line: int | None, take: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, dict):
        raise Invalid("expected `key: value` here", line=line)
    keys = Keys(FrontMatter(value, "", dict.fromkeys(value, line or 0)))
    found = take(keys, line)
    if keys.left:
        raise Invalid(f"`{next(iter(keys.left))[:60]}` is not known here", line=line)
    return found


def _revision(keys: Keys, line: int | None) -> RevisionTold:
    return RevisionTold(
        language=_language(keys, line),
        text=_needed(keys, "text", 64, line),
        author=keys.text("author", WORD),
        note=prose(keys, "note", NOTE_MOST),
        line=line,
    )


def _ruling(keys: Keys, line: int | None) -> RulingTold:
    verdict = keys.choice("verdict", {v.value: v.value for v in Verdict})
    at = _moment(keys, "at")
    if verdict is None or at is None:
        raise Invalid("a decision about a claim needs `verdict` and `at`", line=line)
    return RulingTold(
        verdict=verdict,
        language=_language(keys, line),
        sentences=words(keys, "sentences", 20_000),
        mark=_needed(keys, "mark", 24, line),
        why=prose(keys, "why", WHY_MOST),
        by=keys.text("by", WORD),
        at=at,
        line=line,
    )


def _attachment(keys: Keys, line: int | None) -> AttachmentTold:
    link, file = prose(keys, "link", 2000), prose(keys, "file", 1000)
    if bool(link) is bool(file):
        raise Invalid("an attachment has a `file` or a `link`", line=line)
    if link and clean_url(link) != link:
        raise Invalid(f"{link[:60]!r} is no https address", line=line)
    if file and not is_inside(file):
        raise Invalid(f"{file[:60]!r} leads out of the folder", line=line)
    public_id = keys.text("id", 32)
    if public_id and (len(public_id) != 32 or set(public_id) - set("0123456789abcdef")):  # noqa: PLR2004
        raise Invalid("`id` must be 32 digits and letters a to f, or left out", line=line)
    return AttachmentTold(
        id=public_id,
        name=prose(keys, "name", WORD) or file.rpartition("/")[2],
        file=file,
        sha256=keys.text("sha256", 64).lower(),
        size=_number(keys, "size") or 0,
        link=link,
        state=keys.choice("state", _STATES) or "served",
        line=line,
    )


def _needed(keys: Keys, key: str, limit: int, line: int | None) -> str:
    if text := keys.text(key, limit):
        return text
    raise Invalid(f"`{key}` is missing", line=line)


def _language(keys: Keys, line: int | None) -> str:
    found = keys.choice("language", {language.value: language.value for language in Language})
    if found is None:
        raise Invalid("`language` is missing", line=line)
    return str(found)


def _number(keys: Keys, key: str) -> int | None:
    value = keys.said(key)
    if value is not None and (not isinstance(value, int) or not 0 < value < 2**53):
        raise keys.refuse(key, "must be a whole number above 0")
    return value


def _moment(keys: Keys, key: str) -> datetime | None:
    value = keys.said(key)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        reason = f"is {str(value)[:60]!r}, not a moment such as 2026-11-03T09:00:00+07:00"
        raise keys.refuse(key, reason) from error


def dump(it: AssetFile) -> str:
    """Return the text of the file, "" when there is nothing to say."""
    values: dict[str, Any] = {
        "creator": it.creator,
        "backup-owner": it.backup_owner,
        "review-months": it.review_months,
        "reason": it.reason,
        "change": it.change,
        "publish-at": it.publish_at and it.publish_at.isoformat(),
        "retire-at": it.retire_at and it.retire_at.isoformat(),
        "pinned-for": list(it.pinned_for),
        "revisions": [_told(row) for row in it.revisions],
        "claims": [_told(row) for row in it.claims],
        "attachments": [_told(row) for row in it.attachments],
    }
    said = {key: value for key, value in values.items() if value}
    return yamltext.dump(said) if said else ""


def _told(row: RevisionTold | RulingTold | AttachmentTold) -> dict[str, Any]:
    names = [name for name in row.__dataclass_fields__ if name != "line"]
    values = {name: getattr(row, name) for name in names}
    if isinstance(row, AttachmentTold) and row.state == "served":
        values["state"] = ""
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items() if v}
    return {n: v.isoformat() if isinstance(v, datetime) else v for n, v in plain.items()}
