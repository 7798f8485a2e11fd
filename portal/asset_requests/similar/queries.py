"""The SELECTs behind requests alike: by a few of their words, never all of them."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import func, select

from portal.asset_requests.models import AssetRequest, RequestSupporter, RequestWord
from portal.asset_requests.rules import OPEN
from portal.asset_requests.similar.rules import ABOUT
from portal.db import db

JOINABLE = tuple(sorted(state.value for state in OPEN))
"""The states in which requests keep their words, and somebody waits for an answer."""


class Fact(NamedTuple):
    """What a request is about, without its words."""

    number: int
    title: str
    state: str
    language: str | None
    kind: str | None
    product: str | None
    competitor: str | None
    industry: str | None
    stage: str | None

    @property
    def about(self) -> dict[str, str]:
        """What is told of what it is about."""
        return {name: value for name in ABOUT if (value := getattr(self, name))}


FACT: tuple[Any, ...] = (
    AssetRequest.id,
    *(getattr(AssetRequest, name) for name in Fact._fields[1:]),
)
"""The columns of a fact, in their order."""


def open_requests() -> int:
    """Return how many requests can be waited for."""
    query = select(func.count()).where(AssetRequest.state.in_(JOINABLE))
    return db.session.scalar(query) or 0


def having(words: Collection[str]) -> dict[str, int]:
    """Return how many requests have each of these words; those nobody has are left out."""
    query = (
        select(RequestWord.word, func.count())
        .where(RequestWord.word.in_(sorted(words)))
        .group_by(RequestWord.word)
        .order_by(RequestWord.word)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def rows(words: Collection[str], limit: int) -> list[tuple[int, str, int]]:
    """Return (request, word, weight) of the requests that have one of these words."""
    query = (
        select(RequestWord.request_id, RequestWord.word, RequestWord.weight)
        .where(RequestWord.word.in_(sorted(words)))
        .order_by(RequestWord.word, RequestWord.request_id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def words_of(numbers: Collection[int]) -> dict[int, dict[str, int]]:
    """Return all the words of these requests."""
    query = (
        select(RequestWord.request_id, RequestWord.word, RequestWord.weight)
        .where(RequestWord.request_id.in_(sorted(numbers)))
        .order_by(RequestWord.request_id, RequestWord.word)
    )
    found: dict[int, dict[str, int]] = {number: {} for number in numbers}
    for number, word, weight in db.session.execute(query):
        found[number][word] = weight
    return found


def facts(numbers: Collection[int]) -> dict[int, Fact]:
    """Return what these requests are about, but those nobody can wait for any more."""
    query = (
        select(*FACT)
        .where(AssetRequest.id.in_(sorted(numbers)), AssetRequest.state.in_(JOINABLE))
        .order_by(AssetRequest.id)
    )
    return {row[0]: Fact(*row) for row in db.session.execute(query)}


def waited_for(numbers: Collection[int], user_id: int) -> set[int]:
    """Return those of these requests that somebody waits for already."""
    query = (
        select(RequestSupporter.request_id)
        .where(RequestSupporter.request_id.in_(sorted(numbers)))
        .where(RequestSupporter.user_id == user_id)
        .order_by(RequestSupporter.request_id)
    )
    return set(db.session.scalars(query))
