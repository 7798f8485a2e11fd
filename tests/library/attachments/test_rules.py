"""Names cleaned, addresses checked, states led from one to the next."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.library.attachments import rules
from portal.library.attachments.rules import TYPES, Place, State

ODD = Path(__file__).parents[4] / "shared" / "data" / "hostile" / "hostile-paths"
NAMES = st.text(max_size=400) | st.text(
    alphabet='a.é/\\ \x00\u202e\u200f:*?"<>|%\u0301\n\u2028đЖ', max_size=60
)


def fits_everywhere(name):
    assert 0 < len(name) <= rules.NAME_MOST
    assert not set(name) & set('/\\:*?"<>|')
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert all(unicodedata.category(c)[0] != "C" for c in name)


@given(NAMES, st.sampled_from([(), ("pdf",), ("jpg", "jpeg")]))
def test_any_name_becomes_fit_and_stays_so(raw, endings):
    name = rules.clean_name(raw, endings)
    fits_everywhere(name)
    assert rules.clean_name(name, endings) == name
    if endings:
        assert rules.ending_of(name) in endings


@given(NAMES)
def test_the_header_is_one_ascii_line(raw):
    for name in (raw, rules.clean_name(raw)):
        told = rules.disposition(name.encode("utf-8", "ignore").decode())
        assert told.isascii()
        assert not set(told) & set("\r\n\x00")
        assert told.startswith('attachment; filename="')


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\Báo giá.pdf", "Báo giá.pdf"),
        ("Прайс\u202efdp.exe", "Прайсfdp.exe"),
        ("a\x00b.pdf", "a b.pdf"),
        ("x" * 300 + ".pdf", "x" * 145 + ".pdf"),
        ("", "file"),
        ("...", "file"),
        ("con.pdf", "con_.pdf"),
        ("no ending", "no ending"),
        ("  a   b .pdf ", "a b.pdf"),
    ],
)
def test_names(raw, name):
    assert rules.clean_name(raw) == name


def test_collected_paths_lose_their_folders():
    if not ODD.is_dir():
        pytest.skip("no ../shared/data/hostile")
    for line in (ODD / "directory_traversal.txt").read_text("utf-8", "replace").splitlines():
        fits_everywhere(rules.clean_name(line))


def test_the_header_names_it_for_old_and_new():
    told = rules.disposition('Giá "mới".pdf')
    assert told == (
        "attachment; filename=\"Gia _moi_.pdf\"; filename*=UTF-8''Gi%C3%A1%20%22m%E1%BB%9Bi%22.pdf"
    )
    assert rules.disposition("цена.png", inline=True).startswith('inline; filename=".png"')


@pytest.mark.parametrize(
    "url",
    [
        "http://video.example/x",
        "javascript:alert(1)",
        "https://",
        "//video.example/x",
        "https://user:pw@video.example/x",
        "https://video.example/a b",
        "https://video.example\\@evil.example/",
        "https://video.example:99999/",
        "https://[::1",
        "https://localhost/x",
        "https://video.example/" + "x" * 2000,
        "data:text/html,x",
        "",
        None,
    ],
)
def test_only_https_addresses_are_links(url):
    assert rules.clean_url(url) is None


def test_a_good_address_stays():
    assert rules.clean_url(" https://video.example/a?b=c#d ") == "https://video.example/a?b=c#d"


@pytest.mark.parametrize("state", State)
def test_publishing_leads_to_rest(state):
    for after in (rules.after_publication, rules.after_discarding):
        assert after(state) in {State.SERVED, State.REMOVED}
        assert after(after(state)) is after(state)


def test_readers_of_a_published_asset_see_changes_with_its_publication():
    assert rules.first_states(is_published=True) is State.ADDED
    assert rules.first_states(is_published=False) is State.SERVED
    assert rules.after_removal(State.SERVED, is_published=True) is State.GOING
    assert rules.after_removal(State.ADDED, is_published=True) is State.REMOVED
    assert rules.after_removal(State.SERVED, is_published=False) is State.REMOVED


@given(st.sampled_from(["", "page", "slide", "sheet"]), st.integers(0, 999_999))
def test_a_place_survives_as_an_anchor(unit, number):
    place = Place(unit, "ab" * 16, number)
    assert rules.place_of(place.anchor) == place
    assert ("#page=" in place.url("")) == (unit == "page" and number > 0)


@given(st.text(max_size=40))
def test_no_heading_is_taken_for_a_place(text):
    from portal.markup import slugify

    assert rules.place_of(slugify(text, 60)) is None


def test_every_ending_leads_to_one_type():
    endings = [ending for kind in TYPES.values() for ending in kind.endings]
    assert len(endings) == len(set(endings))
