import pytest

from portal import clock, jobs
from portal.jobs import queries
from portal.jobs.models import JobDuty, JobWorker
from tests import make


@pytest.fixture
def row(db):
    """A job in a state."""

    def make_row(state="dead", **values):
        job = queries.job(jobs.enqueue(values.pop("name", "publish-at"), values.pop("payload", {})))
        values = {"attempts": 8, "error": "ValueError: <b>no</b>"} | values
        if state in {"dead", "done", "dropped"}:
            values["finished_at"] = clock.now()
        if state == "running":
            values["started_at"] = clock.now()
        for name, value in {"state": state, **values}.items():
            setattr(job, name, value)
        db.session.commit()
        return job

    return make_row


def test_managers_see_what_failed_first(as_, row, db):
    asset = make.asset("kestrel")
    make.text(asset, title="Kestrel, the card")
    row("done", error="", result="fine")
    row(payload={"asset": asset.id})
    page = as_("manager").get("/desk/jobs")
    words = page.words()
    assert "Publish at its time: Kestrel, the card" in words
    assert "ValueError: <b>no</b>" in words
    assert "attempt 8" in words
    assert "/desk/kestrel" in page.links()
    assert "fine" not in words
    assert "no worker is running" in words


@pytest.mark.parametrize("state", ["waiting", "running", "failed", "dead", "done", "dropped"])
def test_every_state_can_be_looked_at(as_, row, state):
    row("waiting" if state == "failed" else state, attempts=0 if state == "waiting" else 2)
    page = as_("admin").get(f"/desk/jobs?state={state}")
    assert "Publish at its time" in page.words()
    assert ("Try again now" in page.words()) == (state in {"failed", "dead"})


@pytest.mark.parametrize("query", ["?state=x", "?page=999999", "?page=-1", "?state=dead&page=x", "?state=%00"])  # fmt: skip
def test_odd_addresses(as_, query):
    page = as_("manager").get(f"/desk/jobs{query}")
    assert page.status == 200
    assert "Nothing here" in page.words()


def test_odd_payloads_and_names_are_shown(as_, row):
    row(payload={"asset": "x"}, name="of a newer portal")
    row(payload={"asset": 999_999})
    words = as_("manager").get("/desk/jobs").words()
    assert "of a newer portal" in words


def test_a_dead_letter_is_tried_again(as_, row, db):
    job = row()
    page = as_("manager").post(f"/desk/jobs/{job.id}/retry")
    assert (page.status, page.location) == (303, "/desk/jobs")
    db.session.expire_all()
    assert (queries.job(job.id).state, queries.job(job.id).forgiven) == ("waiting", 8)


def test_a_dead_letter_is_dropped(as_, row, db):
    job = row()
    assert as_("manager").post(f"/desk/jobs/{job.id}/drop").status == 303
    db.session.expire_all()
    assert queries.job(job.id).state == "dropped"


@pytest.mark.parametrize("what", ["retry", "drop"])
def test_what_has_not_failed_is_a_conflict(as_, row, what):
    job = row("running")
    page = as_("manager").post(f"/desk/jobs/{job.id}/{what}")
    assert page.status == 409
    assert "has not failed" in page.text
    assert as_("manager").post(f"/desk/jobs/{2**70}/{what}").status == 404


def test_duties_and_a_living_worker(as_, db):
    now = clock.now()
    db.session.add(JobDuty(name="index-drain", rule="every 60 s", next_at=now, done_at=now))
    db.session.add(JobWorker(name="one", started_at=now, seen_at=now))
    db.session.commit()
    words = as_("manager").get("/desk/jobs").words()
    assert "Bring the search up to date" in words
    assert "no worker is running" not in words


def test_the_desk_shows_the_page_to_those_who_may(as_):
    first = as_("manager").get("/desk/").links()
    assert "/people" in first  # the first page of what managers set up
    assert {"/people", "/desk/jobs"} <= set(as_("manager").get("/desk/reviewers").links())
    for path in ("/desk/", "/desk/freshness", "/desk/quality"):
        assert "/desk/jobs" not in as_("marketer").get(path).links()
    assert as_("marketer").get("/desk/jobs").status == 403
