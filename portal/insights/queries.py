"""Every SELECT of the reports: assets beside how they were used."""

from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.insights.rules import Line, best_language
from portal.library.models import Asset, AssetText
from portal.usage import queries as usage
from portal.usage.rules import Window

PUBLISHED = "published"
UNUSED = usage.Use(0, 0, 0)


def lines(window: Window, language: str) -> list[Line]:
    """Return every published asset, and others used in the window, with their use; by id.

    Unused ones are there, too: what nobody opens is what a marketer wants to see.
    """
    used = usage.uses(window)
    titles: dict[int, dict[str, str]] = {}
    for asset_id, code, title in _titles():
        titles.setdefault(asset_id, {})[code] = title
    found = []
    for asset_id, slug, kind, state, last_used in _assets():
        known = titles.get(asset_id)
        if known is None or (state != PUBLISHED and asset_id not in used):
            continue
        shown = best_language(known, language)
        use = used.get(asset_id, UNUSED)
        found.append(
            Line(
                id=asset_id,
                slug=slug,
                kind=kind,
                title=known[shown],
                language=shown,
                views=use.views,
                people=use.people,
                copies=use.copies,
                last_used=last_used,
            )
        )
    return found


def _titles() -> Any:  # noqa: ANN401  # rows of three columns
    query = select(AssetText.asset_id, AssetText.language, AssetText.title)
    return db.session.execute(query.order_by(AssetText.asset_id, AssetText.language))


def _assets() -> Any:  # noqa: ANN401  # rows of five columns
    last_used = usage.last_use(Asset.__table__.c.id)
    query = select(Asset.id, Asset.slug, Asset.kind, Asset.state, last_used)
    return db.session.execute(query.order_by(Asset.id))
