"""A library of any size for search: real documents recombined paragraph by paragraph, seeded.

A document has the headings of a real one and as many paragraphs, each taken from any real document
of its language. One asset in four has all three languages, as in our own content.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, insert, select

from portal import clock
from portal.accounts.models import User
from portal.db import db, optimise
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.library.rules import Kind
from tests.bench import corpus, mistakes, relevance

LANGUAGES = ("en", "vi", "ru")
MOST_PARAGRAPHS = 30
CHUNK, OWNERS = 500, 40
FACETS = ("product", "competitor", "industry", "persona", "stage")
TERMS_EACH = 12
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Material:
    """What documents of a language are made of."""

    outlines: list[tuple[list[str], int]]
    paragraphs: list[str]


def read():
    """The material by language: of the shared documents, or of our own where there are none."""
    found = {language: ([], {}) for language in LANGUAGES}
    for title, body, language in texts():
        headings = [h.strip() for h in re.findall(r"^#+ (.+)$", body, re.MULTILINE)] or [title]
        parts = [p for p in re.split(r"\n\s*\n", body) if len(WORD.findall(p)) >= 10]
        if parts:
            found[language][0].append(([title, *headings], min(len(parts), MOST_PARAGRAPHS)))
            found[language][1].update(dict.fromkeys(plain(p) for p in parts))
    return {code: Material(outlines, list(parts)) for code, (outlines, parts) in found.items()}


def texts():
    if (relevance.SHARED / "content").is_dir():
        yield from relevance.real_documents()
        return
    for sources in corpus.sources().values():
        for it in sources:
            body = "\n\n".join(f"## {h}\n\n" + "\n\n".join(p) for h, p in it.sections)
            yield str(it.facts["title"]), body, it.language


def plain(paragraph):
    """About what a page shows of Markdown."""
    shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", paragraph)
    return re.sub(r"[#*_`>|]+|<[^>]{1,200}>", " ", shown).strip()


def compose(material, chance, number):
    """(title, sections) of one document."""
    headings, count = chance.choice(material.outlines)
    places = sorted(chance.sample(range(count), min(count, len(headings), 8)))
    sections = []
    for n, (begin, end) in enumerate(zip([0, *places[1:]], [*places[1:], count], strict=True)):
        chosen = [chance.choice(material.paragraphs) for _ in range(begin, end)]
        text = "\n".join(chosen)
        said = [{"anchor": f"say-{n}", "text": chosen[0][:200]}] if chosen and n % 3 == 0 else []
        heading = chance.choice(headings)[:200]
        sections.append(
            {"anchor": f"part-{n}", "level": 2, "heading": heading, "html": "", "text": text,
             "sayables": said}
        )  # fmt: skip
    return f"{plain(chance.choice(headings))[:120]} {number}".strip(), sections


def vocabulary():
    """Words of the vocabulary, and owners: what else is asked and shown."""
    rows = [
        {"facet": facet, "slug": f"{facet}-{n}", "names": {"en": f"{facet} {n}"}, "aliases": []}
        for facet in FACETS
        for n in range(TERMS_EACH)
    ]
    db.session.execute(insert(FacetTerm), rows)
    now = clock.now()
    people = [
        {"email": f"p{n}@example.com", "email_key": f"p{n}@example.com", "name": f"Person {n}",
         "role": "marketer", "active": True, "department": "sales", "created_at": now}
        for n in range(OWNERS)
    ]  # fmt: skip
    db.session.execute(insert(User), people)


def documents(material, first):
    """Endless assets from number `first` on, each with its texts; the same in every run."""
    number = first
    while True:
        chance = mistakes.chance_of("document", number)
        codes = LANGUAGES if number % 4 == 0 else (LANGUAGES[number % 3],)
        composed = {code: compose(material[code], chance, number) for code in codes}
        yield number, chance, composed
        number += 1


def rows_of(number, chance, composed, now, owners):
    """An asset's row and those of its texts."""
    asset = {
        "id": number, "slug": f"grown-{number}", "kind": chance.choice([k.value for k in Kind]),
        "state": "published", "owner_id": chance.choice(owners), "created_at": now,
        "updated_at": now, "published_at": now,
    }  # fmt: skip
    kept = []
    for code, (title, sections) in composed.items():
        body = "\n\n".join(f"## {s['heading']}\n\n{s['text']}" for s in sections)
        kept.append(
            {"asset_id": number, "language": code, "title": title, "summary": "", "body": body,
             "sections": sections, "words": len(body.split()), "updated_at": now,
             "digest": hashlib.sha256(json.dumps([title, body]).encode()).hexdigest()}
        )  # fmt: skip
    return asset, kept


def tags_of(number, chance, terms):
    """Up to two words of each facet."""
    chosen = [
        t for facet in FACETS for t in chance.sample(terms[facet], chance.choice((0, 1, 1, 2)))
    ]
    return [{"asset_id": number, "term_id": term} for term in chosen]


def grow(material, wanted):
    """Add assets until there are as many texts as wanted; gives how many texts and words there are."""
    have = db.session.scalar(select(func.count()).select_from(AssetText))
    if not have:
        vocabulary()
    owners = list(db.session.scalars(select(User.id)))
    terms = {facet: [] for facet in FACETS}
    for facet, key in db.session.execute(select(FacetTerm.facet, FacetTerm.id)):
        terms[facet].append(key)
    first = (db.session.scalar(select(func.max(Asset.id))) or 0) + 1
    now, endless = clock.now(), documents(material, first)
    while have < wanted:
        assets, kept, tags = [], [], []
        for number, chance, composed in islice(endless, CHUNK):
            asset, own = rows_of(number, chance, composed, now, owners)
            assets.append(asset)
            kept += own
            tags += tags_of(number, chance, terms)
            if have + len(kept) >= wanted:
                break
        db.session.execute(insert(Asset), assets)
        db.session.execute(insert(AssetText), kept)
        db.session.execute(insert(asset_facets), tags)
        db.session.commit()
        have += len(kept)
    optimise()
    db.session.commit()
    words = db.session.scalar(select(func.avg(AssetText.words)))
    return have, words


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: what is typed and ticked, who reads."""

    text: str
    filters: dict
    language: str


SHARES = ((1, 0.25), (3, 0.5), (6, 0.25))
"""How many words people type."""


def searches(material, count, seed):
    """Searches nobody asks twice: a third a language; Vietnamese half without diacritics; half filtered."""
    chance, found = mistakes.chance_of("searches", seed), {}
    while len(found) < count:
        code = LANGUAGES[len(found) % 3]
        size = chance.choices(*zip(*SHARES, strict=True))[0]
        words = WORD.findall(chance.choice(material[code].paragraphs))
        if len(words) < size:
            continue
        begin = chance.randrange(len(words) - size + 1)
        near = words[begin : begin + 2 * size]
        typed = [w for w in near if chance.random() < 0.6][:size]
        typed = typed if len(typed) == size else near[:size]
        text = " ".join(typed)
        if code == "vi" and chance.random() < 0.5:
            text = mistakes.bare(text)
        found.setdefault(text, Asked(text, _ticked(chance, code), code))
    return list(found.values())


def _ticked(chance, code):
    filters = {}
    if chance.random() < 0.5:
        kinds = [kind.value for kind in Kind]
        filters = chance.choice(
            (
                {"language": [code]},
                {"kind": chance.sample(kinds, 2)},
                {"product": [f"product-{chance.randrange(TERMS_EACH)}"]},
                {"language": [code], "stage": [f"stage-{chance.randrange(TERMS_EACH)}"]},
            )
        )
    return filters
