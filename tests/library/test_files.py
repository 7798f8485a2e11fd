"""A file as values and back again, without loss."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.rules import Department
from portal.config import Language
from portal.errors import Invalid
from portal.library import files
from portal.library.files import SourceFile, as_date, read, write
from portal.library.rules import Facet, Kind, State, bounded_slug, export_path
from portal.markup import slugify

SHARED = Path(__file__).parents[3] / "shared" / "data"

FULL = """---
title: "Battlecard: Kestrel WMS"
summary: When they offer the big suite.
kind: battlecard
language: en
owner: linh.pham@tarvel.example
department: marketing
state: published
checked: 2026-11-03
tags: [price, migration]
product: [warehouse]
competitor: kestrel
layout: card
since: 2024-01-31
---

## Quick facts

Text.
"""


def of(text, path="battlecard/kestrel/en.md", **defaults):
    return read(text.encode(), path, **defaults)


def test_a_full_file():
    assert of(FULL) == SourceFile(
        path="battlecard/kestrel/en.md",
        slug="battlecard-kestrel",
        language=Language.EN,
        kind=Kind.BATTLECARD,
        title="Battlecard: Kestrel WMS",
        summary="When they offer the big suite.",
        body="## Quick facts\n\nText.",
        tags=("price", "migration"),
        owner="linh.pham@tarvel.example",
        department=Department.MARKETING,
        state=State.PUBLISHED,
        checked=date(2026, 11, 3),
        checked_said=True,
        facets={Facet.PRODUCT: ("warehouse",), Facet.COMPETITOR: ("kestrel",)},
        fields={},
        extra={"layout": "card", "since": "2024-01-31"},
    )


@pytest.mark.parametrize(
    ("text", "path", "title"),
    [
        ("---\ntitle: A\n---\n# B", "c.md", "A"),
        ("---\ntitle:\n---\n# B", "c.md", "B"),
        ("---\ntitle: 2024\n---\n", "c.md", "2024"),
        (
            "```\n# not me\n```\n\n## <a name='x'></a>The *real* [one](y.md) ##\n",
            "c.md",
            "The real one",
        ),
        ("no heading", "a/My_new-file.vi.md", "My new file"),
        ("no heading", "a/README.en.MD", "README"),
        ("no heading", "battlecard/my-kestrel/en.md", "my kestrel"),
        ("no heading", "vi.md", "vi"),
        ("no heading", "a/v1.2.md", "v1.2"),
        (
            "---\ntitle: A &amp; B &lt;c&gt; &#8212; R&D &copy &nope;\n---\n",
            "c.md",
            "A & B <c> — R&D &copy &nope;",
        ),
        ("---\ntitle: A &amp;lt; B\n---\n", "c.md", "A &lt; B"),
        ("Title\n=====\n", "c.md", "Title"),
        ("no heading", "a/---.md", "---"),
    ],
)
def test_a_title_is_told_or_headed_or_the_name(text, path, title):
    assert of(text, path).title == title


def test_a_summary_is_read_as_it_is_meant():
    assert of("---\nsummary: A&nbsp;&amp; B\n---\n").summary == "A & B"
    told = of("---\ndescription: A &amp; B\n---\n")
    assert (told.summary, told.extra) == ("A & B", {"description": "A &amp; B"})


def test_kind_and_language_come_from_the_nearest_place():
    assert of("---\nkind: FAQ\nlanguage: ru-RU\n---\n").kind is Kind.FAQ
    assert of("---\nlang: ru-RU\n---\n", "faq/x/vi.md").language is Language.RU
    assert of("text", "faq/x/vi.md", kind=Kind.DECK, language=Language.RU).kind is Kind.FAQ
    assert of("text", "faq/x/vi.md", language=Language.RU).language is Language.VI
    plain = of("text", "x.md", kind=Kind.DECK, language=Language.RU)
    assert (plain.kind, plain.language) == (Kind.DECK, Language.RU)
    assert of("Где цена и почему такая", "x.md").language is Language.RU
    assert of("text", "x.md").kind is Kind.GUIDE


@pytest.mark.parametrize(
    ("front", "tags"),
    [
        ("tags: one, two words; three", ("one", "two words", "three")),
        ("tags: [one, 2, one]", ("one", "2")),
        ("tags: [one, null, '', true, 1.5, false]", ("one", "true", "1.5", "false")),
        ("tags: [null]", ()),
        ("tags: 2024", ("2024",)),
        ("tags: true", ("true",)),
        ("tags:", ()),
        ("tag: Engineering", ("Engineering",)),
        ("tags: []\ntag: Engineering", ()),
    ],
)
def test_tags_are_words_in_a_row_or_a_list(front, tags):
    assert of(f"---\n{front}\n---\n").tags == tags


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("2026-11-03T10:00:00+07:00", date(2026, 11, 3)),
        ("2026-11-03 10:00", date(2026, 11, 3)),
        ("06/07/2022", date(2022, 6, 7)),
        ("13/07/2022", None),
        ("soon", None),
        (20261103, None),
        (None, None),
    ],
)
def test_dates_as_people_write_them(value, day):
    assert as_date(value) == day


def test_a_date_is_checked_on_when_told_and_borrowed_otherwise():
    told = of("---\nchecked: 06/07/2022\ndate: 2020-01-01\n---\n")
    assert (told.checked, told.checked_said) == (date(2022, 6, 7), True)
    borrowed = of("---\nms.date: 06/07/2022\n---\n")
    assert (borrowed.checked, borrowed.checked_said) == (date(2022, 6, 7), False)
    assert borrowed.extra == {"ms.date": "06/07/2022"}
    none = of("---\nchecked:\ndate: 2020-01-01\n---\n")
    assert (none.checked, none.checked_said) == (None, True)


def test_a_summary_is_borrowed_and_the_key_is_kept():
    source = of("---\ndescription: What it\n  says\n---\n")
    assert source.summary == "What it says"
    assert source.extra == {"description": "What it says"}
    assert of("---\ndescription: " + "x" * 3000 + "\n---\n").summary.endswith("x…")


def test_facets_told_oddly_are_kept_as_they_are():
    source = of("---\nproduct: {a: 1}\nstage: [x, [y]]\nindustry: Retail, Grocery\npersona:\n---\n")
    assert source.facets == {Facet.INDUSTRY: ("Retail", "Grocery"), Facet.PERSONA: ()}
    assert source.extra == {"x-product": {"a": 1}, "x-stage": ["x", ["y"]]}


def test_a_slug_may_be_told():
    assert of("---\nslug: /blog/Kestrel 2/\n---\n").slug == "blog-kestrel-2"
    odd = of("---\nslug: [x]\n---\n", "a.md")
    assert (odd.slug, odd.extra) == ("a", {"x-slug": ["x"]})
    assert of("---\nslug: 1.5\n---\n").slug == "1-5"


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("kind: novel", "`kind` is 'novel', not one of: battlecard"),
        ("language: fr", "`language` is 'fr', not one of: en, vi, ru"),
        ("state: done", "`state` is 'done'"),
        ("department: legal", "`department` is 'legal'"),
        ("checked: soon", "`checked` is 'soon', not a date"),
        ("title: [a]", "`title` must be text"),
        ("title: " + "x" * 301, "`title` is longer than 300"),
        ("tags: {a: 1}", "`tags` must be a list"),
        ("tags: [" + "x" * 101 + "]", "`tags` must be"),
    ],
)
def test_keys_of_ours_with_wrong_values_are_refused_with_the_line(front, reason):
    with pytest.raises(Invalid) as caught:
        of(f"---\nother: 1\n{front}\n---\n")
    assert reason in caught.value.reason
    assert caught.value.line == 3


def test_a_text_over_a_megabyte_is_refused():
    with pytest.raises(Invalid, match="1 MB"):
        of("x" * 1_000_001)


# ---- there and back


def test_a_written_file_reads_the_same_and_says_no_more_than_needed():
    source = of(FULL)
    assert write(source) == FULL.replace(
        '"Battlecard: Kestrel WMS"', "'Battlecard: Kestrel WMS'"
    ).replace("competitor: kestrel", "competitor: [kestrel]")
    assert of(write(source)) == source
    assert "slug: other" in write(replace(source, slug="other"))


line = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(
    lambda s: " ".join(files.one_line(s).split())
)
anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | anything
    | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=6,
)
words = line.filter(lambda w: w and not set(w) & set(",;\n"))
OURS = {
    "title",
    "summary",
    "kind",
    "language",
    "lang",
    "slug",
    "owner",
    "department",
    "state",
    "checked",
    "tags",
    *Facet,
}
slugs = line.map(slugify).map(bounded_slug)


entities = st.lists(
    st.sampled_from(["&", "amp;", "&amp;", "&lt;", "#38;", "&#38;", "&#x26;", "&nope;", "a"]),
    min_size=1,
    max_size=5,
).map("".join)


@st.composite
def sources(draw):
    kind = draw(st.sampled_from(Kind))
    slug, language = draw(slugs), draw(st.sampled_from(Language))
    fields = {}
    if kind is Kind.CASE_STUDY:
        fields = draw(
            st.fixed_dictionaries(
                {}, optional={"customer": line.filter(bool), "country": line.filter(bool)}
            )
        )
    body = draw(anything).replace("\r\n", "\n").replace("\r", "\n")
    return SourceFile(
        path=export_path(slug, kind, language),
        slug=slug,
        language=language,
        kind=kind,
        title=draw(line.filter(bool) | entities),
        summary=draw(line | entities),
        targets=draw(st.dictionaries(anything, st.none() | slugs, max_size=3)),
        body=files.frontmatter.trim(body),
        tags=tuple(dict.fromkeys(draw(st.lists(words, max_size=4)))),
        owner=draw(st.none() | st.emails()),
        department=draw(st.none() | st.sampled_from(Department)),
        state=draw(st.none() | st.sampled_from(State)),
        checked=draw(st.dates()),
        checked_said=True,
        facets=draw(
            st.dictionaries(
                st.sampled_from(Facet),
                st.lists(words, max_size=3, unique=True).map(tuple),
                max_size=3,
            )
        ),
        fields=fields,
        extra=draw(
            st.dictionaries(
                anything.filter(
                    lambda k: (
                        k not in OURS
                        and k
                        not in {
                            "customer",
                            "country",
                            "challenge",
                            "results",
                            "quote",
                            "url",
                            "duration",
                        }
                    )
                ),
                values,
                max_size=4,
            )
        ),
    )


@settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(sources())
def test_whatever_is_written_reads_the_same(source):
    assert read(write(source).encode(), source.path) == source


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_real_files_written_and_read_again_are_the_same():
    tried = 0
    for file in sorted((SHARED / "content").rglob("*"))[::3]:
        if file.suffix in files.SUFFIXES:
            source = read(file.read_bytes(), file.relative_to(SHARED).as_posix())
            moved = replace(source, path=export_path(source.slug, source.kind, source.language))
            again = read(write(moved).encode(), moved.path)
            assert replace(again, checked_said=False) == replace(moved, checked_said=False), file
            tried += 1
    assert tried > 400
