"""What is owed, stale, flagged, thanked for and to be decided, in the reader's language."""

from datetime import date, datetime

from flask_babel import gettext, ngettext

from portal.asset_requests.agreement.labels import PROMISES
from portal.asset_requests.links import request_path
from portal.calls.flags.labels import WRONG
from portal.insights.pack.links import ask_path
from portal.insights.pack.rules import Decision
from portal.insights.pack_parts.presenting import (
    Block,
    Facts,
    Line,
    Section,
    asset_line,
    listed,
    named,
)
from portal.web import locale, words


def _owed(side: Facts) -> list[Line]:
    return [
        Line(
            one["title"],
            request_path(one["number"]),
            gettext(
                "%(promise)s, due %(day)s",
                promise=words.label(PROMISES, one["promise"]),
                day=locale.day(datetime.fromisoformat(one["due"])),
            ),
        )
        for one in side["items"]
    ]


def overdue(facts: Facts) -> Section:
    """Say what each side owes the other."""
    answer, ask = facts["overdue"]["answer"], facts["overdue"]["ask"]
    outcomes = facts["outcomes"]
    asking = _owed(ask)
    if outcomes:
        said = ngettext(
            "What helped is not said yet of %(num)d deal that has ended",
            "What helped is not said yet of %(num)d deals that have ended",
            outcomes,
        )
        asking.append(Line(said))
    lead = gettext("Nothing is overdue on either side.")
    if answer["count"] or ask["count"] or outcomes:
        lead = gettext(
            "Overdue: %(answer)s with those who answer, %(ask)s with those who ask.",
            answer=locale.number(answer["count"]),
            ask=locale.number(ask["count"] + outcomes),
        )
    blocks = []
    for title, lines, count in (
        (gettext("Those who answer"), _owed(answer), answer["count"]),
        (gettext("Those who ask"), asking, ask["count"] + bool(outcomes)),
    ):
        if lines:
            blocks.append(Block(title, lines, count - len(lines)))
    return Section("overdue", gettext("Overdue on both sides"), lead, blocks)


def stale(facts: Facts) -> Section:
    """Say what waits to be checked, what is in use first."""
    it = facts["stale"]
    lines = [
        asset_line(
            facts,
            one["asset"],
            gettext("checked %(day)s", day=locale.day(date.fromisoformat(one["checked"])))
            if one["checked"]
            else gettext("never checked"),
        )
        for one in it["items"]
    ]
    count = it["count"]
    lead = gettext("Everything was checked in time.")
    if count:
        waits = ngettext(
            "%(num)d asset is to be checked.", "%(num)d assets are to be checked.", count
        )
        in_use = ngettext("%(num)d of them is in use.", "%(num)d of them are in use.", it["used"])
        lead = f"{waits} {in_use}"
    return Section("stale", gettext("Stale assets"), lead, listed(lines, count))


def flags(facts: Facts) -> Section:
    """Say what reps say is wrong or outdated, and nobody has answered."""
    it = facts["flags"]
    lines = [
        asset_line(
            facts,
            one["asset"],
            f"{words.label(WRONG, one['kind'])}, {locale.day(datetime.fromisoformat(one['at']))}",
        )
        for one in it["items"]
    ]
    count = it["count"]
    lead = (
        ngettext("%(num)d remark has no answer.", "%(num)d remarks have no answer.", count)
        if count
        else gettext("Every remark has its answer.")
    )
    return Section("flags", gettext("Flags open"), lead, listed(lines, count))


def thanks(facts: Facts) -> Section:
    """Say for what thanks were said, and to which department."""
    it = facts["thanks"]
    lines = [
        Line(
            one["title"],
            request_path(one["number"]),
            gettext("to %(who)s", who=words.label(words.DEPARTMENTS, one["department"])),
        )
        for one in it["items"]
    ]
    count = it["count"]
    lead = (
        ngettext("Thanks were said once.", "Thanks were said %(num)d times.", count)
        if count
        else gettext("No thanks yet: the request page has a button for it.")
    )
    return Section("thanks", gettext("Thanks"), lead, listed(lines, len(lines)))


def decisions(facts: Facts) -> list[Line]:
    """Say what is to be decided."""
    return [line for it in facts["decisions"] if (line := _decision(facts, it)) is not None]


def _decision(facts: Facts, it: Facts) -> Line | None:
    what = it["what"]
    if what == Decision.HURTS:
        name = named(facts, it["asset"])
        said = gettext("“%(title)s” goes with losing: mend it or retire it?", title=name.title)
        return Line(said, name.url)
    if what == Decision.GAP:
        people = ngettext("%(num)d person", "%(num)d people", it["people"])
        said = gettext(
            "%(people)s looked for “%(query)s” in vain: who makes it?",
            people=people, query=it["query"],
        )  # fmt: skip
        return Line(said, ask_path(it["query"]))
    if what == Decision.DECLINED:
        said = gettext("“%(title)s” was declined: does that stand?", title=it["title"])
        return Line(said, request_path(it["number"]))
    return _counted(what, it.get("count", 0))


def _counted(what: str, count: int) -> Line | None:
    if what == Decision.CONTRADICTION:
        said = ngettext(
            "%(num)d figure is told differently in different assets: which holds?",
            "%(num)d figures are told differently in different assets: which hold?",
            count,
        )
    elif what == Decision.OVERDUE:
        said = ngettext(
            "%(num)d promise is overdue: who keeps it, until when?",
            "%(num)d promises are overdue: who keeps them, until when?",
            count,
        )
    elif what == Decision.STALE:
        said = ngettext(
            "%(num)d stale asset is in use: who checks it?",
            "%(num)d stale assets are in use: who checks them?",
            count,
        )
    else:
        return None
    return Line(str(said))
