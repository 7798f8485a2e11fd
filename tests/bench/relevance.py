"""Relevance: questions → paragraph in three languages, as people type them, among real paragraphs.

Every language has its 240 paragraphs that answer and DISTRACTORS real ones that do not, in one
index of the three. What counts is asked within the language; without that filter it is shown beside.
"""

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from portal.config import Language
from portal.search import analysis, rules, trade
from portal.search.engine import Engine, Entry
from portal.search.expanding import Table
from portal.search.spelling import Lexicon
from portal.search.understanding import Knowledge, understand
from portal.search.whoosh_engine import WhooshEngine
from tests.bench import mistakes
from tests.bench.table import Figure, show

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
DISTRACTORS = 5000
SHORTEST_PARAGRAPH, ENOUGH = 12, 60
"""Words below which a paragraph is none; words up to which neighbours are joined into one."""
DEEP = 10
FLOORS = {
    "en": 0.955,
    "ru": 0.935,
    "vi": 0.935,
    "vi without diacritics": 0.905,
    "en, 1 typo in the rarest word": 0.91,
    "ru, 1 typo in the rarest word": 0.90,
    "vi, 1 typo in the rarest word": 0.86,
    "ru, every word in another inflection": 0.91,
}
LAYOUT_LOSS = 0.02
"""What a question typed on the wrong layout may lose against the right one."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the entry that answers it."""

    text: str
    answer: int
    language: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Mean reciprocal rank and recall, both within the first ten."""

    mrr: float
    recall: float


def entry_of(number: int, title: str, body: str, language: str) -> Entry:
    """A text as the portal would index it: the title three times."""
    head = analysis.document_terms(title)
    text = analysis.document_terms(body)
    return Entry(
        id=number,
        group=number,
        terms=head.terms * 3 + text.terms,
        length=head.length * 3 + text.length,
        facets={"language": (language,), "kind": ("guide",)},
        day=number % 365,
        stamp=str(number),
    )


def language_of(path: Path, text: str) -> str:
    """The language of a real document, by its letters."""
    sample = text[:3000].lower()
    if len(re.findall("[а-я]", sample)) > len(sample) / 10:
        return "ru"
    return "vi" if len(re.findall("[ạảấầậắằệếềịọốồộớờợụứừựđ]", sample)) > 20 else "en"


def real_documents() -> Iterator[tuple[str, str, str]]:
    """Title, body, language of every document in the shared content, front matter left out."""
    for path in sorted((SHARED / "content").rglob("*")):
        if path.suffix not in {".md", ".mdx", ".markdown"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        text = re.sub(r"\A---\s*\n.*?\n---\s*\n", "", text, flags=re.DOTALL)
        heading = re.search(r"^#+ (.+)$", text, re.MULTILINE)
        yield heading[1] if heading else path.stem, text, language_of(path, text)


def real_paragraphs() -> dict[str, list[str]]:
    """The different paragraphs of the real documents by language; short neighbours are joined."""
    found: dict[str, dict[str, None]] = {"en": {}, "vi": {}, "ru": {}}
    for _, body, language in real_documents():
        joined: list[str] = []
        for paragraph in [*re.split(r"\n\s*\n", body), ""]:
            joined.append(paragraph)
            words = sum(len(re.findall(r"\w+", part)) for part in joined)
            if words >= ENOUGH or not paragraph:
                if words >= SHORTEST_PARAGRAPH:
                    found[language]["\n\n".join(joined)] = None
                joined = []
    return {language: list(paragraphs) for language, paragraphs in found.items()}


def distractors(language: str, paragraphs: list[str], count: int) -> list[str]:
    """So many real paragraphs; where there are fewer, the others are halves of two of them."""
    chance = mistakes.chance_of("distractors", language)
    chosen = chance.sample(paragraphs, min(count, len(paragraphs)))
    while len(chosen) < count:
        one, other = (chance.choice(paragraphs).split() for _ in range(2))
        chosen.append(" ".join(one[: len(one) // 2] + other[len(other) // 2 :]))
    return chosen


def load(count: int = DISTRACTORS) -> tuple[list[Entry], list[Question], Knowledge]:
    """All entries, those that answer first, the questions about them, and what a portal knows."""
    words: set[str] = set()
    entries: list[Entry] = []
    questions: list[Question] = []
    for language in Language:
        [file] = (SHARED / "search").rglob(f"xquad.{language}.json")
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                number = len(entries) + 1
                entries.append(entry_of(number, "", paragraph["context"], language))
                words.update(token.text for token in analysis.tokens(paragraph["context"]))
                questions += [
                    Question(asked["question"], number, language) for asked in paragraph["qas"]
                ]
    for code, paragraphs in real_paragraphs().items():
        for body in distractors(code, paragraphs, count):
            entries.append(entry_of(len(entries) + 1, "", body, code))
            words.update(token.text for token in analysis.tokens(body))
    lexicon = Lexicon(words)
    synonyms = Table(trade.synonyms().values())
    return entries, questions, Knowledge(lambda: lexicon, synonyms)


def ask(engine: Engine, known: Knowledge, text: str, filters: dict[str, list[str]]) -> list[int]:
    """The first ten entries found, asked as the portal asks: all that search does belongs here."""
    asked = rules.ask(text, filters=filters, size=DEEP)
    asked = understand(asked, engine.frequencies, known)
    return [hit.id for hit in engine.search(asked.query).hits] if asked.words else []


def measure(
    engine: Engine, known: Knowledge, questions: list[Question], *, filtered: bool
) -> Figures:
    """The figures of some questions."""
    ranks = []
    for question in questions:
        filters = {"language": [question.language]} if filtered else {}
        found = ask(engine, known, question.text, filters)
        ranks.append(found.index(question.answer) + 1 if question.answer in found else 0)
    return Figures(mean(1 / r if r else 0.0 for r in ranks), mean(r > 0 for r in ranks))


def having(entries: list[Entry]) -> dict[str, Counter[str]]:
    """Language → term → number of entries that have it."""
    counted: dict[str, Counter[str]] = {str(code): Counter() for code in Language}
    for entry in entries:
        counted[entry.facets["language"][0]].update(set(entry.terms))
    return counted


def series(entries: list[Entry], questions: list[Question]) -> dict[str, list[Question]]:
    """The questions by language, then again with each mistake people make."""
    by = {str(code): [q for q in questions if q.language == code] for code in ("en", "ru", "vi")}
    counted = having(entries)

    def again(code: str, typed) -> list[Question]:
        chance = mistakes.chance_of(code)
        return [replace(q, text=typed(q.text, chance)) for q in by[code]]

    more = {"vi without diacritics": again("vi", lambda text, _: mistakes.bare(text))}
    for code in ("en", "ru", "vi"):
        more[f"{code}, 1 typo in the rarest word"] = again(
            code,
            lambda text, chance, code=code: mistakes.mistyped(text, code, counted[code], chance),
        )
    if mistakes.can_inflect():
        more["ru, every word in another inflection"] = again("ru", mistakes.inflected)
    more["ru, typed on English keys"] = again("ru", lambda text, _: mistakes.on_english_keys(text))
    more["en, typed on Russian keys"] = again("en", lambda text, _: mistakes.on_russian_keys(text))
    return by | more


def figures_of(engine: Engine, known: Knowledge, asked: dict[str, list[Question]]) -> list[Figure]:
    """A line for each series; those without a floor are shown all the same."""
    figures: list[Figure] = []
    for name, questions in asked.items():
        inside = measure(engine, known, questions, filtered=True)
        anywhere = measure(engine, known, questions, filtered=False)
        least = FLOORS.get(name)
        if name == "ru, typed on English keys":
            [right] = [it.measured for it in figures if it.name == "ru"]
            least = round(right - LAYOUT_LOSS, 4)
        note = f"recall {inside.recall:.3f}; in all languages {anywhere.mrr:.3f}"
        figures.append(Figure(name, inside.mrr, "", least=least, note=note))
    return figures


def main(count: int = DISTRACTORS) -> int:
    """Print the table; 1 when a floor is not reached, 0 when all are or there are no data."""
    if not (SHARED / "search").is_dir():
        print("relevance: no shared data here, left out")
        return 0
    entries, questions, known = load(count)
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder) / "index")
        engine.rebuild(entries)
        figures = figures_of(engine, known, series(entries, questions))
    if not mistakes.can_inflect():
        print("relevance: without the extra `bench` no other inflections, left out")
    title = f"MRR@10, {len(questions)} questions, {len(entries):,} paragraphs, in its language"
    return int(not show(title, figures))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
