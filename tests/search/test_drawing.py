from dataclasses import replace
from types import SimpleNamespace

import html5lib
from markupsafe import Markup

from portal.search import drawing
from portal.search.drawing import HitView, Option, Words

EVIL = """"><script>alert('1')</script>&"""
WORDS = Words(
    SimpleNamespace(copy=Markup("<i></i>"), into=Markup(""), file=Markup("")),
    "Copy",
    "not",
    {"vi": "Tiếng Việt"},
    "Why this result",
)
HIT = HitView(
    url="/assets/a/en?from=search&ref=1&rank=1",
    asset_id=7,
    language="en",
    revision=3,
    tags=Markup(""),
    facts=Markup("<li>fresh</li>"),
    spoken=Markup("English"),
    title=Markup("A <mark>title</mark>"),
    snippet=Markup("some <mark>words</mark>"),
    section_heading="Pricing",
    section_url="/assets/a/en#pricing",
    section_language="en",
    is_file=False,
    sayable="Say this.",
    missing=(),
    other_languages=[("vi", "/assets/a/vi?from=search&rank=1")],
)


def tree(markup):
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    found = parser.parse(f"<!doctype html><title>t</title><body><ol>{markup}</ol>")
    assert parser.errors == []
    return found


def test_a_hit_says_what_it_is_and_where_it_leads():
    root = tree(drawing.hits([HIT], WORDS))
    (item,) = [node for node in root.iter("li") if node.get("class") == "hit"]
    assert (item.get("data-asset"), item.get("data-revision")) == ("7", "3")
    assert [a.get("href") for a in root.iter("a")] == [
        "/assets/a/en?from=search&ref=1&rank=1",
        "/assets/a/en#pricing",
        "/assets/a/vi?from=search&rank=1",
    ]
    (quote,) = root.iter("blockquote")
    (button,) = root.iter("button")
    assert button.get("data-copy") == quote.get("id") == "hit-1"


def test_what_people_wrote_is_never_markup():
    odd = replace(
        HIT, section_heading=EVIL, sayable=EVIL, missing=(EVIL,), by=EVIL, section_url=f"/{EVIL}"
    )
    root = tree(drawing.hits([odd], WORDS))
    assert not list(root.iter("script"))
    assert root.find(".//blockquote/p").text == EVIL
    assert root.find(".//s").text == EVIL


def test_a_hit_without_extras_is_short():
    bare = replace(HIT, snippet=Markup(""), section_heading="", sayable="", other_languages=[])
    root = tree(drawing.hits([bare], WORDS))
    assert not list(root.iter("button"))
    assert not list(root.iter("blockquote"))
    assert len(list(root.iter("a"))) == 1


def test_far_down_no_sentence_is_offered():
    root = tree(drawing.hits([HIT] * (drawing.SAYABLE + 2), WORDS))
    assert len(list(root.iter("blockquote"))) == drawing.SAYABLE


def test_words_that_are_missing_are_named():
    root = tree(drawing.hits([replace(HIT, missing=("gia", "kestrel"))], WORDS))
    assert [node.text for node in root.iter("s")] == ["gia", "kestrel"]


def test_an_option_can_be_ticked_and_can_not_be_markup():
    drawn = drawing.options("kind", [Option("faq", EVIL, 2, True), Option("deck", "Deck", 1, False)])  # fmt: skip
    root = tree(f"<li>{drawn}</li>")
    first, second = root.iter("input")
    assert (first.get("name"), first.get("value"), first.get("checked")) == ("kind", "faq", "")
    assert second.get("checked") is None
    assert [node.text for node in root.iter("span")] == [EVIL, "Deck"]
    assert [node.get("value") for node in root.iter("data")] == ["2", "1"]
