"""Merged and renamed in any order, no asset loses its term and no slug leads nowhere."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.accounts.rules import Role
from portal.db import db as _db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.models import Asset, FacetTerm, FormerSlug
from portal.library.publishing import queries as desk
from portal.library.publishing.acting import Actor
from portal.library.rules import Facet
from portal.library.terms import merging, queries, service
from portal.library.vocabulary import Vocabulary
from portal.search import repairing
from portal.search import service as search
from portal.search.whoosh_engine import WhooshEngine
from tests import make


@pytest.fixture
def marketer(db):
    return Actor(make.user(role="marketer").id, Role.MARKETER)


def term(slug):
    return queries.found("competitor", slug)


def tags(db, slug):
    db.session.expire_all()
    asset = db.session.scalar(select(Asset).where(Asset.slug == slug))
    return [it.slug for it in asset.facets]


@pytest.fixture
def two(db):
    """Kestrel on a and both, Nordhaul on b and both."""
    kestrel = make.term("competitor", "kestrel", en="Kestrel WMS", ru="Кестрел")
    kestrel.aliases = ["KWMS"]
    nord = make.term("competitor", "nordhaul", en="Nordhaul")
    make.text(make.asset("a", facets=[kestrel]), title="A")
    make.text(make.asset("b", facets=[nord]), title="B")
    make.text(make.asset("both", facets=[kestrel, nord]), title="Both")
    db.session.commit()
    return kestrel, nord


def test_a_merge_loses_nothing(db, two, marketer):
    source, target = two
    merging.merge(marketer, source, target)
    assert [tags(db, slug) for slug in ("a", "b", "both")] == [["nordhaul"]] * 3
    assert term("kestrel").slug == "nordhaul"
    assert term("nordhaul").aliases == ["Kestrel WMS", "Кестрел", "KWMS"]
    asset = db.session.scalar(select(Asset).where(Asset.slug == "a"))
    line = desk.timeline(asset.id, limit=1)[0]
    assert (line.action, line.note) == ("facts", "Kestrel WMS → Nordhaul")


def test_a_merge_reaches_the_index(db, two, marketer, tmp_path):
    engine = WhooshEngine(tmp_path / "index")
    db.session.commit()
    search.drain(engine)
    merging.merge(marketer, *two)
    db.session.commit()
    assert repairing.verify(engine).stale == 3
    search.drain(engine)
    assert repairing.verify(engine).clean
    merging.undo(marketer, queries.history(term("nordhaul").id, 1)[0])
    db.session.commit()
    search.drain(engine)
    assert repairing.verify(engine).clean


def test_an_undone_merge_is_as_if_it_had_not_been(db, two, marketer):
    event = merging.merge(marketer, *two)
    merging.undo(marketer, event)
    assert [tags(db, slug) for slug in ("a", "b", "both")] == [
        ["kestrel"],
        ["nordhaul"],
        ["kestrel", "nordhaul"],
    ]
    again = term("kestrel")
    assert (again.slug, again.names, again.aliases) == (
        "kestrel",
        {"en": "Kestrel WMS", "ru": "Кестрел"},
        ["KWMS"],
    )
    assert term("nordhaul").aliases == []
    assert db.session.scalar(select(func.count(FormerSlug.id))) == 0
    with pytest.raises(Conflict):
        merging.undo(marketer, event)


def test_undoing_leaves_alone_what_was_changed_since(db, two, marketer):
    event = merging.merge(marketer, *two)
    asset = db.session.scalar(select(Asset).where(Asset.slug == "a"))
    asset.facets = []
    db.session.commit()
    merging.undo(marketer, event)
    assert tags(db, "a") == []
    assert tags(db, "both") == ["kestrel", "nordhaul"]


def test_undoing_is_refused_when_a_word_has_another_owner(db, two, marketer):
    event = merging.merge(marketer, *two)
    target = term("nordhaul")
    service.rewrite(
        marketer, target, names={"en": "N"}, slug="nordhaul", aliases=[], version=target.version
    )
    service.add(marketer, Facet.COMPETITOR, {"en": "KWMS"})
    with pytest.raises(service.ClashError):
        merging.undo(marketer, event)


def test_only_marketers_merge_and_only_within_a_list(db, two, marketer):
    with pytest.raises(Forbidden):
        merging.merge(Actor(1, Role.CONTRIBUTOR), *two)
    with pytest.raises(Invalid):
        merging.merge(marketer, two[0], two[0])
    with pytest.raises(Invalid):
        merging.merge(marketer, two[0], make.term("product", "gate"))
    with pytest.raises(NotFound):
        merging.undo(marketer, service.note(two[0].id, "change", marketer))


NAMES = ["alpha", "beta", "gamma", "delta"]
moves = st.lists(
    st.tuples(
        st.sampled_from(["merge", "slug", "name", "undo", "retire"]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(0, 9),
    ),
    max_size=14,
)


def _step(db, marketer, living, events, move):
    """Do one thing, or be refused in words."""
    what, one, other, number = move
    mine = living[one % len(living)]
    it = db.session.get(FacetTerm, mine)
    if what == "merge":
        target = db.session.get(FacetTerm, living[other % len(living)])
        if it.id != target.id:
            events.append(merging.merge(marketer, it, target))
    elif what == "undo" and events:
        merging.undo(marketer, events[number % len(events)])
    elif what == "retire":
        service.retire(marketer, it, retired=bool(number % 2))
    elif what in {"slug", "name"}:
        slug = f"s-{number}" if what == "slug" else it.slug
        names = {"en": f"N {number}"} if what == "name" else it.names
        service.rewrite(
            marketer, it, names=names, slug=slug, aliases=it.aliases, version=it.version
        )


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(moves=moves)
@pytest.mark.usefixtures("db")
def test_whatever_is_merged_and_renamed_all_assets_and_slugs_lead_on(moves):
    db = _db
    for row in (*db.session.scalars(select(Asset)), *db.session.scalars(select(FacetTerm))):
        db.session.delete(row)
    db.session.flush()
    marketer = Actor(make.user(role="marketer").id, Role.MARKETER)
    for name in NAMES:
        make.asset(f"of-{name}", facets=[make.term("competitor", name, en=name)])
    seen, events = set(NAMES), []
    for move in moves:
        living = [it.id for it in queries.terms_of("competitor")]
        with suppress(service.ClashError, Conflict, NotFound):
            _step(db, marketer, living, events, move)
        seen |= {it.slug for it in queries.terms_of("competitor")}
        words = Vocabulary()
        current = {it.slug for it in queries.terms_of("competitor")}
        former = set(db.session.scalars(select(FormerSlug.slug)))
        assert not current & former
        for slug in seen:
            assert queries.found("competitor", slug) is not None, slug
            assert words.known(Facet.COMPETITOR, slug).slug in current
        for name in NAMES:
            assert len(tags(db, f"of-{name}")) == 1
