"""What a deal's page shows of its calls; given to deals, below us, by a hook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import ngettext

from portal.calls import labels
from portal.calls.on_deals import queries
from portal.web import words


@dataclass(frozen=True, slots=True)
class CallView:
    """A call in a line."""

    id: int
    at: datetime
    planned: bool
    url: str
    label: str
    who: str
    with_role: str
    said: str


def of_deal(deal_id: int) -> Sequence[CallView]:
    """Return the calls of a deal, the latest first."""
    return [
        CallView(
            id=row.id,
            at=row.at,
            planned=row.state == "planned",
            url=url_for("calls.show", call_id=row.id),
            label=words.label(labels.RESULTS, row.result)
            if row.result
            else words.label(labels.STATES, row.state),
            who=row.who,
            with_role=words.label(labels.ROLES, row.with_role),
            said=ngettext("%(num)d point noted", "%(num)d points noted", row.points)
            if row.points
            else "",
        )
        for row in queries.of_deal(deal_id)
    ]
