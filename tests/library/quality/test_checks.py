from datetime import date

import pytest

from portal import markup
from portal.library.quality import looking
from portal.library.quality.rules import Around, SectionShot, Snapshot, Target, TextShot
from portal.library.rules import Part, anchor_of

TODAY = date(2026, 11, 25)
AROUND = Around(
    TODAY,
    {
        "hallmere": Target("published", {"en": frozenset({"result"})}),
        "gone": Target("retired", {"en": frozenset()}),
    },
)
PARTS = "".join(f"## {part.value.replace('-', ' ')}\n\nA few words.\n\n" for part in Part)


def text(body="## What\n\nA few words.\n", language="en", **values):
    document = markup.render(body, anchor_of=anchor_of)
    values = {"title": "A title", "summary": "What it is for."} | values
    sections = [
        SectionShot(s.anchor, s.level, s.heading, s.html, s.text, tuple(q.text for q in s.sayables))
        for s in document.sections
    ]
    return TextShot(language=language, sections=sections, **values)


def shot(*texts, **values):
    values = {
        "slug": "x", "kind": "faq", "state": "published", "has_owner": True, "owner": "",
        "facets": {"product": ["warehouse"]}, "checked_on": date(2026, 11, 1),
        "months": 6,
    } | values  # fmt: skip
    return Snapshot(texts=texts or [text(language=code) for code in ("en", "vi", "ru")], **values)


def found(snapshot, *, quiet=("translation",)):
    names = {it.check.value for it in looking.check(snapshot, AROUND)}
    return names - set(quiet)


def test_fine_content_is_quiet():
    assert found(shot(), quiet=()) == set()
    card = shot(text(PARTS), kind="battlecard", facets={"competitor": ["k"], "product": ["w"]})
    assert found(card) == set()


LONG = {
    "en": "we " * 40 + "win.",
    "vi": "mình " * 60 + "thắng.",
    "ru": "мы " * 40 + "выиграем.",
}
WRONG = [
    ("owner", shot(has_owner=False)),
    ("owner", shot(owner="Tom Reed")),
    ("competitor", shot(text(PARTS), kind="battlecard")),
    ("untagged", shot(facets={"persona": ["cfo"]})),
    ("stale", shot(checked_on=date(2026, 1, 1))),
    ("stale", shot(checked_on=None)),
    ("stale", shot(checked_on=date(2026, 10, 1), months=1)),
    ("dead-link", shot(text("## A\n\n[x](/assets/nowhere)\n"))),
    ("dead-link", shot(text("## A\n\n[x](/assets/gone/en)\n"))),
    ("dead-link", shot(text("## A\n\n[x](/assets/hallmere/en#no-such)\n"))),
    ("dead-link", shot(text("## A\n\n[x](/assets/hallmere/ru)\n"))),
    ("empty-section", shot(text("## A\n\n## B\n\nWords.\n"))),
    ("part-missing", shot(text("## Proof\n\nWords.\n"), kind="battlecard",
                          facets={"competitor": ["k"], "product": ["w"]})),
    ("duplicate", shot(text(twins=[("y", "Another", 92)]))),
    ("table", shot(text("## A\n\n<table><tr><th>a</th><th>b</th></tr><tr><td>1</td></tr></table>\n"))),
    ("table", shot(text("## A\n\n| a |  |\n|---|---|\n| 1 | 2 |\n"))),
    ("table", shot(text("## A\n\n" + "| a " * 9 + "|\n" + "|---" * 9 + "|\n" + "| 1 " * 9 + "|\n"))),
    ("image", shot(text("## A\n\n![](https://x.example/a.png)\n"))),
    ("title-long", shot(text(title="word " * 30))),
    ("title-twice", shot(text(namesakes=["y"]))),
    ("summary", shot(text(summary=""))),
    ("summary", shot(text(summary="word " * 200))),
    *(("sentence-long", shot(text(f"## A\n\n> {said}\n", code))) for code, said in LONG.items()),
    ("headings", shot(text("### A\n\nWords.\n"))),
    ("figure-source", shot(text(claims=[("unsourced", "a", "1,900 sites.")]))),
    ("figure-date", shot(text(claims=[("undated", "a", "1,900 sites (list).")]))),
    *(("wall", shot(text(f"## A\n\n{(said[:-1] + ', ') * 6}\n", code))) for code, said in LONG.items()),
    ("hard", shot(text("## A\n\n" + ("word " * 35 + "end. ") * 3 + "\n\n" + ("word " * 35 + "end.\n\n") * 9))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "snapshot"), WRONG)
def test_what_is_wrong_is_found(name, snapshot):
    assert name in found(snapshot)


def test_links_that_lead_somewhere_are_fine():
    body = "## A\n\n[x](/assets/hallmere) [y](/assets/hallmere/en#result) [z](https://x.example)\n"
    assert found(shot(text(body))) == set()


def test_what_is_retired_is_left_alone():
    assert found(shot(state="retired", has_owner=False), quiet=()) == set()


def test_a_missing_language_is_named():
    (it,) = [i for i in looking.check(shot(text()), AROUND) if i.check == "translation"]
    assert it.detail == {"languages": ["vi", "ru"]}


def test_findings_have_marks_that_stay():
    one = {it.mark for it in looking.check(shot(text(summary="")), AROUND)}
    assert one == {it.mark for it in looking.check(shot(text(summary="")), AROUND)}
