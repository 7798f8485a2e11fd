import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library import loading
from portal.library.publishing import moving, queries
from portal.library.publishing import service as publishing
from portal.library.publishing.models import TextRevision
from portal.library.publishing.rules import Action
from portal.library.revisions import queries as revisions
from portal.library.rules import Kind
from tests import make
from tests.library.publishing.conftest import content


def served(asset, language="en"):
    return next((text for text in asset.texts if text.language == language), None)


def numbers(asset, language="en"):
    return [line.number for line in revisions.revisions(asset.id, language, limit=50)]


def test_a_new_asset_belongs_to_who_begins_it(draft, people):
    writer = people["writer"]
    assert (draft.state, draft.owner_id, draft.creator_id) == ("draft", writer.id, writer.id)
    assert draft.department == "product"
    assert served(draft).title == "Kestrel"
    assert [event.action for event in queries.timeline(draft.id, limit=9)] == ["save", "create"]


def test_a_rep_begins_nothing_and_a_slug_is_taken_once(draft, people):
    with pytest.raises(Forbidden):
        publishing.create(people["rep"], slug="x", kind=Kind.FAQ, language="en", content=content())
    with pytest.raises(Conflict):
        publishing.create(
            people["marketer"], slug="kestrel", kind=Kind.FAQ, language="en", content=content()
        )


def test_every_save_stays_as_it_was(draft, people):
    first = queries.revision(draft.id, "en", 1)
    publishing.save(
        people["writer"], draft, "en", content("## Pricing\n\nSix.\n"), base=1, note="up"
    )
    assert numbers(draft) == [2, 1]
    assert first.body == "## Pricing\n\nFive.\n"
    newest = queries.newest(draft.id, "en")
    assert (newest.author_id, newest.note) == (people["writer"].id, "up")


def test_the_same_text_again_is_no_revision(draft, people):
    publishing.save(people["writer"], draft, "en", content(), base=1)
    assert numbers(draft) == [1]


def test_what_is_published_is_served_while_the_next_is_drafted(published, people):
    publishing.save(people["writer"], published, "en", content("Six."), base=1)
    assert (published.state, published.change) == ("published", "draft")
    assert served(published).body == "## Pricing\n\nFive.\n"
    assert served(published).revision == 1
    moving.move(people["marketer"], published, Action.PUBLISH)
    assert (served(published).body, served(published).revision) == ("Six.", 2)
    assert published.change is None


def test_a_language_more_is_not_served_before_it_is_published(published, people):
    publishing.save(people["writer"], published, "vi", content("Sáu."), base=0)
    assert served(published, "vi") is None
    moving.move(people["marketer"], published, Action.PUBLISH)
    assert served(published, "vi").body == "Sáu."


def test_the_second_to_save_is_shown_the_first(draft, people):
    publishing.save(people["marketer"], draft, "en", content("Theirs."), base=1)
    with pytest.raises(publishing.TextConflictError) as conflict:
        publishing.save(people["writer"], draft, "en", content("Mine."), base=1)
    assert conflict.value.theirs.body == "Theirs."
    assert numbers(draft) == [2, 1]


def test_who_may_not_write_saves_nothing(published, people):
    for who in ("rep", "contributor"):
        with pytest.raises(Forbidden):
            publishing.save(people[who], published, "en", content("Six."), base=1)
    moving.move(people["marketer"], published, Action.RETIRE, reason="old")
    with pytest.raises(Conflict):
        publishing.save(people["marketer"], published, "en", content("Six."), base=1)


def test_a_text_that_can_not_be_drawn_is_refused_whole(draft, people):
    with pytest.raises(Invalid):
        publishing.save(people["writer"], draft, "en", content("x" * 1_100_000), base=1)
    assert numbers(draft) == [1]


def test_an_older_revision_is_saved_again(draft, people):
    publishing.save(people["writer"], draft, "en", content("Six."), base=1)
    publishing.restore_revision(people["writer"], draft, "en", 1, base=2)
    assert queries.newest(draft.id, "en").body == "## Pricing\n\nFive.\n"
    assert numbers(draft) == [3, 2, 1]
    with pytest.raises(NotFound):
        publishing.restore_revision(people["writer"], draft, "en", 9, base=3)


def test_what_is_typed_is_kept_until_it_is_saved(draft, people):
    writer = people["writer"]
    for body in ("Si", "Six"):
        publishing.autosave(writer, draft, "en", content(body), base=1)
    kept = queries.autosave(writer.id, draft.id, "en")
    assert (kept.content["body"], kept.base) == ("Six", 1)
    assert queries.autosave(people["marketer"].id, draft.id, "en") is None
    publishing.save(writer, draft, "en", content("Six"), base=1)
    assert queries.autosave(writer.id, draft.id, "en") is None


def test_what_files_bring_is_kept_as_revisions_too(db, tmp_path):
    path = tmp_path / "guide.md"
    for body in ("One.\n", "Two.\n", "Two.\n"):
        path.write_text(f"---\ntitle: Guide\n---\n{body}", "utf-8")
        loading.load_paths([path], loading.Options(publish=True))
    rows = db.session.scalars(select(TextRevision).order_by(TextRevision.number)).all()
    assert [(row.number, row.body, row.author_id) for row in rows] == [
        (1, "One.", None),
        (2, "Two.", None),
    ]


def test_a_file_after_a_change_in_the_works_gets_a_number_of_its_own(published, people, tmp_path):
    publishing.save(people["writer"], published, "en", content("Mine."), base=1)
    path = tmp_path / "kestrel.md"
    path.write_text("---\ntitle: Kestrel\nslug: kestrel\nkind: battlecard\n---\nFile.\n", "utf-8")
    loading.load_paths([path])
    assert (served(published).body, served(published).revision) == ("File.", 3)
    assert queries.revision(published.id, "en", 2).body == "Mine."


def test_links_between_files_lead_to_pages_after_an_edit_too(db, people, tmp_path):
    (tmp_path / "two.md").write_text("---\nslug: second\n---\n# Two\n", "utf-8")
    (tmp_path / "one.md").write_text("# One\n\n[two](two.md)\n", "utf-8")
    loading.load_paths([tmp_path], loading.Options(publish=True))
    asset = queries.asset_by_slug("one")
    body = "# One\n\nSee [two](two.md)\n"
    publishing.save(people["marketer"], asset, "en", content(body, title="One"), base=1)
    moving.move(people["marketer"], asset, Action.PUBLISH)
    assert 'href="/assets/second"' in served(asset).sections[0]["html"]


def test_a_reviewer_is_somebody_to_what_is_reviewed(draft, people, db):
    from portal.library.publishing import acting
    from portal.library.publishing.models import Reviewer

    other = acting.Actor(make.user(role="contributor").id, Role.CONTRIBUTOR)
    assert acting.groups(other, draft) == set()
    db.session.add(Reviewer(kind="battlecard", department=None, user_id=other.id))
    db.session.flush()
    assert Action.PUBLISH not in acting.allowed(other, draft)
    moving.move(people["writer"], draft, Action.SUBMIT)
    assert Action.PUBLISH in acting.allowed(other, draft)
