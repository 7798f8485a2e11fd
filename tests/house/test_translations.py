"""Every marked word has a Vietnamese and a Russian translation that fits where it will stand."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from portal.web import catalog
from tests.house.tree import ROOT

PORTAL = ROOT / "portal"
LANGUAGES = ("vi", "ru")
PLURALS = {"vi": 1, "ru": 3}
HOLES = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+[^>]*>")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
# the same in Russian
INTERNATIONAL = {
    "Arsenal",
    "CSV",
    "E-mail",
    "FAQ",
    "Ctrl",
    "Enter",
    "Esc",
    "English",
    "Markdown",
    "JSON",
}


@pytest.fixture(scope="module")
def found():
    """The words in use, collected here without the portal's own collector."""
    keywords = {
        "_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2),
        "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3), "lazy_pgettext": ((1, "c"), 2),
    }  # fmt: skip
    words = Catalog()
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    options = {
        "**/templates/**.html": {
            "silent": "false",
            "newstyle_gettext": "true",
            "trim_blocks": "true",
        }
    }
    for name, line, message, _, context in extract_from_dir(
        PORTAL, method_map=methods, options_map=options, keywords=keywords
    ):
        words.add(message, None, [(name, line)], context=context)
    return words


def strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string or [])


def sources(message):
    return [message.id] if isinstance(message.id, str) else list(message.id)


def faults(message, language):
    """What is wrong with one translation, in words."""
    said, meant = strings(message), sources(message)
    wanted = PLURALS[language] if message.pluralizable else 1
    if message.fuzzy or len(said) != wanted or not all(s.strip() for s in said):
        yield "not translated, or fuzzy"
        return
    holes = set(HOLES.findall(meant[-1]))
    for text in said:
        kept = set(HOLES.findall(text))
        # one form of a plural may say its number in words: "one view"
        if kept != holes and not (message.pluralizable and kept < holes):
            yield f"{sorted(kept)} where the source has {sorted(holes)}"
        if text.strip() != text and meant[0].strip() == meant[0]:
            yield "begins or ends with a space"
        if meant[0].rstrip()[-1:] in ":…?!" and text.rstrip()[-1:] != meant[0].rstrip()[-1:]:
            yield f"does not end like {meant[0]!r}"
        if language == "ru" and not CYRILLIC.search(text) and set(words(text)) - INTERNATIONAL:
            yield "has no Cyrillic letter"


def words(text):
    return LATIN_WORD.findall(HOLES.sub(" ", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_well(language):
    kept = catalog.read(language)
    wrong = {m.id: list(faults(m, language)) for m in kept if m.id}
    assert {message: why for message, why in wrong.items() if why} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalog_is_the_words_in_use(language, found):
    used = {(m.context, m.id) for m in found if m.id}
    kept = {(m.context, m.id) for m in catalog.read(language) if m.id}
    assert sorted(map(str, used - kept)) == [], "in use but not in the catalog"
    assert sorted(map(str, kept - used)) == [], "in the catalog but nowhere in use"


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_declared(language):
    assert catalog.read(language).num_plurals == PLURALS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing(language):
    assert catalog.missing(language) == []


def test_there_are_words(found):
    assert len(found) > 60


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("%(n)s views", "просмотры"),
        ("Search…", "Поиск"),
        ("Sign out", "Sign out"),
        ("Open", ""),
        ("<b>New</b>", "Новое"),
    ],
)
def test_a_bad_translation_is_noticed(source, translation):
    words = Catalog(locale="ru")
    message = words.add(source, translation)
    assert list(faults(words.get(source) or message, "ru"))


def test_a_bad_plural_is_noticed():
    words = Catalog(locale="ru")
    words.add(("%(num)d view", "%(num)d views"), ("%(num)d просмотр", "%(num)d просмотра"))
    assert list(faults(words.get("%(num)d view"), "ru"))
