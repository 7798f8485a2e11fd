"""Hostile, endless and broken Markdown: nothing dangerous comes out, and it comes in time."""

import json
import re
import time
from pathlib import Path

import html5lib
import pytest

from portal import markup
from portal.errors import Invalid
from portal.markup import cleaning, plain, render, tree

HOSTILE = Path(__file__).parents[2] / "shared" / "data" / "hostile"
REAL = HOSTILE.parent / "content"
given = pytest.mark.skipif(not HOSTILE.is_dir(), reason="the shared data is not here")

FORBIDDEN = set(
    "script style iframe frame object embed applet form input button select textarea svg math link "
    "meta base template noscript video audio source title head body html frameset".split()
)
URLS = {"href", "src", "action", "formaction", "background", "poster", "xlink:href", "srcset"}


def faults(document):
    """What is dangerous about a document, read the way a browser reads it."""
    anchors = [s.anchor for s in document.sections if s.anchor]
    sayables = [q.anchor for s in document.sections for q in s.sayables]
    found = [f"id twice: {a}" for a in {*anchors, *sayables} if (anchors + sayables).count(a) > 1]
    for section in document.sections:
        tree = html5lib.parseFragment(
            section.html, treebuilder="etree", namespaceHTMLElements=False
        )
        for element in tree.iter():
            tag = str(element.tag)
            if tag in FORBIDDEN or tag.startswith("{"):
                found.append(f"<{tag}>")
            for name, value in element.attrib.items():
                found += attribute_faults(tag, str(name), value, sayables)
    return found


def attribute_faults(tag, name, value, own_ids):
    if name.startswith("on") or name in {"style", "srcdoc", "name"}:
        return [f"{tag} {name}"]
    if name == "id" and value not in own_ids:
        return [f"id {value!r} is not ours"]
    if name in URLS:
        address = re.sub(r"[\x00-\x20]", "", value).lower()
        scheme = re.match(r"([^/?#]*?):", address)
        allowed = {"https"} if tag == "img" else {"http", "https", "mailto"}
        if address.startswith(("//", "/\\", "\\")) or (scheme and scheme[1] not in allowed):
            return [f"{tag} {name}={value!r}"]
    return []


def html(source, **options):
    return "".join(s.html for s in render(source, **options).sections)


def test_the_checker_sees_what_is_dangerous():
    def judge(fragment):
        section = markup.Section("a", 2, "A", fragment, "", ())
        return faults(markup.Document((section,), 0))

    for fragment in (
        "<script>1</script>",
        "<p onclick=1>",
        '<a href="java\tscript:1">',
        '<img src="//host/x.png">',
        '<img src="data:image/png,1">',
        '<p style="color:red">',
        '<p id="main">',
        "<svg><path/></svg>",
        '<a name="x">',
    ):
        assert judge(fragment), fragment
    assert not judge('<p>Good <a href="https://a.example/">link</a> <img src="x.png"></p>')


def hostile_sources():
    for file in sorted((HOSTILE / "hostile-xss-payloads").glob("*.txt")):
        lines = file.read_text("utf-8", "replace").split("\n")
        yield file.name, "\n\n".join(lines)
        for number in range(0, len(lines), 10):
            yield f"{file.name}:{number}", "\n".join(lines[number : number + 10])
    for number, case in enumerate(
        json.loads((HOSTILE / "hostile-html-dompurify/expect.json").read_text())
    ):
        yield f"dompurify {number}", case["payload"]
    yield (
        "naughty",
        "\n\n".join(json.loads((HOSTILE / "hostile-naughty-strings/blns.json").read_text())),
    )
    for folder in ("markdown-slow-inputs", "markdown-python-fixtures", "hostile-uploads"):
        for file in sorted((HOSTILE / folder).rglob("*")):
            if file.is_file():
                yield str(file.relative_to(HOSTILE)), file.read_text("utf-8", "replace")
    for name in ("commonmark.0.31.2.json", "gfm.0.29.json"):
        for case in json.loads((HOSTILE / "markdown-spec-examples" / name).read_text()):
            yield f"{name} {case.get('example')}", case["markdown"]


@given
def test_no_hostile_source_is_dangerous_or_slow():
    tried = 0
    for name, source in hostile_sources():
        began = time.monotonic()
        try:
            document = render(source)
        except Invalid:
            continue
        assert not faults(document), name
        assert time.monotonic() - began < 6, name
        tried += 1
    assert tried > 800


@given
@pytest.mark.slow
def test_real_documents_are_safe_and_keep_their_sections():
    sections = 0
    for file in sorted(REAL.rglob("*.md"))[::7]:
        document = render(file.read_text("utf-8-sig"))
        assert not faults(document), file
        sections += len(document.sections)
    assert sections > 800


@pytest.mark.parametrize(
    "source",
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt&colon;alert(1))",
        "[a](java&#10;script:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "[a](//evil.example/x)",
        "[a](/\\evil.example)",
        "[a](https:evil)",
        "![a](//evil.example/x.png)",
        "![a](http://plain.example/x.png)",
        "![a](data:image/svg+xml,x)",
        "<a href='javascript:1'>a</a>",
    ],
)
def test_odd_addresses_are_dropped_and_their_words_stay(source):
    result = html(source)
    assert "href" not in result
    assert "src" not in result
    assert "a" in plain(result)


def test_links_leave_safely_and_stay_inside():
    result = html("[x](https://a.example/?q=1&r=2) [y](mailto:a@b.example) [z](../z/en.md)")
    assert '<a href="https://a.example/?q=1&amp;r=2" rel="noopener noreferrer">x</a>' in result
    assert '<a href="mailto:a@b.example">y</a>' in result
    assert '<a href="../z/en.md">z</a>' in result


def test_a_relative_link_leads_where_the_caller_says():
    assert 'href="/assets/z"' in html("[z](../z/en.md)", link_of=lambda href: "/assets/z")


# ---- what never ends


@pytest.mark.parametrize("mark", ["[", "![", "[a](", "<a ", "<![CDATA[", "a\n=\n", "# a\n"])
def test_marks_by_the_thousand_are_drawn_or_refused_in_time(mark, monkeypatch):
    monkeypatch.setattr(cleaning, "SECONDS", 0.5)
    began = time.monotonic()
    try:
        render(mark * (60_000 // len(mark)))
    except Invalid as error:
        assert "too long" in error.reason
    assert time.monotonic() - began < 3


def test_risky_sources_go_to_a_process_that_can_be_ended(monkeypatch):
    monkeypatch.setattr(
        cleaning, "convert", lambda source: pytest.fail("converted in this process")
    )
    assert "[[[" in html("[" * 400)


def test_unclosed_formatting_does_not_multiply(monkeypatch):
    monkeypatch.setattr(cleaning, "MAX_HTML", 100_000)
    source = "".join(f"<b a{i}>" for i in range(400)) + "<p>x" * 800
    with pytest.raises(Invalid, match="too long"):
        render(source)


@pytest.mark.parametrize("source", ["> " * 3000 + "x", "1. " * 3000 + "x"])
def test_deep_nesting_ends_in_a_page_or_a_refusal(source):
    try:
        assert not faults(render(source))
    except Invalid as error:
        assert "nested" in error.reason


def test_elements_nested_too_deeply_are_dissolved():
    nodes = tree.parse("<b>" * 5000 + "x" + "</b>" * 5000 + "<p>y</p>").children
    assert tree.write(nodes).count("<b>") < 100
    assert tree.text(nodes) == "x\ny"


def test_one_megabyte_is_the_limit():
    with pytest.raises(Invalid, match="longer than 1 MB"):
        render("é" * 500_001)


def test_control_characters_vanish():
    assert html("a\x00b\x02c\x03d\ud800e") == "<p>abcde</p>"
