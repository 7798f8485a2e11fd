"""Links between content files lead to the same assets wherever the files are put."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.db import db as _db
from portal.library import exporting, relinking
from portal.library.files import read
from portal.library.models import Asset, FacetTerm
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import PORTAL
from portal.library.service import kept_content
from tests import make
from tests.library.trees import asset, drawn, load, put, snapshot, told


def wipe(db):
    for model in (Asset, FacetTerm):
        for row in db.session.scalars(db.select(model)):
            db.session.delete(row)
    db.session.flush()
    db.session.expire_all()


def leads(db, slug, language="en"):
    """Where the links of a text lead."""
    text = next(t for t in asset(db, slug).texts if t.language == language)
    return [href for section in text.sections for href in relinking._HREF.findall(section["html"])]


def exported(folder):
    exporting.export_to(folder)
    return {f.relative_to(folder).as_posix(): f.read_text("utf-8") for f in folder.rglob("*.md")}


def test_links_lead_to_the_same_assets_in_another_library(db, tmp_path):
    put(
        tmp_path / "in",
        guides__one="[a](two.md) [b](../told.md#part) [c](./two.md?x=1#y) [d](gone.md) [e](p.pdf)",
        guides__two="No links.",
        told="---\nslug: my-own\nkind: faq\n---\n# Told\n\n[up](guides/one.md) [self](../en.md)",
    )
    load(tmp_path / "in")
    seen = drawn(db)
    assert leads(db, "guides-one") == [
        *("/assets/guides-two", "/assets/my-own#part", "/assets/guides-two#y"),
        *("/assets/guides-gone", "p.pdf"),
    ]
    assert leads(db, "my-own") == ["/assets/guides-one", "../en.md"]  # names no asset
    first = exported(tmp_path / "out")
    assert "link-targets" not in first["guide/guides-two.en.md"]
    assert told(load(tmp_path / "out")) == (0, 0, 3, 0)
    wipe(db)
    load(tmp_path / "out")
    assert drawn(db) == seen
    assert exported(tmp_path / "again") == first
    assert asset(db, "my-own").texts[0].extra == {}


def test_folders_given_at_once_keep_their_links_apart(db, tmp_path):
    roots = [
        put(tmp_path / name, x="[y](y.md)", y=f"---\nslug: {name}-told\n---\n") for name in "ab"
    ]
    load(*roots)
    seen = drawn(db)
    exporting.export_to(tmp_path / "out")
    wipe(db)
    load(tmp_path / "out")
    assert drawn(db) == seen


def test_an_exported_file_that_is_edited_keeps_its_links(db, tmp_path):
    put(tmp_path / "in", guides__one="[a](two.md)", guides__two="# Two")
    load(tmp_path / "in")
    exporting.export_to(tmp_path / "out")
    file = tmp_path / "out" / "guide" / "guides-one.en.md"
    file.write_text(file.read_text("utf-8") + "\nMore.\n", "utf-8")
    assert told(load(file)) == (0, 1, 0, 0)  # alone, too
    assert leads(db, "guides-one") == ["/assets/guides-two"]
    assert asset(db, "guides-one").texts[0].path == "guides/one.md"


def test_what_is_edited_here_after_the_round_trip_keeps_its_links(db, tmp_path):
    put(tmp_path / "in", guides__one="[a](two.md)", guides__two="# Two")
    load(tmp_path / "in")
    exporting.export_to(tmp_path / "out")
    wipe(db)
    load(tmp_path / "out")
    one = asset(db, "guides-one")
    text = one.texts[0]
    content = {**kept_content(text), "body": "More. [b](two.md#x)"}
    publishing.save(PORTAL, one, "en", content, base=text.revision)
    assert PORTAL.role is Role.ADMIN
    assert leads(db, "guides-one") == ["/assets/guides-two#x"]


def test_a_file_says_where_its_links_lead(db, tmp_path):
    front = "---\nlink-targets: {two.md: other, gone.md: null}\n---\n"
    put(tmp_path, one=f"{front}[a](two.md#x) [b](gone.md) [c](three.md)", two="# Two")
    load(tmp_path)
    assert leads(db, "one") == ["/assets/other#x", "gone.md", "/assets/three"]


@pytest.mark.parametrize("value", ["[a]", "{two.md: '//evil.example'}", "{two.md: [x]}", "word"])
def test_targets_told_oddly_are_only_kept(value):
    source = read(f"---\nlink-targets: {value}\n---\n".encode(), "a.md")
    assert source.targets == {}
    assert list(source.extra) == ["x-link-targets"]


def test_a_text_without_such_links_is_not_drawn_again(db, monkeypatch):
    text = make.text(
        make.asset(), body="[a](https://x.example/a.md) [b](#c) `<a href='x'>`\n\n## C"
    )
    monkeypatch.setattr("portal.markup.render", lambda *_a, **_k: pytest.fail("drawn"))
    assert relinking.targets_of(text) == {}


def test_more_links_than_a_file_can_tell_are_cut(db, tmp_path):
    body = "\n\n".join(f"[a](file-{n}.md)" for n in range(6000))
    make.text(make.asset("many"), body=body)
    exporting.export_to(tmp_path)
    assert told(load(tmp_path)) == (0, 0, 1, 0)


def test_text_drawn_by_another_version_tells_nothing(db):
    text = make.text(make.asset(), body="[a](a.md) [b](b.md)")
    text.sections = [{**text.sections[0], "html": '<a href="/assets/a">a</a>'}]
    assert relinking.targets_of(text) == {}


names = st.sampled_from(
    ["x", "y.vi", "a__x", "a__y.ru", "guide__x", "faq__x__en", "a b", "en", "тест", "p(1)"]
)
hrefs = st.sampled_from(
    [
        *("x.md", "../x.md", "y.vi.md", "a/x.md#p", "./a/../x.md?q=1", "<a b.md>", "a%20b.md"),
        *("%00.md", "a%0Ab.md", "тест.md", "p(1).md", "en.md", "guide/x.en.md", "x.en.md"),
        *("/x.md", "#a", "x.MD", "2024.md", "a:b.md", "p.png", "&quot;.md", "x.md\\"),
    ]
)
bodies = st.lists(hrefs.map("[link]({})".format) | st.just("## Part"), max_size=5).map("\n\n".join)
fronts = st.sampled_from(
    ["", "---\nslug: told\n---\n", "---\nslug: '2024'\n---\n", "---\nkind: faq\n---\n"]
)


@pytest.mark.usefixtures("db")
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(names, st.tuples(fronts, bodies).map("".join), min_size=1, max_size=5))
def test_any_links_lead_to_the_same_assets(tmp_path_factory, contents):
    db = _db
    wipe(db)
    folder = tmp_path_factory.mktemp("links")
    load(put(folder / "in", **contents))
    seen, before = drawn(db), snapshot(db)
    first = exported(folder / "out")
    assert told(load(folder / "out"))[2] == len(seen)
    assert snapshot(db) == before
    wipe(db)
    load(folder / "out")
    assert drawn(db) == seen
    assert exported(folder / "again") == first
