"""What happens to requests by itself: reminders of what is owed, and tries that were made."""

from portal import clock
from portal.asset_requests import queries, telling
from portal.asset_requests.agreement import reminding
from portal.asset_requests.agreement.reminding import Reminder
from portal.asset_requests.delivering import service as delivering
from portal.library.notices.rules import Topic

CLOCKS = "request-clocks"


def watch(zone: str) -> tuple[int, int, int]:
    """Stop the clocks of what was tried or rated, and remind of the rest.

    Returns how many were tried or rated, how many reminders stand, and how many of them are new.
    """
    tried = delivering.keep_tries(zone) + delivering.keep_ratings(zone)
    stand, new = reminding.run(clock.now(), _tell)
    return tried, stand, new


def _tell(reminder: Reminder) -> int:
    it = queries.by_number(reminder.request_id)
    if it is None:
        return 0
    topic = Topic.REQUEST_OVERDUE if reminder.is_over else Topic.REQUEST_DUE
    return telling.tell(it, topic, [reminder.user_id], actor_id=None, mark=reminder.mark)
