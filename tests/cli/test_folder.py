"""`portal content diff`, `export` and `load` of a folder under somebody's care."""

import pytest

CARD = "---\nkind: battlecard\nstate: published\nowner: gone@example.com\n---\n# Card\n\n## Price\n\nLow.\n"


@pytest.fixture
def folder(ready, tmp_path):
    content = tmp_path / "in"
    content.mkdir()
    (content / "a.md").write_text(CARD)
    (content / "b.md").write_text(CARD)
    assert ready("content", "load", content).status == 0
    return content


def test_a_load_names_owners_nobody_knows_once(folder, ready):
    said = ready("content", "load", folder)
    assert said.status == 0
    assert said.err.removeprefix("Loading\n") == (
        f"{folder}/a.md, line 4 (and 1 more files): "
        "`owner`: nobody here has the e-mail address gone@example.com; it is kept\n"
    )


def test_diff_tells_changes_and_its_status(folder, ready):
    said = ready("content", "diff", folder)
    assert said.status == 0
    assert said.out == (
        "0 assets would be created, 0 changed, 2 are unchanged, 0 only in the portal, "
        "0 files rejected.\n"
    )
    (folder / "a.md").write_text(CARD.replace("Low", "High").replace("published", "retired"))
    (folder / "b.md").unlink()
    (folder / "c.md").write_text("# C\n")
    said = ready("content", "diff", folder)
    assert said.status == 0
    assert said.out == (
        "~ a\n    state: published → retired\n    en: changed: § Price\n"
        "+ c\n    kind: guide\n    state: draft\n    en: created\n"
        "? b is not in the folder\n"
        "1 assets would be created, 1 changed, 0 are unchanged, 1 only in the portal, "
        "0 files rejected.\n"
    )
    (folder / "c.md").write_text("---\nkind: [\n---\n")
    said = ready("content", "diff", folder, "--json")
    assert said.status == 1
    assert said.json["rejected"][0]["file"] == f"{folder}/c.md"
    assert said.json["rejected"][0]["line"]
    assert said.json["assets"][0]["facts"] == {"state": ["published", "retired"]}
    assert ready("content", "diff", folder).err.startswith(f"{folder}/a.md, line 4: `owner`")
    assert ready("content", "diff", folder / "none").status == 2
    assert ready("content", "diff").status == 2
    assert ready("content", "load", folder / "a.md", "--json").json["updated"] == 1


def test_an_export_keeps_off_what_is_not_its_own(folder, ready, tmp_path):
    said = ready("content", "export", folder)
    assert (said.status, said.out) == (1, "")
    assert "was not written by an export" in said.err
    out = tmp_path / "out"
    assert ready("content", "export", out).out == f"2 files in {out}: 2 written, 0 deleted.\n"
    (out / "battlecard/a.en.md").write_text("edited")
    said = ready("content", "export", out, "--json")
    assert said.status == 1
    assert "battlecard/a.en.md" in said.err
    said = ready("content", "export", out, "--force", "--json")
    assert said.json == {"files": 2, "changed": 1, "removed": 0, "missing": []}
