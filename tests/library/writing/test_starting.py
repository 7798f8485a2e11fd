"""Templates of the kinds: whole, in three languages, their hints unseen by readers."""

import re
from datetime import date
from itertools import product

import pytest

from portal.config import Language
from portal.library.rules import Kind, Part, anchor_of
from portal.library.writing import starting
from portal.markup import render

EVERY = list(product(Kind, Language))
HINT = re.compile(r"<!--(.*?)-->", re.DOTALL)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_fresh_template_shows_no_hint(kind, language):
    source = starting.template(kind, language)
    hints = [hint.strip() for hint in HINT.findall(source)]
    assert len(hints) >= 4
    document = render(source, title="x", anchor_of=anchor_of)
    seen = "\n".join(f"{s.heading}\n{s.html}\n{s.text}" for s in document.sections)
    for hint in hints:
        assert len(hint) > 10
        for piece in re.findall(r"[\w ]{16,}", hint):
            assert piece not in seen
    assert "--" not in re.sub(r"\|(?:-+\|)+", "", seen)
    assert [s.heading for s in document.sections if s.level] == re.findall(
        r"^## (.*)$", source, re.MULTILINE
    )


@pytest.mark.parametrize("language", Language)
def test_a_battlecard_has_its_eight_parts_in_order(language):
    source = starting.template(Kind.BATTLECARD, language)
    document = render(source, anchor_of=anchor_of)
    assert [s.anchor for s in document.sections] == [part.value for part in Part]
    # a hint under each
    assert len(HINT.findall(source)) == len(Part)


@pytest.mark.parametrize("kind", Kind)
def test_the_three_languages_have_the_same_shape(kind):
    shapes = {
        (source.count("\n## "), len(HINT.findall(source)), source.count("|---"))
        for source in (starting.template(kind, language) for language in Language)
    }
    assert len(shapes) == 1


@pytest.mark.parametrize("language", Language)
def test_every_template_is_in_its_language(language):
    letters = {
        "en": r"[a-z]",
        "vi": r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởợụủứừửữựỳỵỷỹ]",
        "ru": r"[а-яё]",
    }
    for kind in Kind:
        text = starting.template(kind, language).casefold()
        assert len(re.findall(letters[language], text)) > 35, kind
        if language != "ru":
            assert not re.search("[а-яё]", text), kind


def test_a_comparison_begins_with_a_table():
    for language in Language:
        first = render(starting.template(Kind.COMPARISON, language)).sections[0]
        assert "<table>" in first.html
        assert first.html.count("<th ") == 3


def test_blocks_render_as_what_they_are_called():
    for language in Language:
        blocks = starting.blocks(language, date(2026, 7, 9))
        assert set(blocks) == set(starting.BLOCKS)
        objection = render(blocks["objection"]).sections
        assert [s.level for s in objection] == [3]
        assert len(objection[0].sayables) == 1
        assert render(blocks["sentence"]).sections[0].sayables
        assert "<table>" in render(blocks["table"]).sections[0].html


def test_a_claim_is_dated_as_the_library_dates_them():
    said = {lang.value: starting.blocks(lang, date(2026, 7, 9))["claim"] for lang in Language}
    assert said["en"].endswith("(Delivery report, July 2026).")
    assert said["vi"].endswith("(Báo cáo triển khai, 7/2026).")
    assert said["ru"].endswith("(Отчёт о внедрениях, июль 2026).")
