"""Talk in words: whom a comment may mention, and the wins of both departments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from portal.asset_requests.models import AssetRequest, RequestEvent
from portal.asset_requests.presenting import Named

MOST = 12
"""Names offered at most."""


def talkers(it: AssetRequest, events: Iterable[RequestEvent], *, but: int) -> list[str]:
    """Return the names of those who have to do with a request, to be mentioned by a tap."""
    people = [it.requester, it.assignee, *(row.user for row in it.supporters)]
    people += [event.user for event in events]
    found: dict[int, str] = {}
    for person in people:
        if person is not None and person.active and person.id != but:
            found.setdefault(person.id, person.name)
    return list(found.values())[:MOST]


@dataclass(frozen=True, slots=True)
class Win:
    """A request that was accepted, with what was said in thanks: (who, HTML, plain words)."""

    number: int
    title: str
    asker: str
    deliverer: str
    at: datetime
    asset: Named | None
    thanks: Sequence[tuple[str, Markup | None, str]]


def win(it: AssetRequest, thanks: Iterable[RequestEvent], asset: Named | None) -> Win:
    """Show a request that was accepted."""
    return Win(
        number=it.id,
        title=it.title,
        asker=it.requester.name,
        deliverer=it.assignee.name if it.assignee else "",
        at=it.changed_at,
        asset=asset,
        thanks=[
            (
                event.user.name if event.user else "",
                Markup(event.detail["html"]) if event.detail.get("html") else None,  # noqa: S704
                event.note,
            )
            for event in thanks
        ],
    )
