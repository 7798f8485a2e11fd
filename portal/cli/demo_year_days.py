"""Everyday use in the demo's simulated year: searches found and in vain, pages read; requests."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, update

from portal.accounts.models import User
from portal.accounts.rules import DEMO_DOMAIN
from portal.asset_requests.asking.service import Words
from portal.asset_requests.carrying import rules as files
from portal.asset_requests.carrying.service import Carrier
from portal.cli import demo_year_rows
from portal.cli.demo_year import WEEKS
from portal.cli.demo_year_rows import EVENT, SOURCE, Year
from portal.db import db
from portal.insights.history import bulk
from portal.insights.lift import service as lift
from portal.insights.recommending.models import ShownSuggestion
from portal.insights.use import service as use
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

READS, SEARCHES = 2.0, 0.7
"""Pages read and searches made a week by each of those who sell, beside deals."""
REACHED, PLACES, BY_CHANCE = 2, 6, 0.2
"""From which stage assets were suggested, how many, and how often by chance."""
HITS = 9
"""Hits a search finds, at most about."""


def fill(file: Path, *, words: Words, zone: str) -> None:
    """Write the demo's simulated year; its counts are made by `count`. Flushed."""
    year = demo_year_rows.fill(file, zone=zone)
    _publish(year)
    locals_ = [local for team in year.plan["teams"] for local in team["people"]]
    numbers = [year.person(local).id for local in locals_]
    _reads(year, numbers)
    _finds(year, numbers)
    _misses(year, numbers)
    year.events.sort(key=lambda row: row["at"])  # the ledger's numbers rise with its time
    bulk.put(UsageEvent, year.events)
    bulk.put(ShownSuggestion, _suggested(year))
    carrier = Carrier(words, zone)
    for number, told in enumerate(year.plan["requests"]):
        carrier.carry(files.read(_request(year, number, told)))


def count(zone: str, commit: Callable[[], None]) -> None:
    """Count what the simulated year tells of assets and of their use."""
    lift.refresh(commit)
    use.roll_up(zone, commit=commit)


def _publish(year: Year) -> None:
    """Let people and the library be older than the year, but for what nobody has used yet."""
    for number, slug in enumerate(year.plan["never"]):
        if slug in year.assets:
            since = year.now - timedelta(days=9 + 6 * number)
            _published(since, Asset.id == year.assets[slug].id)
    before = year.at(0) - timedelta(days=30)
    _published(before, Asset.slug.not_in(year.plan["never"]))
    here = update(User).values(created_at=before)
    db.session.execute(here.execution_options(synchronize_session=False))


def _published(at: datetime, which: ColumnElement[bool]) -> None:
    """Say since when assets are out, without making new versions of them."""
    told = update(Asset).where(which, Asset.published_at.is_not(None)).values(published_at=at)
    db.session.execute(told.execution_options(synchronize_session=False))


def _use(year: Year, person: int, week: float, slug: str, action: Action) -> dict[str, Any]:
    asset = year.assets[slug]
    text = year.chance.choice(asset.texts)
    return EVENT | {
        "at": year.at(week), "action": action.value, "user_id": person, "asset_id": asset.id,
        "language": text.language, "revision": text.revision,
    }  # fmt: skip


def _reads(year: Year, people: list[int]) -> None:
    """Let people read pages of the library; more of them as the year goes on."""
    never = set(year.plan["never"])
    slugs = [slug for slug, it in year.assets.items() if it.texts and slug not in never]
    for place, person in enumerate(people):
        begins = WEEKS * 0.6 * place / len(people)  # not all used it from the first day
        for _ in range(round(READS * (WEEKS - begins))):
            week = year.chance.uniform(begins, WEEKS)
            row = _use(year, person, week, year.chance.choice(slugs), Action.VIEWED)
            year.events.append(row | {"source": "browse"})
            if year.chance.random() < 0.1:  # noqa: PLR2004
                year.events.append(row | {"source": None, "action": Action.DOWNLOADED.value})


def _finds(year: Year, people: list[int]) -> None:
    """Let people search and open a hit, mostly."""
    chance = year.chance
    known = {s: words for s, words in year.plan["searches"].items() if s in year.assets}
    for person in people if known else ():
        for _ in range(round(SEARCHES * WEEKS)):
            slug = chance.choice(list(known))
            week, ref = chance.uniform(0, WEEKS), f"{chance.getrandbits(64):016x}"
            searched = EVENT | {
                "at": year.at(week), "action": Action.SEARCHED.value, "user_id": person,
                "source": "search", "query": chance.choice(known[slug]), "ref": ref,
                "results": chance.randint(1, HITS),
            }  # fmt: skip
            others = [year.assets[it].id for it in chance.sample(list(year.assets), HITS)]
            hits = [year.assets[slug].id, *others][: searched["results"]]
            year.events.append(searched | {"shown": list(dict.fromkeys(hits))})
            if chance.random() < 0.75:  # noqa: PLR2004
                row = _use(year, person, week, slug, Action.OPENED)
                found = {"source": "search", "ref": ref, "rank": min(9, 1 + chance.getrandbits(1))}
                year.events.append(row | found)
                year.events.append(row | {"source": "search", "action": Action.VIEWED.value})


def _misses(year: Year, people: list[int]) -> None:
    """Let people search in vain, of late more often for some things."""
    chance = year.chance
    for told in year.plan["in_vain"]:
        for _ in range(told["times"]):
            part = chance.random() ** (0.35 if told.get("growing") else 1.0)
            row = {
                "at": year.at(min(WEEKS * part, WEEKS - 0.001)), "action": Action.SEARCHED.value,
                "user_id": chance.choice(people), "source": "search", "query": told["words"],
                "results": 0, "ref": f"{chance.getrandbits(64):016x}",
            }  # fmt: skip
            year.events.append(EVENT | row)


def _suggested(year: Year) -> list[dict[str, Any]]:
    """Return what was suggested when deals came to be evaluated: mostly what was used then."""
    chance, rows = year.chance, []
    helps = year.plan["helps"]
    slugs = [slug for slug, it in year.assets.items() if it.texts]
    for number, it in year.written:
        if len(it.entered) < REACHED:
            continue
        week = it.entered[REACHED - 1][1]
        later = list(dict.fromkeys(use.slug for use in it.uses if use.at > week))
        shown = list(dict.fromkeys([*later[::2][:3], *chance.sample(slugs, PLACES)]))[:PLACES]
        for place, slug in enumerate(shown, 1):
            drawn = chance.random() < BY_CHANCE and slug not in later[::2][:3]
            effect = helps.get(slug, 0.0)
            rows.append(
                {
                    "deal_id": number, "asset_id": year.assets[slug].id, "at": year.at(week),
                    "day": year.at(week).date(), "place": place, "chance": drawn,
                    "among": 4 if drawn else 1,
                    "promising": effect > 0 or (effect == 0 and chance.random() < 0.4)  # noqa: PLR2004
                    if drawn
                    else None,
                }
            )  # fmt: skip
    return rows


def _request(year: Year, number: int, told: Mapping[str, Any]) -> dict[str, str]:
    """Return a request of the year as a row of a file."""
    row = {
        name: str(told[name])
        for name in ("title", "kind", "language", "product", "competitor", "industry")
        if name in told
    }
    asked = year.at(told["week"])
    settled = {"settled_at": told["settled"], "acknowledged_at": told["took"]}
    steps = settled | ({"delivered_at": told["delivered"]} if "delivered" in told else {})
    return row | {
        "id": f"{SOURCE}-{number}",
        "requester": f"{told['requester']}@{DEMO_DOMAIN}",
        "assignee": f"{told['assignee']}@{DEMO_DOMAIN}",
        "state": told.get("state", "accepted"),
        "delivered": told.get("delivered_asset", ""),
        "asked_at": asked.isoformat(),
        **{name: (asked + timedelta(days=days)).isoformat() for name, days in steps.items()},
    }
