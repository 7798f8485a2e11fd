"""Answers searches under other weights, beside the portal: nothing is written, nobody notices.

The weights are constants of the modules that use them. Here they are changed for a while, in a
process that serves nobody: a command. What the index holds is built anew in a temporary folder.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from portal.errors import Invalid
from portal.search import analysis, arrays, indexable, indexing, rules, scoring
from portal.search.engine import Engine, Entry
from portal.search.finding import Finder
from portal.search.log.searched import Searched
from portal.search.moves import Compared, Moves, moves
from portal.search.whoosh_engine import WhooshEngine

LOOKED_AT = 50
"""Results in which what was opened is looked for."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A weight: the constant that holds it, whether the index must be built for it, its bounds."""

    module: ModuleType
    name: str
    indexed: bool
    whole: bool
    least: float
    most: float

    @property
    def value(self) -> float:
        """What it is now."""
        return float(getattr(self.module, self.name))


KNOBS: Mapping[str, Knob] = {
    "title": Knob(indexing, "TITLE", indexed=True, whole=True, least=0, most=20),
    "heading": Knob(indexing, "HEADING", indexed=True, whole=True, least=0, most=20),
    "tag": Knob(indexing, "TAG", indexed=True, whole=True, least=0, most=20),
    "name": Knob(indexing, "NAME", indexed=True, whole=True, least=0, most=20),
    "k1": Knob(arrays, "K1", indexed=True, whole=False, least=0, most=10),
    "b": Knob(arrays, "B", indexed=True, whole=False, least=0, most=1),
    "trusted": Knob(scoring, "TRUSTED", indexed=False, whole=False, least=0, most=1),
    "folded": Knob(analysis, "FOLDED_WEIGHT", indexed=False, whole=False, least=0, most=2),
    "bigram": Knob(analysis, "BIGRAM_WEIGHT", indexed=False, whole=False, least=0, most=5),
    "soft": Knob(analysis, "SOFT_WEIGHT", indexed=False, whole=False, least=0, most=2),
    "few": Knob(rules, "FEW", indexed=False, whole=True, least=0, most=100),
}
"""Name → weight, by which `--set` knows it."""


def read_weights(told: Sequence[str]) -> dict[str, float]:
    """Return weights from `name=value`.

    Raises:
        Invalid: for a name that is none, a value that is no number, or one out of bounds.
    """
    found = {}
    for one in told:
        name, _, value = one.partition("=")
        knob = KNOBS.get(name.strip())
        if knob is None:
            raise Invalid(f"there is no weight {name!r}; there are {', '.join(KNOBS)}")
        try:
            number = float(value)
        except ValueError as error:
            raise Invalid(f"{name}: {value!r} is no number") from error
        if not knob.least <= number <= knob.most or (knob.whole and number != int(number)):
            kind = "a whole number" if knob.whole else "a number"
            raise Invalid(f"{name} must be {kind} from {knob.least} to {knob.most}")
        found[name.strip()] = number
    return found


@contextmanager
def changed(weights: Mapping[str, float]) -> Iterator[None]:
    """Let weights be others for a while."""
    before = {name: getattr(KNOBS[name].module, KNOBS[name].name) for name in weights}
    try:
        for name, value in weights.items():
            knob = KNOBS[name]
            setattr(knob.module, knob.name, int(value) if knob.whole else value)
        yield
    finally:
        for name, value in before.items():
            setattr(KNOBS[name].module, KNOBS[name].name, value)


@contextmanager
def _engine(engine: Engine, weights: Mapping[str, float]) -> Iterator[Engine]:
    """Give an engine for the weights of now: the portal's, or one built beside it."""
    if not any(KNOBS[name].indexed for name in weights):
        yield engine
        return
    with tempfile.TemporaryDirectory(prefix="arsenal-laboratory-") as folder:
        own: Engine = WhooshEngine(Path(folder))
        own.rebuild(_entries())
        yield own
        own.let_go()


def _entries() -> Iterator[Entry]:
    """Yield the entry of every published text."""
    for facts in indexable.all_published_facts():
        contents = indexable.contents([fact.id for fact in facts])
        for fact in facts:
            if fact.id in contents:
                yield indexing.entry_of(fact, contents[fact.id])


def replay(engine: Engine, asked: Sequence[Searched], weights: Mapping[str, float]) -> Moves:
    """Answer searches as they are answered now, and under other weights; return what moves."""
    before = _answers(Finder(engine), asked)
    with changed(weights), _engine(engine, weights) as own:
        after = _answers(Finder(own), asked)
    return moves(
        Compared(it.query, it.times, one, other, it.opened)
        for it, one, other in zip(asked, before, after, strict=True)
    )


def _answers(finder: Finder, asked: Sequence[Searched]) -> list[list[int]]:
    """Return the assets each search finds, best first."""
    found = []
    for it in asked:
        reader = rules.reader_of(it.reader)
        told = rules.ask(it.query, filters=it.filters, size=LOOKED_AT, prefer=reader)
        found.append([hit.card.asset_id for hit in finder.find(told).hits])
    return found
