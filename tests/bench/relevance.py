"""Owns the relevance figures: questions → paragraph in three languages among real documents."""

import json
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from portal.config import Language
from portal.search import analysis, rules
from portal.search.engine import Engine, Entry, Query
from portal.search.whoosh_engine import WhooshEngine

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FLOORS = {"en": 0.93, "ru": 0.91, "vi": 0.91, "vi without diacritics": 0.88}
DEEP = 10


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


def load() -> tuple[list[Entry], list[Question]]:
    """All entries, paragraphs first, and the questions about the paragraphs."""
    entries: list[Entry] = []
    questions: list[Question] = []
    for language in Language:
        [file] = (SHARED / "search").rglob(f"xquad.{language}.json")
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                number = len(entries) + 1
                entries.append(entry_of(number, "", paragraph["context"], language))
                questions += [
                    Question(asked["question"], number, language) for asked in paragraph["qas"]
                ]
    for title, body, code in real_documents():
        entries.append(entry_of(len(entries) + 1, title, body, code))
    return entries, questions


def bare(text: str) -> str:
    """Vietnamese as typed in a hurry: without diacritics."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("đ", "d")


def rank(engine: Engine, query: Query, answer: int) -> int:
    """The answer's place among the first ten, or 0."""
    found = [hit.id for hit in engine.search(query).hits]
    return found.index(answer) + 1 if answer in found else 0


def measure(
    engine: Engine, questions: list[Question], *, filtered: bool, **changed: object
) -> Figures:
    """The figures of some questions, each asked as the portal would ask it."""
    ranks = []
    for question in questions:
        filters = {"language": [question.language]} if filtered else {}
        query = rules.ask(question.text, filters=filters, size=DEEP).query
        ranks.append(rank(engine, replace(query, **changed), question.answer))  # type: ignore[arg-type]
    return Figures(mean(1 / r if r else 0.0 for r in ranks), mean(r > 0 for r in ranks))


def series(questions: list[Question]) -> dict[str, list[Question]]:
    """The questions by language, and the Vietnamese ones once more without diacritics."""
    by = {str(code): [q for q in questions if q.language == code] for code in ("en", "ru", "vi")}
    by["vi without diacritics"] = [replace(q, text=bare(q.text)) for q in by["vi"]]
    return by


def main() -> int:
    """Print the table; 1 when a floor is not reached, 0 when all are or there are no data."""
    if not (SHARED / "search").is_dir():
        print("relevance: no shared data here, left out")
        return 0
    entries, questions = load()
    low = False
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder) / "index")
        engine.rebuild(entries)
        print(f"{len(entries)} texts, {len(questions)} questions; MRR@10 / recall@10")
        print(f"{'':24}{'floor':>6} {'in its language':>18} {'in all languages':>18}")
        for name, asked in series(questions).items():
            inside = measure(engine, asked, filtered=True)
            anywhere = measure(engine, asked, filtered=False)
            low |= inside.mrr < FLOORS[name]
            print(
                f"{name:24}{FLOORS[name]:6.2f} {inside.mrr:10.4f} / {inside.recall:.3f}"
                f" {anywhere.mrr:10.4f} / {anywhere.recall:.3f}"
            )
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
