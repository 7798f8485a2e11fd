import os

import pytest
from flask import Flask
from flask_babel import force_locale, gettext, ngettext

from portal.config import Language
from portal.web import babel, catalog

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Copy"
msgstr "{copy}"

#, fuzzy
msgid "Print"
msgstr "Máy in?"
"""


@pytest.fixture(scope="module")
def found():
    return catalog.extract()


def app_with(folder, **options):
    app = Flask("portal", static_folder=None)
    babel.install(app, default=Language.VI, timezone="UTC", folder=folder, **options)
    return app


def write(folder, copy, stamp=1_000_000_000):
    path = folder / "vi" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PO.format(copy=copy), "utf-8")
    os.utime(path, (stamp, stamp))


def say(app, text):
    with app.test_request_context("/"):
        return gettext(text)


def test_a_po_file_is_used_without_a_build_step(tmp_path):
    write(tmp_path, "Chép")
    app = app_with(tmp_path)
    assert say(app, "Copy") == "Chép"
    assert list(tmp_path.rglob("*.mo")) == []


def test_what_is_fuzzy_or_unknown_stays_english(tmp_path):
    write(tmp_path, "Chép")
    app = app_with(tmp_path)
    assert (say(app, "Print"), say(app, "Nowhere")) == ("Print", "Nowhere")


def test_a_change_is_seen_only_when_watching(tmp_path):
    write(tmp_path, "Chép")
    kept, watching = app_with(tmp_path), app_with(tmp_path, watch=True)
    assert say(kept, "Copy") == say(watching, "Copy") == "Chép"
    write(tmp_path, "Sao chép", stamp=1_000_000_060)
    assert (say(kept, "Copy"), say(watching, "Copy")) == ("Chép", "Sao chép")


def test_a_language_without_a_file_is_english(tmp_path):
    assert say(app_with(tmp_path), "Copy") == "Copy"


def test_russian_counts_as_russians_do(face):
    with face.test_request_context("/"), force_locale("ru"):
        said = [ngettext("%(num)d result", "%(num)d results", n) for n in (1, 3, 5, 11, 21)]
    assert said == [
        "1 результат",
        "3 результата",
        "5 результатов",
        "11 результатов",
        "21 результат",
    ]


def test_words_are_found_in_templates_and_in_modules(found):
    assert "Skip to content" in found, "a template's words"
    assert "Battlecard" in found, "a lazy word of a Python table"
    assert found["Copy"].locations


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_every_word_has_a_translation(language, found):
    assert catalog.missing(language, found=found) == []


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_no_translation_is_left_over(language, found):
    kept = {message.id for message in catalog.read(language) if message.id}
    assert kept == {message.id for message in found if message.id}


def make_root(tmp_path, template):
    folder = tmp_path / "library" / "templates"
    folder.mkdir(parents=True)
    (folder / "a.html").write_text(template, "utf-8")
    return tmp_path


def test_a_gap_is_told_with_its_place_and_filled_ones_are_kept(tmp_path):
    root = make_root(tmp_path, "{{ _('Copy') }}\n{{ _('%(n)s ms', n=1) }}")
    path = catalog.update("vi", root)
    gaps = catalog.missing("vi", root)
    assert [(g.message, g.reason) for g in gaps] == [
        ("Copy", "not translated"),
        ("%(n)s ms", "not translated"),
    ]
    assert gaps[1].places == ("library/templates/a.html:2",)
    text = path.read_text("utf-8")
    text = text.replace('msgid "Copy"\nmsgstr ""', 'msgid "Copy"\nmsgstr "Chép"')
    text = text.replace('msgid "%(n)s ms"\nmsgstr ""', 'msgid "%(n)s ms"\nmsgstr "%(m)s ms"')
    path.write_text(text, "utf-8")
    catalog.update("vi", root)
    assert [g.reason.split(":")[0] for g in catalog.missing("vi", root)] == ["broken"]


def test_a_template_that_can_not_be_read_fails_instead_of_vanishing(tmp_path):
    root = make_root(tmp_path, "{{ _('Copy') }}{% if %}")
    with pytest.raises(Exception, match="Expected an expression"):
        catalog.extract(root)
