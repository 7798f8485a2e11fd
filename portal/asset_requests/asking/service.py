"""Requests asked, waited for, left and merged; each once, however often its form is sent."""

from collections.abc import Callable, Mapping

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.asset_requests import acting, queries, telling
from portal.asset_requests.acting import Person
from portal.asset_requests.asking.rules import Draft
from portal.asset_requests.models import AssetRequest, RequestSupporter, RequestWord
from portal.asset_requests.rules import FACETS, Action, State
from portal.db import db
from portal.deals import queries as deals
from portal.errors import Forbidden, Invalid
from portal.library.notices.rules import Topic
from portal.library.terms import queries as terms

Words = Callable[[str], Mapping[str, int]]
"""Takes a text apart into words as they are kept, with how much each says."""


def ask(who: Person, draft: Draft, *, token: str, words: Words) -> AssetRequest:
    """Ask for something, or return the request this very form has made before; flushed.

    Raises:
        Invalid: when the deal is not one this person may see.
        Forbidden: when the form was somebody else's.
    """
    known = queries.by_token(token)
    if known is None:
        _check_deal(who, draft.deal_id)
        try:
            with db.session.begin_nested():
                made = _make(who, draft, token)
        except IntegrityError:  # sent twice at one moment
            known = queries.by_token(token)
            if known is None:
                raise
    if known is not None:
        if known.requester_id != who.id:
            raise Forbidden  # somebody else's form
        return known
    keep_words(made, words(draft.said))
    acting.record(made, Action.ASK, who, note=draft.situation)
    acting.wind(made, who.zone)
    told = queries.answerers(made.department)
    telling.tell(made, Topic.REQUEST_ASKED, told, actor_id=who.id, said=draft.situation)
    return made


def _check_deal(who: Person, deal_id: int | None) -> None:
    if deal_id is not None and deals.for_person(who.id, who.role, who.team_id, deal_id) is None:
        raise Invalid("no deal of this person")


def _make(who: Person, draft: Draft, token: str) -> AssetRequest:
    now = clock.now()
    it = AssetRequest(
        token=token,
        requester_id=who.id,
        state=State.ASKED.value,
        asked_at=now,
        changed_at=now,
        **{name: getattr(draft, name) for name in KEPT},
        filters=dict(draft.filters),
    )
    it.supporters.append(RequestSupporter(user_id=who.id, deal_id=draft.deal_id, at=now))
    db.session.add(it)
    db.session.flush()
    return it


KEPT = (
    "title",
    "situation",
    "kind",
    "language",
    "product",
    "competitor",
    "industry",
    "stage",
    "department",
    "urgent",
    "needed_by",
    "origin",
    "query",
    "asset_id",
    "anchor",
    "complaint",
)
"""What a request keeps of its draft by the same name."""


def keep_words(it: AssetRequest, found: Mapping[str, int]) -> None:
    """Keep the words of a request anew."""
    db.session.execute(delete(RequestWord).where(RequestWord.request_id == it.id))
    rows = [{"request_id": it.id, "word": word, "weight": n} for word, n in sorted(found.items())]
    if rows:
        db.session.execute(insert(RequestWord), rows)


def support(
    who: Person, it: AssetRequest, deal_id: int | None = None, *, is_chosen: bool = False
) -> None:
    """Wait for a locked request too, for a deal perhaps; again: for another deal; flushed.

    `is_chosen`: having no deal was chosen, rather than not asked about.

    Raises:
        Conflict: when nobody can wait for it any more.
        Invalid: when the deal is not one this person may see.
    """
    acting.require(who, it, Action.SUPPORT)
    _check_deal(who, deal_id)
    known = queries.supporter(it.id, who.id)
    if known is not None:
        if deal_id is not None or is_chosen:
            known.deal_id = deal_id
        db.session.flush()
        return
    db.session.add(
        RequestSupporter(request_id=it.id, user_id=who.id, deal_id=deal_id, at=clock.now())
    )
    acting.record(it, Action.SUPPORT, who, detail={"deal": deal_id} if deal_id else None)


def leave(who: Person, it: AssetRequest) -> None:
    """Wait for a locked request no more; its requester withdraws it instead; flushed.

    Raises:
        Forbidden: when this person does not wait for it, or has asked it.
    """
    acting.require(who, it, Action.LEAVE)
    db.session.delete(queries.supporter(it.id, who.id))
    acting.record(it, Action.LEAVE, who)


def merge(who: Person, source: int, target: int) -> AssetRequest:
    """Make a request part of another one, with all who wait for it; returns the other; flushed.

    Raises:
        NotFound: when one of them is not there.
        Invalid: when both are the same, or one was made part of the other before.
        Conflict: when one of them is settled.
        Forbidden: when it is for others to do.
    """
    if source == target:
        raise Invalid("a request can not be merged into itself")
    first, second = (acting.locked(number) for number in sorted((source, target)))
    it, into = (first, second) if source < target else (second, first)
    acting.require(who, it, Action.MERGE)
    acting.require(who, into, Action.MERGE)
    _move_supporters(it, into)
    it.merged_into_id = into.id
    acting.go(it, Action.MERGE, who, State.MERGED, detail={"into": into.id, "title": into.title})
    acting.record(into, Action.MERGE, who, detail={"from": it.id, "title": it.title})
    forget_words(it)
    told = queries.waiting(it.id)
    telling.tell(into, Topic.REQUEST_COMMENT, told, actor_id=who.id, said=it.title)
    return into


def forget_words(it: AssetRequest) -> None:
    """Let a request that is settled be found no more as one to wait for."""
    db.session.execute(delete(RequestWord).where(RequestWord.request_id == it.id))


def _move_supporters(it: AssetRequest, into: AssetRequest) -> None:
    """Let all who wait for one wait for the other; somebody who does already keeps a deal."""
    known = {row.user_id: row for row in queries.rows_waiting(into.id)}
    for row in queries.rows_waiting(it.id):
        if row.user_id not in known:
            db.session.execute(
                insert(RequestSupporter).values(
                    request_id=into.id, user_id=row.user_id, deal_id=row.deal_id, at=row.at
                )
            )
        elif known[row.user_id].deal_id is None and row.deal_id is not None:
            db.session.execute(
                update(RequestSupporter)
                .where(RequestSupporter.id == known[row.user_id].id)
                .values(deal_id=row.deal_id)
            )
    db.session.flush()
    db.session.expire(into, ["supporters"])


def change(who: Person, it: AssetRequest, draft: Draft, *, words: Words) -> list[str]:
    """Say a locked request better; returns what has changed; flushed.

    Raises:
        Forbidden: when this person neither asked nor answers it.
        Conflict: when it is settled.
    """
    acting.require(who, it, Action.CHANGE)
    names = [n for n in CHANGEABLE if _now(it, n) != getattr(draft, n)]
    if not names:
        return []
    for name in names:
        setattr(it, name, getattr(draft, name))
    it.changed_at = clock.now()
    acting.record(it, Action.CHANGE, who, detail={"changed": names})
    keep_words(it, words(it.said))
    if "kind" in names or "urgent" in names:
        acting.wind(it, who.zone)
    if "department" in names and not it.assignee_id:
        told = queries.answerers(it.department)
        telling.tell(it, Topic.REQUEST_ASKED, told, actor_id=who.id, said=it.situation)
    telling.moved(it, Action.CHANGE, actor_id=who.id)
    return names


def _now(it: AssetRequest, name: str) -> object:
    """Return what a request says; of a word that got another slug since, that slug."""
    value = getattr(it, name)
    if name in FACETS and value:
        term = terms.found(name, value)
        return term.slug if term is not None else value
    return value


CHANGEABLE = tuple(
    n for n in KEPT if n not in {"origin", "query", "asset_id", "anchor", "complaint"}
)
