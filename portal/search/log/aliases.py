"""Gives a competitor or product another name, from a search that did not find it by that name."""

from portal.errors import NotFound
from portal.library.publishing.acting import Actor
from portal.library.terms import service as terms
from portal.search.log import queries


def add(actor: Actor, facet: str, slug: str, alias: str) -> None:
    """Add a name to a term; the index follows by itself.

    Raises:
        Forbidden: when the person keeps no vocabulary.
        NotFound: when there is no such competitor or product.
        ClashError: when another term has that name.
    """
    if facet not in queries.NAMED:
        raise NotFound
    term = terms.locked(actor, facet, slug)
    terms.rewrite(
        actor,
        term,
        names=term.names,
        slug=term.slug,
        aliases=[*term.aliases, alias],
        version=term.version,
    )
