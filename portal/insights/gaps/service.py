"""Finds the gaps of now: gathers searches and requests, puts them together, weighs, reads only."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from portal.insights.gaps import queries, rules, weighing
from portal.insights.gaps.queries import Asked
from portal.insights.gaps.rules import Item, Way
from portal.insights.gaps.weighing import Gap
from portal.markup import fold
from portal.search import rules as searching
from portal.search import wording
from portal.search.finding import Finder

EVERY = timedelta(minutes=1)
"""How long what was found is believed."""
CHECKED = 120
"""Gaps that are searched again to see whether something new answers them: the heaviest."""


@lru_cache(maxsize=4096)
def _words(text: str, names: int) -> Mapping[str, int]:  # noqa: ARG001  # the names it was read by
    return wording.words(text)


def found(now: datetime, finder: Finder) -> list[Gap]:
    """Return the gaps of the last 90 days that nothing answers yet, in no order."""
    since = now - timedelta(days=rules.WINDOW_DAYS)
    named = hash(frozenset(wording.vocabulary().exact.items()))

    def apart(text: str) -> Mapping[str, int]:
        return _words(text, named)

    items = rules.merged(queries.in_vain(since), apart, rules.WORDINGS_MOST)
    items += _requests(queries.asked(since, rules.REQUESTS_MOST), named)
    stakes = queries.open_deals({deal for item in items for deal in item.deals})
    groups = [group for group in rules.together(items) if not rules.is_answered(group)]
    gaps = [weighing.gap_of(group, stakes) for group in groups]
    return _unanswered(gaps, finder)


class Kept:
    """The gaps found last; one a process.

    Looked for anew after a minute, or as soon as a request was asked or moved on.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._at: datetime | None = None
        self._mark: tuple[Any, ...] | None = None
        self._gaps: list[Gap] = []

    def found(self, now: datetime, finder: Finder, *, every: timedelta = EVERY) -> list[Gap]:
        """Return the gaps of now, or of less than a minute ago."""
        mark = queries.mark()
        if self._at is None or mark != self._mark or not timedelta() <= now - self._at < every:
            self._gaps = found(now, finder)
            self._at, self._mark = now, mark
        return self._gaps


def _requests(asked: list[Asked], named: int) -> list[Item]:
    waits = queries.waiting([it.fact.number for it in asked])
    return [_request(it, waits[it.fact.number], named) for it in asked]


def _request(it: Asked, waits: list[tuple[int, int | None]], named: int) -> Item:
    fact, is_answer = it.fact, it.fact.state in rules.DELIVERED
    return Item(
        way=Way.ANSWER if is_answer else Way.REQUEST,
        text=fact.title,
        key=fold(it.query or fact.title),
        words=_words(f"{fact.title}\n{it.query}", named),
        people=frozenset(user for user, _ in waits),
        deals=frozenset(deal for _, deal in waits if deal is not None),
        last=it.changed if is_answer else it.at,
        number=fact.number,
        state=fact.state,
        about=fact.about,
        language=fact.language,
    )


def _unanswered(gaps: list[Gap], finder: Finder) -> list[Gap]:
    """Leave out what an asset answers that was published after the last search for it."""
    times = [gap.last for gap in gaps if not gap.requests]
    if not times:
        return gaps
    fresh = queries.new_assets(datetime.fromtimestamp(min(times), UTC))
    heavy = sorted(gaps, key=lambda gap: (-gap.deals, -gap.people, -gap.times, gap.text))
    checked = {id(gap) for gap in heavy[:CHECKED]}
    return [
        gap
        for gap in gaps
        if gap.requests or id(gap) not in checked or not _answers(gap, fresh, finder)
    ]


def _answers(gap: Gap, fresh: Mapping[str, int], finder: Finder) -> bool:
    """Whether something published since comes among the first results with half of the words."""
    if not any(at > gap.last for at in fresh.values()):
        return False
    asked = searching.ask(gap.text, size=rules.FIRST_HITS)
    return any(
        fresh.get(hit.card.slug, 0) > gap.last and 2 * len(hit.snippet.missing) <= len(asked.words)
        for hit in finder.find(asked).hits
    )
