import html5lib

from portal.web.copying import with_copy_buttons

SAY = '<blockquote id="say-price-1"><p>Ask what a day costs.</p></blockquote>'


def dressed(html):
    return with_copy_buttons(html, "<svg></svg>", "Chép & dán", "vi")


def fragment(html):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parseFragment(html)


def test_each_sentence_has_a_button_that_names_it():
    second = SAY.replace("price-1", "price-2")
    root = fragment(dressed(f"<p>Before.</p>{SAY}<p>Between.</p>{second}<p>After.</p>"))
    buttons = root.findall(".//button")
    assert [b.get("data-copy") for b in buttons] == ["say-price-1", "say-price-2"]
    assert [b.get("lang") for b in buttons] == ["vi", "vi"]
    assert [node.tag for node in root] == ["p", "div", "p", "div", "p"]
    assert "".join(buttons[0].itertext()) == "Chép & dán"


def test_the_text_itself_is_untouched():
    html = f"<ul><li>One</li></ul>{SAY}<p>Two &amp; three</p>"
    said = fragment(dressed(html)).find(".//blockquote")
    assert said.get("id") == "say-price-1"
    assert "".join(said.itertext()) == "Ask what a day costs."


def test_other_quotes_and_pages_without_any_stay_as_they_are():
    html = '<blockquote><p>A quote.</p></blockquote><p id="say-x">Text</p>'
    assert dressed(html) == html


def test_a_quote_in_a_quote_is_wrapped_once_and_whole():
    html = f'<blockquote id="say-a-1"><p>Outer</p>{SAY}<p>end</p></blockquote><p>x</p>'
    root = fragment(dressed(html))
    assert [b.get("data-copy") for b in root.findall(".//button")] == ["say-a-1"]
    assert root.findall(".//div/blockquote/blockquote")


def test_an_end_without_a_start_does_no_harm():
    assert dressed("</blockquote><p>x</p>") == "</blockquote><p>x</p>"
