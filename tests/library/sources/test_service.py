import shutil
import subprocess
from datetime import timedelta

import pytest

from portal import clock
from portal.accounts.rules import Role
from portal.errors import Conflict, Invalid, NotFound
from portal.library import loading
from portal.library import service as library
from portal.library.loading import Options
from portal.library.publishing import acting, queries
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import PORTAL, Actor
from portal.library.publishing.rules import Action
from portal.library.sources import queries as sources
from portal.library.sources import service, versioning
from portal.library.sources.labels import KEPT
from tests import make


@pytest.fixture
def folder(tmp_path):
    """A folder with one battlecard in two languages."""
    root = tmp_path / "docs"
    write(root, "kestrel/en.md", "Kestrel", "We are quick.")
    write(root, "kestrel/vi.md", "Kestrel (vi)", "Chúng tôi nhanh.")
    return root


@pytest.fixture
def source(db, folder):
    return service.add("docs", folder, Options(publish=True))


def write(root, name, title, words):
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\nkind: battlecard\n---\n# {title}\n\n## Pricing\n\n{words}\n", "utf-8")


def asset(slug="kestrel"):
    return queries.asset_by_slug(slug)


def marketer():
    return Actor(make.user(role="marketer").id, Role.MARKETER)


def test_a_sync_brings_the_folder_and_keeps_it(source):
    done = service.sync(source)
    assert (done.report.created, done.report.rejected, done.gone) == (2, [], [])
    assert asset().source_id == source.id
    assert asset().state == "published"
    assert service.sync(source).report.unchanged == 2
    assert sources.counts() == {source.id: 1}


def test_what_changes_in_the_folder_changes_here(source, folder):
    service.sync(source)
    write(folder, "kestrel/en.md", "Kestrel", "We are quicker.")
    done = service.sync(source)
    assert (done.report.updated, done.report.unchanged) == (1, 1)
    assert "quicker" in next(text.body for text in asset().texts if text.language == "en")


def test_the_desk_does_not_change_it(source):
    service.sync(source)
    actor = marketer()
    with pytest.raises(Conflict) as refused:
        acting.require(actor, asset(), Action.EDIT)
    assert refused.value.reason is KEPT
    with pytest.raises(Conflict):
        publishing.save(
            actor, asset(), language="en", content=library.content_of(title="t", body="b"), base=1
        )
    acting.require(actor, asset(), Action.COMMENT)
    acting.require(actor, asset(), Action.CONFIRM)
    acting.require(PORTAL, asset(), Action.RETIRE)  # at a time the files have set


def test_a_file_that_is_gone_takes_nothing_along(source, folder):
    write(folder, "plover.md", "Plover", "Small.")
    service.sync(source)
    (folder / "plover.md").unlink()
    assert service.sync(source).gone == ["plover"]
    assert asset("plover").state == "published"
    write(folder, "plover.md", "Plover", "Small.")
    assert service.sync(source).gone == []


def test_a_file_that_can_not_be_read_is_not_gone(source, folder):
    service.sync(source)
    for name in ("en", "vi"):
        (folder / f"kestrel/{name}.md").write_text("---\nkind: nonsense\n---\n# K\n", "utf-8")
    write(folder, "plover.md", "Plover", "Small.")
    done = service.sync(source)
    assert len(done.report.rejected) == 2
    assert done.gone == []


@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_folder_that_is_not_there_changes_nothing(source, folder, how):
    service.sync(source)
    shutil.rmtree(folder)
    if how == "empty":
        folder.mkdir()
    with pytest.raises(Invalid, match="nothing was changed"):
        service.sync(source)
    assert asset().source_id == source.id
    assert source.gone == []


def test_only_one_brings_it_in_step(source, db):
    service._claim(source)
    with pytest.raises(Conflict, match="already"):
        service.sync(source)


def test_who_was_killed_keeps_nobody_waiting(source, db):
    source.busy_since = clock.now() - timedelta(hours=1)
    db.session.flush()
    assert service.sync(source).report.created == 2


def test_a_refused_owner_lets_the_source_go(source, db):
    source.options = {**source.options, "owner": "nobody@example.com"}
    db.session.commit()
    with pytest.raises(Invalid, match="nobody"):
        service.sync(source, commit=db.session.commit)
    db.session.refresh(source)
    assert source.busy_since is None


def test_what_is_released_is_written_at_the_desk_again(source, folder):
    service.sync(source)
    assert service.release(["kestrel", "unknown"]) == ["kestrel"]
    acting.require(marketer(), asset(), Action.EDIT)
    write(folder, "kestrel/en.md", "Kestrel", "Other words.")
    done = service.sync(source)
    assert done.report.updated == 0
    assert "Other" not in next(text.body for text in asset().texts if text.language == "en")


def test_a_source_that_is_removed_lets_all_go(source):
    service.sync(source)
    assert service.remove(source) == 1
    assert asset().source_id is None
    with pytest.raises(NotFound):
        service.get("docs")


def test_what_is_being_written_at_the_desk_is_not_taken(source, db):
    card = make.asset("kestrel")
    make.text(card)
    card.change = "draft"
    db.session.flush()
    done = service.sync(source)
    assert {it.reason for it in done.report.rejected} == {
        "its asset has a revision at the desk: publish or discard it first"
    }
    assert asset().source_id is None


def test_another_folder_can_not_say_what_it_is(source, tmp_path):
    service.sync(source)
    other = tmp_path / "other"
    write(other, "kestrel/en.md", "Kestrel", "Something else.")
    report = loading.load_paths([other])
    assert [it.reason for it in report.rejected] == [
        "its asset is kept in another folder and changed there"
    ]
    assert "quick" in next(text.body for text in asset().texts if text.language == "en")


@pytest.mark.parametrize(
    ("name", "below"), [("docs", "elsewhere"), ("more", "docs"), ("more", "docs/kestrel")]
)
def test_a_name_or_a_folder_is_a_source_once(source, tmp_path, name, below):
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(Conflict):
        service.add(name, tmp_path / below, Options())


def test_what_is_no_folder_is_no_source(db, tmp_path):
    with pytest.raises(Invalid, match="no folder"):
        service.add("docs", tmp_path / "nowhere", Options())


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_the_version_is_gits(folder):
    assert versioning.revision_of(folder) is None
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    for command in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "one")):
        subprocess.run(["git", "-C", folder, *command], check=True)
    assert len(versioning.revision_of(folder)) == 40
    assert versioning.revision_of(folder / "kestrel") == versioning.revision_of(folder)


def test_without_git_there_is_no_version(folder, monkeypatch):
    monkeypatch.setattr(versioning.shutil, "which", lambda _: None)
    assert versioning.revision_of(folder) is None
