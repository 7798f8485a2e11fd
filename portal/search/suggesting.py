"""Published assets that may answer what somebody is about to ask for."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from portal.library.links import asset_path
from portal.search import rules, wording
from portal.search.finding import Finder, FoundHit

SHOWN = 3
LOOKED_AT = 8
TEXT_MOST = 300
NARROWING = ("kind", "competitor", "product", "industry")
"""What narrows the search first, chosen or named; if that is too little, the best of all follow."""


class Answering(NamedTuple):
    """An asset that may answer: its text, and where it is."""

    slug: str
    language: str
    title: str
    kind: str
    url: str


def _one(hit: FoundHit) -> Answering:
    card = hit.card
    url = asset_path(card.slug, card.language, trail="from=request")
    return Answering(card.slug, card.language, card.title, card.kind, url)


def found(finder: Finder, text: str) -> list[Answering]:
    """Return the first published assets a search finds: what a deliverer chooses from."""
    return [_one(hit) for hit in finder.find(rules.ask(text, size=LOOKED_AT)).hits]


def answers(
    finder: Finder, text: str, *, about: Mapping[str, str], prefer: str | None = None
) -> list[Answering]:
    """Return up to three published assets that have at least half of the words that tell."""
    said = wording.topic(text[:TEXT_MOST])
    if not said:
        return []
    named = wording.named(text[:TEXT_MOST])
    chosen = {f: [value] for f in NARROWING if (value := about.get(f) or named.get(f))}
    offered: dict[str, Answering] = {}
    for filters in (chosen, {}) if chosen else ({},):
        asked = rules.ask(said, filters=filters, size=LOOKED_AT, prefer=rules.reader_of(prefer))
        answer = finder.find(asked)
        for hit in _telling(answer.hits, len(asked.words), chosen.get("competitor", ())):
            offered.setdefault(hit.card.slug, _one(hit))
        if len(offered) >= SHOWN:
            break
    return list(offered.values())[:SHOWN]


def _telling(hits: Iterable[FoundHit], words: int, rival: Collection[str]) -> Iterable[FoundHit]:
    """Return the hits that lack at most half of the words and are about no other competitor."""
    for hit in hits:
        about = {slug for slug, _ in hit.shown.competitors}
        if 2 * len(hit.snippet.missing) <= words and not (
            rival and about.isdisjoint(rival) and about
        ):
            yield hit
