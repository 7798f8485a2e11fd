"""A text's sections into its claims: sentences, figures, subjects, measures, sources; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.library.claims import sources, weighing, words
from portal.library.claims.blocks import Block, blocks_of
from portal.library.claims.dates import dates_of
from portal.library.claims.figures import (
    blank,
    currency_of,
    figures_of,
    without_noise,
)
from portal.library.claims.measures import Sentence, facts_of
from portal.library.claims.rules import Claim, mark_of
from portal.library.claims.sources import NONE, Source
from portal.library.claims.subjects import Stage, Vocabulary, competitor_of, stage_of

MOST = 600  # claims kept of one text
WORDS_LEAST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A section as extraction needs it."""

    anchor: str
    level: int
    heading: str
    html: str


@dataclass(frozen=True, slots=True)
class Told:
    """A text and what is known of its asset."""

    slug: str
    kind: str
    language: str
    parts: Sequence[Part]
    fields: Mapping[str, Any]
    competitors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spot:
    """A block and where it stands: `where` is the same in the other languages of an asset."""

    told: Told
    part: Part
    block: Block
    where: str
    stage: Stage
    vocabulary: Vocabulary


def parts_of(stored: Iterable[Mapping[str, Any]]) -> list[Part]:
    """Return stored sections as extraction needs them."""
    return [Part(s["anchor"], s["level"], s["heading"], s["html"]) for s in stored]


def claims_of(told: Told, vocabulary: Vocabulary) -> list[Claim]:
    """Return the claims of a text in reading order, numbered from 0; sources lent within it."""
    found: list[Claim] = []
    for claim in (*_from_fields(told), *_from_parts(told, vocabulary)):
        if len(found) == MOST:
            break
        found.append(claim)
    listed = _list_of_sources(told.parts)
    found = weighing.lend(found, listed)
    return [replace(claim, number=number) for number, claim in enumerate(found)]


def _from_parts(told: Told, vocabulary: Vocabulary) -> Iterator[Claim]:
    shape = mark_of("".join(str(part.level) for part in told.parts))[:6]
    chapter, chapter_heading = "", ""
    for number, part in enumerate(told.parts):
        if part.level <= 2:  # noqa: PLR2004  # chapters are headings of level 2
            chapter, chapter_heading = part.anchor, part.heading
        if sources.is_list_of_sources(part.heading):
            continue
        named = vocabulary.mentions(f"{chapter_heading} {part.heading}")
        stage = stage_of(
            slug=told.slug, kind=told.kind, competitors=told.competitors,
            products=told.products, part=chapter, named=named,
        )  # fmt: skip
        blocks = blocks_of(part.html)
        claims: list[Claim] = []
        shared = NONE
        for place, block in enumerate(blocks):
            where = f"{shape}.{number}.{len(blocks)}.{place}"
            shared = _label_of(block) or shared
            claims += _from_block(_Spot(told, part, block, where, stage, vocabulary))
        yield from (_sourced(claim, shared) if shared else claim for claim in claims)


def _from_block(spot: _Spot) -> Iterator[Claim]:
    if spot.block.cells:
        yield from _from_row(spot)
        return
    texts = words.sentences_of(spot.block.text)
    linked = (link.href.split("/") for link in spot.block.links if link.href.startswith("/assets/"))
    where = ".".join([spot.where, str(len(texts)), *(mark_of(path[2])[:4] for path in linked)])
    label = ""
    for number, text in enumerate(texts):
        sentence = _read(replace(spot, where=f"{where}.{number}"), text, label)
        label = label or _leading(text)
        if (claim := _claim(spot, sentence)) is not None:
            yield claim


def _leading(text: str) -> str:
    """Return what a block begins with before a colon: `Change requests: …`."""
    head, colon, _ = text[:60].partition(":")
    return head if colon else ""


def _read(spot: _Spot, text: str, label: str) -> Sentence:
    language = spot.told.language
    source = sources.source_of(text, spot.block.links)
    spans = sorted(source.spans) if not source.linked else []
    bare, dates = without_noise(blank(text, spans))
    return Sentence(
        text=text,
        bare=bare,
        language=language,
        source=source,
        stage=spot.stage,
        where=spot.where,
        label=label,
        mentions=tuple(spot.vocabulary.mentions(text)),
        figures=tuple(figures_of(bare, language)),
        days=tuple(f"{day.day:%Y-%m-%d}" for day in dates),
        is_listed=spot.part.anchor == "quick-facts",
    )


def _from_row(spot: _Spot) -> Iterator[Claim]:
    """Read a row of a table by its cells: the first is what is measured, the column of whom."""
    cells, headings = spot.block.cells, dict(enumerate(spot.block.columns))
    listed = {n for n, heading in headings.items() if sources.is_list_of_sources(heading)}
    told_there = "; ".join(cells[n] for n in sorted(listed) if n < len(cells))
    for column in range(1, len(cells)):
        if column in listed:
            continue
        sentence = _read_cell(spot, column, headings.get(column, ""))
        if told_there and not sentence.source:
            sentence = replace(sentence, source=sources.named(told_there))
        if any(figure.strong for figure in sentence.figures):
            claim = _claim(spot, sentence)
            if claim is not None:
                yield claim


def _read_cell(spot: _Spot, column: int, heading: str) -> Sentence:
    cells = spot.block.cells
    named = [*spot.vocabulary.mentions(cells[0]), *spot.vocabulary.mentions(heading)]
    stage, money = spot.stage, currency_of(heading)
    if named:
        stage = replace(stage, fallback=stage.resolve(named[-1].subject))
    label = [cells[0], *(cell for cell in cells[1:column] if cell[:1].isalpha()), heading]
    where = f"{spot.where}.{'' if money else column}"
    sentence = _read(replace(spot, stage=stage, where=where), cells[column], " · ".join(label))
    figures = sentence.figures
    if money:
        figures = tuple(replace(f, unit=money) if f.unit == "count" else f for f in figures)
    said = f"{' · '.join(filter(None, (cells[0], heading)))}: {cells[column]}"
    return replace(
        sentence,
        text=said[: words.SENTENCE_MOST],
        figures=figures,
        is_cell=True,
        is_named=bool(named or money),
    )


def _claim(spot: _Spot, sentence: Sentence) -> Claim | None:
    """Return a sentence as a claim, or None when it claims nothing."""
    figures = sentence.figures
    telling = bool(sentence.source) or not (
        words.is_question(sentence.text) or words.is_order(sentence.text)
    )
    strong = telling and any(weighing.counts_something(f, sentence) for f in figures)
    facts = facts_of(sentence) if strong else ()
    subjects = [sentence.subject_of(f) for f in figures if f.strong] if strong else []
    rival = next(filter(None, map(competitor_of, subjects)), "") if strong else ""
    if not strong:
        named = [sentence.stage.resolve(m.subject) for m in sentence.mentions]
        rival = next(filter(None, map(competitor_of, named)), "")
        if not (telling and rival and len(sentence.bare.split()) >= WORDS_LEAST):
            return None
    return Claim(
        number=0,
        anchor=spot.part.anchor,
        sentence=sentence.text,
        subject=subjects[0] if subjects else f"competitor:{rival}",
        competitor=rival,
        has_figure=strong,
        needs_source=_needs(spot, sentence, rival) if strong else True,
        said=spot.block.said,
        source=sentence.source.name,
        source_day=sentence.source.day,
        borrowed=False,
        linked=sentence.source.linked,
        facts=facts,
    )


def _needs(spot: _Spot, sentence: Sentence, rival: str) -> bool:
    return weighing.needs_source(spot.told.kind, sentence, rival, spot.part.heading)


def _label_of(block: Block) -> Source:
    """Return the source of a block that is nothing but one: `Source: IDC, 2025`."""
    if len(block.text) > sources.SOURCE_MOST:
        return NONE
    source = sources.source_of(block.text)
    if not source.name or source.linked or not source.spans:
        return NONE
    before = block.text[: source.spans[0][0]].strip()
    return source if len(before.split()) <= 2 and before.endswith((":", "—", "–")) else NONE  # noqa: PLR2004


def _sourced(claim: Claim, source: Source) -> Claim:
    if claim.source or not claim.has_figure:
        return claim
    day = claim.source_day or source.day
    return replace(claim, source=source.name, source_day=day, borrowed=True)


def _list_of_sources(parts: Sequence[Part]) -> str:
    return next((p.heading for p in parts if sources.is_list_of_sources(p.heading)), "")


def _from_fields(told: Told) -> Iterator[Claim]:
    """Read the figures a case study keeps in its own fields."""
    results = told.fields.get("results")
    for place, result in enumerate(results if isinstance(results, list) else []):
        if not isinstance(result, Mapping):
            continue
        figure, label, source = (str(result.get(k) or "") for k in ("figure", "label", "source"))
        text = " ".join(filter(None, (figure, label)))[: words.SENTENCE_MOST]
        days = dates_of(source)
        day = max((d.day for d in days), default=None)
        bare, _ = without_noise(text)
        stage = Stage(f"asset:{told.slug}", f"asset:{told.slug}", "")
        sentence = Sentence(
            text=text, bare=bare, language=told.language, stage=stage, label="",
            source=Source(source[: sources.SOURCE_MOST], day), where=f"fields.{place}",
            mentions=(), figures=tuple(figures_of(bare, told.language)), days=(),
        )  # fmt: skip
        if not sentence.figures:
            continue
        yield Claim(
            number=0, anchor="", sentence=text, subject=stage.own, competitor="", has_figure=True,
            needs_source=True, said=False, source=sentence.source.name, source_day=day,
            borrowed=False, linked=False, facts=facts_of(sentence),
        )  # fmt: skip
