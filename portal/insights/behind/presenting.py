"""What the page of one asset's figures shows: its line, moments, quarters, the deals behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.deals import labels as deals
from portal.deals.models import Deal, PipelineStage
from portal.deals.presenting import stage_name
from portal.insights.behind.labels import AGES
from portal.insights.behind.rules import Moment, Quarter
from portal.insights.helps import labels
from portal.insights.helps import presenting as listing
from portal.insights.helps.queries import Line
from portal.insights.lift.effect import moment_of
from portal.insights.lift.rules import NOWHERE, Verdict
from portal.web import charts, figures, locale, words
from portal.web.tables import Column, Table


def said(line: Line) -> str:
    """Say in words a rep believes what closed deals tell of an asset."""
    deals = locale.number(line.n)
    if line.verdict == Verdict.DECIDED:
        return str(gettext("Mostly used when a deal is already decided: no judgement."))
    if line.verdict == Verdict.THIN or line.best is None or line.low is None:
        return _thin(line)
    low, high = (figures.decimal(100 * it, 0, signed=True) for it in (line.low, line.high or 0.0))
    used = ngettext(
        "In %(n)s closed deal it was used at the same kind of moment as other content",
        "In %(n)s closed deals it was used at the same kind of moment as other content",
        line.n, n=deals,
    )  # fmt: skip
    points = figures.decimal(abs(100 * line.best), 0)
    if line.verdict == Verdict.HELPS:
        then = gettext("deals were won about %(points)s points more often (between %(low)s and "
                       "%(high)s).", points=points, low=low, high=high)  # fmt: skip
    elif line.verdict == Verdict.HURTS:
        then = gettext("deals were won about %(points)s points less often (between %(low)s and "
                       "%(high)s).", points=points, low=low, high=high)  # fmt: skip
    else:
        then = gettext("no difference is shown (between %(low)s and %(high)s points).",
                       low=low, high=high)  # fmt: skip
    return f"{used}; {then}"


def _thin(line: Line) -> str:
    """Say that there are too few deals, and how many more are needed."""
    few = ngettext(
        "Too few deals yet to say whether it helps to win: %(n)s closed deal so far",
        "Too few deals yet to say whether it helps to win: %(n)s closed deals so far",
        line.n, n=locale.number(line.n),
    )  # fmt: skip
    more = ngettext("about %(n)s more is needed.", "about %(n)s more are needed.", line.need,
                    n=locale.number(line.need))  # fmt: skip
    return f"{few}; {more}"


def hidden_words(line: Line) -> str:
    """Say what a hidden cause would have to do to explain a claim away; empty for no claim."""
    times = listing.hidden_times(line)
    if not times:
        return ""
    said = (
        gettext("To explain this away, something hidden would have to make both its use and "
                "winning %(times)s times as likely.", times=times)
        if line.verdict == Verdict.HELPS
        else gettext("To explain this away, something hidden would have to make both its use and "
                     "losing %(times)s times as likely.", times=times)
    )  # fmt: skip
    return str(said)


def range_of(line: Line) -> str:
    """Say what the range means; empty without one."""
    if line.low is None or line.high is None or line.verdict == Verdict.DECIDED:
        return ""
    low, high = figures.points(100 * line.low), figures.points(100 * line.high)
    return str(gettext(
        "The true difference lies between %(low)s and %(high)s points, 95 times of 100.",
        low=low, high=high,
    ))  # fmt: skip


def stage_names(stages: Sequence[PipelineStage]) -> dict[int, str]:
    """Return what stages are called, by number."""
    return {it.id: stage_name(it) for it in stages}


def moment_words(stratum: int, names: Mapping[int, str]) -> str:
    """Say at which kind of moment a first use fell, or that it does not count."""
    if stratum == NOWHERE:
        return str(gettext("not compared: too late, or at no stage"))
    stage, age = moment_of(stratum)
    return f"{names.get(stage, gettext('a former stage'))}, {AGES[age]}"


def moments_table(found: Sequence[Moment], names: Mapping[int, str], name: str) -> Table:
    """Return the asset's counts by stage and age beside others'."""
    told = labels.DEFINITIONS
    return Table(
        name,
        gettext("By kind of moment"),
        [
            Column("stage", gettext("Stage"), kind="head", definition=str(told["moments"])),
            Column("age", gettext("In it since"), definition=str(told["moments"])),
            Column("n", gettext("Deals with it"), "", str(told["n"]), "number"),
            Column("won", gettext("Deals won"), "", str(told["n"]), "number"),
            Column("expected", gettext("Won, as others"), "", str(told["expected"]), "number", 1),
            Column("others_n", gettext("Uses of others"), "", str(told["moments"]), "number"),
            Column("others_won", gettext("Won with others"), "", str(told["moments"]), "number"),
        ],
        [
            {
                "stage": names.get(it.stage, gettext("a former stage")),
                "age": str(AGES[it.age]),
                "n": it.n,
                "won": it.won,
                "expected": it.expected,
                "others_n": it.others_n,
                "others_won": it.others_won,
            }
            for it in found
        ],
        gettext("Nothing can be compared yet."),
    )


def quarters_table(found: Sequence[Quarter], name: str) -> Table:
    """Return the asset's deals by the quarter of their close."""
    told = labels.DEFINITIONS
    return Table(
        name,
        gettext("By quarter of close"),
        [
            Column("quarter", gettext("Quarter"), kind="head"),
            Column("n", gettext("Deals with it"), "", str(told["n"]), "number"),
            Column("won", gettext("Deals won"), "", str(told["n"]), "number"),
            Column("expected", gettext("Won, as others"), "", str(told["expected"]), "number", 1),
        ],
        [
            {
                "quarter": labels.quarter(it.year, it.quarter),
                "n": it.n,
                "won": it.won,
                "expected": it.expected,
            }
            for it in found
        ],
        gettext("Nothing can be compared yet."),
    )


def trend(found: Sequence[Quarter]) -> Markup | None:
    """Draw deals won beside what others would have won, quarter by quarter."""
    if len(found) < 2:  # noqa: PLR2004  # one quarter is no line
        return None
    return charts.time_series(
        [
            charts.Line(gettext("Deals won"), [it.won for it in found]),
            charts.Line(gettext("Won, as others"), [round(it.expected, 1) for it in found]),
        ],
        [labels.quarter(it.year, it.quarter) for it in found],
        name="quarters",
        title=gettext("Deals won by quarter of close"),
        desc=gettext("Deals won that used this asset, beside those expected with other content."),
        number=figures.tick,
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """A deal behind the figures."""

    url: str
    name: str
    account: str
    owner: str
    outcome: str
    closed: str
    moment: str


def deals_behind(
    found: Sequence[Deal], strata: Mapping[int, int], names: Mapping[int, str]
) -> list[Behind]:
    """Show deals behind the figures."""
    return [
        Behind(
            url=url_for("deals.show", deal_id=it.id),
            name=it.name,
            account=it.account,
            owner=it.owner.name if it.owner else "",
            outcome=words.label(deals.OUTCOMES, it.outcome),
            closed=locale.day(it.closed_at),
            moment=moment_words(strata.get(it.id, NOWHERE), names),
        )
        for it in found
    ]
