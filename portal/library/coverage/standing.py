"""How the languages of all assets stand: gathered, counted, narrowed, put in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.config import Language
from portal.library.coverage import queries
from portal.library.coverage.queries import Standing
from portal.library.translation import rules
from portal.library.translation.rules import Head, Status

SORTS = ("use", "newest")


@dataclass(frozen=True, slots=True)
class Covered:
    """An asset with how each language of it stands."""

    asset_id: int
    slug: str
    kind: str
    title: str
    language: str
    updated_at: datetime
    source: Head
    heads: Mapping[str, Head]
    statuses: Mapping[str, Status]


def assets(*, kind: str | None, person_id: int | None) -> list[Covered]:
    """Return every asset that is not retired with how its languages stand, in one statement."""
    rows: dict[int, list[Standing]] = {}
    for row in queries.standings(kind=kind, person_id=person_id):
        rows.setdefault(row.asset_id, []).append(row)
    return [found for texts in rows.values() if (found := _covered(texts)) is not None]


def _covered(texts: Sequence[Standing]) -> Covered | None:
    heads = {text.head.language: text.head for text in texts}
    language = rules.original(list(heads.values()))
    text = next((it for it in texts if it.head.language == language), texts[0])
    source = text.head
    known = {it.head.language: it for it in texts}
    return Covered(
        asset_id=text.asset_id,
        slug=text.slug,
        kind=text.kind,
        title=text.title,
        language=source.language,
        updated_at=text.updated_at,
        source=source,
        heads=heads,
        statuses={
            code.value: rules.status(
                heads.get(code),
                source,
                served=known[code].served if code in known else None,
                public=text.is_public,
            )
            for code in Language
        },
    )


def counts(covered: Sequence[Covered]) -> dict[str, dict[Status, int]]:
    """Return how many assets stand how, by language."""
    found = {code.value: dict.fromkeys(Status, 0) for code in Language}
    for it in covered:
        for code, status in it.statuses.items():
            found[code][status] += 1
    return found


def wanted(
    covered: Sequence[Covered], *, language: str | None, status: Status | None
) -> list[Covered]:
    """Return the assets of which that language, or any, stands so."""
    if status is None:
        return list(covered)
    codes = [language] if language else [code.value for code in Language]
    return [it for it in covered if any(it.statuses[code] is status for code in codes)]


def ordered(covered: Sequence[Covered], *, used: Mapping[int, int] | None) -> list[Covered]:
    """Sort by use, the most used first, or the last changed first."""
    newest = sorted(covered, key=lambda it: (it.updated_at, it.asset_id), reverse=True)
    if used is None:
        return newest
    return sorted(newest, key=lambda it: -used.get(it.asset_id, 0))
