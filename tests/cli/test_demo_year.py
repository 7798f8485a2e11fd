"""The demo's simulated year: pure and the same again, written whole, judged as it was planted."""

from collections import Counter
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import func, select

from portal import clock
from portal.accounts import service as accounts
from portal.accounts.rules import Department, Role
from portal.asset_requests.models import AssetRequest
from portal.calls.models import Call
from portal.calls.ratings.models import Rating
from portal.cli import demo_year, demo_year_days
from portal.cli.demo import CONTENT, PEOPLE
from portal.cli.demo_year import WEEKS, Material
from portal.config import Language
from portal.deals.models import Deal, StageChange
from portal.insights.lift.models import AssetLift
from portal.library.models import FacetTerm
from portal.search import wording
from portal.usage.models import UsageEvent
from tests import make

FILE = CONTENT / "year.yaml"
PLAN = yaml.safe_load(FILE.read_text("utf-8"))


def heads():
    """The front matter of the demo's assets, by slug: facets and languages."""
    found = {}
    for folder in sorted(CONTENT.glob("*/*/")):
        texts = sorted(folder.glob("??.md"))
        head = yaml.safe_load(texts[0].read_text("utf-8").split("---")[1])
        found[f"{folder.parent.name}-{folder.name}"] = (head, [path.stem for path in texts])
    return found


def materials():
    def slugs(head, facet):
        return frozenset(head.get(facet, ()))

    return [
        Material(
            slug,
            stages=slugs(head, "stage"),
            competitors=slugs(head, "competitor"),
            products=slugs(head, "product"),
            industries=slugs(head, "industry"),
            languages=frozenset(languages),
        )
        for slug, (head, languages) in heads().items()
    ]


def test_the_year_is_the_same_again_and_hangs_together():
    told = demo_year.simulate(PLAN, materials())
    assert told == demo_year.simulate(PLAN, materials())
    closed = [it for it in told if it.outcome != "open"]
    assert 550 <= len(closed) <= 750
    assert 0.2 < Counter(it.outcome for it in closed)["won"] / len(closed) < 0.4
    for it in told:
        weeks = [week for _, week in it.entered]
        assert weeks == sorted(weeks)
        assert [slug for slug, _ in it.entered] == list(demo_year.STAGES[: len(weeks)])
        assert (it.outcome == "open") or (weeks[-1] < it.closed < WEEKS)
        assert all(it.created <= use.at < WEEKS for use in it.uses)
        assert all(it.created <= call.at < WEEKS for call in it.calls)
    papers = [u for it in told if it.outcome != "won" for u in it.uses if u.slug in PLAN["paper"]]
    assert not papers
    assert not [u for it in told for u in it.uses if u.slug in PLAN["never"]]


@pytest.fixture
def library(db):
    for local, name, role, department, team, language in PEOPLE:
        accounts.add_user(
            f"{local}@tarvel.example", name=name, role=Role(role), team=team,
            department=Department(department) if department else None,
            language=Language(language),
        )  # fmt: skip
    vocabulary = yaml.safe_load((CONTENT / "vocabulary.yaml").read_text("utf-8"))
    for facet, terms in vocabulary.items():
        for term in terms:
            make.term(facet, term["slug"])
    known = {(it.facet, it.slug): it for it in db.session.scalars(select(FacetTerm))}
    for slug, (head, languages) in heads().items():
        asset = make.asset(slug)
        asset.facets = [
            known[facet, word]
            for facet in ("stage", "competitor", "product", "industry")
            for word in head.get(facet, ())
        ]
        for language in languages:
            make.text(asset, language)
    db.session.flush()
    return db


def test_all_of_it_comes_and_is_judged_as_planted(library):
    db = library
    demo_year_days.fill(FILE, words=wording.words, zone="Asia/Ho_Chi_Minh")

    def count(model, *where):
        return db.session.scalar(select(func.count()).select_from(model).where(*where))

    now = clock.now()
    assert count(Deal, Deal.source == "demo-year") > 600
    assert count(Deal, Deal.closed_at > now) == count(UsageEvent, UsageEvent.at > now) == 0
    assert count(Deal, Deal.outcome == "open", Deal.closes_on <= now.date()) == 0
    assert count(UsageEvent, UsageEvent.at < now - timedelta(weeks=WEEKS + 1)) == 0
    assert count(UsageEvent, UsageEvent.results == 0) == sum(it["times"] for it in PLAN["in_vain"])
    assert count(make.User, make.User.created_at > now - timedelta(weeks=WEEKS)) == 0
    assert count(Call) > 1000
    assert count(Rating) > 1000
    assert count(StageChange, StageChange.stage_id.is_(None)) == 0
    assert count(AssetRequest) == len(PLAN["requests"])
    assert count(AssetRequest, AssetRequest.state.in_(("asked", "waiting"))) == 0
    db.session.commit()
    demo_year_days.count("Asia/Ho_Chi_Minh", db.session.commit)
    said = {
        row.slug: row.verdict
        for row in db.session.execute(
            select(make.Asset.slug, AssetLift.verdict).join(
                make.Asset, make.Asset.id == AssetLift.asset_id
            )
        )
    }
    assert {said[slug] for slug in PLAN["paper"]} == {"decided"}
    assert said["battlecard-kestrel"] == "helps"
    assert {slug for slug, word in said.items() if word == "helps"} <= {
        slug for slug, effect in PLAN["helps"].items() if effect > 0
    }
    assert {slug for slug, word in said.items() if word == "hurts"} <= {
        slug for slug, effect in PLAN["helps"].items() if effect < 0
    }
    assert not said.keys() & set(PLAN["never"])


def test_those_with_accounts_keep_the_open_deals_written_by_hand(library):
    demo_year_days.fill(FILE, words=wording.words, zone="UTC")
    query = select(make.User.email).join(Deal, Deal.owner_id == make.User.id)
    owners = set(library.session.scalars(query.where(Deal.outcome == "open")))
    assert owners
    assert not owners & {f"{it}@tarvel.example" for it in ("lan.nguyen", "sarah.whitfield")}
