"""What a call can be, what customers say in it, who may change it: pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Person, Thing
from portal.accounts.rules import Department, Role
from portal.markup import fold

NUMBER_MOST = 2**31 - 1
ROLE_MOST, NOTE_MOST, WORDS_MOST, KEY_MOST = 80, 2000, 300, 200
TOKEN_MOST = 28
SAME_WITHIN = timedelta(hours=1)
"""Two people's calls on one deal this near to each other are perhaps the same call."""
AHEAD = timedelta(minutes=5)
"""How much later than now a call may be and still be logged: clocks differ."""
FAR = timedelta(days=731)
"""How far back or ahead a call can lie."""


class State(StrEnum):
    """How far a call has come."""

    PLANNED = "planned"
    LOGGED = "logged"
    OFF = "called-off"


class Kind(StrEnum):
    """What a call is for."""

    FIRST = "first"
    DISCOVERY = "discovery"
    DEMO = "demo"
    NEGOTIATION = "negotiation"
    FOLLOW_UP = "follow-up"
    OTHER = "other"


class Result(StrEnum):
    """What came of a call."""

    ADVANCED = "advanced"
    STALLED = "stalled"
    LOST = "lost"
    NO_ANSWER = "no-answer"


class Said(StrEnum):
    """What kind of thing a customer said."""

    OBJECTION = "objection"
    WISH = "wish"
    COMPLAINT = "complaint"
    COMPETITOR = "competitor"


class Answer(StrEnum):
    """Where a thing a customer said stands."""

    OPEN = "open"
    ANSWERED = "answered"
    ASIDE = "aside"


ROLES = ("owner", "director", "buyer", "finance", "technical", "user", "assistant")
"""With whom a rep talks, as a rule: what they do, never who they are."""

_DEPARTMENTS = {
    Said.OBJECTION: Department.MARKETING,
    Said.COMPETITOR: Department.MARKETING,
    Said.WISH: Department.PRODUCT,
    Said.COMPLAINT: Department.CUSTOMER_CARE,
}
_MONEY = tuple(
    f" {fold(word)}" + ("" if word.endswith("*") else " ")
    # a dot stands for the blank between two words, a star for any ending
    for word in "invoice* price* pricing payment* refund* billing* hóa·đơn báo·giá giá·cả giá·cao "
    "thanh·toán hoàn·tiền счет счета счету счетом счете счетов накладн* оплат* цена цены цену "
    "ценой цене прайс* возврат·денег".split()
)


def department_of(kind: Said, words: str) -> Department:
    """Return whose it is to answer this: complaints about money go to accounting."""
    if kind is Said.COMPLAINT:
        folded = f" {fold(words)} "
        if any(word in folded for word in _MONEY):
            return Department.ACCOUNTING
    return _DEPARTMENTS[kind]


def key_of(words: str) -> str:
    """Return what makes two spellings of the same words one."""
    return fold(words)[:KEY_MOST] or " ".join(words.split()).casefold()[:KEY_MOST]


def lines_of(text: str | None) -> list[str]:
    """Return what was typed, a thing a line, each once; blank lines and bullets do not count."""
    found: dict[str, str] = {}
    for line in (text or "").splitlines():
        words = " ".join(line.split()).strip("•*– -")
        if words:
            found.setdefault(key_of(words), words)
    return list(found.values())


def is_ahead(at: datetime, now: datetime) -> bool:
    """Whether a call has not taken place yet."""
    return at > now + AHEAD


def is_far(at: datetime, now: datetime) -> bool:
    """Whether a moment is too far away for a call, a slip of the finger perhaps."""
    return abs(at - now) > FAR


def may_edit(*, role: Role, viewer_id: int, user_id: int) -> bool:
    """Whether somebody may change a call: whoever held it, managers and admins."""
    return policy.may(Person(viewer_id, role), Act.CALL_CHANGE, Thing(owners=(user_id,)))


def own_token(user_id: int, sent: str | None) -> str:
    """Return a form's token as a call keeps it: nobody else's form can have the same."""
    clean = "".join(c for c in (sent or "") if c.isascii() and (c.isalnum() or c in "-_"))
    return f"{user_id}:{clean[:TOKEN_MOST]}" if clean else ""


def number_of(said: str | None) -> int | None:
    """Return a number of ours from outside, or None when it can be none."""
    text = (said or "").strip()
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(NUMBER_MOST)):
        return None
    number = int(text)
    return number if 0 < number <= NUMBER_MOST else None
