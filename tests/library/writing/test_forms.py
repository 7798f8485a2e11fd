"""A text through the form and back: nothing is changed that nobody changed, and errors are placed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.library import kinds
from portal.library.rules import Kind
from portal.library.service import content_of
from portal.library.writing import forms

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), min_codepoint=33),
    max_size=12,
)
LINE = st.lists(WORDS.filter(bool), min_size=1, max_size=4).map(" ".join)
RESULT = st.fixed_dictionaries(
    {}, optional={"figure": LINE, "label": LINE, "source": LINE, "unit": LINE}
).filter(lambda row: set(row) & {"figure", "label", "source"})
STORY = st.fixed_dictionaries(
    {},
    optional={
        "customer": LINE,
        "country": LINE,
        "challenge": LINE,
        "results": st.lists(RESULT, min_size=1, max_size=12),
        "quote": st.fixed_dictionaries({"text": LINE}, optional={"by": LINE, "photo": LINE}),
    },
)


def sent(form, prefix=""):
    """What a browser sends of a form that was drawn."""
    pairs = []
    for field in form:
        if hasattr(field, "entries"):
            for entry in field.entries:
                pairs += sent(entry.form)
        elif hasattr(field, "form"):
            pairs += sent(field.form)
        elif field.name != "csrf_token":
            pairs.append((field.name, "" if field.data is None else str(field.data)))
    return pairs


def round_trip(kind, content):
    """The form as drawn from a revision, sent back by a browser."""
    drawn = forms.text_form(kind, content, formdata=None, data=forms.shown(content), base=3)
    if hasattr(drawn, "own") and kind == "case-study":
        drawn.own.form.offer_rows()
    return forms.text_form(kind, content, formdata=MultiDict(sent(drawn)))


@given(
    fields=STORY,
    lines=st.tuples(LINE, st.lists(LINE, max_size=3).map("\n".join)),
    body=st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r")),
    tags=st.lists(LINE, max_size=4, unique=True),
)
@settings(max_examples=60, deadline=None)
def test_a_form_sent_back_as_it_came_changes_nothing(app, fields, lines, body, tags):
    title, summary = lines
    checked, rest = kinds.check(Kind.CASE_STUDY, fields, {})
    content = content_of(
        title=title, body=body, summary=summary, tags=tags, fields=checked, extra={"x": 1, **rest}
    )
    with app.test_request_context():
        form = round_trip("case-study", content)
        assert form.content() == content
        assert form.says(content)


@pytest.fixture
def form(app):
    """A function: the form of a kind with these things typed."""
    with app.test_request_context():

        def typed(kind, kept=None, **values):
            data = MultiDict(
                {"title": "T", "base": "1", **{k.replace("_", "-"): v for k, v in values.items()}}
            )
            made = forms.text_form(kind, kept or {}, formdata=data, meta={"csrf": False})
            made.good = made.validate()
            return made

        yield typed


def test_what_is_wrong_is_said_beside_its_field(form):
    made = form(
        "case-study",
        own_customer="x" * 201,
        own_results_1_figure="y" * 61,
        own_results_0_label="",
        own_quote_by="Ann",
    )
    assert not made.good
    own = made.own.form
    assert own.customer.errors
    assert own.results[1].form.figure.errors
    assert not own.results[0].form.figure.errors
    assert own.quote.form.text.errors
    assert not own.country.errors


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://media.example.com/v.mp4", True),
        ("http://example.com", True),
        ("", True),
        ("javascript:alert(1)", False),
        ("example.com", False),
        ("https://", False),
        ("https://a b.example", False),
    ],
)
def test_a_link_is_a_link(form, url, good):
    made = form("video", own_url=url, own_duration="4:10")
    assert made.good is good
    assert bool(made.own.form.url.errors) is not good
    if good:
        assert made.content()["fields"] == ({"url": url} if url else {}) | {"duration": "4:10"}


def test_an_odd_link_a_file_has_brought_may_stay(form):
    kept = content_of(title="T", body="", fields={"url": "videos/a.mp4"})
    assert form("deck", kept, own_url="videos/a.mp4").good
    assert not form("deck", kept, own_url="videos/b.mp4").good


def test_other_kinds_keep_what_their_form_does_not_show(form):
    kept = content_of(title="T", body="", fields={"customer": "ACME"}, extra={"seo": "x"})
    content = form("faq", kept, body="New").content()
    assert (content["fields"], content["extra"]) == ({"customer": "ACME"}, {"seo": "x"})


def test_rows_taken_out_do_not_lend_their_hidden_parts(form):
    kept = content_of(
        title="T",
        body="",
        fields={"results": [{"figure": "1", "unit": "%"}, {"figure": "2", "unit": "h"}]},
    )
    made = form(
        "case-study",
        kept,
        own_results_0_was="0",
        own_results_0_figure="",
        own_results_1_was="1",
        own_results_1_figure="2",
    )
    assert made.content()["fields"] == {"results": [{"figure": "2", "unit": "h"}]}


def test_tags_with_commas_stay_whole_until_they_are_touched(form):
    kept = content_of(title="T", body="", tags=["big, heavy", "x"])
    assert form("faq", kept, tags="big, heavy, x").content()["tags"] == ["big, heavy", "x"]
    assert form("faq", kept, tags="big, heavy").content()["tags"] == ["big", "heavy"]
    assert form("faq", kept, tags=" a ,, a, b ").content()["tags"] == ["a", "b"]


def test_what_no_database_keeps_is_left_out(form):
    made = form("faq", title="A\x00\ud800b", body="x\x00\r\ny\ud800")
    assert made.content()["title"] == "Ab"
    assert made.content()["body"] == "x\ny"


def test_all_that_was_typed_can_be_shown_again(form, app):
    made = form(
        "case-study", title="", own_customer="x" * 300, own_results_2_figure="7", note="why"
    )
    again = forms.text_form("case-study", {}, formdata=None, data=made.typed(), base=1)
    assert again.own.form.customer.data == "x" * 300
    assert [row.form.figure.data for row in again.own.form.results] == ["7"]
    assert again.note.data == "why"
