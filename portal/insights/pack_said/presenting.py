"""What came out, was used, was won and looked for, in the reader's language."""

from decimal import Decimal

from flask import url_for
from flask_babel import gettext, ngettext

from portal.insights.pack import links
from portal.insights.pack_owed import presenting as owing
from portal.insights.pack_parts.presenting import (
    Block,
    Facts,
    Line,
    Section,
    asset_line,
    guess_words,
    lift_plot,
    listed,
    named,
    used_bars,
)
from portal.web import locale
from portal.web.money import money


def sections(facts: Facts) -> list[Section]:
    """Return all sections of a pack but its actions and minutes."""
    return [
        came_out(facts),
        used(facts),
        won(facts),
        in_vain(facts),
        owing.overdue(facts),
        owing.stale(facts),
        owing.flags(facts),
        owing.thanks(facts),
    ]


def came_out(facts: Facts) -> Section:
    """Say what was published."""
    it = facts["out"]
    lines = []
    for one in it["items"]:
        shown = named(facts, one["asset"])
        lines.append(Line(shown.title, shown.url, shown.kind, shown.lang))
    count = it["count"]
    lead = (
        ngettext("%(num)d asset was published.", "%(num)d assets were published.", count)
        if count
        else gettext("Nothing was published.")
    )
    return Section("out", gettext("What came out"), lead, listed(lines, count))


def used(facts: Facts) -> Section:
    """Say what was used most, and what rises."""
    it = facts["used"]
    lead = gettext("Nothing was used.")
    if it["uses"]:
        lead = gettext(
            "%(uses)s by %(people)s; %(before)s the time before.",
            uses=ngettext("%(n)s use", "%(n)s uses", it["uses"], n=locale.number(it["uses"])),
            people=ngettext("%(num)d person", "%(num)d people", it["people"]),
            before=locale.number(it["uses_before"]),
        )
    top, rising = _top(facts), _rising(facts)
    blocks = []
    if top:
        shown = [(named(facts, one["asset"]), one) for one in it["top"]]
        blocks.append(Block(gettext("Used by most people"), top, drawn=used_bars(shown)))
    if rising:
        blocks.append(Block(gettext("Rising"), rising))
    return Section("used", gettext("What was used"), lead, blocks)


def _top(facts: Facts) -> list[Line]:
    return [
        asset_line(
            facts,
            one["asset"],
            gettext(
                "%(uses)s by %(people)s",
                uses=ngettext("%(n)s use", "%(n)s uses", one["uses"], n=locale.number(one["uses"])),
                people=ngettext("%(num)d person", "%(num)d people", one["people"]),
            ),
        )
        for one in facts["used"]["top"]
    ]


def _rising(facts: Facts) -> list[Line]:
    return [
        asset_line(
            facts,
            one["asset"],
            gettext(
                "%(now)s, before %(before)s",
                now=locale.number(one["uses"]),
                before=locale.number(one["before"]),
            ),
        )
        for one in facts["used"]["rising"]
    ]


def won(facts: Facts) -> Section:
    """Say what was won, and what is known of the assets used on those deals."""
    it = facts["won"]
    lead = gettext("No deal ended.")
    if it["won"] or it["lost"] or it["undecided"]:
        lead = gettext(
            "%(won)s, %(lost)s, %(open)s.",
            won=ngettext("%(num)d deal won", "%(num)d deals won", it["won"]),
            lost=ngettext("%(num)d lost", "%(num)d lost", it["lost"]),
            open=ngettext(
                "%(num)d without a decision", "%(num)d without a decision", it["undecided"]
            ),
        )
    sums = [Line(sum_words(one)) for one in it["sums"] if one["amount"] is not None]
    blocks = [Block("", sums)] if sums else []
    if it["assets"]:
        shown = [(named(facts, one["asset"]), one) for one in it["assets"]]
        lines = [Line(name.title, name.url, guess_words(one), name.lang) for name, one in shown]
        title = gettext("Used on the deals won: best guess and range")
        blocks.append(Block(title, lines, drawn=lift_plot(shown)))
    hint = gettext(
        "By how many points more deals were won with it than with other content at like moments,"
        " over all deals so far. A range that holds 0 may be no difference at all."
    )
    return Section(
        "won",
        gettext("What was won"),
        lead,
        blocks,
        hint if it["assets"] else "",
        url_for("insights_lift.index"),
    )


def sum_words(one: Facts) -> str:
    """Say a sum of one currency, and of how many deals it is."""
    return str(
        gettext(
            "%(money)s of %(deals)s in %(currency)s",
            money=money(Decimal(one["amount"]), one["currency"]),
            deals=ngettext("%(num)d deal", "%(num)d deals", one["deals"]),
            currency=one["currency"],
        )
    )


def in_vain(facts: Facts) -> Section:
    """Say what was looked for in vain; never by whom."""
    it = facts["vain"]
    lines = [
        Line(
            gettext("“%(query)s”", query=one["query"]),
            links.ask_path(one["query"]),
            ngettext("%(num)d person", "%(num)d people", one["people"])
            if one["people"]
            else ngettext("%(num)d time", "%(num)d times", one["times"]),
        )
        for one in it["items"]
    ]
    count = it["count"]
    lead = (
        ngettext(
            "%(num)d thing was looked for and not found.",
            "%(num)d things were looked for and not found.",
            count,
        )
        if count
        else gettext("Every search found something.")
    )
    return Section(
        "vain", gettext("Searched in vain"), lead, listed(lines, count), url=url_for("gaps.index")
    )
