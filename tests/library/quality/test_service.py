from datetime import timedelta

import pytest

from portal import clock
from portal.accounts.rules import Role
from portal.library.claims.models import ClaimRow
from portal.library.freshness.models import ReviewInterval
from portal.library.publishing import moving
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action
from portal.library.quality import deciding, queries, service
from portal.library.quality.models import QualityFinding, TextBand
from portal.library.quality.queries import Wanted
from portal.library.service import content_of
from portal.usage.models import UsageEvent
from tests import make

BODY = "## What\n\n" + " ".join(f"word{n}" for n in range(120)) + ".\n"


def names(db, asset):
    rows = db.session.query(QualityFinding).filter_by(asset_id=asset.id)
    return {row.name for row in rows}


@pytest.fixture
def marketer(db):
    return Actor(make.user(role="marketer").id, Role.MARKETER)


def test_a_save_is_checked_at_once(db, marketer):
    asset = make.asset("a", kind="faq", state="draft")
    content = content_of(title="T", body="## A\n\n## B\n\nWords.\n")
    publishing.save(marketer, asset, "en", content, base=0)
    assert {"empty-section", "owner", "summary"} <= names(db, asset)
    content = content_of(title="A", body="## B\n\nWords.\n", summary="What it is.")
    publishing.save(marketer, asset, "en", content, base=1)
    assert "empty-section" not in names(db, asset)
    moving.move(marketer, asset, Action.RETIRE, reason="done")
    assert names(db, asset) == set()


def test_a_run_finds_the_same_again_and_nothing_twice(db):
    asset = make.asset("a", kind="faq")
    make.text(asset, title="A", body=BODY)
    first = service.run_all()
    ids = {row.id: row.first_seen for row in db.session.query(QualityFinding)}
    again = service.run_all()
    assert first.new == first.findings > 0
    assert (again.new, again.gone, again.findings) == (0, 0, first.findings)
    assert {row.id: row.first_seen for row in db.session.query(QualityFinding)} == ids


def test_near_duplicates_are_found_in_every_language_apart(db):
    for slug, language, body in (
        ("a", "en", BODY),
        ("b", "en", BODY.replace("word60", "other")),
        ("c", "vi", BODY),
        ("d", "en", "## What\n\nSomething else.\n"),
    ):
        make.text(make.asset(slug, kind="faq"), language, title=slug, body=body)
    service.run_all()
    rows = db.session.query(QualityFinding).filter_by(name="duplicate")
    assert {(row.asset.slug, row.detail["slug"]) for row in rows} == {("a", "b"), ("b", "a")}
    assert db.session.query(TextBand).count() == 30


def test_a_crowd_of_copies_does_not_take_forever(db):
    for number in range(30):
        make.text(make.asset(f"a{number}", kind="faq"), title=f"T{number}", body=BODY)
    report = service.run_all()
    assert report.by_check["duplicate"] == 30 * 3  # the three most alike are named


def test_what_was_left_as_it_is_comes_back_when_the_text_changes(db, marketer):
    asset = make.asset("a", kind="faq")
    make.text(asset, title="A", body="## A\n\n![](https://x.example/1.png)\n", summary="x " * 300)
    service.run_all()
    row = db.session.query(QualityFinding).filter_by(name="summary").one()
    deciding.dismiss(marketer, row.id, "the law wants it so")
    service.run_all()
    row = db.session.query(QualityFinding).filter_by(name="summary").one()
    assert row.why == "the law wants it so"
    asset = db.session.merge(row.asset)
    make.text(asset, title="A", body="## A\n\n![](https://x.example/1.png)\n", summary="y " * 300)
    service.run_all()
    row = db.session.query(QualityFinding).filter_by(name="summary").one()
    assert row.dismissed_at is None


def test_a_word_of_the_vocabulary_reads_claims_anew(db):
    asset = make.asset("a", kind="faq")
    make.text(asset, title="A", body="## A\n\nKestrel runs on 1,900 sites.\n")
    assert db.session.query(ClaimRow.competitor).one() == ("",)
    make.term("competitor", "kestrel")
    service.run_all()
    assert db.session.query(ClaimRow.competitor).one() == ("kestrel",)


def test_what_is_used_most_comes_first(db):
    now = clock.now()
    ids = []
    for slug, uses, days in (("a", 1, 1), ("b", 3, 1), ("c", 9, 200)):
        asset = make.asset(slug, kind="faq")
        make.text(asset, title=slug, body=BODY)
        ids.append(asset.id)
        at = now - timedelta(days=days)
        db.session.add_all(
            UsageEvent(at=at, action="viewed", asset_id=asset.id) for _ in range(uses)
        )
    db.session.flush()
    service.run_all()
    listed = queries.by_use(Wanted(name="owner"), now - timedelta(days=90), limit=9)
    assert listed == [(ids[1], 3), (ids[0], 1), (ids[2], 0)]


def test_a_killed_run_has_only_work_to_repeat(db):
    make.text(make.asset("a", kind="faq"), title="A", body=BODY)

    class KilledError(Exception):
        pass

    def commit():
        db.session.commit()
        raise KilledError

    with pytest.raises(KilledError):
        service.run_all(commit=commit)
    report = service.run_all()
    assert report.findings == db.session.query(QualityFinding).count()


def test_stale_by_the_intervals_that_managers_and_assets_have(db, marketer):
    today = clock.now().date()
    months_ago = today - timedelta(days=75)
    asset = make.asset("a", kind="faq", checked_on=months_ago)  # usually checked every 6 months
    own = make.asset("b", kind="faq", checked_on=months_ago, review_months=12)
    for it in (asset, own):
        make.text(it, title=it.slug)
        service.check_asset(it)
        assert "stale" not in names(db, it)
    db.session.add(ReviewInterval(kind="faq", months=2, set_at=clock.now()))
    service.check_asset(asset)
    service.check_asset(own)
    assert "stale" in names(db, asset)
    assert "stale" not in names(db, own)
