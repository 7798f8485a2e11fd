"""Owns what a search is taken to mean, given what the index has: slips, layouts, other words.

Words nobody has written anywhere are taken for slips of the finger, or for keys pressed in
another keyboard's mode; hardly used ones are looked for under their neighbours too, below. Words
of a group of synonyms are searched along, below what was typed. Nothing here is an error.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from portal.search import analysis, layouts, letters, operators, spelling, taking
from portal.search.expanding import Table
from portal.search.guessing import RARE, Frequencies, guesses
from portal.search.nicknames import Names, named
from portal.search.rules import Asked, Understood
from portal.search.spelling import Lexicon
from portal.search.widening import widened, with_others

GUESS_WEIGHTS = (1.0, 0.5, 0.25)
GUESSED_MOST = 4
"""Words of a search that are guessed at: who mistypes more types something else."""
RARE_WEIGHT = 0.35
"""What a neighbour of a rare word counts for."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What searches are understood by: the words there are, and the groups of synonyms."""

    words: Callable[[], Lexicon]
    """Asked only when some word of a search is rare."""
    synonyms: Table
    names: Names = lambda _: ()


def understand(asked: Asked, frequencies: Frequencies, known: Knowledge) -> Asked:
    """The search as it is meant; as it was typed when there is nothing to guess."""
    if asked.literal or asked.blank or not asked.typed:
        return asked
    if asked.shortened or operators.is_letter(asked.typed):
        kept = letters.telling(asked.typed, frequencies, known.synonyms)
        asked = _searching(asked, " ".join(kept))
        asked = replace(asked, understood=Understood(telling=tuple(kept)))
    text, changed = asked.typed, False
    counts = _counted(text, frequencies)
    if not asked.understood.telling and not all(counts.values()):
        text = _reread(text, counts, frequencies)
        changed = text != asked.typed
        if changed:
            counts = _counted(text, frequencies)
    asked, changed = _spelt(asked, text, counts, frequencies, known.words, changed=changed)
    if changed:
        shown = asked.understood._replace(corrected=asked.understood.corrected or text)
        asked = replace(asked, understood=shown)
    asked = asked if asked.understood.telling else named(asked, known.names)
    return widened(asked, frequencies, known.synonyms)


def _searching(asked: Asked, text: str) -> Asked:
    """The same search for another text."""
    terms = analysis.query_terms(text)
    words = tuple(word.alternatives for word in terms.words)
    query = replace(asked.query, words=words, bonus=terms.bonus)
    return replace(asked, words=terms.words, query=query, typed=text, pointless=not terms.words)


def _counted(text: str, frequencies: Frequencies) -> dict[str, int]:
    """Each word of a text that is searched for → how many texts have it, marks as typed."""
    words = dict.fromkeys(t.text for t in analysis.tokens(text) if not analysis.is_stop(t.text))
    having = frequencies([analysis.stem(word) for word in words])
    return dict(zip(words, having, strict=True))


def _reread(text: str, counts: dict[str, int], frequencies: Frequencies) -> str:
    """The text as typed in another mode of the keyboard, if that makes known words of unknown.

    Who types in another layout types all of it there: what stays unknown then is a name. Keys of
    Telex and VNI are left over in single words.
    """
    chunks = text.split()
    unknown = {at for at, chunk in enumerate(chunks) if not _is_fine(chunk, counts)}
    for reading in layouts.READINGS:
        read = {at: it for at, chunk in enumerate(chunks) if (it := reading.read(chunk))}
        found = _counted(" ".join(read.values()), frequencies)
        fine = {at for at, it in read.items() if _is_fine(it, found)}
        solved = unknown & fine
        if sum(len(chunks[at]) for at in solved) < spelling.SHORTEST:
            continue
        if reading.whole:
            if 2 * len(solved) < len(unknown) or not any(found.values()):
                continue
            fine |= unknown & read.keys()
        solved = fine
        return " ".join(read[at] if at in solved else chunk for at, chunk in enumerate(chunks))
    return text


def _is_fine(chunk: str, counts: dict[str, int]) -> bool:
    """Whether all of its words are known, or too common to be counted."""
    words = [token.text for token in analysis.tokens(chunk)]
    return bool(words) and all(counts.get(word, 1) for word in words)


def _spelt(
    asked: Asked,
    text: str,
    counts: dict[str, int],
    frequencies: Frequencies,
    words: Callable[[], Lexicon],
    *,
    changed: bool,
) -> tuple[Asked, bool]:
    """The search with the neighbours of unknown and of rare words; whether any was unknown."""
    if changed:
        asked = _searching(asked, text)
    typed = [token.text for token in analysis.tokens(text)]
    guessed: dict[str, dict[str, float]] = {}
    wrong: dict[str, str] = {}
    words_typed = [] if asked.understood.telling else asked.words
    rare = [word for word in words_typed if counts.get(word.typed, RARE + 1) <= RARE]
    for word in sorted(rare, key=lambda word: counts[word.typed])[:GUESSED_MOST]:
        having = counts[word.typed]
        near = guesses(word.typed, typed, having, frequencies, words())
        if not near:
            continue
        if having == 0:
            weighed = zip(near, GUESS_WEIGHTS, strict=False)
            guessed[word.typed] = _terms((it.word, weight) for it, weight in weighed)
            wrong[word.typed] = near[0].word
        else:
            guessed[word.typed] = _terms([(near[0].word, RARE_WEIGHT)])
    if not guessed:
        return asked, changed
    if wrong:
        text = _replaced(text, wrong)
        asked = _paired(asked, text)
        asked = replace(asked, understood=asked.understood._replace(corrected=text))
    return with_others(asked, guessed), changed or bool(wrong)


def _replaced(text: str, wrong: dict[str, str]) -> str:
    """The text with words put right."""
    pieces, at = [], 0
    text = taking.normalise(text)
    for token in analysis.tokens(text):
        if token.text in wrong:
            pieces += [text[at : token.start], wrong[token.text]]
            at = token.end
    return "".join((*pieces, text[at:]))


def _paired(asked: Asked, text: str) -> Asked:
    """The same search, with the bigrams of the text as it was put right."""
    bonus = dict(asked.query.bonus) | dict(analysis.query_terms(text).bonus)
    return replace(asked, query=replace(asked.query, bonus=tuple(bonus.items())))


def _terms(words: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Terms of words with what each counts for; the first of two that say a term decides."""
    found: dict[str, float] = {}
    for word, weight in words:
        primary, *folded = analysis.terms_of(word)
        found.setdefault(primary, weight)
        for term in folded:
            found.setdefault(term, weight * analysis.FOLDED_WEIGHT)
    return found
