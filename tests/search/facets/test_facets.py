"""Facets: owner and freshness beside the vocabulary's, many ticked, long ones shortened."""

from datetime import timedelta

import pytest

from portal import clock
from portal.search import rules
from tests import make


def slugs(answer):
    return {hit.card.slug for hit in answer.hits}


@pytest.fixture
def today():
    return clock.now().date()


def test_owners_are_a_facet(shelf):
    lan, huy = make.user(name="Lan"), make.user(name="Huy")
    shelf("a", owner_id=lan.id)
    shelf("b", owner_id=huy.id)
    shelf("c")
    find = shelf.finder.find
    assert find(rules.ask("kestrel")).facets["owner"] == {str(lan.id): 1, str(huy.id): 1}
    one = find(rules.ask("kestrel", filters={"owner": [str(lan.id)]}))
    assert (slugs(one), one.facets["owner"]) == ({"a"}, {str(lan.id): 1, str(huy.id): 1})
    both = find(rules.ask("kestrel", filters={"owner": [str(lan.id), str(huy.id)]}))
    assert slugs(both) == {"a", "b"}


def test_an_asset_handed_over_is_found_by_its_new_owner(shelf, db):
    from portal.search import service

    lan, huy = make.user(name="Lan"), make.user(name="Lan")
    asset = shelf("a", owner_id=lan.id)
    asset.owner_id = huy.id
    db.session.commit()
    service.drain(shelf.finder.engine)
    asked = rules.ask("kestrel", filters={"owner": [str(huy.id)]})
    assert slugs(shelf.finder.find(asked)) == {"a"}


def test_freshness_is_a_facet_and_follows_a_check_at_once(shelf, db, today):
    shelf("fresh", review_months=6, checked_on=today)
    shelf("due", review_months=1, checked_on=today - timedelta(days=27))
    old = shelf("old", review_months=1, checked_on=today - timedelta(days=90))
    shelf("never", checked_on=None)
    find = shelf.finder.find
    counted = {"fresh": 1, "due": 1, "overdue": 2}
    assert find(rules.ask("kestrel")).facets["freshness"] == counted
    late = find(rules.ask("kestrel", filters={"freshness": ["overdue"]}))
    assert (slugs(late), late.facets["freshness"]) == ({"old", "never"}, counted)
    two = find(rules.ask("kestrel", filters={"freshness": ["overdue", "due"]}))
    assert slugs(two) == {"old", "never", "due"}
    old.checked_on = today
    db.session.commit()
    assert slugs(find(rules.ask("kestrel", filters={"freshness": ["overdue"]}))) == {"never"}


def test_freshness_is_counted_by_the_day(shelf, monkeypatch, today):
    shelf("a", review_months=1, checked_on=today)
    find = shelf.finder.find
    assert find(rules.ask("kestrel")).facets["freshness"] == {"fresh": 1}
    later = clock.now() + timedelta(days=60)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert find(rules.ask("kestrel")).facets["freshness"] == {"overdue": 1}


def test_the_page_names_counts_ticks_and_removes(as_, shelf, today):
    lan = make.user(name="Lan Nguyen")
    persona = make.term("persona", "cfo", en="Finance head")
    stage = make.term("stage", "pilot", en="Pilot")
    shelf("a", owner_id=lan.id, facets=[persona, stage], checked_on=today)
    shelf("b", checked_on=None)
    page = as_("rep").get(f"/?q=kestrel&owner={lan.id}&freshness=fresh&stage=pilot&persona=cfo")
    legends = ["".join(it.itertext()) for it in page.tree.iter("legend")]
    assert {"Owner", "Freshness", "Persona", "Stage"} <= set(legends)
    ticked = {i.get("name") for i in page.tree.iter("input") if i.get("checked") is not None}
    assert ticked == {"owner", "freshness", "persona", "stage"}
    chips = page.tree.findall(".//ul[@class='chips active']/li/a")
    words = {" ".join("".join(chip.itertext()).split()) for chip in chips}
    assert words == {
        "Remove filter Lan Nguyen", "Remove filter Checked", "Remove filter Pilot",
        "Remove filter Finance head",
    }  # fmt: skip
    without = next(chip.get("href") for chip in chips if "Lan" in "".join(chip.itertext()))
    assert without == "/?q=kestrel&persona=cfo&stage=pilot&freshness=fresh"
    assert "Show 1 result" in page.words()


def test_a_long_facet_is_shortened_but_for_what_is_ticked(as_, shelf):
    rivals = [make.term("competitor", f"rival-{n:02}", en=f"Rival {n:02}") for n in range(12)]
    for number, rival in enumerate(rivals):
        shelf(f"a-{number}", facets=[rival, rivals[0]] if number else [rival])
    page = as_("rep").get("/?q=kestrel&competitor=rival-11")
    (behind,) = page.tree.findall(".//fieldset/details")
    hidden = [i.get("value") for i in behind.iter("input")]
    boxes = [i for i in page.tree.iter("input") if i.get("type") == "checkbox"]
    whole = [i.get("value") for i in boxes if i.get("name") == "competitor"]
    assert "rival-11" not in hidden
    assert set(whole) == {f"rival-{n:02}" for n in range(12)}
    assert whole[0] == "rival-00"
    assert len(whole) - len(hidden) == 8


@pytest.mark.parametrize("value", ["x", "9" * 40, "-1", "", "0"])
def test_odd_owners_are_no_error(as_, shelf, value):
    shelf("a")
    assert as_("rep").get(f"/?q=kestrel&owner={value}&freshness={value}").status == 200
