"""Finds the open requests most like one that is about to be asked; reads only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.asset_requests.queries import weights
from portal.asset_requests.similar import queries, rules
from portal.asset_requests.similar.rules import Said

Words = Callable[[str], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Alike:
    """An open request like the one asked: how many wait for it, whether this person does."""

    number: int
    title: str
    state: str
    score: float
    people: int
    mine: bool


def scored(asked: Said) -> tuple[dict[int, float], dict[int, queries.Fact]]:
    """Return how alike the nearest open requests are, and what they are about."""
    sought = rules.asked_words(asked.words)
    known = queries.having(sought) if sought else {}
    if not known:
        return {}, {}
    total = queries.open_requests()
    chosen = rules.rarest(known)
    near = rules.candidates(sought, queries.rows(chosen, rules.ROWS_MOST), known, total)
    facts = queries.facts(near)
    words = queries.words_of(facts)
    return {
        number: rules.alike(asked, Said(words[number], fact.about, fact.language), known, total)
        for number, fact in facts.items()
    }, facts


def find(asked: Said, user_id: int) -> list[Alike]:
    """Return up to three open requests that may be the same, the most alike first."""
    scores, facts = scored(asked)
    chosen = rules.best(scores)
    if not chosen:
        return []
    mine, waiting = queries.waited_for(chosen, user_id), weights(chosen)
    return [
        Alike(
            number=number,
            title=facts[number].title,
            state=facts[number].state,
            score=scores[number],
            people=waiting[number].people,
            mine=number in mine,
        )
        for number in chosen
    ]
