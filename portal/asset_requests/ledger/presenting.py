"""The ledger as its page shows it: rows of both sides, months in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from flask_babel import gettext

from portal.accounts.rules import Department
from portal.asset_requests.agreement.clocks import ANSWERING, Promise
from portal.asset_requests.agreement.labels import PROMISES
from portal.asset_requests.agreement.presenting import span_words
from portal.asset_requests.ledger.outcomes import OUTCOME
from portal.asset_requests.ledger.rules import Tally
from portal.web import figures, locale, words

TREND = 12
PROMISED = (*(promise.value for promise in Promise), OUTCOME)
"""All that is promised, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """Whose record, and how deep it lies: 0 of a whole side, 1 of a department, 2 of a team."""

    label: str
    depth: int
    tally: Tally
    share: str
    median: str
    ninety: str


@dataclass(frozen=True, slots=True)
class Block:
    """One promise and the record of everybody who gave it."""

    promise: str
    label: str
    rows: list[Row]


def _row(label: str, depth: int, promise: str, tally: Tally) -> Row:
    return Row(
        label,
        depth,
        tally,
        figures.percent(tally.share),
        span_words(tally.median, promise),
        span_words(tally.ninety, promise),
    )


def sides(
    tallies: Mapping[tuple[str, ...], Tally], teams: Mapping[int, str]
) -> list[tuple[str, list[Block]]]:
    """Return both sides' promises with their records: who answers, who asks."""
    found: tuple[list[Block], list[Block]] = ([], [])
    for promise in PROMISED:
        if (promise,) not in tallies:
            continue
        rows = [_row(str(gettext("All")), 0, promise, tallies[promise,])]
        rows += _departments(promise, tallies, teams)
        side = found[0 if promise in ANSWERING else 1]
        side.append(Block(promise, words.label(PROMISES, promise), rows))
    return [
        (str(gettext("Those who answer")), found[0]),
        (str(gettext("Those who ask")), found[1]),
    ]


def _departments(
    promise: str, tallies: Mapping[tuple[str, ...], Tally], teams: Mapping[int, str]
) -> Iterable[Row]:
    for department in [it.value for it in Department if (promise, it.value) in tallies]:
        key = (promise, department)
        label = words.label(words.DEPARTMENTS, department)
        yield _row(label, 1, promise, tallies[key])
        own = [k for k in tallies if k[:2] == key and len(k) == 3 and k[2]]  # noqa: PLR2004
        for one in sorted(own, key=lambda k: teams.get(int(k[2]), "")):
            yield _row(teams.get(int(one[2]), "–"), 2, promise, tallies[one])


def month_of(today: date) -> str:
    """Return the month it is."""
    return f"{today:%Y-%m}"


def month_label(month: str) -> str:
    """Return a month in words."""
    return str(
        format_skeleton("yMMMM", date.fromisoformat(f"{month}-01"), locale=str(locale.code()))
    )


def trend(
    found: Mapping[str, Mapping[str, tuple[int, int]]],
) -> list[tuple[str, str, list[str]]]:
    """Return the newest months as (key, words, share kept on time of each promise)."""
    lines = []
    for month in list(found)[:TREND]:
        cells = []
        for promise in PROMISED:
            kept, late = found[month].get(promise, (0, 0))
            cells.append(figures.percent(kept / (kept + late) if kept + late else None))
        lines.append((month, month_label(month), cells))
    return lines
