"""The SELECTs behind suggestions."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal.config import Language
from portal.db import db
from portal.library.models import AssetText
from portal.search.hints.models import Phrase, TitleWord
from portal.search.hints.rules import Made, Said, after
from portal.search.priors.models import SearchUse
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

LOOKED_AT = 300
"""Titles with a word that begins so, of which the best are shown."""
OWN_SEARCHES = 80
"""One's latest searches, among which different ones are looked for."""


def titles(words: Sequence[str], language: str, *, own: bool) -> list[tuple[int, int, int, int]]:
    """Return (text, asset, place, opens) of titles in which each word begins one.

    `own`: those in the language, else those in all the others. At most `LOOKED_AT`.
    """
    longest = max(words, key=len)
    wanted = [language] if own else [code.value for code in Language if code != language]
    query = (
        select(TitleWord.text_id, TitleWord.place)
        .where(
            TitleWord.language.in_(wanted),
            TitleWord.word >= longest,
            TitleWord.word < after(longest),
        )
        .order_by(TitleWord.word, TitleWord.text_id)
        .limit(LOOKED_AT)
    )
    for word in words:
        if word is not longest:
            other = aliased(TitleWord)
            query = query.where(
                exists().where(
                    other.text_id == TitleWord.text_id,
                    other.word >= word,
                    other.word < after(word),
                )
            )
    found = query.subquery().c
    rows: Any = db.session.execute(
        select(found.text_id, AssetText.asset_id, found.place, func.coalesce(SearchUse.opens, 0))
        .join(AssetText, AssetText.id == found.text_id)
        .outerjoin(SearchUse, SearchUse.asset_id == AssetText.asset_id)
    )
    return sorted((row[0], row[1], row[2], row[3]) for row in rows)


_STATE = select(func.count(), func.max(Phrase.counted_at))


def phrases_state() -> tuple[Any, ...]:
    """Return what changes when phrases are counted anew."""
    return tuple(db.session.connection().execute(_STATE).one())


def phrases() -> list[Said]:
    """Return the searches that may be suggested to everybody, those of most people first."""
    query = select(Phrase.text, Phrase.language, Phrase.people)
    rows = db.session.execute(query.order_by(Phrase.people.desc(), Phrase.text))
    return [Said(*row) for row in rows]


_opened = aliased(UsageEvent)
_LED_ON = exists().where(_opened.ref == UsageEvent.ref, _opened.action == Action.OPENED.value)
_MADE = select(UsageEvent.user_id, UsageEvent.at, UsageEvent.query, _LED_ON).where(
    UsageEvent.action == Action.SEARCHED.value, UsageEvent.query.is_not(None)
)
_OWN = (
    _MADE.where(UsageEvent.user_id == bindparam("user_id"), UsageEvent.results > 0)
    .order_by(UsageEvent.at.desc(), UsageEvent.id.desc())
    .limit(OWN_SEARCHES)
)


def own_searches(user_id: int) -> list[Made]:
    """Return somebody's latest searches that found something, the latest first."""
    rows: Any = db.session.connection().execute(_OWN, {"user_id": user_id})
    return [Made(who, at, text, bool(opened)) for who, at, text, opened in rows]


def led_on(since: datetime) -> Iterator[Made]:
    """Yield the searches by which people whose name is known found what they opened."""
    query = _MADE.where(
        and_(UsageEvent.at >= since, UsageEvent.user_id.is_not(None), _LED_ON)
    ).order_by(UsageEvent.id)
    rows: Any = db.session.execute(query)
    for who, at, text, _ in rows:
        yield Made(who, at, text, opened=True)
