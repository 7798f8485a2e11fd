"""Markdown in, readable sections with stable anchors out."""

import re

import pytest

from portal.markup import plain, render, slugify
from tests.test_markup_hostile import faults, html

# ---- sections


SOURCE = """Lead.

# Card

## Why we win {#wins}

Text.

### "Too dear"

Because.

> Say this.

> And **this**.

### "Too dear"

> Third.
"""


def test_sections_have_levels_and_stable_anchors():
    sections = render(SOURCE).sections
    assert [(s.level, s.anchor, s.heading) for s in sections] == [
        (0, "", ""),
        (1, "card", "Card"),
        (2, "why-we-win", "Why we win"),
        (3, "too-dear", '"Too dear"'),
        (3, "too-dear-2", '"Too dear"'),
    ]
    assert sections[3].text == "Because.\nSay this.\nAnd this."


def test_each_block_quote_is_a_sentence_to_say():
    sections = render(SOURCE).sections
    assert [(q.anchor, q.text) for q in sections[3].sayables] == [
        ("say-too-dear-1", "Say this."),
        ("say-too-dear-2", "And this."),
    ]
    assert '<blockquote id="say-too-dear-2">\n<p>And <strong>this</strong>.</p>' in sections[3].html
    assert sections[4].sayables[0].anchor == "say-too-dear-2-1"


def test_the_title_is_not_said_twice():
    sections = render("# Kestrel: the CARD\n\nText.\n", title="Kestrel — the card").sections
    assert [(s.level, s.heading, s.text) for s in sections] == [(0, "", "Text.")]
    assert render("Lead.\n\n# Kestrel", title="Kestrel").sections[1].heading == "Kestrel"


def test_the_caller_names_anchors_and_pages_keep_their_own_ids():
    named = render("## Giá\n\n## Main\n\n## Say it", anchor_of={"Giá": "pricing"}.get)
    assert [s.anchor for s in named.sections] == ["pricing", "s-main", "s-say-it"]


def test_links_to_an_authors_own_ids_still_lead_there():
    source = "## Why <a name='old'></a>\n\n[a](#old) [b](#why) [c](#nowhere) [d](#Why)\n"
    result = html(source)
    assert result.count('href="#why"') == 3
    assert "nowhere" not in result


def test_a_callout_is_not_a_sentence_to_say():
    section = render("> [!NOTE]\n> Careful.").sections[0]
    assert section.sayables == ()
    assert '<aside class="callout">' in section.html
    assert "[!NOTE]" not in section.html


def test_tables_can_be_stacked():
    result = html("| | Us | Them |\n|---|:-:|--:|\n| Price | 1 | 2 |\n")
    assert '<div class="table" role="region" tabindex="0" aria-label="Us, Them"><table>' in result
    assert '<th scope="col" align="center">Us</th>' in result
    assert '<td data-label="Them" align="right">2</td>' in result


def test_raw_html_does_not_break_sections():
    source = "## A\n\n<div class='x'>\n<h2>Inside</h2>\n<p>one\n</div>\n\n## B\n\n<table><tr><td>\n\n## C\n"
    assert [s.heading for s in render(source).sections][:3] == ["A", "Inside", "B"]
    assert not faults(render(source))


@pytest.mark.parametrize(
    "tag",
    [
        "<title>",
        "<textarea>",
        "<script>",
        "<!--",
        "<svg>",
        "<style>",
        "<xmp>",
        "<select>",
        "<plaintext>",
    ],
)
def test_a_tag_left_open_does_not_swallow_what_follows(tag):
    sections = render(f"## A\n\nThe {tag} tag.\n\n## B\n\nLast.").sections
    assert [s.heading for s in sections] == ["A", "B"]
    assert sections[1].text == "Last."


def test_placeholders_in_angle_brackets_stay_readable():
    assert "Replace <your-name> now" in plain(html("Replace <your-name> now"))


def test_lists_are_read_as_their_authors_meant():
    result = html("Text:\n- a\n  - b\n- c\n\n1. one\n   ```js\n   x = 1\n   ```\n2. two\n")
    assert result.startswith("<p>Text:</p><ul>\n<li>a<ul>\n<li>b</li>")
    assert "<pre><code>x = 1\n</code></pre>" in result
    assert "1986. A year" in plain(html("It was in\n1986. A year."))


def test_code_is_left_alone():
    source = "```\n- {% raw %} <Card/> :::\nimport x from 'y'\n```\n\n`{{ site.x }}`"
    text = plain(html(source))
    assert "- {% raw %} <Card/> :::\nimport x from 'y'" in text
    assert "{{ site.x }}" in text


def test_other_generators_marks_become_words():
    text = plain(
        html(
            "import Card from './card'\n\n<Card title=\"Fast\">\nQuick.\n</Card>\n\n"
            '{% note warning "OLD" %}\n\nGone.\n\n{% endnote %}\n\n'
            "{% include [A label](x.md) %}\n\n{{ site.baseurl }}Hi {{ name }}\n\n"
            "In [!INCLUDE[prod_short](i/p.md)] here.\n\n::: tip\nTip.\n:::\n"
        )
    )
    for word in (
        "Fast",
        "Quick.",
        "OLD",
        "Gone.",
        "A label",
        "Hi {{ name }}",
        "In prod short here.",
        "Tip.",
    ):
        assert word in text, word
    for mark in ("import", "<Card", "{%", "site.", "INCLUDE", ":::"):
        assert mark not in text, mark


def test_other_generators_tables_and_links_become_ours():
    grid = "#|\n|| **Name**\n`type` | **What** ||\n|| id | The *id* ||\n|#\n"
    result = html(f"Text\n\n{grid}\nAfter [{{#T}}](../a/crm-deal-get.md).")
    assert '<td data-label="What">The <em>id</em></td>' in result
    assert '<a href="../a/crm-deal-get.md">crm deal get</a>' in result
    code = html("x\n#|\n|| a | b\n\n```\ncode\n```\n||\n|| c | d ||\n|#\n")
    assert "<pre><code>code\n</code></pre>" in code


def test_a_callout_in_a_list_is_no_part_of_the_sentence_before():
    result = html("1. Do it.\n   > [!NOTE]\n   > Careful \\<here>.\n2. Next.\n")
    assert '<aside class="callout">' in result
    assert "Careful &lt;here&gt;." in result


def test_machinery_over_several_lines_goes():
    assert plain(html('A\n\n{% include "x",\n  quote: "q"\n %}\n\nB')) == "A\nB"


def test_an_image_of_colons_becomes_an_image():
    result = html(':::image type="content" source="m/a.png" alt-text="Screen":::')
    assert '<img src="m/a.png" alt="Screen" loading="lazy">' in result


def test_words_are_counted_with_headings():
    assert render("## Two words\n\nand three more").words == 5


# ---- addresses


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Đối thủ: Kestrel", "doi-thu-kestrel"),
        ("Почему мы выигрываем", "pochemu-my-vyigryvaem"),
        ("Ёлка и Йод, объём", "elka-i-yod-obem"),
        ("  --A  B--  ", "a-b"),
        ("Straße №5", "strasse-no5"),
    ],
)
def test_slugs_are_plain_in_three_scripts(text, slug):
    assert slugify(text) == slug
    assert slugify(slug) == slug


def test_a_slug_is_never_empty_and_never_long():
    assert re.fullmatch(r"x[0-9a-f]{8}", slugify("日本"))
    assert slugify("日本") != slugify("中国")
    assert slugify("word " * 100) == "-".join(["word"] * 16)
    assert len(slugify("w" * 200)) == 80
