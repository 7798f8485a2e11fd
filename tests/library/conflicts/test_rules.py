"""Two people's work on one text: what does not overlap is all kept, in any order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.library.conflicts.rules import Side, Verdict, merge, weave
from portal.library.revisions.sections import split
from portal.library.service import content_of

NAMES = ["Facts", "Pricing", "Proof", "Landmines", "Objections", "Story"]
BASE = {name: f"The text about {name.lower()} as it was." for name in NAMES}


def content(told, title="Kestrel", **values):
    body = "\n".join(f"## {name}\n\n{text}\n" for name, text in told.items())
    return content_of(title=title, body=body, **values)


def told(result):
    return {p.heading: p.text.partition("\n")[2].strip() for p in split(result["body"])}


@st.composite
def edits(draw):
    """A base, and two edits of it that touch sections of their own."""
    mine, theirs = dict(BASE), dict(BASE)
    owners = {name: draw(st.sampled_from(["", "mine", "theirs"])) for name in NAMES}
    for name, owner in owners.items():
        text = mine if owner == "mine" else theirs
        if owner and draw(st.booleans()):
            text[name] = f"{owner} wrote this about {name}."
        elif owner:
            del text[name]
    for owner, text in (("mine", mine), ("theirs", theirs)):
        if draw(st.booleans()):
            text[f"New by {owner}"] = f"{owner} added qqq{owner}."
    return mine, theirs


@settings(deadline=None)  # a busy machine
@given(edits())
def test_edits_that_do_not_overlap_both_survive_in_any_order(both):
    mine, theirs = both
    expected = {
        name: mine[name] if mine.get(name) != BASE[name] else theirs[name]
        for name in NAMES
        if name in mine and name in theirs
    }
    expected |= {name: text for name, text in {**mine, **theirs}.items() if name not in BASE}
    for a, b in ((mine, theirs), (theirs, mine)):
        found = merge(content(BASE), content(a), content(b))
        assert found.is_clean
        assert told(found.result()) == expected


TEXTS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["one", "two", "three four"]))


@settings(deadline=None)  # a busy machine
@given(TEXTS, TEXTS, TEXTS)
def test_nothing_is_lost_whatever_is_chosen(base, mine, theirs):
    found = merge(content(base), content(mine), content(theirs))
    for side, wanted in ((Side.MINE, mine), (Side.THEIRS, theirs)):
        everything = dict.fromkeys((part.key for part in found.parts), side)
        assert told(found.result(everything)) == wanted
    for name, text in {**mine, **theirs}.items():
        told_by = (mine.get(name), theirs.get(name), base.get(name))
        if told_by[0] != told_by[2] and told_by[1] != told_by[2] and told_by[0] != told_by[1]:
            assert not found.is_clean, (name, text)


@settings(deadline=None)  # a busy machine
@given(TEXTS, TEXTS)
def test_one_who_changed_nothing_gets_the_other_one(base, changed):
    for a, b in ((base, changed), (changed, base)):
        found = merge(content(base), content(a), content(b))
        assert found.is_clean
        assert told(found.result()) == changed


def test_the_same_section_changed_by_both_is_asked_about():
    mine = BASE | {"Pricing": "Twelve percent."}
    theirs = BASE | {"Pricing": "Fourteen percent.", "Proof": "Lan was here."}
    found = merge(content(BASE), content(mine), content(theirs))
    asked = [part for part in found.sections if part.verdict is Verdict.BOTH]
    assert [part.heading for part in asked] == ["Pricing"]
    assert told(found.result())["Pricing"] == "Twelve percent."
    assert told(found.result({asked[0].key: Side.THEIRS}))["Pricing"] == "Fourteen percent."
    assert told(found.result())["Proof"] == "Lan was here."


def test_who_moves_a_section_keeps_what_the_other_wrote_in_it():
    order = ["Story", *NAMES[:-1]]
    mine = {name: BASE[name] for name in order}
    theirs = BASE | {"Story": "Lan wrote a better story here."}
    for a, b in ((mine, theirs), (theirs, mine)):
        found = merge(content(BASE), content(a), content(b)).result()
        assert list(told(found)) == order
        assert told(found)["Story"] == "Lan wrote a better story here."


def test_a_removed_section_that_the_other_changed_is_asked_about():
    mine = {name: text for name, text in BASE.items() if name != "Proof"}
    theirs = BASE | {"Proof": "Better."}
    found = merge(content(BASE), content(mine), content(theirs))
    (asked,) = [part for part in found.sections if part.verdict is Verdict.BOTH]
    assert (asked.mine, asked.theirs.endswith("Better.")) == (None, True)
    assert "Proof" in told(found.result({asked.key: Side.THEIRS}))
    assert "Proof" not in told(found.result({asked.key: Side.MINE}))


def test_tags_and_fields_are_merged_too():
    base = content({}, tags=["a", "b"], fields={"customer": "Lotus", "country": "VN"})
    mine = content({}, tags=["a", "b", "mine"], fields={"customer": "Lotus Mart", "country": "VN"})
    theirs = content({}, "Kestrel 2", tags=["b"], fields={"customer": "Lotus", "country": "SG"})
    found = merge(base, mine, theirs)
    assert found.is_clean
    result = found.result()
    assert (result["title"], result["tags"]) == ("Kestrel 2", ["b", "mine"])
    assert result["fields"] == {"customer": "Lotus Mart", "country": "SG"}


def test_without_a_common_beginning_everything_that_differs_is_asked_about():
    found = merge(content_of(title="", body=""), content({"A": "x"}), content({"A": "y", "B": "z"}))
    assert [part.verdict for part in found.sections] == [Verdict.BOTH, Verdict.THEIRS]


@settings(deadline=None)  # a busy machine
@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 9), unique=True))
def test_weaving_keeps_the_first_order_and_everything(lead, follow):
    woven = weave(lead, follow)
    assert sorted(woven) == sorted({*lead, *follow})
    assert [it for it in woven if it in set(lead)] == lead
