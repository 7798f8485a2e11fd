"""One term merged into another, nothing lost: assets, words and slugs; and that undone again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.models import FacetTerm, FormerSlug, asset_facets
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import AssetEvent
from portal.library.quality import rechecking
from portal.library.queries import name_of
from portal.library.terms import queries, rules, service
from portal.library.terms.models import TermEvent
from portal.library.terms.rules import Words

CHUNK = 500  # assets a statement
NOTE_LANGUAGE = "en"


def merge(actor: Actor, source: FacetTerm, target: FacetTerm) -> TermEvent:
    """Merge a term into another of its facet, both locked by `service.locked`; flushed.

    All assets of the source get the target, its words become aliases of the target, its slugs
    lead there. What is needed to undo it is kept with the event returned.

    Raises:
        Forbidden: when the person keeps no vocabulary.
        Invalid: when it is one and the same term, or of another facet.
    """
    if not policy.granted(actor.role, Act.TERMS_KEEP):
        raise Forbidden
    if source.id == target.id or source.facet != target.facet:
        raise Invalid("a term can only be merged into another one of its list")
    # nobody gives an asset the source from here on
    db.session.execute(select(FacetTerm.id).where(FacetTerm.id == source.id).with_for_update())
    former = queries.former_of(source.facet)
    new = rules.gained(_words(target), _words(source))
    had, have = queries.asset_ids(source.id), set(queries.asset_ids(target.id))
    only = [asset_id for asset_id in had if asset_id not in have]
    kept = {
        "slug": source.slug,
        "names": dict(source.names),
        "aliases": list(source.aliases),
        "former": former.get(source.id, []),
        "retired_on": source.retired_on.isoformat() if source.retired_on else None,
        "only": only,
        "both": [asset_id for asset_id in had if asset_id in have],
        "gained": new,
    }
    _tag(target.id, only)
    _untag(source.id, had)
    _tell(had, actor, source, target)
    _hand_over(source, target)
    target.aliases = [*target.aliases, *new]
    target.version += 1  # a change in any case: the index listens to it
    event = service.note(target.id, "merge", actor, **kept)
    rechecking.words_changed(target.facet, had)
    db.session.flush()
    db.session.expire_all()
    return event


def _words(term: FacetTerm) -> Words:
    return Words(term.id, term.slug, term.names, term.aliases)


def _hand_over(source: FacetTerm, target: FacetTerm) -> None:
    """Let the source's slugs and history go over to the target, and the source go."""
    db.session.execute(
        update(FormerSlug).where(FormerSlug.term_id == source.id).values(term_id=target.id)
    )
    db.session.execute(
        update(TermEvent).where(TermEvent.term_id == source.id).values(term_id=target.id)
    )
    slug = source.slug
    db.session.delete(source)
    db.session.flush()
    db.session.add(FormerSlug(facet=target.facet, slug=slug, term_id=target.id))


def undo(actor: Actor, event: TermEvent) -> FacetTerm:
    """Undo a merge: the term is there again with its words, slugs and assets; flushed.

    What was changed since stays: an asset that lost the target meanwhile gets neither.

    Raises:
        Forbidden: when the person keeps no vocabulary.
        NotFound: when that was no merge.
        Conflict: when it is undone already, or its slug has another use by now.
        ClashError: when another term has one of the words by now.
    """
    if not policy.granted(actor.role, Act.TERMS_KEEP):
        raise Forbidden
    target = db.session.get(FacetTerm, event.term_id)
    if event.action != "merge" or target is None:
        raise NotFound
    queries.terms_of(target.facet, lock=True)
    db.session.refresh(event)
    kept = event.detail
    former = queries.former_of(target.facet).get(target.id, [])
    if event.undone_at is not None or kept["slug"] not in former:
        raise Conflict("this can not be undone any more")
    _give_back(target, kept)
    term = _again(target, kept)
    now_tagged = set(queries.asset_ids(target.id))
    moved = [asset_id for asset_id in kept["only"] if asset_id in now_tagged]
    back = moved + [asset_id for asset_id in kept["both"] if asset_id in now_tagged]
    _tag(term.id, back)
    _untag(target.id, moved)
    _tell(back, actor, target, term)
    event.undone_at = clock.now()
    target.version += 1
    term.version += 1  # a change of both: the index listens to it
    service.note(target.id, "undo", actor, slug=term.slug)
    service.note(term.id, "undo", actor, slug=term.slug)
    rechecking.words_changed(term.facet, back)
    db.session.flush()
    db.session.expire_all()
    return term


def _give_back(target: FacetTerm, kept: dict[str, Any]) -> None:
    """Take from the target what it gained by the merge, as far as it still has it."""
    gained = set(kept["gained"])
    target.aliases = [alias for alias in target.aliases if alias not in gained]
    slugs = [kept["slug"], *kept["former"]]
    db.session.execute(
        delete(FormerSlug).where(FormerSlug.term_id == target.id, FormerSlug.slug.in_(slugs))
    )
    db.session.flush()


def _again(target: FacetTerm, kept: dict[str, Any]) -> FacetTerm:
    """Add the term that was merged, with the slugs that nobody uses otherwise by now."""
    taken = {t.slug for t in queries.terms_of(target.facet)}
    taken |= {slug for slugs in queries.former_of(target.facet).values() for slug in slugs}
    former = [slug for slug in kept["former"] if slug not in taken]
    mine = Words(None, kept["slug"], kept["names"], kept["aliases"], former)
    service.refuse_clash(target.facet, mine)
    term = FacetTerm(
        facet=target.facet,
        slug=kept["slug"],
        names=kept["names"],
        aliases=kept["aliases"],
        retired_on=date.fromisoformat(kept["retired_on"]) if kept["retired_on"] else None,
    )
    db.session.add(term)
    db.session.flush()
    for slug in former:
        db.session.add(FormerSlug(facet=target.facet, slug=slug, term_id=term.id))
    db.session.flush()
    return term


def _tag(term_id: int, asset_ids: Sequence[int]) -> None:
    for start in range(0, len(asset_ids), CHUNK):
        rows = [{"asset_id": i, "term_id": term_id} for i in asset_ids[start : start + CHUNK]]
        db.session.execute(insert(asset_facets), rows)


def _untag(term_id: int, asset_ids: Sequence[int]) -> None:
    for start in range(0, len(asset_ids), CHUNK):
        db.session.execute(
            delete(asset_facets).where(
                asset_facets.c.term_id == term_id,
                asset_facets.c.asset_id.in_(asset_ids[start : start + CHUNK]),
            )
        )


def _tell(asset_ids: Sequence[int], actor: Actor, old: FacetTerm, new: FacetTerm) -> None:
    """Add a line to the timeline of every asset that has another term now."""
    names = [name_of(term.names, term.slug, NOTE_LANGUAGE) for term in (old, new)]
    line = {"at": clock.now(), "user_id": actor.id, "action": "facts", "note": " → ".join(names)}
    for start in range(0, len(asset_ids), CHUNK):
        rows = [
            {"asset_id": asset_id, "detail": {"facet": old.facet}, **line}
            for asset_id in asset_ids[start : start + CHUNK]
        ]
        db.session.execute(insert(AssetEvent), rows)
