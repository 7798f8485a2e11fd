"""Terms added, written anew, retired: words stay unique in a facet, old slugs keep leading on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete

from portal import clock
from portal.accounts.rules import Role
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.models import FacetTerm, FormerSlug
from portal.library.publishing.acting import Actor
from portal.library.quality import rechecking
from portal.library.rules import Facet
from portal.library.terms import queries, rules
from portal.library.terms.models import TermEvent
from portal.library.terms.rules import Clash, Words


class ClashError(Invalid):
    """Another term of the facet has a word already; nothing was changed."""

    def __init__(self, clash: Clash) -> None:
        """Keep the word and who has it."""
        super().__init__(f"{clash.word!r} is a word of {clash.other.slug} already")
        self.clash = clash


def locked(actor: Actor, facet: str, slug: str) -> FacetTerm:
    """Return a term by its slug; nobody else changes the facet until this transaction ends.

    Raises:
        Forbidden: when the person keeps no vocabulary.
        NotFound: when there is none, or it has another slug by now.
    """
    if not actor.role.covers(Role.MARKETER):
        raise Forbidden
    term = next((t for t in queries.terms_of(facet, lock=True) if t.slug == slug), None)
    if term is None:
        raise NotFound
    return term


def note(term_id: int, action: str, actor: Actor, **detail: Any) -> TermEvent:  # noqa: ANN401
    """Keep what somebody has done to a term."""
    event = TermEvent(
        term_id=term_id, at=clock.now(), user_id=actor.id, action=action, detail=detail
    )
    db.session.add(event)
    audit.record(f"term.{action}", kind="term", key=term_id, after=detail, actor=actor.id)
    return event


def refuse_clash(facet: str, mine: Words) -> None:
    """Refuse words that other terms of the facet have.

    Raises:
        ClashError: naming the word and the other term.
    """
    found = rules.clash(mine, queries.words_of(facet))
    if found is not None:
        raise ClashError(found)


def _checked(names: Mapping[str, str], slug: str) -> None:
    if not names:
        raise Invalid("a term needs a name in at least one language")
    if not rules.is_slug(slug):
        raise Invalid("the slug must be lower-case words and hyphens")


def add(
    actor: Actor,
    facet: Facet,
    names: Mapping[str, str],
    *,
    slug: str = "",
    aliases: Sequence[str] = (),
) -> FacetTerm:
    """Add a term; flushed.

    Raises:
        Forbidden: when the person keeps no vocabulary.
        Invalid: without a name, or with a slug that can not be one.
        ClashError: when another term has one of the words.
    """
    if not actor.role.covers(Role.MARKETER):
        raise Forbidden
    queries.terms_of(facet.value, lock=True)
    slug = slug or rules.first_slug(names)
    _checked(names, slug)
    kept = rules.tidy(aliases, names)
    refuse_clash(facet.value, Words(None, slug, names, kept))
    term = FacetTerm(facet=facet.value, slug=slug, names=dict(names), aliases=kept)
    db.session.add(term)
    db.session.flush()
    note(term.id, "add", actor, slug=slug)
    rechecking.words_changed(facet.value)
    db.session.flush()
    return term


def rewrite(
    actor: Actor,
    term: FacetTerm,
    *,
    names: Mapping[str, str],
    slug: str,
    aliases: Sequence[str],
    version: int,
) -> None:
    """Give a locked term its names, slug and aliases; an old slug keeps leading here; flushed.

    Raises:
        Conflict: when somebody has changed the term since `version`.
        Invalid: without a name, or with a slug that can not be one.
        ClashError: when another term has one of the words.
    """
    if term.version != version:
        raise Conflict("somebody has changed this term meanwhile")
    _checked(names, slug)
    kept = rules.tidy(aliases, names)
    former = queries.former_of(term.facet).get(term.id, [])
    refuse_clash(term.facet, Words(term.id, slug, names, kept, former))
    before = {"slug": term.slug, "names": dict(term.names), "aliases": list(term.aliases)}
    after = {"slug": slug, "names": dict(names), "aliases": kept}
    if before == after:
        return
    if slug != term.slug:
        move_slug(term, slug)
    term.names, term.aliases = dict(names), kept
    term.version += 1
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    note(term.id, "change", actor, **changed)
    rechecking.words_changed(term.facet, queries.asset_ids(term.id))
    db.session.flush()


def move_slug(term: FacetTerm, slug: str) -> None:
    """Give a term another slug; the one it had leads to it from now on, flushed."""
    db.session.execute(
        delete(FormerSlug).where(FormerSlug.facet == term.facet, FormerSlug.slug == slug)
    )
    db.session.add(FormerSlug(facet=term.facet, slug=term.slug, term_id=term.id))
    term.slug = slug
    db.session.flush()


def retire(actor: Actor, term: FacetTerm, *, retired: bool) -> None:
    """Offer a locked term no more for new assets, or offer it again; old assets keep it; flushed.

    Once more changes nothing.
    """
    if retired == (term.retired_on is not None):
        return
    term.retired_on = clock.now().date() if retired else None
    term.version += 1
    note(term.id, "retire" if retired else "offer", actor)
    db.session.flush()
