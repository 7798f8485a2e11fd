"""The morning after a call: one gentle reminder of what was used in it and is not rated."""

from datetime import datetime

from portal.calls.links import ratings_path
from portal.calls.ratings import queries, rules
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic

JOB = "rate-calls"


def run(today: datetime) -> int:
    """Remind of calls logged before `today` began, once each; returns how many were new.

    A call of more than three days ago is let go: a morning without a worker does not end in a
    heap of reminders.
    """
    found = queries.calls_to_rate(today - rules.REMINDED_FOR, today)
    calls = queries.calls([row[0] for row in found])
    return notices.tell_all(
        [
            notices.line(
                user_id,
                Topic.RATE_CALL,
                path=ratings_path(),
                detail={"title": calls[call_id].deal.name},
                mark=f"rate-call:{call_id}",
            )
            for call_id, user_id, *_ in found
        ]
    )
