"""The rows of the report on use: assets beside how they were used."""

from collections.abc import Sequence

from portal.insights.rules import Column, Line
from portal.insights.use import assets
from portal.insights.use.kept import AssetUse
from portal.insights.use.queries import Basis
from portal.library.freshness.queries import titles


def lines(on: Basis, language: str) -> list[Line]:
    """Return every published asset, and others used in the window, with their use.

    Unused ones are there, too: what nobody opens is what a marketer wants to see.
    """
    return _titled(assets.lines(on, Column.VIEWS, up=False), language)


def page(
    on: Basis, language: str, order: Column, *, up: bool, size: int, offset: int
) -> list[Line]:
    """Return some of these, sorted by the database."""
    return _titled(assets.lines(on, order, up=up, size=size, offset=offset), language)


def _titled(found: Sequence[AssetUse], language: str) -> list[Line]:
    named = titles([it.id for it in found], language)
    return [
        Line(
            id=it.id,
            slug=it.slug,
            kind=it.kind,
            title=named[it.id][1],
            language=named[it.id][0],
            views=it.counts.views,
            people=it.counts.people,
            copies=it.counts.copies,
            last_used=it.last_used,
        )
        for it in found
    ]
