"""Terms added, written anew and retired."""

import pytest

from portal.accounts.rules import Role
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.publishing.acting import Actor
from portal.library.rules import Facet
from portal.library.terms import queries, service
from tests import make


@pytest.fixture
def marketer(db):
    return Actor(make.user(role="marketer").id, Role.MARKETER)


def rewrite(actor, term, **values):
    told = {"names": term.names, "slug": term.slug, "aliases": term.aliases}
    service.rewrite(actor, term, **{**told, "version": term.version, **values})


def test_another_slug_leaves_the_old_one_leading_here(db, marketer):
    term = make.term("competitor", "kestrel")
    rewrite(marketer, term, slug="kestrel-wms")
    rewrite(marketer, term, slug="kestrel-cloud")
    assert {queries.found("competitor", s).id for s in ("kestrel", "kestrel-wms")} == {term.id}
    rewrite(marketer, term, slug="kestrel")
    assert queries.former_of("competitor")[term.id] == ["kestrel-cloud", "kestrel-wms"]


def test_the_second_of_two_who_change_a_term_is_told(db, marketer):
    term = make.term("competitor", "kestrel")
    version = term.version
    rewrite(marketer, term, aliases=["KWMS"])
    with pytest.raises(Conflict):
        rewrite(marketer, term, aliases=[], version=version)
    assert term.aliases == ["KWMS"]


def test_nothing_new_is_no_change(db, marketer):
    term = make.term("competitor", "kestrel")
    rewrite(marketer, term)
    assert (term.version, queries.history(term.id, 9)) == (1, [])


def test_the_same_word_may_stand_in_two_lists_but_not_twice_in_one(db, marketer):
    make.term("product", "gate", en="Gate")
    service.add(marketer, Facet.COMPETITOR, {"en": "Gate"})
    with pytest.raises(service.ClashError) as refused:
        service.add(marketer, Facet.COMPETITOR, {"en": "Other"}, aliases=["GATE"])
    assert refused.value.clash.other.slug == "gate"


def test_retired_terms_stay_and_are_not_offered(db, marketer):
    term = make.term("competitor", "kestrel")
    asset = make.asset(facets=[term])
    service.retire(marketer, term, retired=True)
    service.retire(marketer, term, retired=True)
    assert asset.facets == [term]
    assert queries.offered("competitor") == []
    service.retire(marketer, term, retired=False)
    assert queries.offered("competitor") == [term]
    assert [e.action for e in queries.history(term.id, 9)] == ["offer", "retire"]


def test_who_may_and_what_can_not_be(db, marketer):
    make.term("competitor", "kestrel")
    with pytest.raises(Forbidden):
        service.locked(Actor(1, Role.CONTRIBUTOR), "competitor", "kestrel")
    with pytest.raises(NotFound):
        service.locked(marketer, "competitor", "nobody")
    with pytest.raises(Invalid):
        service.add(marketer, Facet.PRODUCT, {})
    with pytest.raises(Invalid):
        service.add(marketer, Facet.PRODUCT, {"en": "X"}, slug="No Slug")
