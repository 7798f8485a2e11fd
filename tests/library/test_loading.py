"""Folders of Markdown into the library and out again; what is wrong is reported, the rest is loaded."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.errors import Invalid
from portal.library import exporting, loading, vocabulary
from portal.library.models import Asset, AssetText, FacetTerm
from portal.markup import cleaning
from tests import make
from tests.library.trees import asset, load, put, snapshot, told

SHARED = Path(__file__).parents[3] / "shared" / "data"
CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(cleaning, "SECONDS", 1.5)


def test_a_second_run_finds_everything_unchanged(db, tmp_path):
    put(tmp_path, a="---\nproduct: New Thing\n---\n# A", b__c__vi="# B", b__c__en="# C")
    assert told(load(tmp_path)) == (3, 0, 0, 0)
    before = snapshot(db)
    assert told(load(tmp_path)) == (0, 0, 3, 0)
    assert snapshot(db) == before
    assert sorted(before) == ["a", "b-c"]


def test_only_the_changed_file_is_updated(db, tmp_path):
    put(tmp_path, a="# A", b="# B")
    load(tmp_path)
    put(tmp_path, a="# A\n\nMore.")
    assert told(load(tmp_path)) == (0, 1, 1, 0)
    assert asset(db, "a").texts[0].revision == 2


def test_what_is_wrong_is_reported_and_the_rest_is_loaded(db, tmp_path):
    put(tmp_path, good="# A", bad="---\ntitle: A\nstate: done\n---\n")
    (tmp_path / "latin.md").write_bytes("café".encode("latin-1"))
    (tmp_path / "huge.md").write_bytes(b"x" * 10_000_000)
    (tmp_path / "slow.md").write_bytes(b"[" * 50_000)
    (tmp_path / "note.txt").write_text("no")
    (tmp_path / ".git").mkdir()
    put(tmp_path / ".git", hidden="# no")
    report = load(tmp_path, tmp_path / "missing", tmp_path / "note.txt")
    assert told(report) == (1, 0, 0, 6)
    rejected = {Path(r.file).name: (r.line, r.reason) for r in report.rejected}
    assert rejected["bad.md"][0] == 3
    assert "UTF-8" in rejected["latin.md"][1]
    assert "5 MB" in rejected["huge.md"][1]
    assert "too long" in rejected["slow.md"][1]
    assert rejected["missing"] == (None, "does not exist")
    assert rejected["note.txt"] == (None, "is not a Markdown file")


def test_a_file_that_may_not_be_read_is_reported(db, tmp_path, monkeypatch):
    put(tmp_path, a="# A", b="# B")
    real = Path.open

    def guarded(path, *args, **options):
        if path.name == "a.md":  # root may read everything, so its mode would not do
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)

    monkeypatch.setattr(Path, "open", guarded)
    report = load(tmp_path)
    assert [Path(r.file).name for r in report.rejected] == ["a.md"]
    assert "can not be read (Permission denied)" in report.rejected[0].reason
    assert report.created == 1


def test_a_link_that_leads_nowhere_is_reported(db, tmp_path):
    (tmp_path / "a.md").symlink_to(tmp_path / "gone.md")
    assert "can not be read" in load(tmp_path).rejected[0].reason


def test_a_changed_text_that_can_not_be_drawn_loses_nothing(db, tmp_path):
    put(tmp_path, a="# A\n\nGood.")
    load(tmp_path)
    put(tmp_path, a="[" * 50_000)
    before = snapshot(db)
    assert told(load(tmp_path)) == (0, 0, 0, 1)
    assert snapshot(db) == before


def test_two_files_of_one_slug_both_stay(db, tmp_path):
    put(tmp_path, **{"a__b": "# One", "a-b": "# Two"})
    load(tmp_path)
    slugs = db.session.scalars(select(Asset.slug).order_by(Asset.slug)).all()
    assert slugs == ["a-b", "a-b-5a05f1"]
    assert asset(db, "a-b").texts[0].title == "Two"
    assert told(load(tmp_path)) == (0, 0, 2, 0)


def test_a_file_named_alone_and_a_language_alone(db, tmp_path):
    put(tmp_path, kestrel__vi="# A", kestrel__en="# B")
    load(tmp_path / "kestrel" / "vi.md")
    assert [t.language for t in asset(db, "kestrel").texts] == ["vi"]
    load(tmp_path / "kestrel")
    assert [t.language for t in asset(db, "kestrel").texts] == ["en", "vi"]


def test_published_when_told_and_draft_otherwise(db, tmp_path):
    put(tmp_path, a="# A", b="---\nstate: review\n---\n")
    load(tmp_path)
    assert (asset(db, "a").state, asset(db, "a").published_at) == ("draft", None)
    assert told(load(tmp_path, publish=True)) == (0, 1, 1, 0)
    assert asset(db, "a").published_at is not None
    assert asset(db, "b").state == "review"
    load(tmp_path)
    assert asset(db, "a").state == "published"


def test_what_was_retired_is_not_published_by_the_way(db, tmp_path):
    put(tmp_path, a="---\nstate: retired\n---\n# A", b="# B")
    load(tmp_path)
    put(tmp_path, a="# A")
    load(tmp_path, publish=True)
    assert (asset(db, "a").state, asset(db, "b").state) == ("retired", "published")
    put(tmp_path, a="---\nstate: published\n---\n# A")
    load(tmp_path, publish=True)
    assert asset(db, "a").state == "published"


def test_owners_are_known_people_and_others_are_not_lost(db, tmp_path):
    linh = make.user("Linh@Example.com")
    other = make.user()
    put(
        tmp_path,
        a="---\nowner: linh@example.com\n---\n",
        b="---\nowner: gone@example.com\n---\n",
        c="# C",
    )
    load(tmp_path)
    assert asset(db, "a").owner_id == linh.id
    assert asset(db, "b").owner_id is None
    assert asset(db, "b").texts[0].extra == {"x-owner": "gone@example.com"}
    load(tmp_path, owner=other.email)
    owners = [asset(db, slug).owner_id for slug in "abc"]
    assert owners == [linh.id, other.id, other.id]
    with pytest.raises(Invalid, match="nobody here"):
        load(tmp_path, owner="nobody@example.com")


def test_facets_are_matched_by_slug_name_and_alias(db, tmp_path):
    kestrel = make.term("competitor", "kestrel", en="Kestrel WMS", ru="Кестрел")
    kestrel.aliases = ["Kestral"]
    db.session.flush()
    for number, word in enumerate(["kestrel", "KESTREL wms", "кестрел", "kestral"]):
        put(tmp_path, **{f"a{number}": f"---\ncompetitor: {word}\n---\n"})
    put(tmp_path, new="---\ncompetitor: Đối thủ mới\nlanguage: vi\n---\n")
    load(tmp_path)
    for number in range(4):
        assert asset(db, f"a{number}").facets == [kestrel]
    term = asset(db, "new").facets[0]
    assert (term.slug, term.names) == ("doi-thu-moi", {"vi": "Đối thủ mới"})


def test_facts_of_an_asset_come_from_its_first_language(db, tmp_path):
    put(
        tmp_path,
        a__ru="---\nchecked: 2026-01-01\nproduct: x\ndepartment: product\nstate: review\n---\n",
        a__vi="---\nchecked: 2026-02-02\nstage: y\nstate: retired\n---\n",
    )
    load(tmp_path)
    found = asset(db, "a")
    assert (str(found.checked_on), found.state) == ("2026-02-02", "retired")
    assert found.department == "product"
    assert [t.slug for t in found.facets] == ["x", "y"]
    assert told(load(tmp_path)) == (0, 0, 2, 0)


def test_a_facet_taken_out_of_all_files_goes_and_of_one_stays(db, tmp_path):
    put(tmp_path, a__vi="---\nproduct: x\n---\n", a__en="---\nproduct: x\n---\n")
    load(tmp_path)
    put(tmp_path, a__vi="# A")
    load(tmp_path / "a" / "vi.md")
    assert [t.slug for t in asset(db, "a").facets] == ["x"]
    put(tmp_path, a__en="# A")
    load(tmp_path)
    assert asset(db, "a").facets == []


def test_links_follow_slugs_the_files_tell(db, tmp_path):
    put(tmp_path, a__x="[y](y.md)", a__y="---\nslug: elsewhere\n---\n")
    load(tmp_path)
    assert 'href="/assets/elsewhere"' in asset(db, "a-x").texts[0].sections[0]["html"]


def test_every_fifty_files_are_committed_and_told(db, tmp_path):
    put(tmp_path, **{f"f{n:03}": f"# {n}" for n in range(120)})
    commits, seen = [], []
    loading.load_paths(
        [tmp_path], commit=lambda: commits.append(len(seen)), progress=lambda *a: seen.append(a)
    )
    assert commits == [0, 50, 100, 120]  # the first ends what is asked before any text is drawn
    assert seen[-1] == (120, 120, "f119.md")


# ---- vocabulary


WORDS = "product:\n- slug: gate\n  en: Tarvel Gate\n  vi: Cổng\n  aliases: [dock, YMS]\n"


def test_a_vocabulary_beside_the_files_is_taken_over(db, tmp_path):
    put(tmp_path, a="---\nproduct: yms\n---\n")
    (tmp_path / vocabulary.FILE).write_text(WORDS, "utf-8")
    load(tmp_path)
    term = asset(db, "a").facets[0]
    assert (term.slug, term.names["vi"], term.aliases) == ("gate", "Cổng", ["dock", "YMS"])
    (tmp_path / vocabulary.FILE).write_text(WORDS.replace("Cổng", "Cửa"), "utf-8")
    load(tmp_path)
    assert asset(db, "a").facets[0].names["vi"] == "Cửa"
    assert db.session.scalar(select(func.count(FacetTerm.id))) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("colour: [red]", "`colour`"),
        ("product:\n- en: Gate\n", "slug"),
        ("product:\n- slug: Not A Slug\n", "lower-case"),
        ("product: [", "YAML"),
        ("product:\n- slug: a\n  aliases: x\n", "aliases"),
    ],
)
def test_a_wrong_vocabulary_is_reported_and_changes_nothing(db, tmp_path, text, reason):
    put(tmp_path, a="# A")
    (tmp_path / vocabulary.FILE).write_text(text)
    report = load(tmp_path)
    assert reason in report.rejected[0].reason
    assert db.session.scalar(select(func.count(FacetTerm.id))) == 0
    assert report.created == 1


# ---- there and back


def test_loaded_exported_and_loaded_again_nothing_changes(db, tmp_path):
    make.user("linh@example.com")
    source = put(
        tmp_path / "in",
        **{
            "battlecard__kestrel__vi": "---\ntitle: 'Thẻ: A'\nowner: linh@example.com\nproduct: [a, b]\nstate: retired\n---\n## Giá\n",
            "battlecard__kestrel__en": "---\nproduct: {odd: 1}\nowner: gone@example.com\n---\n# Card\n",
            "case-study__x": "---\nquote: Good.\nresults: [fast]\nlanguage: ru\ndate: 2020-01-02\n---\n",
            "My Notes__a b": "+++\ntags = ['x']\nn = 2020-01-01\n+++\ntext",
        },
    )
    load(source)
    before = snapshot(db)
    assert exporting.export_to(tmp_path / "out").files == 5  # with the vocabulary
    assert told(load(tmp_path / "out")) == (0, 0, 4, 0)
    assert snapshot(db) == before
    files = sorted(
        p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.md")
    )
    assert files == [
        "battlecard/kestrel/en.md",
        "battlecard/kestrel/vi.md",
        "case-study/x/ru.md",
        "guide/my-notes-a-b.en.md",
    ]
    assert (tmp_path / "out" / vocabulary.FILE).read_text().startswith("product:\n")


def test_an_export_loads_the_same_into_an_empty_library(db, tmp_path):
    if not CONTENT.is_dir():
        pytest.skip("the demo content is not here")
    assert not load(CONTENT).rejected
    before = snapshot(db)
    exporting.export_to(tmp_path)
    for row in (*db.session.scalars(select(Asset)), *db.session.scalars(select(FacetTerm))):
        db.session.delete(row)
    db.session.flush()
    assert snapshot(db) == {}
    assert not load(tmp_path).rejected
    assert snapshot(db) == before


def test_a_folder_that_can_not_be_written_is_said(db, tmp_path):
    make.text(make.asset())
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="can not be written"):
        exporting.export_to(tmp_path / "file")


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_hostile_files_are_loaded_or_reported(db, tmp_path):
    for number, file in enumerate(sorted((SHARED / "hostile").rglob("*"))):
        if file.is_file():
            (tmp_path / f"{number}.md").write_bytes(file.read_bytes())
    report = load(tmp_path)
    assert report.created > 300
    assert all(r.reason for r in report.rejected)
    before = snapshot(db)
    exporting.export_to(tmp_path / "out")
    assert told(load(tmp_path / "out")) == (0, 0, report.created, 0)
    assert snapshot(db) == before


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_real_documents_are_all_loaded_and_exported_without_loss(db, tmp_path):
    folder = SHARED / "content" / "ms-support-faq-ru-vi"
    report = load(folder, SHARED / "content" / "en-18f-posts")
    assert report.rejected == []
    languages = dict(
        db.session.execute(
            select(AssetText.language, func.count()).group_by(AssetText.language)
        ).all()
    )
    assert languages["ru"] == len(list((folder / "ru").rglob("*.md")))
    before = snapshot(db)
    exporting.export_to(tmp_path)
    assert told(load(tmp_path)) == (0, 0, report.created, 0)
    assert snapshot(db) == before
