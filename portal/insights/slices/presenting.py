"""What the page of a slice shows: choices, the interval plot of its assets, the table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from portal.deals.models import Deal
from portal.insights.helps import labels, queries
from portal.insights.helps import presenting as listing
from portal.insights.slices import rules
from portal.insights.slices.queries import industries, span, terms
from portal.insights.slices.queries import words as words_of
from portal.insights.slices.rules import Counted
from portal.library.freshness.queries import titles
from portal.library.queries import name_of
from portal.web import locale, words
from portal.web.charts import Interval
from portal.web.tables import Column, Row, Table

Choices = list[tuple[str, str]]
MOST_PERIODS = 100


def choices(zone: ZoneInfo) -> dict[str, Choices]:
    """Return what deals can be chosen by."""
    reader = locale.code().value
    named: dict[str, dict[str, str]] = {"industry": {}, "product": {}, "competitor": {}}
    for it in terms():
        named[it.facet][it.slug] = name_of(it.names, it.slug, reader)
    said = {it: named["industry"].get(it, it) for it in industries()}
    return {
        "industry": _sorted(said),
        "segment": [(it, it) for it in words_of(Deal.segment)],
        "region": [(it, it) for it in words_of(Deal.region)],
        "product": _sorted(named["product"]),
        "competitor": _sorted(named["competitor"]),
        "period": _periods(span(), zone),
    }


def _sorted(named: Mapping[str, str]) -> Choices:
    return sorted(named.items(), key=lambda it: (it[1].casefold(), it[0]))


def _periods(found: tuple[datetime, datetime] | None, zone: ZoneInfo) -> Choices:
    if found is None:
        return []
    first, last = (it.astimezone(zone).date() for it in found)
    return [(it, period_words(it)) for it in rules.periods(first, last)][:MOST_PERIODS]


def period_words(period: str) -> str:
    """Name a year or a quarter."""
    year, _, quarter = period.partition("-q")
    if not quarter:
        return year
    return labels.quarter(int(year), int(quarter))


def named(
    found: Sequence[Counted], *, unpublished: bool
) -> list[tuple[Counted, str, str, str, str]]:
    """Return assets that may be listed with language, title, slug and the verdict on the whole."""
    ids = [it.asset_id for it in found]
    slugs = queries.listed(ids, unpublished=unpublished) if ids else {}
    said = titles(ids, locale.code().value) if ids else {}
    verdicts = queries.verdicts(ids) if ids else {}
    return [
        (
            it,
            *said.get(it.asset_id, ("", slugs[it.asset_id])),
            slugs[it.asset_id],
            words.label(labels.VERDICTS, verdicts.get(it.asset_id, "thin")),
        )
        for it in found
        if it.asset_id in slugs
    ]


def table(rows: Sequence[tuple[Counted, str, str, str, str]]) -> Table:
    """Return a slice as a table."""
    told = labels.DEFINITIONS
    said: list[Row] = [
        {
            "slug": slug, "asset": title, "url": url_for("insights_lift_asset.show", slug=slug),
            "lift": 100 * it.best, "low": 100 * it.low, "high": 100 * it.high, "n": it.n,
            "whole": verdict,
        }
        for it, _language, title, slug, verdict in rows
    ]  # fmt: skip
    return Table(
        "what-helps-slice",
        gettext("Assets in this slice"),
        [
            labels.slug(),
            Column("asset", gettext("Asset"), kind="head", link="url"),
            *labels.guess(),
            Column("n", gettext("Deals compared"), "", str(told["n"]), "number"),
            Column("whole", gettext("On the whole"), definition=str(told["verdict"])),
        ],
        said,
    )


def plot(rows: Sequence[tuple[Counted, str, str, str, str]]) -> Markup:
    """Draw the interval plot of a slice: all marks alike, since nothing is claimed."""
    return listing.plot(
        [
            Interval(
                label=title, guess=100 * it.best, low=100 * it.low, high=100 * it.high,
                n_words=locale.number(it.n), tone="same", lang=language,
                href=url_for("insights_lift_asset.show", slug=slug),
                more=str(gettext("on the whole: %(verdict)s", verdict=verdict)),
            )
            for it, language, title, slug, verdict in rows
        ],
        gettext("Assets in this slice"),
    )  # fmt: skip
