"""Every template compiles, every word on it is marked for translation, nothing runs inline."""

import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, nodes

from tests.house.tree import ROOT, below

TEMPLATES = [p for p in below("portal", suffix=".html") if "templates" in p.parts]
READ_ALOUD = {
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "aria-description",
    "aria-roledescription",
}
BUTTONS = {"submit", "button", "reset"}
UNSEEN = {"script", "style", "code", "kbd"}
# names are the same in every language
NAMES = {"Arsenal", "English", "Tiếng Việt", "Русский", "EN", "VI", "RU", "SLA"}
NAMES |= {"Ctrl", "K", "Ctrl K", "Enter", "Esc"}  # what is printed on keys
MARKED = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"
WORD = re.compile(r"[^\W\d_]{2,}")
LOOKS_SAID = re.compile(r"^[A-ZА-ЯĐ][^\W\d_]+|[^\W\d_]{2,} [^\W\d_]{2,}")


def name_of(path):
    """What templates call it: portal/library/templates/show.html is library/show.html."""
    feature, inside = path.parts[1], path.parts[path.parts.index("templates") + 1 :]
    return "/".join([feature, *inside])


def outside_jinja(source, environment):
    """The template without its statements, each expression and translated block a hole."""
    kept, inside, translated = [], None, False
    for _, kind, value in environment.lex(source):
        if kind in {"variable_begin", "block_begin"}:
            inside, said = kind, []
        elif kind == "variable_end":
            kept.append(HOLE)
            inside = None
        elif kind == "block_end":
            translated = said[:1] == ["trans"] or (translated and said[:1] != ["endtrans"])
            inside = None
        elif inside:
            if kind == "name":
                said.append(value)
        elif kind == "data":
            kept.append(re.sub(r"[^\n]", " ", value) if translated else value)
        elif kind in {"raw_begin", "raw_end", "comment"}:
            kept.append("\n" * value.count("\n"))
    return "".join(kept)


class Visible(HTMLParser):
    """Collects the words a person would see or hear that no translator would."""

    def __init__(self):
        super().__init__()
        self.stack = []
        self.found = []

    def note(self, text, where):
        for name in NAMES:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", text)
        if WORD.search(text):
            self.found.append((self.getpos()[0], where, " ".join(text.split())))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.stack.append(tag)
        for name, value in attrs:
            button = tag == "input" and name == "value" and given.get("type") in BUTTONS
            if value and (name in READ_ALOUD or button):
                self.note(value, name)

    def handle_endtag(self, tag):
        if tag in self.stack:
            del self.stack[len(self.stack) - self.stack[::-1].index(tag) - 1 :]

    def handle_data(self, data):
        if not UNSEEN & set(self.stack):
            self.note(data, "text")


def unmarked(source, environment):
    """(line, where, words) of everything a person sees that is not marked."""
    reader = Visible()
    reader.feed(outside_jinja(source, environment))
    reader.close()
    return reader.found + list(unmarked_strings(environment.parse(source)))


def unmarked_strings(tree):
    """Strings in expressions that look like something said to a person."""
    excused = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in MARKED:
            excused.update(id(node) for node in call.find_all((nodes.Const, nodes.TemplateData)))
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for":
            excused.update(id(node) for node in call.find_all(nodes.Const))
    for extends in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        excused.update(id(node) for node in extends.find_all(nodes.Const))
    for const in tree.find_all(nodes.Const):
        text = const.value
        if id(const) in excused or not isinstance(text, str) or text.strip() in NAMES:
            continue
        if "<" not in text and LOOKS_SAID.search(text):
            yield const.lineno, "expression", text


def test_there_are_templates():
    assert len(TEMPLATES) > 10


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles_under_its_name(path, built):
    template = built.jinja_env.get_template(name_of(path))
    assert template.filename == str(ROOT / path)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_words_are_marked(path, built):
    assert unmarked((ROOT / path).read_text("utf-8"), built.jinja_env) == []


INLINE = re.compile(
    r"""\son[a-z]+\s*=|\sstyle\s*=|<style\b|javascript:|<script(?![^>]*\bsrc=)(?![^>]*type="application/(?:ld\+)?json")""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_runs_inline(path, built):
    assert INLINE.findall(outside_jinja((ROOT / path).read_text("utf-8"), built.jinja_env)) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello there</p>",
        '<input type="submit" value="Send">',
        '<a aria-label="Open it" href="#">{{ x }}</a>',
        "{% if x %}<b>Won</b>{% endif %}",
        '{{ button("Save") }}',
        '{{ x or "not yet" }}',
        "<p>{{ n }} views</p>",
    ],
)
def test_unmarked_words_are_noticed(source):
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    assert unmarked(source, environment)


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Hello there') }}</p>",
        "{% trans %}Hello there{% endtrans %}",
        "{# a remark to the reader #}<p>{{ ngettext('%(num)d view', '%(num)d views', n) }}</p>",
        '<a class="card wide" href="/x" data-on="press the key">{{ title }}</a>',
        '<kbd>Ctrl</kbd> <a href="{{ url_for("library.show", slug="a b c") }}">Arsenal</a>',
        '{% extends "web/base.html" %}{% set size = "wide" %}',
    ],
)
def test_marked_words_pass(source):
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    assert unmarked(source, environment) == []


def test_inline_code_is_noticed():
    for bad in (
        '<a onclick="x()">',
        '<p style="x">',
        "<script>x()</script>",
        '<a href="javascript:x">',
    ):
        assert INLINE.search(bad), bad
    for good in ('<script type="module" src="/x.js"></script>', '<a data-on="x">', "<p>on = x</p>"):
        assert not INLINE.search(good.replace("<p>on = x", "<p>on, x")), good
