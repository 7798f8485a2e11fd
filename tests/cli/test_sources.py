import pytest


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "handbook"
    root.mkdir()
    card = "---\nkind: battlecard\n---\n# Kestrel\n\n## Pricing\n\nFive.\n"
    (root / "kestrel.md").write_text(card, "utf-8")
    return root


@pytest.fixture
def source(portal, folder):
    """A source `docs`; runs `portal content source …`."""
    portal("db", "upgrade")
    assert portal("content", "source", "add", "docs", folder, "--publish").status == 0
    return lambda *words: portal("content", "source", *words)


def test_a_folder_is_named_read_and_listed(source, folder):
    (row,) = source("list", "--json").json
    assert (row["name"], row["assets"], row["synced_at"]) == ("docs", 0, None)
    (done,) = source("sync", "docs", "--json").json
    assert (done["report"]["created"], done["gone"]) == (1, [])
    (row,) = source("list", "--json").json
    assert (row["assets"], row["folder"]) == (1, str(folder))
    assert "docs: 1 assets" in source("list").out


def test_a_dry_run_changes_nothing(source):
    said = source("sync", "--dry-run")
    assert "1 would be created" in said.out
    (row,) = source("list", "--json").json
    assert (row["assets"], row["synced_at"]) == (0, None)
    assert source("sync").status == 0  # nobody is taken to be busy


def test_what_a_sync_has_brought_is_checked_soon(source, portal):
    assert portal("worker", "status").out.count("0 waiting") == 1
    source("sync")
    assert "1 waiting" in portal("worker", "status").out
    assert portal("worker", "--once").status == 0
    assert "0 waiting" in portal("worker", "status").out


def test_what_is_gone_is_named_and_can_be_released(source, folder):
    source("sync")
    (folder / "kestrel.md").rename(folder / "plover.md")
    said = source("sync")
    assert said.status == 0
    assert "kestrel: no file of docs" in said.err
    assert source("release", "kestrel").status == 0
    assert source("release", "kestrel").status == 1
    assert "kestrel" not in source("sync").err


def test_a_folder_that_is_not_there_is_refused(source, folder):
    source("sync")
    folder.rename(folder.with_name("elsewhere"))
    said = source("sync")
    assert said.status == 1
    assert "nothing was changed" in said.err


def test_a_bad_file_is_named_and_the_status_is_1(source, folder):
    (folder / "bad.md").write_text("---\nkind: nonsense\n---\n# B\n", "utf-8")
    said = source("sync")
    assert said.status == 1
    assert "bad.md, line 2" in said.err
    assert "1 created" in said.out


@pytest.mark.parametrize("words", [("sync", "other"), ("remove", "other")])
def test_a_source_that_is_not_there_is_refused(source, words):
    said = source(*words)
    assert (said.status, said.out) == (1, "")
    assert "no source other" in said.err


def test_a_source_can_be_removed(source):
    source("sync")
    assert "1 assets given back" in source("remove", "docs").out
    assert source("list", "--json").json == []
