"""Tables beside the deals: accounts, agents, owners, stages; learnt, and applied to deals there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.db import db
from portal.deals.importing import queries, rules
from portal.deals.importing.matching import Matcher
from portal.deals.importing.models import DealImportWord
from portal.deals.importing.survey import Table
from portal.deals.importing.writing import learn
from portal.deals.models import Customer
from portal.deals.rules import key_of

LOT = 500


def carry(
    it: Table, source: str, matcher: Matcher, at: datetime, *, rehearses: bool = False
) -> dict[str, int]:
    """Take in one table; returns rows, created, updated, unchanged. Flushed, if not a rehearsal."""
    if it.companion == "accounts":
        done = _accounts(it, matcher, at)
    elif it.companion == "products":
        done = _products(it, matcher)
    else:
        done = _words(it, source, matcher)
        if it.companion == "agents" and not rehearses:
            _apply_agents(source, matcher, at)
    if not rehearses:
        db.session.flush()
    return done


def told(it: Table) -> Any:  # noqa: ANN401  # a generator of mappings
    """Yield the rows of a table by its headers."""
    for _, cells in it.data():
        row = dict(zip(it.headers, (rules.text_of(cell, 200) for cell in cells), strict=False))
        if any(row.values()):
            yield row


def _counted() -> dict[str, int]:
    return dict.fromkeys(("rows", "created", "updated", "unchanged"), 0)


def _accounts(it: Table, matcher: Matcher, at: datetime) -> dict[str, int]:
    done = _counted()
    for lot in rules.lots(told(it), LOT):
        known = queries.customers({key_of(row.get("account", "")) for row in lot})
        for row in lot:
            key = key_of(row.get("account", ""))
            if not key:
                continue
            done["rows"] += 1
            customer = known.get(key)
            if is_new := customer is None:
                customer = known[key] = Customer(
                    name=row["account"], name_key=key, industry="", country="", created_at=at,
                    updated_at=at,
                )  # fmt: skip
                db.session.add(customer)
            staff = row.get("employees", "")
            number = int(staff) if staff.isdecimal() and len(staff) <= 9 else None  # noqa: PLR2004
            new = learn(
                customer, matcher, at, industry=row.get("sector", ""),
                country=row.get("office_location", ""), employees=number,
            )  # fmt: skip
            done["created" if is_new else "updated" if new else "unchanged"] += 1
    return done


def _products(it: Table, matcher: Matcher) -> dict[str, int]:
    """Look which products are known here; the vocabulary is for people to keep."""
    done = _counted()
    for row in told(it):
        done["rows"] += 1
        done["unchanged"] += bool(matcher.term("product", row.get("product", "")))
    return done


def _fact(kind: str, row: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """Return kind, word and what a row says about it."""
    if kind == "agents":
        told = {"region": row.get("regional_office", ""), "manager": row.get("manager", "")}
        return "agent", row.get("sales_agent", ""), told
    if kind == "owners":
        name = " ".join(filter(None, (row.get("first_name", ""), row.get("last_name", ""))))
        return "owner", row.get("owner_id", ""), {"email": row.get("email", ""), "name": name}
    if kind == "pipelines":
        return "pipeline-id", row.get("pipeline_id", ""), {"label": row.get("label", "")}
    won, ended = rules.truth(row.get("closed_won", "")), rules.truth(row.get("is_closed", ""))
    outcome = "won" if won else "lost" if ended else ""
    return "stage-id", row.get("stage_id", ""), {"label": row.get("label", ""), "outcome": outcome}


def _words(it: Table, source: str, matcher: Matcher) -> dict[str, int]:
    done = _counted()
    known = {(row.kind, row.word_key): row for row in queries.words(source)}
    for row in told(it):
        kind, word, detail = _fact(it.companion, row)
        if not word:
            continue
        done["rows"] += 1
        key = (kind, key_of(word))
        matcher.learnt.details[key] = detail
        there = known.get(key)
        if there is None:
            known[key] = DealImportWord(
                source=source, kind=kind, word_key=key[1], word=word, detail=detail
            )
            db.session.add(known[key])
            done["created"] += 1
        elif there.detail != detail:
            there.detail = detail
            done["updated"] += 1
        else:
            done["unchanged"] += 1
    return done


def _apply_agents(source: str, matcher: Matcher, at: datetime) -> None:
    """Give deals that came before the table of agents the region and team of theirs."""
    names = {person.id: person.name for person in queries.people()}
    for lot in queries.of_source(source, LOT):
        for deal in lot:
            agent = matcher.agent(
                (deal.said or {}).get("owner") or names.get(deal.owner_id or 0, "")
            )
            if not agent:
                continue
            region = agent.get("region", "")[:80]
            if region and deal.region != region:
                deal.region, deal.updated_at = region, at
            if deal.team_id is None:
                deal.team_id = matcher.team(agent.get("manager", "")) or matcher.team(region)
        db.session.flush()
        db.session.expire_all()
