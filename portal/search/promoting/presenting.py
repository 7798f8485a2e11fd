"""What the pages of promotions show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext

from portal.library.links import asset_path
from portal.library.models import Asset
from portal.library.rules import State, pick_language
from portal.search.promoting.models import Promotion, PromotionEdit
from portal.web import locale


@dataclass(frozen=True, slots=True)
class PromotionView:
    """A promotion in the list."""

    id: int
    query: str
    search_url: str
    title: str
    language: str
    asset_url: str
    is_published: bool
    reason: str
    ends_on: date
    ended_at: datetime | None
    is_live: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EditView:
    """A promotion as somebody left it."""

    who: str
    at: datetime
    query: str
    reason: str
    ends_on: date
    ended: bool


def title_of(asset: Asset) -> tuple[str, str]:
    """Return (title, language) of an asset as the reader gets it; its slug when it has no text."""
    texts = {text.language: text.title for text in asset.texts}
    language = pick_language(texts, locale.code()) if texts else None
    return (texts[language], str(language)) if language in texts else (asset.slug, "en")


def view(it: Promotion, today: date) -> PromotionView:
    """Show a promotion."""
    title, language = title_of(it.asset)
    last = it.edits[-1]
    return PromotionView(
        id=it.id,
        query=it.query,
        search_url=url_for("search.page", q=it.query),
        title=title,
        language=language,
        asset_url=asset_path(it.asset.slug, language),
        is_published=it.asset.state == State.PUBLISHED.value,
        reason=it.reason,
        ends_on=it.ends_on,
        ended_at=it.ended_at,
        is_live=it.ended_at is None and it.ends_on >= today,
        by=_who(last),
        at=last.at,
    )


def edits(it: Promotion) -> list[EditView]:
    """Show who left a promotion how, the last first."""
    return [
        EditView(_who(row), row.at, row.query, row.reason, row.ends_on, row.ended)
        for row in reversed(it.edits)
    ]


def _who(row: PromotionEdit) -> str:
    return row.user.name if row.user else str(gettext("The portal"))


def labels(promoted: Mapping[int, date]) -> dict[int, str]:
    """Return what is said of promoted hits, by asset."""
    return {
        asset_id: gettext("Recommended by Marketing until %(date)s", date=locale.day(ends_on))
        for asset_id, ends_on in promoted.items()
    }
