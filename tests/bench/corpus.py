"""A library of any size, made by recombining the sections of content/: same seed, same library."""

import random
import re
import shutil
import unicodedata
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import yaml

CONTENT = Path(__file__).resolve().parents[2] / "content"
LANGUAGES = ("en", "vi", "ru")
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Source:
    """One of our texts, taken apart: front matter, and (heading, paragraphs) of each section."""

    kind: str
    language: str
    facts: dict
    sections: list[tuple[str, list[str]]]


def read(path):
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    sections = []
    for part in re.split(r"^## ", body, flags=re.MULTILINE):
        heading, _, text = part.partition("\n")
        paragraphs = [p for p in re.split(r"\n{2,}", text.strip()) if p]
        if paragraphs:
            sections.append((heading.strip(), paragraphs))
    return Source(path.parts[-3], path.stem, yaml.safe_load(front), sections)


def sources():
    """Our texts by language."""
    every = [read(path) for path in sorted(CONTENT.glob("*/*/*.md"))]
    return {language: [s for s in every if s.language == language] for language in LANGUAGES}


def compose(source, others, chance):
    """A body like the source's: the same headings, half of each section's paragraphs from elsewhere."""
    parts = []
    for heading, paragraphs in source.sections:
        donor = chance.choice(chance.choice(others).sections)[1]
        mixed = [chance.choice(donor) if chance.random() < 0.5 else p for p in paragraphs]
        parts.append(f"## {heading}\n\n" + "\n\n".join(mixed))
    return "\n\n".join(parts)


def write(folder, assets):
    """Write that many assets, one text in three of four and all three languages in the others."""
    chance = random.Random(SEED)
    pool = sources()
    turns = {language: cycle(pool[language]) for language in LANGUAGES}
    texts = 0
    for number in range(assets):
        languages = LANGUAGES if number % 4 == 0 else (LANGUAGES[number % 3],)
        kind = None
        for language in languages:
            source = next(turns[language])
            kind = kind or source.kind
            same = [s for s in pool[language] if s.kind == kind] or [source]
            source = chance.choice(same)
            heading = (
                chance.choice(chance.choice(pool[language]).sections)[0] or source.facts["title"]
            )
            facts = {
                **source.facts,
                "kind": kind,
                "title": f"{source.facts['title']} · {heading} {number}",
            }
            facts.pop("owner", None)
            path = folder / kind / f"asset-{number}" / f"{language}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            front = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False)
            body = compose(source, pool[language], chance)
            path.write_text(f"---\n{front}---\n\n{body}\n", "utf-8")
            texts += 1
    shutil.copy(CONTENT / "vocabulary.yaml", folder)
    return texts


def plain(text):
    """Without diacritics, as people type on a phone."""
    folded = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def queries(count=300):
    """Two or three neighbouring words of our headings and titles; half the Vietnamese ones plain."""
    chance = random.Random(SEED + 1)
    found = []
    pool = sources()
    while len(found) < count:
        language = LANGUAGES[len(found) % 3]
        source = chance.choice(pool[language])
        text = chance.choice([source.facts["title"], *(heading for heading, _ in source.sections)])
        words = re.findall(r"\w+", text)
        if len(words) < 2:
            continue
        start = chance.randrange(len(words) - 1)
        query = " ".join(words[start : start + chance.choice((2, 3))])
        found.append(plain(query) if language == "vi" and chance.random() < 0.5 else query)
    return found
