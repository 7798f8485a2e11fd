"""Forms of bulk actions: which assets, and what is to be done to them."""

import re
from collections.abc import Mapping
from datetime import date

from portal.errors import Invalid
from portal.library.bulk.changing import Plan
from portal.library.bulk.rules import MOST, Task
from portal.library.freshness.forms import whole
from portal.library.freshness.rules import EARLIEST
from portal.library.publishing.rules import REASON_MOST
from portal.usage.rules import INTEGER_MOST

IDS_MOST = MOST * 12
_TOKEN = re.compile(r"[0-9a-f]{32}")


def ids_of(text: str | None) -> list[int]:
    """Return the ids that stand in a hidden field, each once; what is no id is left out."""
    words = (text or "")[:IDS_MOST].split(",")
    numbers = (whole(word, least=1, most=INTEGER_MOST) for word in words)
    return list(dict.fromkeys(n for n in numbers if n is not None))[:MOST]


def token_of(text: str | None) -> str | None:
    """Return what tells two sendings of one form from two forms."""
    return text if text and _TOKEN.fullmatch(text) else None


def plan_of(said: Mapping[str, str], *, today: date) -> Plan:
    """Return what is to be done.

    Raises:
        Invalid: when something is missing or no such thing.
    """
    if said.get("task") not in set(Task):
        raise Invalid("choose what is to be done")
    task = Task(said["task"])
    if task in {Task.TAG, Task.UNTAG}:
        term_id = whole(said.get("term"), least=1, most=INTEGER_MOST)
        if term_id is None:
            raise Invalid("choose a word")
        return Plan(task, term_id=term_id)
    if task in {Task.OWNER, Task.BACKUP}:
        return Plan(task, person_id=_person(said.get("person")))
    if task is Task.CHECKED:
        return Plan(task, day=_day(said.get("day"), today))
    reason = "".join(
        c for c in said.get("reason", "") if c != "\x00" and not "\ud800" <= c <= "\udfff"
    ).strip()
    if not reason or len(reason) > REASON_MOST:
        raise Invalid("say why, in at most 2,000 characters")
    return Plan(task, reason=reason)


def _person(text: str | None) -> int | None:
    """Return a person's id; None for "nobody", which is said with a hyphen."""
    if text == "-":
        return None
    found = whole(text, least=1, most=INTEGER_MOST)
    if found is None:
        raise Invalid("choose somebody")
    return found


def _day(text: str | None, today: date) -> date:
    if not (text or "").strip():
        return today
    try:
        day = date.fromisoformat(str(text).strip()[:20])
    except ValueError as error:
        raise Invalid("this is not a date") from error
    if not EARLIEST <= day <= today:
        raise Invalid("the day of a check is not after today")
    return day
