"""What the screen about an ended deal shows: its assets, what they did, what to ask for next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from portal.calls.feedback import queries
from portal.calls.feedback.models import DealFeedback
from portal.calls.links import feedback_path
from portal.calls.ratings import labels
from portal.calls.ratings.rules import Helped
from portal.deals import labels as outcomes
from portal.deals.models import Deal
from portal.deals.presenting import reason_name
from portal.deals.rules import COMPETITOR, PRODUCT
from portal.library.freshness.queries import titles
from portal.library.links import asset_path
from portal.library.terms import queries as terms
from portal.library.terms.presenting import name as term_name
from portal.web import locale, words

TITLE_MOST = 200


@dataclass(frozen=True, slots=True)
class Used:
    """An asset used on the deal, and what it did as far as that was said."""

    id: int
    title: str
    language: str
    url: str
    helped: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Content against a competitor that could be asked for; no `name`: nobody said whom."""

    name: str
    url: str


def used(asset_ids: Sequence[int], said: Mapping[int, str]) -> list[Used]:
    """Show assets with what was said of them."""
    named, known = titles(asset_ids, locale.code().value), queries.slugs(asset_ids)
    found = []
    for asset_id in asset_ids:
        if asset_id not in known:
            continue
        slug, state = known[asset_id].slug, known[asset_id].state
        language, title = named.get(asset_id, (locale.code().value, slug))
        url = asset_path(slug) if state == "published" else ""
        found.append(Used(asset_id, title, language, url, said.get(asset_id, "")))
    return found


def wanted(deal: Deal, kept: DealFeedback, ask_url: str) -> list[Wanted]:
    """Return what could be asked for now that a deal is lost to somebody."""
    if deal.outcome != "lost" or not ask_url:
        return []
    slugs: dict[str, list[str]] = {COMPETITOR: [], PRODUCT: []}
    for term in deal.terms:
        slugs.setdefault(term.facet, []).append(term.slug)
    told = {"title": " ".join(kept.missing.split())[:TITLE_MOST]}
    if slugs[PRODUCT]:
        told["product"] = slugs[PRODUCT][0]
    if not slugs[COMPETITOR]:
        names_one = deal.loss_reason is not None and deal.loss_reason.competitor
        return [Wanted("", _address(ask_url, told))] if names_one else []
    found = []
    for slug in slugs[COMPETITOR]:
        it = terms.found(COMPETITOR, slug)
        name, known = (term_name(it), it.slug) if it is not None else (slug, slug)
        found.append(Wanted(name, _address(ask_url, told | {"competitor": known})))
    return found


def _address(ask_url: str, told: Mapping[str, str]) -> str:
    return f"{ask_url}?{urlencode({name: value for name, value in told.items() if value})}"


def reason_of(deal: Deal) -> str:
    """Return why a deal was lost, in the reader's language."""
    return reason_name(deal.loss_reason) if deal.loss_reason else ""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody has said about a deal that has ended; `did`: assets by what they did."""

    url: str
    name: str
    outcome: str
    reason: str
    who: str
    at: datetime | None
    did: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    missing: str


def told(rows: Sequence[DealFeedback]) -> list[Told]:
    """Show what was said about deals."""
    language = locale.code().value
    named = titles(sorted({it.asset_id for row in rows for it in row.assets}), language)
    found = []
    for row in rows:
        did = [
            (
                str(words.label(labels.HELPED, helped.value)),
                [
                    named.get(it.asset_id, (language, "–"))
                    for it in row.assets
                    if it.helped == helped.value
                ],
            )
            for helped in Helped
        ]
        found.append(
            Told(
                url=feedback_path(row.deal_id),
                name=row.deal.name,
                outcome=words.label(outcomes.OUTCOMES, row.deal.outcome),
                reason=reason_of(row.deal),
                who=row.user.name,
                at=row.answered_at,
                did=[it for it in did if it[1]],
                missing=row.missing,
            )
        )
    return found
