"""Deals against a competitor, on the competitor's page."""

from portal import clock
from portal.calls.models import CallPoint
from portal.deals.models import DealTerm
from portal.library.models import FormerSlug
from tests import make


def against(slug, outcome, times, *more):
    for _ in range(times):
        deal = make.deal(make.user(), outcome=outcome, name="Secret", amount=777_000)
        deal.terms = [DealTerm(facet="competitor", slug=it) for it in (slug, *more)]
    return deal


def test_counts_and_share_with_how_sure_it_is(db, as_):
    term = make.term(slug="kestrel")
    make._add(FormerSlug(facet="competitor", slug="kestrel-old", term_id=term.id))
    against("kestrel", "won", 5, "kestrel-old")
    against("kestrel-old", "won", 1)
    against("kestrel", "lost", 3)
    against("kestrel", "open", 2)
    against("osprey", "lost", 9)
    deal = against("kestrel", "no-decision", 1)
    call = make.call(deal, make.user())
    for words, kind, slug in (
        ("Too  slow", "objection", "kestrel"),
        ("too slow", "objection", "kestrel-old"),
        ("Nice logo", "wish", "kestrel"),
        ("Other", "objection", "osprey"),
    ):
        key = " ".join(words.casefold().split())
        call.points.append(
            CallPoint(kind=kind, words=words, words_key=key, facet="competitor", slug=slug,
                      at=clock.now())
        )  # fmt: skip
    db.session.commit()
    words = as_("rep").get("/competitors/kestrel").words()
    for said in ("2 open", "6 won", "3 lost", "1 without decision", "Only 9 deals were decided",
                 "2×"):  # fmt: skip
        assert said in words, said
    for secret in ("Secret", "777", "Nice logo", "Other"):
        assert secret not in words
    against("kestrel", "lost", 1)
    db.session.commit()
    words = as_("rep").get("/competitors/kestrel").words()
    assert "We win 60% of 10 decided deals" in words
    assert "between 31% and 83%" in words


def test_nothing_is_said_where_nothing_happened(db, as_):
    make.term(slug="kestrel")
    db.session.commit()
    assert "Deals against them" not in as_("rep").get("/competitors/kestrel").words()
