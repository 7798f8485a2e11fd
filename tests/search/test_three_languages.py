"""Phrases, titles, headings and sections count in English, Vietnamese and Russian alike."""

import pytest

from portal.search import rules, service
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make

LANGUAGES = {
    "en": ("slot booking", "booking", "slot", "other words of this sheet"),
    "vi": ("báo giá", "giá", "báo", "chữ khác trong trang"),
    "ru": ("обратная логистика", "логистика", "обратная", "другие слова листа"),
}


@pytest.fixture
def finder(db, tmp_path):
    def build(language, **texts):
        for slug, (title, body) in texts.items():
            make.text(make.asset(slug), language, title=title, body=body)
        db.session.commit()
        engine = WhooshEngine(tmp_path / "index")
        service.rebuild(engine)
        return Finder(engine)

    return build


def slugs(finder, text):
    return finder.slugs(text, None, 10)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_side_by_side_beat_the_same_words_apart(finder, language):
    phrase, second, first, rest = LANGUAGES[language]
    found = finder(
        language,
        apart=("A", f"## B\n\n{second} {rest} {first}\n"),
        beside=("A", f"## B\n\n{rest} {phrase}\n"),
    )
    assert slugs(found, phrase) == ["beside", "apart"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_beats_a_heading_and_a_heading_the_text(finder, language):
    phrase, _, _, rest = LANGUAGES[language]
    found = finder(
        language,
        text=(rest, f"## {rest}\n\n{phrase} {rest}\n"),
        heading=(rest, f"## {phrase}\n\n{rest} {rest}\n"),
        title=(phrase, f"## {rest}\n\n{rest} {rest}\n"),
    )
    assert slugs(found, phrase) == ["title", "heading", "text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hit_leads_to_its_best_section_with_its_sentence(finder, language):
    phrase, _, first, rest = LANGUAGES[language]
    body = (
        f"## {rest}\n\n{first} {rest}\n\n> {rest} {first}.\n\n"
        f"## {phrase}\n\n{phrase} {rest}\n\n> {phrase}!\n"
    )
    found = finder(language, one=("A", body))
    [hit] = found.find(rules.ask(phrase)).hits
    assert hit.snippet.heading == phrase
    assert hit.snippet.anchor
    assert hit.snippet.sentence.text == f"{phrase}!"
