"""One asset's figures: moments that add up, deals by rights, money by role; its line elsewhere."""

import re

from portal.accounts.rules import Role
from portal.insights.behind import queries, rules
from portal.insights.behind.rules import Cell
from portal.insights.lift import queries as lift
from portal.insights.lift import service
from portal.insights.lift.models import AssetLift
from tests import make
from tests.insights.lift import facts
from tests.insights.lift.facts import commit


def counted(**options):
    found = facts.titled(**options)
    commit()
    service.refresh(commit)
    return found


def of(asset):
    return f"/insights/helps/asset/{asset.slug}"


def test_moments_add_up_to_the_deals_compared(as_, db):
    _, assets, _ = counted()
    row = db.session.get(AssetLift, assets[3].id)
    told = as_("rep").get(f"{of(assets[3])}?format=json").response.get_json()["rows"]
    assert sum(it["n"] for it in told) == row.n
    assert any(it["won"] != it["expected"] for it in told)
    quarters = as_("rep").get(f"{of(assets[3])}?table=quarters&format=json").response.get_json()
    assert sum(it["n"] for it in quarters["rows"]) == row.n
    assert abs(sum(it["expected"] for it in told)
               - sum(it["expected"] for it in quarters["rows"])) < 1e-9  # fmt: skip


def test_what_has_no_other_content_compares_with_nothing():
    found = rules.moments([Cell(40, 3, 2, 3, 2), Cell(41, 2, 1, 6, 3)], {})
    assert [(it.n, it.won, it.expected, it.others_n, it.others_won) for it in found] == [
        (2, 1, 1.0, 4, 2)
    ]


def test_deals_behind_are_those_one_may_see_and_others_are_counted(as_, db, client):
    deals, assets, people = counted()
    total, _ = queries.behind(lift.model().generation, assets[2].id, (people[0].id, Role.REP, None))
    mine = {f"/deals/{it.id}" for it in deals if it.owner_id == people[0].id}
    client.sign_in(people[0])
    page = client.get(of(assets[2]))
    others = int(re.search(r"and (\d+) deals you may not see", page.words())[1])
    assert 0 < total - others <= len(mine)
    listed = {it for it in page.links() if re.fullmatch(r"/deals/\d+", it)}
    assert 0 < len(listed & mine) == len(listed) <= total - others
    everybody = as_("manager").get(of(assets[2])).words()
    assert "you may not see" not in everybody


def test_money_is_a_sum_for_those_who_may_see_it(as_, db):
    _, assets, _ = counted()
    assert "together worth €" in as_("marketer").get(of(assets[2])).words()
    assert "which is no effect of the asset" in as_("manager").get(of(assets[2])).words()
    assert "€" not in as_("rep").get(of(assets[2])).words()


def test_an_asset_never_used_says_so(as_, db):
    asset = make.asset("unused")
    make.text(asset, title="Unused")
    commit()
    words = as_("rep").get(of(asset)).words()
    assert "Not used on a closed deal yet" in words
    assert "No closed deal saw it yet" in words
    assert as_("rep").get("/insights/helps/asset/nothing-there").status == 404


def test_the_page_of_an_asset_tells_its_line(as_, db):
    _, assets, _ = counted()
    rep = as_("rep")
    helps = rep.get(f"/assets/{assets[0].slug}/en")
    row = db.session.get(AssetLift, assets[0].id)
    assert row.verdict == "helps"
    assert f"In {row.n} closed deals it was used at the same kind of moment" in helps.words()
    assert "points more often (between +" in helps.words()
    assert of(assets[0]) in helps.links()
    for verdict, words in (
        ("thin", "Too few deals yet to say whether it helps to win"),
        ("decided", "Mostly used when a deal is already decided"),
        ("hurts", "points less often"),
        ("same", "no difference is shown"),
    ):
        row.verdict = verdict
        db.session.commit()
        assert words in rep.get(f"/assets/{assets[0].slug}/en").words()


def test_an_asset_without_deals_has_no_line(as_, db):
    counted()
    asset = make.asset("unused")
    make.text(asset, title="Unused")
    commit()
    assert "/insights/helps/asset" not in " ".join(as_("rep").get("/assets/unused/en").links())
