"""The page of a deal: what fits, what was used, what it waits for, where it has been."""

from datetime import timedelta

import pytest

from portal import clock
from portal.deals.customers.service import named
from portal.deals.models import DealTerm
from portal.deals.pipelines import service as pipelines
from portal.library.models import FormerSlug
from portal.usage.models import UsageEvent
from tests import make


@pytest.fixture
def rep(client, db):
    person = make.user(team_id=make.team().id, name="Lan Nguyen")
    client.sign_in(person)
    return person


def titled(title, *facets, language="en", **values):
    asset = make.asset(facets=facets, **values)
    make.text(asset, language, title=title)
    return asset


def use(deal, asset, user, action="viewed", **values):
    values.setdefault("at", clock.now())
    row = UsageEvent(
        action=action, asset_id=asset, user_id=user.id, deal_id=deal.id, language="en", **values
    )
    make._add(row)


def test_what_fits_is_offered_with_its_reason(db, client, rep):
    kestrel, osprey = make.term(), make.term(slug="osprey")
    pro = make.term("product", "gtx-pro", en="GTX Pro")
    retail = make.term("industry", "retail", en="Retail", ru="Розница")
    make._add(FormerSlug(facet="competitor", slug="kestrell", term_id=kestrel.id))
    card = titled("Card against Kestrel", kestrel, pro)
    titled("Card against Osprey", osprey, pro, retail)
    titled("Both at once", osprey, kestrel)
    titled("Retail story", retail, kind="case-study")
    titled("Pro sheet", pro, language="ru", kind="product-sheet")
    titled("A draft", kestrel, state="draft")
    deal = make.deal(rep, customer=named("Delta"))
    deal.customer.industry, deal.customer.country = "Розница", "Россия"
    deal.terms = [
        DealTerm(facet="competitor", slug="kestrell"),
        DealTerm(facet="product", slug="gtx-pro"),
    ]
    db.session.commit()
    page = client.get(f"/deals/{deal.id}")
    found = ["".join(it.itertext()) for it in page.tree.iterfind(".//li[@class='hit']/h3")]
    assert found == ["Card against Kestrel", "Both at once", "Pro sheet", "Retail story"]
    words = page.words()
    for why in ("against Kestrel", "about GTX Pro", "for Retail", "in the customer’s language"):
        assert why in words
    assert "from=deal" in page.text
    use(deal, card.id, rep)
    db.session.commit()
    page = client.get(f"/deals/{deal.id}")
    found = ["".join(it.itertext()) for it in page.tree.iterfind(".//li[@class='hit']/h3")]
    assert found[-1] == "Card against Kestrel"
    assert "used on" in page.words()


def test_uses_requests_calls_and_history_are_told(db, client, rep):
    stages = {stage.slug: stage for stage in pipelines.ready().stages}
    colleague = make.user(name="Huy Tran", team_id=rep.team_id)
    asset = titled("Card against Kestrel")
    deal = make.deal(rep)
    use(deal, asset.id, rep)
    use(deal, asset.id, colleague, "copied", stage="Proposal")
    use(deal, 999_999, rep, "printed")
    use(make.deal(rep, name="Another"), asset.id, make.user(name="Not here"))
    make.request(rep, title="Cold store case", deal=deal)
    make.request(rep, title="Withdrawn", deal=deal, state="withdrawn")
    make.call(deal, rep, result="advanced", with_role="Buyer")
    make.call(deal, rep, state="planned", at=clock.now() + timedelta(days=2))
    db.session.commit()
    assert client.post(f"/deals/{deal.id}", data={"stage": stages["proposal"].id}).status == 303
    lost = {"outcome": "lost", "reason": "", "reason_words": "They had no money."}
    assert client.post(f"/deals/{deal.id}", data=lost).status == 303
    words = client.get(f"/deals/{deal.id}").words()
    for said in ("3 uses", "opened 1×", "copied 1×", "Huy Tran, Lan Nguyen", "that is gone",
                 "Cold store case", "It moves on", "Buyer", "Planned", "They had no money.",
                 "Lost (Proposal)"):  # fmt: skip
        assert said in words, said
    assert "Withdrawn" not in words
    assert "Not here" not in words


def test_stages_are_moved_in_a_tap_and_the_rest_is_kept(db, client, rep):
    stages = {stage.slug: stage for stage in pipelines.ready().stages}
    deal = make.deal(rep, closes_on=clock.now().date())
    db.session.commit()
    page = client.get(f"/deals/{deal.id}")
    assert f'value="{stages["proposal"].id}"' in page.text
    client.post(f"/deals/{deal.id}", data={"stage": stages["proposal"].id})
    client.post(f"/deals/{deal.id}", data={"outcome": "won"})
    db.session.refresh(deal)
    assert (deal.outcome, deal.stage, deal.closes_on) == ("won", "Proposal", clock.now().date())
    client.post(f"/deals/{deal.id}", data={"stage": stages["negotiation"].id})
    db.session.refresh(deal)
    assert (deal.outcome, deal.stage, deal.closed_at) == ("open", "Negotiation", None)
    for wrong in ({"stage": "x"}, {"stage": "0"}, {"outcome": ""}, {"reason": "9" * 20}):
        assert client.post(f"/deals/{deal.id}", data=wrong).status == 422
