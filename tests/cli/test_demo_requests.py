"""The demo's requests: all of the file, their days counted from now."""

import yaml
from sqlalchemy import func, select

from portal.accounts.models import Team
from portal.asset_requests import queries
from portal.asset_requests.models import AssetRequest
from portal.cli import demo_requests
from portal.cli.demo import CONTENT, PEOPLE
from portal.deals.models import Deal
from portal.search import wording
from tests import make


def test_all_of_them_come_with_deals_that_wait_and_thanks(db):
    for local, name, role, department, _team, language in PEOPLE:
        values = {"department": department.value if department else None}
        make.user(
            f"{local}@tarvel.example", name=name, role=role.value, language=language, **values
        )
    for facet, slugs in (
        ("product", ("warehouse", "returns", "gate")),
        ("competitor", ("kestrel", "stokkio", "nordhaul")),
        ("industry", ("cold-chain", "retail", "pharma")),
    ):
        for slug in slugs:
            make.term(facet, slug)
    make.asset("battlecard-nordhaul")
    file = CONTENT / "requests.yaml"
    told = yaml.safe_load(file.read_text("utf-8"))
    made = demo_requests.fill(file, words=wording.words, zone="UTC")
    assert made.keys() == {one["key"] for one in told["deals"]}
    assert db.session.scalar(select(func.count()).select_from(AssetRequest)) == len(
        told["requests"]
    )
    assert db.session.scalar(select(func.count()).select_from(Deal)) == len(told["deals"])
    requests = db.session.scalars(select(AssetRequest).order_by(AssetRequest.id)).all()
    assert queries.weights([requests[0].id])[requests[0].id].people == 2
    assert {it.state for it in requests} >= {"asked", "waiting", "accepted", "declined"}
    assert not db.session.scalars(select(Team)).all()
