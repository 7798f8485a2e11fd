"""What a backup file says of itself, which names may stand in it, which files can be restored."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
HEADER, SETTINGS, MANIFEST, SEAL = "backup.json", "settings.json", "manifest.json", "seal.json"
"""The members beside tables and files; the first and the last two frame the others."""

SKIPPED = frozenset(
    {
        "alembic_version",  # the header tells it
        "job_workers",  # processes of the old place
        "search_blocks", "search_index", "search_pending", "search_segments", "search_texts",
        "search_words",  # the index: made anew
    }
)  # fmt: skip
"""Tables that stay out of backups."""
SESSIONS = frozenset({"sessions", "tickets"})
"""Tables that are restored only when asked: who stole a backup must not get in by it. Tickets are
invitations and links for a new password; a database may know none."""

_PART = re.compile(r"tables/([a-z][a-z0-9_]{0,62})/(\d{6})\.jsonl\.gz")
_FILE = re.compile(r"files/([0-9a-f]{64})")


class UnusableError(Exception):
    """A backup file can not be used; the text says why, and what to do if there is something."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is told first: enough to know whether this portal can read the rest.

    `tables`: name → (column, kind) in the order rows have them.
    """

    format: int
    version: str
    schema: str
    database: str
    made_at: str
    tables: dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One member: rows of a table, or an attachment; `rows` is 0 for those."""

    name: str
    size: int
    sha256: str
    rows: int = 0


@dataclass(slots=True)
class Manifest:
    """What is told last, when it is known: every member, what could not be read, how much it is."""

    header: Header
    parts: list[Part] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    raw_bytes: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        found = dict.fromkeys(self.header.tables, 0)
        for part in self.parts:
            if table := table_of(part.name):
                found[table] += part.rows
        return found

    @property
    def files(self) -> list[Part]:
        """The attachments."""
        return [part for part in self.parts if digest_of(part.name)]

    def told(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self) | {"counts": self.counts}


def table_of(name: str) -> str | None:
    """Return the table a member holds rows of; None: another member."""
    found = _PART.fullmatch(name)
    return found[1] if found else None


def digest_of(name: str) -> str | None:
    """Return the digest of the attachment that a member is; None: another member."""
    found = _FILE.fullmatch(name)
    return found[1] if found else None


def part_name(table: str, number: int) -> str:
    """Return the name of a member with rows."""
    return f"tables/{table}/{number:06}.jsonl.gz"


def header_of(told: Any) -> Header:  # noqa: ANN401  # whatever JSON says
    """Read a header.

    Raises:
        UnusableError: when it is none, or one of a newer portal.
    """
    if not isinstance(told, dict) or not isinstance(told.get("format"), int):
        raise UnusableError("it is no backup of this portal")
    if told["format"] > FORMAT:
        raise UnusableError("it was made by a newer portal: install that one, then restore")
    try:
        tables = {
            str(name): [(str(column), str(kind)) for column, kind in columns]
            for name, columns in told["tables"].items()
        }
        words = {key: str(told[key]) for key in ("version", "schema", "database", "made_at")}
        return Header(format=told["format"], tables=tables, **words)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnusableError("it is damaged: its first lines can not be read") from error


def manifest_of(told: Any, header: Header) -> Manifest:  # noqa: ANN401
    """Read a manifest that must speak of the same backup as the header did.

    Raises:
        UnusableError: when it can not be read or speaks of another one.
    """
    try:
        parts = [Part(**part) for part in told["parts"]]
        made = Manifest(
            header_of(told["header"]), parts, list(told["missing"]), int(told["raw_bytes"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableError("it is damaged: its list of contents can not be read") from error
    if made.header != header or told.get("counts") != made.counts:
        raise UnusableError("it is damaged: its list of contents does not fit its first lines")
    return made


def check_schema(at: str, known: list[str]) -> None:
    """Refuse what was made at a migration that is not known here.

    Raises:
        UnusableError: with what to do.
    """
    if at not in known:
        raise UnusableError(
            f"its database was at migration {at}, which is unknown here (the newest is "
            f"{known[-1]}): install the newer portal that made it, then restore"
        )
