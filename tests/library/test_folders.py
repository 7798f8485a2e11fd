"""What is found in folders: several of them, odd names, and things that are no files."""

import json
import os
import socket
from dataclasses import asdict

import pytest
from sqlalchemy import select

from portal.db import Base
from portal.db import db as _db
from portal.errors import Invalid
from portal.library import loading
from portal.library.loading import Options
from portal.library.models import Asset
from portal.library.rules import tell_apart
from portal.markup import render
from tests.library.trees import asset, load, put, snapshot, told


def titles(db):
    """Every text's title by its asset's slug and its language."""
    db.session.expire_all()
    assets = db.session.scalars(select(Asset).order_by(Asset.slug))
    return {(a.slug, text.language): text.title for a in assets for text in a.texts}


def test_folders_with_files_of_one_name_keep_them_all(db, tmp_path):
    roots = [put(tmp_path / name, readme=f"# {name}") for name in "ABC"]
    assert told(load(*roots)) == (3, 0, 0, 0)
    assert titles(db) == {
        ("readme", "en"): "A",
        (tell_apart("readme", "B"), "en"): "B",
        (tell_apart("readme", "C"), "en"): "C",
    }
    before = snapshot(db)
    assert told(load(*roots)) == (0, 0, 3, 0)
    assert snapshot(db) == before


def test_folders_of_one_name_are_told_apart_by_what_they_are_in(db, tmp_path):
    roots = [put(tmp_path / name / "docs", x=f"# {name}") for name in "ABC"]
    load(*roots)
    assert titles(db)[tell_apart("x", "C/docs"), "en"] == "C"
    assert told(load(*roots)) == (0, 0, 3, 0)


def test_the_languages_of_a_file_stay_together(db, tmp_path):
    first = put(tmp_path / "A", **{"x.en": "# A"})
    second = put(tmp_path / "B", **{"x.en": "# B", "x.vi": "# B vi"})
    load(first, second)
    other = tell_apart("x", "B")
    assert titles(db) == {("x", "en"): "A", (other, "en"): "B", (other, "vi"): "B vi"}


def test_a_folder_for_each_language_makes_one_asset(db, tmp_path):
    put(tmp_path, docs__en__x="---\nlang: en\n---\n# E", docs__ru__x="---\nlang: ru\n---\n# R")
    load(tmp_path / "docs" / "en", tmp_path / "docs" / "ru")
    assert titles(db) == {("x", "en"): "E", ("x", "ru"): "R"}


def test_a_name_made_to_tell_apart_is_no_files_already(db, tmp_path):
    made = tell_apart("a-b", "a/b.md")
    put(tmp_path, **{"a-b": "# One", "a__b": "# Two", made: "# Three", "a b": "# Four"})
    assert told(load(tmp_path)) == (4, 0, 0, 0)
    assert sorted(titles(db).values()) == ["Four", "One", "Three", "Two"]
    assert told(load(tmp_path)) == (0, 0, 4, 0)


def test_links_lead_to_files_of_the_same_folder(db, tmp_path):
    roots = [
        put(tmp_path / name, x="[y](y.md)", y=f"---\nslug: {name}-told\n---\n") for name in "ab"
    ]
    load(*roots)
    for slug, leads in (("x", "a-told"), (tell_apart("x", "b"), "b-told")):
        assert f'href="/assets/{leads}"' in asset(db, slug).texts[0].sections[0]["html"]


def test_a_name_that_is_not_utf_8_is_reported_and_the_rest_is_loaded(db, tmp_path):
    put(tmp_path, good="# A")
    try:
        put(tmp_path, **{os.fsdecode(b"caf\xe9name"): "# B", os.fsdecode(b"d\xe9__x"): "# C"})
    except OSError:
        pytest.skip("this file system has no such names")
    report = load(tmp_path, tmp_path / os.fsdecode(b"gone\xe9.md"))
    assert told(report) == (1, 0, 0, 3)
    reasons = {r.file.removeprefix(f"{tmp_path}/"): r.reason for r in report.rejected}
    assert "not UTF-8" in reasons["caf\\xe9name.md"]
    assert "not UTF-8" in reasons["d\\xe9/x.md"]
    assert reasons["gone\\xe9.md"] == "does not exist"
    json.dumps(asdict(report), ensure_ascii=False).encode()  # can be printed


def test_only_regular_files_are_read(db, tmp_path):
    put(tmp_path, good="# A")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "link.md").symlink_to(tmp_path / "pipe.md")
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    (tmp_path / "fine.md").symlink_to(tmp_path / "elsewhere.txt")
    (tmp_path / "elsewhere.txt").write_text("# B")
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.open(tmp_path, os.O_RDONLY)
        listener.bind(f"/proc/self/fd/{here}/socket.md")  # a socket's path must be short
        os.close(here)
    report = load(tmp_path, tmp_path / "pipe.md")
    reasons = {r.file.removeprefix(f"{tmp_path}/"): r.reason for r in report.rejected}
    assert "can not be read" in reasons.pop("loop.md")
    assert reasons.keys() == {"link.md", "zero.md", "socket.md"}  # the pipe is the link once more
    assert set(reasons.values()) == {"is not a regular file"}
    assert sorted(titles(db).values()) == ["A", "B"]


def test_nothing_is_drawn_while_the_database_is_held(empty, tmp_path, monkeypatch):
    put(tmp_path, **{f"f{n:03}": f"---\nowner: gone@b.c\n---\n# {n}" for n in range(60)})
    drawn = []

    def watched(*args, **options):
        drawn.append(_db.session().in_transaction())
        return render(*args, **options)

    monkeypatch.setattr("portal.markup.render", watched)
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        for more in ("", "\nMore."):
            put(tmp_path, f000=f"# 0{more}")
            loading.load_paths([tmp_path], Options(), commit=_db.session.commit)
    assert drawn == [False] * 61  # the second time only what has changed


def test_nobody_as_owner_is_told_before_anything_is_loaded(db, tmp_path):
    put(tmp_path, a="# A")
    with pytest.raises(Invalid, match="nobody here"):
        load(tmp_path, owner="nobody@example.com")
    assert titles(db) == {}
