"""Roles and departments, and what is decided about people without a database."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from math import ceil
from urllib.parse import urlsplit


class Role(StrEnum):
    """What a person may do; each role may do all that the ones before it may."""

    REP = "rep"
    CONTRIBUTOR = "contributor"
    MARKETER = "marketer"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for a rep up to 4 for an admin."""
        return list(Role).index(self)

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what `needed` may."""
        return self.rank >= needed.rank


class Department(StrEnum):
    """Where a person works; content and requests belong to departments."""

    SALES = "sales"
    MARKETING = "marketing"
    PRODUCT = "product"
    ACCOUNTING = "accounting"
    CUSTOMER_CARE = "customer-care"


DEMO_DOMAIN = "tarvel.example"
"""Where the demo's invented people have their e-mail; in a demo they sign in by a button."""


# --- words from outside -----------------------------------------------------------------------

# Controls, lone surrogates and line separators; and the marks that turn the direction of the text
# around, with which one name can be made to look like another.
_BAD_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_plain(text: str) -> bool:
    """Whether a text is one line without control characters, lone surrogates or bidi overrides."""
    return not any(c in _TURNING or unicodedata.category(c) in _BAD_CATEGORIES for c in text)


def fold(text: str) -> str:
    """Return the key under which two spellings of one name meet: without case, NFC."""
    # Unicode's canonical caseless matching: decomposed first, or some Greek letters would not meet
    decomposed = unicodedata.normalize("NFD", text)
    folded = unicodedata.normalize("NFD", decomposed.casefold())
    return unicodedata.normalize("NFC", folded.casefold())


def clean_name(text: str, *, most: int) -> str | None:
    """Return a name in any script, NFC, blanks folded; None when empty, too long or not plain."""
    if len(text) > 4 * most:
        return None
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    return name if name and len(name) <= most and is_plain(name) else None


EMAIL_MOST = 254
EMAIL_KEY_MOST = 508


def clean_email(text: str) -> str | None:
    """Return an e-mail address as it is kept, NFC; None when it can not be one."""
    email = unicodedata.normalize("NFC", text.strip()) if len(text) <= 4 * EMAIL_MOST else ""
    local, at, domain = email.rpartition("@")
    good = (
        bool(local and at and domain)
        and len(email) <= EMAIL_MOST
        and "@" not in local
        and email.isprintable()  # nothing invisible: two people must not look like one
        and " " not in email
        and not (domain.startswith(".") or domain.endswith(".") or ".." in domain)
        and len(fold(email)) <= EMAIL_KEY_MOST
        and len(email_key(email)) <= EMAIL_KEY_MOST
    )
    return email if good else None


def email_key(email: str) -> str:
    """Return the key under which the spellings of one address meet: `xn--…` domains in letters."""
    local, at, domain = email.strip().rpartition("@")
    return fold(local + at + ".".join(map(_letters, domain.split("."))))


def email_keys(email: str) -> list[str]:
    """Return `email_key`, then the keys under which the address may have been kept before it."""
    key = email_key(email)
    local, at, domain = key.rpartition("@")
    encoded = local + at + ".".join(map(_encoded, domain.split(".")))
    return list(dict.fromkeys((key, fold(email.strip()), encoded)))


def is_same_address(one: str, other: str) -> bool:
    """Whether two addresses are one for every mail server; `email_key` also joins ß and ss."""
    (a, _, at), (b, _, there) = one.rpartition("@"), other.rpartition("@")
    same = a == b or (a.isascii() and b.isascii() and a.lower() == b.lower())
    domains = [[_letters(it).lower() for it in domain.split(".")] for domain in (at, there)]
    return same and domains[0] == domains[1]


def _letters(label: str) -> str:
    """Return a label of a domain as people write it; what is no good Punycode stays as it is."""
    if label[:4].lower() != "xn--" or not label.isascii():
        return label
    try:
        letters = label[4:].lower().encode().decode("punycode")
        good = not letters.isascii() and letters.isprintable() and _encoded(letters)
    except (UnicodeError, ValueError, OverflowError):
        return label
    return letters if good == label.lower() else label


def _encoded(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()


# --- passwords ----------------------------------------------------------------------------------

PASSWORD_LEAST = 8
PASSWORD_MOST = 128


class PasswordProblem(StrEnum):
    """Why a new password can not be used."""

    SHORT = "short"
    LONG = "long"
    UNREADABLE = "unreadable"
    EASY = "easy"  # one of those that are tried first


def normal_password(text: str) -> str:
    """Return the password as it is hashed: NFC, since keyboards compose letters differently."""
    return unicodedata.normalize("NFC", text)


def password_problem(text: str) -> PasswordProblem | None:
    """Say what is wrong with a new password: 8 to 128 characters, whichever they are."""
    normal = normal_password(text)
    if len(normal) < PASSWORD_LEAST:
        return PasswordProblem.SHORT
    if len(normal) > PASSWORD_MOST:
        return PasswordProblem.LONG
    if any(c == "\0" or unicodedata.category(c) == "Cs" for c in normal):
        return PasswordProblem.UNREADABLE
    return None


# --- how often one may try ----------------------------------------------------------------------

WINDOW = timedelta(hours=1)
FREE_PER_ACCOUNT = 5
FREE_PER_ADDRESS = 30
FIRST_WAIT = 30
LONGEST_WAIT = 900


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in."""

    at: datetime
    account: str
    address: str
    succeeded: bool


def address_key(address: str | None) -> str:
    """Return what counts as one network neighbour: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


def _wait(failures: list[datetime], *, free: int, now: datetime) -> int:
    """Return the seconds left: nothing for the first `free` failures, then doubling each time."""
    extra = len(failures) - free
    if extra < 0:
        return 0
    delay = min(FIRST_WAIT * 2 ** min(extra, 10), LONGEST_WAIT)
    left = ceil((max(failures) + timedelta(seconds=delay) - now).total_seconds())
    return min(max(left, 0), LONGEST_WAIT)  # a clock that was set back locks nobody out for long


def seconds_to_wait(
    attempts: Iterable[Attempt], *, account: str, address: str, now: datetime
) -> int:
    """Return how many seconds to wait before the next try; 0 when it may be made now.

    Failures of the last hour count, of the account since it last succeeded, of the address all:
    one's own password must not clear the way to try other people's.
    """
    recent = [a for a in attempts if a.at > now - WINDOW]
    mine = [a for a in recent if a.account == account]
    last = max((a.at for a in mine if a.succeeded), default=None)
    of_account = [a.at for a in mine if not a.succeeded and (last is None or a.at > last)]
    of_address = [a.at for a in recent if a.address == address and not a.succeeded]
    return max(
        _wait(of_account, free=FREE_PER_ACCOUNT, now=now),
        _wait(of_address, free=FREE_PER_ADDRESS, now=now),
    )


# --- sessions -----------------------------------------------------------------------------------

SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives unused, and in any case."""

    idle: timedelta
    absolute: timedelta


def is_alive(started: datetime, last_seen: datetime, *, limits: Limits, now: datetime) -> bool:
    """Whether a session that was not ended may still be used."""
    return now - started < limits.absolute and now - last_seen < limits.idle


def is_due(last_seen: datetime, *, now: datetime) -> bool:
    """Whether it is time to note that the session is in use."""
    return now - last_seen >= SEEN_EVERY


# --- where to go next ---------------------------------------------------------------------------

PATH_MOST = 2000


def local_path(target: str | None) -> str | None:
    """Return a path on this portal, or None when it might lead a browser elsewhere."""
    if not target or len(target) > PATH_MOST or not target.startswith("/"):
        return None
    # browsers read \ as / and drop tabs and line breaks, so `/\host` and `/<tab>/host` are hosts
    if target.startswith("//") or "\\" in target or not is_plain(target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target


# --- devices ------------------------------------------------------------------------------------

# the first that occurs wins: browsers name their ancestors, too
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """Return what a person calls the browser of a User-Agent, e.g. `Firefox · Android`; or ""."""
    found = (next((n for mark, n in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(name for name in found if name)
