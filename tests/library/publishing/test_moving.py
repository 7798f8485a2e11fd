from datetime import timedelta

import pytest

from portal import clock
from portal.errors import Conflict, Forbidden, Invalid
from portal.library.publishing import moving, queries, reviewing
from portal.library.publishing import service as publishing
from portal.library.publishing.rules import Action, Phase
from tests.library.publishing.conftest import content


def body(asset, language="en"):
    return next(text.body for text in asset.texts if text.language == language)


def test_from_draft_to_published_by_review(draft, people):
    writer, marketer = people["writer"], people["marketer"]
    assert moving.move(writer, draft, Action.SUBMIT) is Phase.REVIEW
    assert moving.move(marketer, draft, Action.SEND_BACK, reason="no price") is Phase.DRAFT
    moving.move(writer, draft, Action.SUBMIT)
    with pytest.raises(Forbidden):
        moving.move(writer, draft, Action.PUBLISH)
    assert moving.move(marketer, draft, Action.PUBLISH) is Phase.PUBLISHED
    assert draft.published_at is not None
    assert draft.checked_on == clock.now().date()
    told = [(e.action, e.note) for e in queries.timeline(draft.id, limit=4)]
    assert told == [("publish", ""), ("submit", ""), ("send-back", "no price"), ("submit", "")]


def test_what_somebody_moved_meanwhile_is_a_conflict(published, people):
    with pytest.raises(Conflict):
        moving.move(people["marketer"], published, Action.SUBMIT)


@pytest.mark.parametrize("reason", ["", "  "])
def test_taking_away_needs_a_reason(published, people, reason):
    with pytest.raises(Invalid):
        moving.move(people["marketer"], published, Action.RETIRE, reason=reason)
    assert published.state == "published"


def test_a_change_discarded_is_no_longer_published(published, people):
    marketer = people["marketer"]
    publishing.save(people["writer"], published, "en", content("Six."), base=1)
    publishing.save(people["writer"], published, "ru", content("Шесть."), base=0)
    moving.move(people["writer"], published, Action.DISCARD)
    assert published.change is None
    publishing.save(marketer, published, "vi", content("Sáu."), base=0)
    moving.move(marketer, published, Action.PUBLISH)
    assert {text.language: text.body for text in published.texts} == {
        "en": "## Pricing\n\nFive.\n",
        "vi": "Sáu.",
    }
    assert queries.revision(published.id, "en", 2).body == "Six."  # nothing is lost


def test_after_a_discard_one_goes_on_from_what_is_served(published, people):
    for language, base in (("en", 1), ("ru", 0)):
        publishing.save(people["writer"], published, language, content("Six."), base=base)
    assert queries.wanted(published, queries.newest(published.id, "en")).body == "Six."
    moving.move(people["writer"], published, Action.DISCARD)
    served = queries.wanted(published, queries.newest(published.id, "en"))
    assert served.body == "## Pricing\n\nFive.\n"
    assert queries.wanted(published, queries.newest(published.id, "ru")) is None


def test_unpublished_it_is_worked_on_where_it_was(published, people):
    publishing.save(people["writer"], published, "en", content("Six."), base=1)
    moving.move(people["manager"], published, Action.UNPUBLISH, reason="wrong price")
    assert (published.state, published.change, body(published)) == ("draft", None, "Six.")


def test_retired_and_taken_back(published, people):
    moving.move(people["manager"], published, Action.RETIRE, reason="sold out")
    assert published.state == "retired"
    assert moving.move(people["marketer"], published, Action.RESTORE) is Phase.DRAFT


def test_times_are_still_to_come_and_in_order(draft, people):
    now, marketer = clock.now(), people["marketer"]
    hour, day = now + timedelta(hours=1), now + timedelta(days=1)
    moving.schedule(marketer, draft, publish_at=hour, retire_at=day)
    assert (draft.publish_at, draft.retire_at) == (hour, day)
    for publish_at, retire_at in [(now - timedelta(minutes=1), None), (day, hour), (hour, hour)]:
        with pytest.raises(Invalid):
            moving.schedule(marketer, draft, publish_at=publish_at, retire_at=retire_at)
    assert (draft.publish_at, draft.retire_at) == (hour, day)
    with pytest.raises(Forbidden):
        moving.schedule(people["writer"], draft, publish_at=None, retire_at=None)


def test_comments_are_made_and_settled(draft, people):
    reviewing.comment(people["marketer"], draft, language="en", anchor="pricing", body=" Which? ")
    comment = queries.comments(draft.id)[0]
    assert (comment.body, comment.number, comment.settled_at) == ("Which?", 1, None)
    reviewing.settle(people["writer"], draft, comment.id)
    assert comment.settled_at is not None
    with pytest.raises(Invalid):
        reviewing.comment(people["marketer"], draft, language="en", anchor="", body="  ")
