"""`vocabulary.yaml` with former slugs and retired terms, and old files loaded after changes."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.db import db as _db
from portal.errors import Invalid
from portal.library import vocabulary
from portal.library.models import FacetTerm, FormerSlug
from portal.library.publishing.acting import Actor
from portal.library.rules import Facet
from portal.library.terms import merging, queries, service
from portal.library.vocabulary import Vocabulary
from tests import make
from tests.library.trees import asset, load, put

OLD = """
competitor:
- slug: kestrel
  en: Kestrel WMS
  aliases: [KWMS]
- slug: nordhaul
  en: Nordhaul
  aliases: [NH]
"""


def load_words(text):
    vocabulary.load(text.encode(), Vocabulary())


@pytest.fixture
def marketer(db):
    return Actor(make.user(role="marketer").id, Role.MARKETER)


def test_a_file_with_an_old_slug_or_name_finds_the_new_term(db, tmp_path, marketer):
    load_words(OLD)
    merging.merge(
        marketer, queries.found("competitor", "kestrel"), queries.found("competitor", "nordhaul")
    )
    put(tmp_path, a="---\ncompetitor: [kestrel]\n---\n", b="---\ncompetitor: Kestrel WMS\n---\n")
    load(tmp_path)
    assert [[t.slug for t in asset(db, slug).facets] for slug in "ab"] == [["nordhaul"]] * 2


def test_an_old_vocabulary_loaded_after_a_merge_brings_nothing_back(db, marketer):
    load_words(OLD)
    merging.merge(
        marketer, queries.found("competitor", "kestrel"), queries.found("competitor", "nordhaul")
    )
    load_words(OLD)
    (term,) = queries.terms_of("competitor")
    assert (term.slug, term.names) == ("nordhaul", {"en": "Nordhaul"})
    assert sorted(term.aliases) == ["KWMS", "Kestrel WMS", "NH"]


def test_what_the_old_form_does_not_say_stays(db, marketer):
    load_words(OLD)
    term = queries.found("competitor", "kestrel")
    service.retire(marketer, term, retired=True)
    load_words(OLD)
    assert term.retired_on is not None
    load_words("competitor:\n- slug: kestrel\n  retired: false\n")
    assert term.retired_on is None


def test_a_word_of_a_term_the_file_does_not_know_stays_there(db):
    mine = make.term("competitor", "mine", en="Mine")
    mine.aliases = ["KWMS"]
    db.session.flush()
    load_words(OLD)
    assert queries.found("competitor", "kestrel").aliases == []
    assert Vocabulary().known(Facet.COMPETITOR, "kwms") is mine


def test_a_name_in_other_letters_does_not_overwrite_the_term_it_spells(db):
    term = make.term("competitor", "kestrel", en="Kestrel WMS")
    found = Vocabulary().term(Facet.COMPETITOR, "Кестрел", "ru")
    assert found is term
    assert term.names == {"en": "Kestrel WMS"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("product:\n- slug: a\n  former: x\n", "former"),
        ("product:\n- slug: a\n  former: [A B]\n", "former"),
        ("product:\n- slug: a\n  retired: soon\n", "retired"),
    ],
)
def test_odd_facts_are_refused_in_words(db, text, reason):
    with pytest.raises(Invalid, match=reason):
        load_words(text)


slugs = st.sampled_from([f"t{n}" for n in range(12)])


@settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    terms=st.dictionaries(
        slugs,
        st.tuples(st.sampled_from(Facet), st.none() | st.dates(date(2020, 1, 1)), st.lists(slugs)),
        max_size=6,
    )
)
@pytest.mark.usefixtures("db")
def test_former_slugs_and_retired_terms_go_there_and_back(terms):
    db = _db
    for row in db.session.scalars(select(FacetTerm)):
        db.session.delete(row)
    db.session.flush()
    taken = {(facet, slug) for slug, (facet, _r, _f) in terms.items()}
    for slug, (facet, retired, former) in terms.items():
        term = make.term(facet.value, slug, en=slug.upper())
        term.retired_on = retired
        for old in former:
            if (facet, old) not in taken:
                taken.add((facet, old))
                db.session.add(FormerSlug(facet=facet.value, slug=old, term_id=term.id))
    db.session.flush()
    told = vocabulary.dump()
    for row in db.session.scalars(select(FacetTerm)):
        db.session.delete(row)
    db.session.flush()
    db.session.expire_all()
    load_words(told or "{}")
    assert vocabulary.dump() == told
    load_words(told or "{}")
    assert vocabulary.dump() == told
