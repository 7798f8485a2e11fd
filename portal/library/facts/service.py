"""Facts of an asset changed: at once for readers, with a line in the timeline."""

from collections.abc import Mapping, Sequence

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.library.facts import queries, rules
from portal.library.facts.rules import Facts
from portal.library.models import Asset, FacetTerm
from portal.library.publishing import queries as publishing
from portal.library.publishing.acting import Actor, record, require
from portal.library.publishing.rules import Action
from portal.library.quality import rechecking
from portal.library.rules import Facet, Kind
from portal.library.service import refit_text
from portal.library.vocabulary import Vocabulary


class FactsConflictError(Conflict):
    """Somebody has changed the facts meanwhile; nothing was changed."""


class KindInTheWorksError(Invalid):
    """The kind can not change while the next revision of a published text is in the works."""


def of(asset: Asset) -> Facts:
    """Return the facts of an asset."""
    slugs: dict[str, list[str]] = {facet.value: [] for facet in Facet}
    for term in asset.facets:
        slugs[term.facet].append(term.slug)
    return Facts(
        kind=asset.kind,
        owner=asset.owner_id,
        backup_owner=asset.backup_owner_id,
        department=asset.department,
        checked_on=asset.checked_on,
        **{facet: tuple(sorted(found)) for facet, found in slugs.items()},
    )


def change(
    actor: Actor,
    asset: Asset,
    wanted: Facts,
    *,
    was: str,
    new: Mapping[Facet, Sequence[str]],
    language: str,
) -> list[str]:
    """Give a locked asset its facts; returns the names of those that have changed.

    `was` is the digest of the facts the person saw; `new` are words the vocabulary may lack, in a
    language. The same facts again are no change.

    Raises:
        Forbidden, Conflict: as `require`; Forbidden also when words are added by others than
            marketing.
        FactsConflictError: when the facts are not those any more.
        KindInTheWorksError: when the kind changes while a next revision is in the works.
        Invalid: when an owner does not write here.
    """
    require(actor, asset, Action.EDIT)
    before = of(asset)
    if wanted == before and not any(new.values()):
        return []
    if any(new.values()) and not policy.granted(actor.role, Act.TERMS_KEEP):
        raise Forbidden("words are added by marketing")
    terms = _terms(wanted, new, language)
    if was != before.digest() and _with(wanted, terms) != before:
        raise FactsConflictError("the facts have changed meanwhile")
    _own(asset, wanted)
    asset.department, asset.checked_on = wanted.department, wanted.checked_on
    if wanted.kind != asset.kind:
        _become(actor, asset, Kind(wanted.kind))
    asset.facets = terms
    names = rules.changed(before, of(asset))
    if names:
        asset.updated_at = clock.now()
        record(asset, "facts", actor, detail={"changed": names})
        rechecking.at_once(asset)
    for facet, words in new.items():
        if words:
            rechecking.words_changed(facet.value)
    db.session.flush()
    return names


def _terms(wanted: Facts, new: Mapping[Facet, Sequence[str]], language: str) -> list[FacetTerm]:
    known = {(term.facet, term.slug): term for term in queries.terms()}
    found = {
        key: known[key]
        for facet in Facet
        for key in ((facet.value, slug) for slug in wanted.terms(facet))
        if key in known
    }
    vocabulary = Vocabulary() if any(new.values()) else None
    if vocabulary is not None:
        for facet, words in new.items():
            for word in words:
                term = vocabulary.term(facet, word, language)
                found[term.facet, term.slug] = term
    return list(found.values())


def _with(wanted: Facts, terms: Sequence[FacetTerm]) -> Facts:
    slugs = {f.value: tuple(sorted(t.slug for t in terms if t.facet == f.value)) for f in Facet}
    return Facts(
        wanted.kind,
        wanted.owner,
        wanted.backup_owner,
        wanted.department,
        wanted.checked_on,
        **slugs,
    )


def _own(asset: Asset, wanted: Facts) -> None:
    known = {person.id for person in queries.people(asset)} | {None}
    if not {wanted.owner, wanted.backup_owner} <= known:
        raise Invalid("an owner has to be somebody who writes here")
    asset.owner_id, asset.backup_owner_id = wanted.owner, wanted.backup_owner
    db.session.flush()
    db.session.expire(asset, ["owner", "backup_owner"])


def _become(actor: Actor, asset: Asset, kind: Kind) -> None:
    """Make an asset another kind: the fields of its texts are parted anew, nothing is lost."""
    served = {text.language: text.revision for text in asset.texts}
    newest = publishing.newest_of(asset.id)
    if any(served.get(code) != revision.number for code, revision in newest.items()):
        raise KindInTheWorksError("publish or discard the next revision first")
    asset.kind = kind.value
    for text in asset.texts:
        before = text.revision
        refit_text(asset, text, kind)
        revision = publishing.newest(asset.id, text.language)
        if text.revision != before and revision is not None:
            revision.author_id = actor.id
