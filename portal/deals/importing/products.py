"""Products a table beside the deals names and the library does not know: added when asked for."""

from collections.abc import Mapping, Sequence

from portal.deals.importing import companions, service
from portal.deals.importing.matching import Matcher
from portal.deals.importing.rules import tight
from portal.deals.importing.survey import Table
from portal.errors import Invalid
from portal.library.publishing.acting import Actor
from portal.library.rules import Facet
from portal.library.terms import service as terms

ADDED_MOST, NAME_MOST = 200, 80


def unknown(beside: Sequence[Table], matcher: Matcher) -> list[str]:
    """Return the names of products that match none of ours, each once."""
    found: dict[str, str] = {}
    for it in beside:
        if it.companion == "products":
            for row in companions.told(it):
                name = row.get("product", "")[:NAME_MOST]
                if name and not matcher.term("product", name):
                    found.setdefault(tight(name), name)
    return list(found.values())[:ADDED_MOST]


def add(
    actor: Actor, names: Sequence[str], source: str, words: Mapping[str, Mapping[str, int]]
) -> list[str]:
    """Add products to the vocabulary, returns those added; words spelt so stand for them. Flushed.

    One whose words another product has already is left out.
    """
    slugs = {}
    for name in names:
        try:
            term = terms.add(actor, Facet.PRODUCT, {"en": name})
        except Invalid:  # a clash as well
            continue
        slugs[tight(name)] = (name, term.slug)
    for word in words.get("product", {}):
        name, slug = slugs.get(tight(word), ("", ""))
        if slug and word != name:
            service.accept(source, "product", word, slug)
    return [name for name, _ in slugs.values()]
