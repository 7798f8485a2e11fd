"""Turns a published text into what the index keeps of it: weighted terms, facets, a stamp."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from portal.library.attachments.queries import FoundText
from portal.library.attachments.rules import UNITS, Kind, Place
from portal.search import analysis, taking
from portal.search.engine import Entry
from portal.search.indexable import Term, TextContent, TextFacts
from portal.search.passages import Passage, Prepared, Sentence, Taking

TITLE, HEADING, TAG, NAME = 3, 2, 2, 1
"""How often a word counts by where it stands; the body counts once."""

KIND_WORDS = {
    "battlecard": "battlecard thẻ đối đầu thẻ đối thủ карточка конкурента",
    "case-study": "case study câu chuyện khách hàng история клиента кейс",
    "comparison": "comparison so sánh bảng so sánh сравнение",
    "faq": "faq hỏi đáp вопросы и ответы",
    "one-pager": "one-pager một trang tóm tắt одностраничник",
    "playbook": "playbook kịch bản bán hàng плейбук сценарий",
    "product-sheet": "product sheet tờ giới thiệu sản phẩm лист продукта",
    "pricing-policy": "pricing policy price list bảng giá chính sách giá прайс ценовая политика",
    "email-template": "email template mẫu thư шаблон письма",
    "guide": "guide hướng dẫn руководство",
    "deck": "deck slides bài trình bày презентация",
    "video": "video видео",
}
"""What people type when they mean a kind, in the three languages."""

FILES_MOST = 1_000_000
"""Characters of all attachments of an asset that are searched."""


class Field(StrEnum):
    """A part of a text that is searched."""

    TITLE = "title"
    HEADINGS = "headings"
    SUMMARY = "summary"
    TAGS = "tags"
    VOCABULARY = "vocabulary"
    KIND = "kind"
    OWNER = "owner"
    BODY = "body"
    FILES = "files"


SEARCH_FACETS = ("product", "competitor", "industry", "persona", "stage")


def stamp(facts: TextFacts) -> str:
    """Return what changes whenever the index entry of a text must: 32 hexadecimal digits."""
    parts = [
        analysis.VERSION,
        (TITLE, HEADING, TAG, NAME),
        KIND_WORDS.get(facts.kind),
        facts.asset_id,
        facts.slug,
        facts.kind,
        facts.language,
        facts.owner,
        facts.owner_id,
        facts.digest,
        facts.day,
        [(t.facet, t.slug, sorted(t.names.items()), list(t.aliases)) for t in facts.facets],
    ]
    encoded = json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(encoded).hexdigest()[:32]


def _spoken(terms: Iterable[Term], language: str) -> str:
    """The names of the terms in the text's language, and every alias, as one text."""
    words = []
    for term in terms:
        words.append(
            term.names.get(language) or term.names.get("en") or term.slug.replace("-", " ")
        )
        words.extend(term.aliases)
    return "\n".join(words)


def prepared_of(facts: TextFacts, content: TextContent, take: Taking = taking.take) -> Prepared:
    """Return the text ready for snippets; what is searched but not shown counts as found too."""
    sections = [
        Passage(
            anchor=section["anchor"],
            heading=section["heading"],
            text=section["text"],
            sentences=tuple(Sentence(s["anchor"], s["text"]) for s in section["sayables"]),
        )
        for section in content.sections
    ]
    hidden = (
        *content.tags,
        _spoken(facts.facets, facts.language),
        KIND_WORDS.get(facts.kind, facts.kind),
        facts.owner,
    )
    passages = [Passage("", "", content.summary), *sections, *_file_passages(content.files)]
    return Prepared.make(content.title, passages, "\n".join(hidden), take)


def _file_passages(files: Iterable[FoundText]) -> Iterator[Passage]:
    """Attachments by page, slide or sheet; one without text can be found by its name."""
    left = FILES_MOST
    for file in files:
        unit = UNITS.get(Kind(file.kind), "")
        for number, label, text in file.passages or ((0, "", ""),):
            shown = f"{label}\n{text}" if file.kind == Kind.XLSX.value else text
            shown = shown[: max(left, 0)]
            left -= len(shown)
            yield Passage(Place(unit, file.public_id, number).anchor, file.name, shown)


def _file_terms(files: Iterable[FoundText]) -> list[str]:
    """The words of attachments, each once and without a length of their own.

    A deck of fifty slides must not bury its asset's own words, nor lift it above better answers.
    """
    found: set[str] = set()
    for passage in _file_passages(files):
        found.update(analysis.document_terms(f"{passage.heading}\n{passage.text}").terms)
    return sorted(found)


def _fields(facts: TextFacts, content: TextContent) -> Iterator[tuple[Field, list[str], int]]:
    """Yield the lines searched of a text, and how often each word counts; files come apart."""
    yield Field.TITLE, [content.title], TITLE
    yield Field.HEADINGS, _headings(content), HEADING
    yield Field.SUMMARY, [content.summary], HEADING
    yield Field.TAGS, list(content.tags), TAG
    yield Field.VOCABULARY, [_spoken(facts.facets, facts.language)], NAME
    yield Field.KIND, [KIND_WORDS.get(facts.kind, facts.kind)], NAME
    yield Field.OWNER, [facts.owner], NAME
    yield Field.BODY, [str(s["text"]) for s in content.sections], 1


def _headings(content: TextContent) -> list[str]:
    return [str(s["heading"]) for s in content.sections if s["heading"]]


def where(facts: TextFacts, content: TextContent) -> dict[str, dict[str, int]]:
    """Return how often a text has each term by where it stands, without weights: to explain."""
    found: dict[str, dict[str, int]] = {}
    for field, lines, _ in _fields(facts, content):
        common = field in {Field.TITLE, Field.HEADINGS}
        terms = analysis.lines_terms(map(taking.take, lines)).terms
        terms = terms + analysis.common_terms("\n".join(lines)) if common else terms
        for term, count in Counter(terms).items():
            found.setdefault(term, {})[field] = count
    for term in _file_terms(content.files):
        found.setdefault(term, {})[Field.FILES] = 1
    return found


def entry_of(facts: TextFacts, content: TextContent, take: Taking = taking.take) -> Entry:
    """Return the index entry of a text: see `Entry` for the meaning of its parts.

    `take` may remember what `prepared_of` has taken apart of the same text.
    """
    terms: list[str] = []
    length = 0
    for _, lines, weight in _fields(facts, content):
        found = analysis.lines_terms(map(take, lines))
        terms.extend(found.terms * weight)
        length += found.length * weight
    terms.extend(_file_terms(content.files))
    # beside the length, so that nothing else is ranked otherwise for them
    terms += analysis.common_terms(content.title) * TITLE + analysis.common_terms(
        "\n".join(_headings(content))
    )
    facets: dict[str, tuple[str, ...]] = {
        "kind": (facts.kind,),
        "language": (facts.language,),
        "owner": (str(facts.owner_id),) if facts.owner_id else (),
    }
    for name in SEARCH_FACETS:
        facets[name] = tuple(t.slug for t in facts.facets if t.facet == name)
    return Entry(
        id=facts.id,
        group=facts.asset_id,
        terms=terms,
        length=length,
        facets=facets,
        day=facts.day,
        stamp=stamp(facts),
    )
