"""Gaps: searches and requests of the same meaning as one, what each weighs, which are answered.

Pure. What is gathered comes as `Item`s; whatever their order, the same gaps come out of them, and
each item is part of exactly one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.asset_requests.rules import State
from portal.asset_requests.similar.rules import ABOUT, Said, alike, is_enough
from portal.markup import fold

WINDOW_DAYS = 90
"""How far back is looked."""
SEARCHES_MOST = 10_000
"""Searches looked at: the latest."""
WORDINGS_MOST = 300
"""Different wordings put together: those that most people searched for."""
REQUESTS_MOST = 300
"""Requests put together with them: the latest."""
SAME = 0.45
"""How alike two wordings are that mean the same: 1 the same words, see `similar.rules.alike`."""
MEANT = 1.25
"""By how much more alike they are that name the same trade concepts and the same competitor."""
_SIDE = ("=product/", "=industry/", "=persona/", "=stage/")
SPELLINGS_SHOWN = 4
DELIVERED = frozenset({State.DELIVERED, State.ACCEPTED})
"""Requests that are answered."""
FIRST_HITS = 5
"""Among so many first results an answer must come."""


class Way(StrEnum):
    """Where a wording comes from."""

    SEARCH = "search"
    REQUEST = "request"
    ANSWER = "answer"  # a request that was delivered


@dataclass(frozen=True, slots=True)
class Wording:
    """Searches in vain of one person, for one deal or none, that were typed the same way.

    `last` is in seconds since 1970, `empty` how many of them found nothing at all.
    """

    text: str
    user_id: int | None
    deal_id: int | None
    times: int
    empty: int
    last: int


@dataclass(frozen=True, slots=True)
class Item:
    """All searches of the same letters, or a request; what is put together with others."""

    way: Way
    text: str
    key: str
    words: Mapping[str, int]
    times: int = 0
    empty: int = 0
    people: frozenset[int] = frozenset()
    unknown: int = 0
    deals: frozenset[int] = frozenset()
    last: int = 0
    number: int = 0
    state: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None

    @property
    def place(self) -> tuple[object, ...]:
        """Where it comes when gaps are made; the same for the same items in whatever order."""
        return (-len(self.people), -self.times, -self.last, self.key, self.way, self.number)


def merged(
    wordings: Iterable[Wording], words: Callable[[str], Mapping[str, int]], most: int
) -> list[Item]:
    """Return the searches by what was typed, case and diacritics aside; those of most people."""
    by_key: dict[str, list[Wording]] = {}
    for it in wordings:
        if is_enough(it.text) and (key := fold(it.text)):
            by_key.setdefault(key, []).append(it)
    found = [_item(key, said) for key, said in by_key.items()]
    kept = sorted(found, key=lambda it: it.place)[:most]
    return [replace(it, words=said, about=named(said)) for it in kept if (said := words(it.text))]


def _item(key: str, said: Sequence[Wording]) -> Item:
    spelt: dict[str, int] = {}
    for it in said:
        spelt[it.text] = spelt.get(it.text, 0) + it.times
    return Item(
        Way.SEARCH,
        min(spelt, key=lambda text: (-spelt[text], text)),
        key,
        {},
        times=sum(it.times for it in said),
        empty=sum(it.empty for it in said),
        people=frozenset(it.user_id for it in said if it.user_id is not None),
        unknown=sum(it.times for it in said if it.user_id is None),
        deals=frozenset(it.deal_id for it in said if it.deal_id is not None),
        last=max(it.last for it in said),
    )


def together(items: Iterable[Item]) -> list[list[Item]]:
    """Put items of the same meaning together: each is in one group, the first of it leads.

    Those that most people said come first; each joins the leader it is most like, or leads.
    """
    ordered = sorted(items, key=lambda item: item.place)
    having: dict[str, int] = {}
    for item in ordered:
        for word in item.words:
            having[word] = having.get(word, 0) + 1
    groups: list[list[Item]] = []
    leads: dict[str, list[int]] = {}
    for item in ordered:
        home = _home(item, groups, leads, having, len(ordered))
        if home is not None:
            groups[home].append(item)
            continue
        for word in {f"key {item.key}", *item.words}:
            leads.setdefault(word, []).append(len(groups))
        groups.append([item])
    return groups


def _home(
    item: Item,
    groups: Sequence[Sequence[Item]],
    leads: Mapping[str, Sequence[int]],
    having: Mapping[str, int],
    total: int,
) -> int | None:
    """Return the group an item belongs to: of the same letters, else the most alike, if any."""
    same = leads.get(f"key {item.key}")
    if same:
        return same[0]
    near = sorted({place for word in item.words for place in leads.get(word, ())})
    scored = [(_likeness(item, groups[place][0], having, total), -place) for place in near]
    best = max(scored, default=(0.0, 0))
    return -best[1] if best[0] >= SAME else None


def _likeness(item: Item, lead: Item, having: Mapping[str, int], total: int) -> float:
    """Return how alike two wordings are; concepts tie them across languages."""
    mine = Said(item.words, item.about, item.language)
    its = Said(lead.words, lead.about, lead.language)
    meant, said = _concepts(item), _concepts(lead)
    return alike(mine, its, having, total) * (MEANT if meant and meant == said else 1.0)


def _concepts(item: Item) -> frozenset[str]:
    """Return the concepts and names a wording has, but those its words only brush against."""
    return frozenset(it for it in item.words if it.startswith("=") and not it.startswith(_SIDE))


def is_answered(group: Sequence[Item]) -> bool:
    """Whether what was delivered for a request of the same meaning came after all who wanted it.

    A request that is open is not answered, whatever came for another one.
    """
    if any(item.way is Way.REQUEST and item.state != State.DECLINED for item in group):
        return False
    answers = [item.last for item in group if item.way is Way.ANSWER]
    wanted = [item.last for item in group if item.way is not Way.ANSWER]
    return not wanted or max(answers, default=-1) > max(wanted)


def named(words: Mapping[str, int]) -> dict[str, str]:
    """Return what a wording is about, by facet: the words of the vocabulary it names, if only one.

    Words of the vocabulary come as `=competitor/kestrel`; see `portal.search.wording`.
    """
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        facet, _, slug = word.removeprefix("=").partition("/")
        if word.startswith("=") and slug and facet in ABOUT:
            found.setdefault(facet, []).append(slug)
    return {facet: slugs[0] for facet, slugs in found.items() if len(slugs) == 1}
