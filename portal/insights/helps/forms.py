"""What the list of assets that help can be narrowed to, and the links that do it."""

from collections.abc import Mapping, Sequence

from portal.insights.helps import labels
from portal.insights.helps.rules import Group, Wish
from portal.library.models import FacetTerm
from portal.library.queries import name_of
from portal.web import locale, paging, words

Choices = list[tuple[str, str]]


def choices(terms: Mapping[str, Sequence[FacetTerm]]) -> dict[str, Choices]:
    """Return what can be chosen to narrow the list: kinds, languages, products, competitors."""
    reader = locale.code().value
    named = {
        facet: sorted(
            ((it.slug, name_of(it.names, it.slug, reader)) for it in of),
            key=lambda it: it[1].casefold(),
        )
        for facet, of in terms.items()
    }
    return {
        "kind": [(value, str(label)) for value, label in words.KINDS.items()],
        "language": [(code.value, name) for code, name in locale.NAMES.items()],
        **named,
    }


def group_links(wish: Wish, counts: Mapping[Group, int], path: str, args: paging.Args) -> list[
    tuple[str, str, bool, int]
]:  # fmt: skip
    """Return the chips of the groups: words, address, whether shown, how many."""
    kept = [(k, v) for k, v in args if k not in {"group", "page", "format"}]
    return [
        (
            words.label(labels.GROUPS, group),
            paging.with_args(path, kept, {"group": group.value if group != Group.JUDGED else ""}),
            group is wish.group,
            counts[group],
        )
        for group in Group
    ]
