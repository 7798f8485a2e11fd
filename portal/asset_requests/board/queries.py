"""The SELECTs behind a line of the table and a card of the board: what it says, who is named."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.asset_requests.acting import Person
from portal.asset_requests.agreement.models import RequestClock
from portal.asset_requests.board.listing import DUE, TERMS, of
from portal.asset_requests.models import AssetRequest, RequestSupporter, RequestWord
from portal.asset_requests.rules import OPEN, State
from portal.db import db
from portal.library.models import AssetText, FacetTerm, FormerSlug


@dataclass(frozen=True, slots=True)
class Line:
    """A request as the table and the board show it."""

    id: int
    title: str
    state: State
    kind: str | None
    language: str | None
    competitor: str | None
    product: str | None
    industry: str | None
    department: str
    urgent: bool
    complaint: str | None
    asset_id: int | None
    requester_id: int
    requester: str
    team_id: int | None
    assignee_id: int | None
    assignee: str | None
    asked_at: datetime
    agreement_id: int | None
    promise: str
    due_at: datetime | None
    waits: bool


_PROMISE = case(
    (TERMS.ack_due_at.is_not(None), "acknowledge"),
    (TERMS.deliver_due_at.is_not(None), "deliver"),
    (TERMS.context_due_at.is_not(None), "context"),
    (TERMS.try_due_at.is_not(None), "try"),
    else_="",
)


def lines(found: Collection[int], who: Person) -> dict[int, Line]:
    """Return these requests by number; `waits`: whether this person waits for it too."""
    it, asker, answerer = AssetRequest, aliased(User), aliased(User)
    waits = exists().where(RequestSupporter.request_id == it.id, RequestSupporter.user_id == who.id)
    own = (
        it.id, it.title, it.state, it.kind, it.language, it.competitor, it.product, it.industry,
        it.department, it.urgent, it.complaint, it.asset_id, it.requester_id, asker.name,
        asker.team_id, it.assignee_id, answerer.name, it.asked_at, TERMS.agreement_id, _PROMISE,
        DUE, waits,
    )  # fmt: skip
    query = (
        of(select(*own), it.id.in_(found))
        .join(asker, asker.id == it.requester_id)
        .outerjoin(answerer, answerer.id == it.assignee_id)
        .order_by(it.id)
    )
    rows = db.session.execute(query)
    return {
        number: Line(number, title, State(state), *rest) for number, title, state, *rest in rows
    }


def soon(found: Collection[int]) -> dict[tuple[int, str], datetime]:
    """Return when the open promises of these requests begin to be due soon."""
    clock = RequestClock
    rows = db.session.execute(
        select(clock.request_id, clock.promise, clock.soon_at)
        .where(clock.request_id.in_(found), clock.ended_at.is_(None), clock.soon_at.is_not(None))
        .order_by(clock.id)
    )
    return {(number, promise): at for number, promise, at in rows if at is not None}


def words_of(request_id: int) -> Mapping[str, int]:
    """Return the words kept of a request, with how much each says."""
    query = (
        select(RequestWord.word, RequestWord.weight)
        .where(RequestWord.request_id == request_id)
        .order_by(RequestWord.word)
    )
    return {word: weight for word, weight in db.session.execute(query)}  # noqa: C416


Named = Mapping[tuple[str, str], Mapping[str, str]]


def terms(facets: Collection[str], slugs: Collection[str] | None = None) -> Named:
    """Return the names of words of the vocabulary by facet and slug, former slugs too.

    Args:
        facets: the facets looked at.
        slugs: the slugs looked for; None: all that are still offered.
    """
    query = select(FacetTerm.facet, FacetTerm.slug, FacetTerm.names)
    query = query.where(FacetTerm.facet.in_(facets)).order_by(FacetTerm.facet, FacetTerm.slug)
    if slugs is None:
        rows = db.session.execute(query.where(FacetTerm.retired_on.is_(None)))
        return {(facet, slug): names for facet, slug, names in rows}
    found = {
        (f, s): names for f, s, names in db.session.execute(query.where(FacetTerm.slug.in_(slugs)))
    }
    known = {slug for _, slug in found}
    if set(slugs) - known:
        former = (
            select(FormerSlug.facet, FormerSlug.slug, FacetTerm.names)
            .join(FacetTerm, FacetTerm.id == FormerSlug.term_id)
            .where(FormerSlug.facet.in_(facets), FormerSlug.slug.in_(slugs))
            .order_by(FormerSlug.id)
        )
        found |= {(f, s): names for f, s, names in db.session.execute(former)}
    return found


def titles(asset_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the titles of assets by language."""
    found: dict[int, dict[str, str]] = {}
    if not asset_ids:
        return found
    query = (
        select(AssetText.asset_id, AssetText.language, AssetText.title)
        .where(AssetText.asset_id.in_(asset_ids))
        .order_by(AssetText.id)
    )
    for asset_id, language, title in db.session.execute(query):
        found.setdefault(asset_id, {})[language] = title
    return found


def names(people: Iterable[int]) -> dict[int, str]:
    """Return the names of people."""
    query = select(User.id, User.name).where(User.id.in_(sorted(people))).order_by(User.id)
    return {number: name for number, name in db.session.execute(query)}  # noqa: C416


def having(who: Person, more: Iterable[int] = ()) -> Sequence[tuple[int, str]]:
    """Return who has an open request, with oneself and some others, by name."""
    has = select(AssetRequest.assignee_id).where(
        AssetRequest.assignee_id.is_not(None), AssetRequest.state.in_(sorted(OPEN))
    )
    query = (
        select(User.id, User.name)
        .where(or_(User.id.in_(has), User.id.in_([who.id, *more])))
        .order_by(User.name, User.id)
    )
    return [(number, name) for number, name in db.session.execute(query)]
