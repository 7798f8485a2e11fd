"""What fits a deal, best first; uses put together."""

from datetime import UTC, datetime

import pytest

from portal.deals.preparing.rules import Offered, Used, by_asset, fits, language_of

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_the_competitor_outweighs_and_used_comes_last():
    facets = {1: "competitor", 2: "product", 3: "industry"}
    offered = [
        Offered(10, [2, 3], ["en"]),
        Offered(11, [1], ["en"]),
        Offered(12, [1, 2], ["en"]),
        Offered(13, [2], ["en", "vi"]),
        Offered(14, [2], []),
    ]
    told = {"facets": facets, "customer": "vi", "reader": "en", "won": {10: "won 3 like it"}}
    found = fits(offered, used={12: NOON}, **told)
    assert [fit.asset_id for fit in found] == [10, 11, 13, 12]
    assert [fit.language for fit in found] == ["en", "en", "vi", "en"]
    assert [fit.speaks for fit in found] == [False, False, True, False]
    assert found[0].won == "won 3 like it"
    assert found[-1].used_at == NOON


@pytest.mark.parametrize(
    ("country", "language"),
    [("Việt  Nam", "vi"), ("VN", "vi"), ("Россия", "ru"), ("Kazakhstan", "ru"), ("", None),
     ("Germany", None)],
)  # fmt: skip
def test_countries_speak_our_languages(country, language):
    assert language_of(country) == language


def test_uses_of_an_asset_are_told_together():
    uses = [
        Used(1, "copied", "Lan", "vi", "Proposal", NOON),
        Used(2, "viewed", "Tom", "en", None, NOON),
        Used(1, "viewed", "Huy", "en", "Qualified", NOON),
        Used(1, "viewed", "Lan", "en", "Qualified", NOON),
    ]
    one, two = by_asset(uses)
    assert (one.asset_id, one.language, one.stage) == (1, "vi", "Proposal")
    assert one.actions == {"copied": 1, "viewed": 2}
    assert list(one.people) == ["Lan", "Huy"]
    assert two.actions == {"viewed": 1}
