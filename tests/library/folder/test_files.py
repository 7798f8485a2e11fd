"""What is written as YAML beside texts reads back the same, whatever was said."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.library.attachments.rules import clean_name
from portal.library.folder import assetfile, collectionfile, rules
from portal.library.folder.assetfile import AssetFile, AttachmentTold, RevisionTold, RulingTold
from portal.library.folder.collectionfile import CollectionFile, EntryTold
from portal.library.frontmatter import one_line
from portal.library.rules import Kind, export_path

words = st.text(max_size=40).filter(lambda t: "\0" not in t and t.isprintable())
lines = words.map(one_line).filter(lambda t: "&" not in t)
prose = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.just("\n"), max_size=60)
emails = st.sampled_from(["", "a@b.c", "ольга@почта.рф", "x+y@example.com"])
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
languages = st.sampled_from(["en", "vi", "ru"])
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
ids = digests.map(lambda d: d[:32])
files = st.builds(
    AttachmentTold, id=ids, name=lines.map(clean_name), file=st.sampled_from(["f/a.pdf", "2024", "Ц.a"]),
    sha256=digests, size=st.integers(1, 10**9), state=st.sampled_from(["served", "added", "going"]),
)  # fmt: skip
links = st.builds(
    AttachmentTold, id=ids, name=lines.map(clean_name), link=st.just("https://a.example/?b=1&c=%20")
)
told = st.builds(
    AssetFile,
    creator=emails, backup_owner=emails, review_months=st.none() | st.integers(1, 60),
    reason=prose, change=st.sampled_from(["", "draft", "review"]),
    publish_at=st.none() | moments, retire_at=st.none() | moments,
    pinned_for=st.lists(words.filter(bool), max_size=3).map(tuple),
    revisions=st.lists(
        st.builds(RevisionTold, languages, digests.map(lambda d: d[:16]), emails, prose), max_size=3
    ).map(tuple),
    claims=st.lists(
        st.builds(
            RulingTold, st.sampled_from(["no-claim", "no-contradiction"]), languages,
            st.lists(prose, max_size=2).map(tuple), digests.map(lambda d: d[:24]), prose, emails,
            moments,
        ), max_size=3,
    ).map(tuple),
    attachments=st.lists(files | links, max_size=4).map(tuple),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(told)
def test_an_assets_file_reads_back_the_same(it):
    text = assetfile.dump(it)
    again = assetfile.read(text.encode())
    assert again.troubles == ()
    assert again == it
    assert assetfile.dump(again) == text


lists = st.builds(
    CollectionFile, name=prose.filter(str.strip), owner=emails, language=languages,
    reach=st.sampled_from(["all", "private"]), description=prose,
    pinned_for=st.lists(words.filter(bool), max_size=2).map(tuple),
    entries=st.lists(
        st.builds(EntryTold, st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True), prose),
        max_size=4, unique_by=lambda e: e.asset,
    ).map(tuple),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(lists)
def test_a_collections_file_reads_back_the_same(it):
    text = collectionfile.dump(it)
    again = collectionfile.read(text.encode())
    assert again == it
    assert collectionfile.dump(again) == text


@given(st.binary(max_size=200) | st.text("-{}[]:&*!|>'\" \nabc\t%@`", max_size=80).map(str.encode))
def test_anything_else_is_read_or_refused(data):
    for read in (assetfile.read, collectionfile.read):
        try:
            read(data)
        except Invalid:
            continue


@given(st.lists(st.text(max_size=300).map(lambda t: clean_name(t, ("pdf",))), max_size=6))
def test_names_on_disk_are_short_and_no_two_alike(names):
    found = rules.file_names(names)
    assert len({name.casefold() for name in found}) == len(names)
    assert all(len(name.encode()) <= 255 and name.endswith(".pdf") for name in found)
    assert all(rules.is_inside(f"files/{name}") for name in found)


@given(st.lists(st.sampled_from(["A", "a 2", "A-2", "b", "Встреча", "!", "a 2 2"]), max_size=8))
def test_collections_loaded_in_order_get_the_same_names_again(names):
    given_names = rules.collection_names(names)
    of = dict(zip(given_names, names, strict=True))
    order = rules.in_order(of)
    assert rules.collection_names(of[name] for name in order) == order


@given(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True), st.sampled_from(Kind))
def test_all_that_is_one_assets_has_one_base(slug, kind):
    base = rules.export_base(slug, kind.value)
    for language in ("en", "vi", "ru"):
        assert rules.base_of(export_path(slug, kind.value, language)) == base
        draft = rules.draft_path(base, language)
        assert rules.is_draft(draft)
        assert rules.served_path(draft) == export_path(slug, kind.value, language)
        assert rules.base_of(draft) == base
    assert rules.is_asset_file((base + rules.ASSET).rpartition("/")[2])
    assert rules.base_of(base + rules.ASSET) == base


@pytest.mark.parametrize("name", ["notes.draft.md", "draft.md", "en.md", "a/xx1.draft.md"])
def test_other_names_are_no_drafts(name):
    assert not rules.is_draft(name)


@pytest.mark.parametrize(
    "path", ["", "..", "../a", "a/../b", "/a", "a//b", "./a", "a\\b", "a\0b", "a/"]
)
def test_paths_that_leave_the_folder_are_refused(path):
    assert not rules.is_inside(path)
