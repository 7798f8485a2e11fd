"""Comments and thanks: kept as events of the request, cleaned once, told to whom they concern."""

from markupsafe import escape

from portal import markup
from portal.asset_requests import acting, queries, rules, telling
from portal.asset_requests.acting import Person
from portal.asset_requests.models import AssetRequest, RequestEvent
from portal.asset_requests.rules import Action
from portal.asset_requests.talk import queries as own
from portal.asset_requests.talk.rules import mentioned
from portal.errors import Conflict, Invalid
from portal.library.notices.rules import Topic


def _html(text: str) -> str:
    """Return what was said as safe HTML, headings and all in one piece."""
    document = markup.render(text, title="")
    return "".join(
        (f"<p><strong>{escape(s.heading)}</strong></p>" if s.heading else "") + s.html
        for s in document.sections
    )


def kept(said: str) -> dict[str, str]:
    """Return what an event keeps of words beside them: their HTML, if there are any."""
    return {"html": _html(said)} if said else {}


def comment(who: Person, it: AssetRequest, text: str) -> RequestEvent:
    """Say something about a locked request; those mentioned and concerned are told; flushed.

    Raises:
        Invalid: when nothing is said, or too much.
    """
    said = text.strip()
    if not said or len(said) > rules.NOTE_MOST:
        raise Invalid("say something, and not too much")
    acting.require(who, it, Action.COMMENT)
    meant = mentioned(said, own.people())
    detail = {"html": _html(said), "mentions": meant}
    event = acting.record(it, Action.COMMENT, who, note=said, detail=detail)
    telling.tell(it, Topic.REQUEST_MENTION, meant, actor_id=who.id, said=said)
    concerned = {*queries.waiting(it.id), *telling.answering(it)}
    telling.tell(it, Topic.REQUEST_COMMENT, concerned - set(meant), actor_id=who.id, said=said)
    return event


def thank(who: Person, it: AssetRequest, text: str = "") -> None:
    """Thank whoever has delivered a locked request, once; flushed.

    Raises:
        Conflict: when this person has done so, or there is nobody else to thank.
        Invalid: when too much is said.
        Forbidden: when it was not for this person.
    """
    said = text.strip()
    if len(said) > rules.NOTE_MOST:
        raise Invalid("too long")
    acting.require(who, it, Action.THANK)
    if it.assignee_id in {None, who.id} or own.has_thanked(it.id, who.id):
        raise Conflict("said before")
    detail = {"to": it.assignee_id} | kept(said)
    acting.record(it, Action.THANK, who, note=said, detail=detail)
    telling.tell(it, Topic.REQUEST_THANKS, [it.assignee_id], actor_id=who.id, said=said)
