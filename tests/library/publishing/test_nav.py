"""The desk's navigation: few groups, the pages of the current one, each page found from any other."""

import pytest

from tests import make

PAGES = {
    "/desk/": "Write", "/desk/languages": "Write", "/desk/bulk/": "Write",
    "/desk/freshness": "Keep true", "/desk/quality/": "Keep true", "/desk/claims/": "Keep true",
    "/vocabulary/": "Vocabulary", "/desk/notices": "Notices",
    "/desk/reviewers": "Set up", "/desk/intervals": "Set up", "/desk/hand-over": "Set up",
    "/desk/jobs": "Set up", "/people": "Set up",
    "/search/promotions": "Search", "/search/synonyms/": "Search",
}  # fmt: skip
FOR_MANAGERS = {path for path, group in PAGES.items() if group in {"Set up", "Search"}}


def links(page, name):
    """The links of the navigation with a class: (path, is current)."""
    found = [n for n in page.tree.iter("nav") if n.get("class") == name]
    return [(a.get("href"), a.get("aria-current")) for nav in found for a in nav.iter("a")]


@pytest.mark.parametrize("role", ["contributor", "manager"])
def test_every_page_is_two_steps_away_and_knows_its_place(as_, role):
    client, wanted = as_(role), set(PAGES) - (FOR_MANAGERS if role == "contributor" else set())
    groups = [path for path, _ in links(client.get("/desk/"), "desk-nav")]
    assert len(groups) == (4 if role == "contributor" else 6)
    reached = set(groups)
    for path in groups:
        reached |= {it for it, _ in links(client.get(path), "desk-pages")}
    assert reached == wanted
    for path in wanted:
        page = client.get(path)
        current = [it for it, told in links(page, "desk-pages") if told == "page"]
        top = [(it, told) for it, told in links(page, "desk-nav") if told]
        assert len(top) == 1, path
        assert current == [path] or top == [(path, "page")]


def test_a_page_of_an_asset_belongs_to_writing_and_shows_no_second_row(as_, db):
    make.text(make.asset("kestrel"))
    page = as_("marketer").get("/desk/kestrel")
    assert [it for it in links(page, "desk-nav") if it[1]] == [("/desk/", "true")]
    assert links(page, "desk-pages") == []
