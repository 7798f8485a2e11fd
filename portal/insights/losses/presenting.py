"""What the page of lost deals shows: reason, competitor, what was lost, whether content exists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from portal.asset_requests.links import request_form_path
from portal.asset_requests.rules import TITLE_MOST
from portal.deals.models import LossReason
from portal.deals.presenting import reason_name
from portal.insights.losses.rules import Loss
from portal.library.models import FacetTerm
from portal.library.terms.presenting import name
from portal.search.suggesting import Answering
from portal.web.money import value_text, value_words
from portal.web.paging import with_args
from portal.web.tables import Column, Table, Value

Find = Callable[[str, str], Sequence[Answering]]
"""Looks for published assets: the reason in words, the competitor's slug."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A reason and a competitor: `about` counts fresh assets on them, `answers` fit the reason.

    `names_whom`: the reason is the competitor, so that content on them is what fits.
    """

    reason: str
    competitor: str
    deals: int
    said: str
    value: str
    amounts: str
    about: int | None
    answers: Sequence[Answering]
    names_whom: bool
    ask: str

    @property
    def is_gap(self) -> bool:
        """Whether nothing is there for it."""
        return not (self.about if self.names_whom else self.answers)


def shown(
    losses: Sequence[Loss],
    reasons: Mapping[int, LossReason],
    rivals: Mapping[str, FacetTerm],
    assets: Mapping[str, int],
    find: Find,
) -> list[Shown]:
    """Show what was lost, what nothing answers first."""
    told = []
    for it in losses:
        if it.reason not in reasons:
            continue
        coded = reasons[it.reason]
        reason = reason_name(coded)
        rival = name(rivals[it.competitor]) if it.competitor in rivals else it.competitor
        title = f"{rival}: {reason}" if rival else reason
        asked = {"title": title[:TITLE_MOST], "competitor": it.competitor}
        told.append(
            Shown(
                reason=reason,
                competitor=rival,
                deals=it.deals,
                said=ngettext("%(num)d deal lost", "%(num)d deals lost", it.deals),
                value=value_words(it.value),
                amounts=value_text(it.value),
                about=assets.get(it.competitor, 0) if it.competitor else None,
                answers=() if coded.competitor else find(reason, it.competitor),
                names_whom=coded.competitor,
                ask=with_args(request_form_path(), (), asked),
            )
        )
    return sorted(told, key=lambda it: not it.is_gap)


def _columns() -> list[Column]:
    return [
        Column("reason", gettext("Why"), kind="head"),
        Column("competitor", gettext("Competitor")),
        Column(
            "deals", gettext("Deals lost"), "",
            gettext(
                "Deals lost in the last 365 days for this coded reason against this competitor. A"
                " deal against two competitors is in two rows."
            ),
            "number",
        ),
        Column(
            "value", gettext("Value lost"), "",
            gettext("What these deals would have come to; currencies are never added."),
        ),
        Column(
            "assets", gettext("Assets on them"), "",
            gettext("Published assets about this competitor that are not due to be checked."),
            "number",
        ),
        Column(
            "answers", gettext("Fits the reason"), "",
            gettext(
                "Published assets, three at most, that a search for the reason finds and that are"
                " about no other competitor. Where the reason is the competitor, any asset on them"
                " fits."
            ),
        ),
    ]  # fmt: skip


def table(rows: Sequence[Shown]) -> Table:
    """Return lost deals as a table."""
    said: list[dict[str, Value]] = [
        {
            "reason": it.reason,
            "competitor": it.competitor,
            "deals": it.deals,
            "value": it.amounts,
            "assets": it.about,
            "answers": ", ".join(found.title for found in it.answers),
        }
        for it in rows
    ]
    return Table("losses", gettext("Lost deals"), _columns(), said)
