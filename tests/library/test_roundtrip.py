"""Load → export → load changes nothing, and an empty library exports the same bytes again."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.models import User
from portal.db import db
from portal.library import exporting, kinds
from portal.library.files import OWN_KEYS, read, write
from portal.library.models import Asset, FacetTerm
from portal.library.rules import Kind, export_path
from tests import make
from tests.library.trees import asset, drawn, load, put, snapshot, told

RARELY = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def wipe(db, *more):
    for model in (Asset, FacetTerm, *more):
        for row in db.session.scalars(select(model)):
            db.session.delete(row)
    db.session.flush()
    db.session.expire_all()


def exported(folder):
    """Export, and return every file's bytes by its path."""
    exporting.export_to(folder)
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def there_and_back(db, folder):
    """Export, load over it and into nothing; fails when anything differs."""
    before, seen = snapshot(db), drawn(db)
    first = exported(folder / "one")
    texts = sum(len(texts) for _facts, texts in before.values())
    assert len([path for path in first if path.endswith(".md")]) == texts
    assert told(load(folder / "one")) == (0, 0, texts, 0)
    assert snapshot(db) == before
    wipe(db)
    assert told(load(folder / "one")) == (texts, 0, 0, 0)
    assert exported(folder / "two") == first
    assert drawn(db) == seen


def test_slugs_with_and_without_their_kind_are_exported_apart(db, tmp_path):
    card = "---\nkind: battlecard\n---\n# "
    put(tmp_path / "in", x=card + "One", **{"battlecard-x": card + "Two"})
    load(tmp_path / "in")
    there_and_back(db, tmp_path)
    assert asset(db, "x").texts[0].title == "One"
    assert asset(db, "battlecard-x").texts[0].title == "Two"


# ---- our own keys, told blank or oddly


@pytest.mark.parametrize("key", ["slug", "owner", "kind", "language", "department", "state"])
@pytest.mark.parametrize("blank", ["", "''", "'  '", "null"])
def test_a_blank_key_of_ours_is_as_good_as_none(key, blank):
    without = read(b"---\nlayout: x\n---\ntext", "a/b.md")
    assert read(f"---\nlayout: x\n{key}: {blank}\n---\ntext".encode(), "a/b.md") == without


def test_a_blank_language_leaves_the_word_to_lang():
    source = read(b"---\nlanguage:\nlang: vi\n---\ntext", "a.md")
    assert (source.language, source.extra) == ("vi", {})


def test_a_key_put_aside_takes_no_other_keys_place():
    source = read(b"---\nowner: [a]\nx-owner: b\n---\n", "a.md")
    assert source.extra == {"x-owner": "b", "x-x-owner": ["a"]}


own = st.sampled_from([*sorted(OWN_KEYS), "lang", "customer", "x-owner", "x-slug", "other"])
odd = st.sampled_from([None, "", " ", "word", 1.5, 0, True, [], ["a", ["b"]], {"a": 1}])


@RARELY
@given(st.dictionaries(own, odd), st.sampled_from(Kind))
@example({"slug": None, "owner": "", "language": "ru"}, Kind.FAQ)
def test_what_is_extra_never_overrides_a_key_of_ours(extra, kind):
    told = replace(read(b"---\ntitle: A\nsummary: B\n---\n", "a.md"), slug="told", kind=kind)
    source = replace(told, path=export_path("told", kind, "en"), owner="a@b.c", extra=extra)
    if kind is Kind.CASE_STUDY:
        source = replace(source, fields={"customer": "X"})
    again = read(write(source).encode(), source.path)
    assert replace(again, extra={}, fields={}) == replace(source, extra={}, fields={})
    assert again.fields.get("customer") == source.fields.get("customer")
    assert len({**again.extra, **again.fields}) == len(source.extra) + len(source.fields)
    assert read(write(again).encode(), source.path) == again


def test_keys_told_blank_or_oddly_go_there_and_back(db, tmp_path):
    owner = make.user("linh@example.com")
    put(
        tmp_path / "in",
        a="---\nslug:\nowner:\nlanguage:\nstate:\n---\n# A",
        b="---\nslug: 1.5\nowner: [x]\nproduct: {a: 1}\nx-product: 2\n---\n# B",
        c="---\nowner: gone@example.com\nlayout: card\n---\n# C",
        d__en="---\nproduct: [a]\n---\n",
        d__vi="---\nproduct: {odd: 1}\n---\n",
    )
    load(tmp_path / "in", owner=owner.email)
    assert {a.owner_id for a in db.session.scalars(select(Asset))} == {owner.id}
    assert asset(db, "a").texts[0].extra == {}
    assert [t.slug for t in asset(db, "d").facets] == ["a"]
    there_and_back(db, tmp_path)


def test_owners_nobody_knows_stay_the_same_from_library_to_library(db, tmp_path):
    make.user("linh@example.com")
    put(
        tmp_path / "in",
        a__en="---\nowner: linh@example.com\n---\n",
        a__vi="---\nowner: gone@example.com\n---\n",
        b="---\nowner: gone@example.com\nlayout: card\n---\n",
    )
    load(tmp_path / "in")
    first = exported(tmp_path / "one")
    assert read(first["guide/b.en.md"], "b.md").owner == "gone@example.com"
    wipe(db, User)
    load(tmp_path / "one")
    there_and_back(db, tmp_path / "nobody")
    assert exported(tmp_path / "two") == first
    make.user("linh@example.com")
    load(tmp_path / "two")
    assert asset(db, "a").owner.email == "linh@example.com"


# ---- languages of one asset that say different kinds

STORY = "---\nkind: case-study\ncustomer: ACME\nresults: [fast]\n---\n# Chuyện"


def test_languages_of_different_kinds_go_there_and_back(db, tmp_path):
    put(tmp_path / "in", **{"mix.en": "---\nkind: guide\n---\n# Mix", "mix.vi": STORY})
    load(tmp_path / "in")
    assert told(load(tmp_path / "in")) == (0, 0, 2, 0)
    assert asset(db, "mix").kind == "guide"
    assert asset(db, "mix").texts[1].extra["customer"] == "ACME"
    there_and_back(db, tmp_path)


def test_a_kind_nobody_states_alone_stays_as_it_is(db, tmp_path):
    put(tmp_path, **{"mix.vi": STORY})
    load(tmp_path)
    put(tmp_path, **{"mix.en": "---\ncustomer: ACME\n---\n# Mix"})
    load(tmp_path / "mix.en.md")
    mix = asset(db, "mix")
    assert (mix.kind, mix.texts[0].fields) == ("case-study", {"customer": "ACME"})
    assert told(load(tmp_path / "mix.en.md")) == (0, 0, 1, 0)
    assert told(load(tmp_path)) == (0, 0, 2, 0)
    there_and_back(db, tmp_path / "out")


def test_the_kind_asked_for_yields_to_what_a_file_says(db, tmp_path):
    put(tmp_path, **{"mix.en": "# Mix", "mix.vi": STORY, "other": "# Other"})
    load(tmp_path, kind=Kind.FAQ)
    assert (asset(db, "mix").kind, asset(db, "other").kind) == ("case-study", "faq")
    load(tmp_path)
    assert asset(db, "other").kind == "faq"
    load(tmp_path, kind=Kind.DECK)
    assert (asset(db, "mix").kind, asset(db, "other").kind) == ("case-study", "deck")


def test_a_language_that_changes_the_kind_takes_the_others_along(db, tmp_path):
    put(tmp_path, **{"mix.vi": STORY})
    load(tmp_path)
    put(tmp_path, **{"mix.en": "---\nkind: guide\n---\n# Mix"})
    load(tmp_path / "mix.en.md")
    mix = asset(db, "mix")
    assert (mix.kind, mix.texts[1].fields) == ("guide", {})
    assert mix.texts[1].extra["customer"] == "ACME"
    there_and_back(db, tmp_path / "out")


def test_what_another_kinds_field_can_not_hold_is_kept_aside():
    values = {"customer": {"a": 1}, "country": 5, "quote": None, "layout": "x"}
    fields, extra = kinds.refit(Kind.CASE_STUDY, values)
    assert fields == {"country": "5"}
    assert extra == {"quote": None, "layout": "x", "x-customer": {"a": 1}}
    assert kinds.refit(Kind.CASE_STUDY, fields | extra) == (fields, extra)


# ---- anything

lines = st.dictionaries(
    st.sampled_from("slug owner kind product x-product customer url tags date checked".split()),
    st.sampled_from(["", "word", "faq", "case-study", "2024-01-02", "a@b.c", "1.5"])
    | st.sampled_from(["[a, b]", "linh@example.com", "{a: 1}"]),
    max_size=5,
).map(lambda keys: "---\n" + "".join(f"{k}: {v}\n" for k, v in keys.items()) + "---\ntext")
names = st.sampled_from(
    ["x", "guide-x", "x.vi", "x.ru", "guide__x", "faq-x", "faq__x", "guide__vi"]
)


@pytest.mark.usefixtures("db")
@RARELY
@given(files=st.dictionaries(names, lines, min_size=1, max_size=4))
def test_any_folder_goes_there_and_back(tmp_path_factory, files):
    wipe(db, User)
    make.user("linh@example.com")
    folder = tmp_path_factory.mktemp("any")
    report = load(put(folder / "in", **files))
    assume(report.created)
    again = load(folder / "in")
    assert (again.created, again.updated, again.unchanged) == (0, 0, report.created)
    there_and_back(db, folder)
