"""Pipelines, stages and reasons for losing, changed by managers."""

import pytest
from sqlalchemy import select

from portal.deals.models import LossReason, Pipeline, PipelineStage
from portal.deals.pipelines import queries, service
from tests import make


@pytest.fixture
def way(db, as_):
    as_("manager")
    found = service.ready()
    db.session.commit()
    return found


def sent(way, **changes):
    """The form of a pipeline as the page sends it."""
    data = {"name": way.name, "version": way.version}
    for n, it in enumerate(way.stages):
        row = {"id": it.id, "position": n + 1, "en": it.names["en"], "outcome": it.outcome,
               "vi": it.names.get("vi", ""), "aliases": "; ".join(it.aliases)}  # fmt: skip
        data |= {f"rows-{n}-{name}": value for name, value in row.items()}
    return data | changes


def test_stages_are_renamed_ordered_retired_and_added(db, client, way):
    make.term("stage", "site-visit", en="Site visit")
    deal = make.deal(make.user(), stage_id=way.stages[0].id)
    db.session.commit()
    page = client.get(f"/deals/pipelines/{way.id}")
    assert "Deals are in it" in page.words()
    first, second = way.stages[0].id, way.stages[1].id
    n = len(way.stages)
    changes = {
        "name": "Kho lạnh", "rows-0-position": "2", "rows-1-position": "1", "rows-0-retired": "y",
        "rows-1-ru": "Показ", f"rows-{n}-en": "Site visit", f"rows-{n}-outcome": "open",
        f"rows-{n}-term": "site-visit", f"rows-{n}-aliases": "walk; tour",
    }  # fmt: skip
    assert client.post(f"/deals/pipelines/{way.id}", data=sent(way, **changes)).status == 303
    db.session.expire_all()
    (way,) = queries.pipelines()
    assert (way.name, way.version, len(way.stages)) == ("Kho lạnh", 2, n + 1)
    assert [stage.id for stage in way.stages[:2]] == [second, first]
    assert way.stages[0].names["ru"] == "Показ"
    assert way.stages[1].retired
    added = way.stages[-1]
    assert (added.slug, added.term, added.aliases) == ("site-visit", "site-visit", ["walk", "tour"])
    assert deal.stage_id == first
    assert "Site visit" in client.get("/deals/pipelines/").words()


def test_who_was_slower_keeps_what_was_typed(db, client, way):
    stale = sent(way)
    assert client.post(f"/deals/pipelines/{way.id}", data=sent(way, name="First")).status == 303
    page = client.post(f"/deals/pipelines/{way.id}", data=stale | {"rows-0-en": "My own word"})
    assert page.status == 409
    assert 'value="My own word"' in page.text
    db.session.expire_all()
    assert db.session.scalars(select(Pipeline.name)).one() == "First"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"rows-0-en": "", "rows-0-vi": ""}, {"rows-0-en": "Won"},
     {"rows-0-position": "x"}, {"rows-0-position": "-1"}, {"rows-0-outcome": "bomb"},
     {"rows-0-term": "nothing"}, {"rows-0-en": "x" * 81}, {"rows-0-aliases": "x" * 1001},
     {"name": "x" * 81}],
)  # fmt: skip
def test_bad_input_is_told_and_nothing_changes(db, client, way, wrong):
    assert client.post(f"/deals/pipelines/{way.id}", data=sent(way, **wrong)).status == 422
    db.session.expire_all()
    assert db.session.scalars(select(Pipeline.version)).one() == 1


def test_stages_of_others_are_not_taken(db, client, way):
    other = service.add("Other")
    db.session.commit()
    theirs = other.stages[0].id
    wrong = {"rows-0-id": theirs, "rows-0-en": "Hijacked"}
    client.post(f"/deals/pipelines/{way.id}", data=sent(way, **wrong))
    db.session.expire_all()
    assert db.session.get(PipelineStage, theirs).names["en"] != "Hijacked"


def test_a_pipeline_is_added_once(db, client, way):
    assert client.post("/deals/pipelines/", data={"name": "Partners"}).status == 303
    assert client.post("/deals/pipelines/", data={"name": " PARTNERS"}).status == 422
    assert client.post("/deals/pipelines/", data={"name": ""}).status == 422
    assert len(queries.pipelines()) == 2
    assert client.get("/deals/pipelines/99999999999").status == 404


def test_reasons_are_at_most_ten(db, client, way):
    kept = list(queries.losses())
    data = {}
    for n, it in enumerate(kept):
        data |= {f"rows-{n}-id": it.id, f"rows-{n}-en": it.names["en"], f"rows-{n}-position": n}
    n = len(kept)
    more = {f"rows-{n}-en": "No time", f"rows-{n + 1}-en": "No nerve", f"rows-{n}-competitor": "y"}
    assert client.get("/deals/pipelines/reasons").status == 200
    assert client.post("/deals/pipelines/reasons", data=data | more).status == 422
    assert len(db.session.scalars(select(LossReason)).all()) == n
    more["rows-0-retired"] = "y"
    assert client.post("/deals/pipelines/reasons", data=data | more).status == 303
    assert "No nerve" in client.get("/deals/pipelines/").words()
    assert [it.slug for it in queries.losses()][-2:] == ["no-time", "no-nerve"]
    assert queries.losses()[-2].competitor
    assert client.post("/deals/pipelines/reasons", data={"rows-0-position": "1"}).status == 303
    assert len(queries.losses()) == 10
