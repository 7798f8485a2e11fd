"""Writes a chunk of deals in a few statements: customers, deals, terms, history, who to ask."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from portal import clock
from portal.db import db
from portal.deals.importing import queries
from portal.deals.importing.matching import Matcher
from portal.deals.importing.resolving import Resolved
from portal.deals.models import Customer, Deal, DealTerm, StageChange
from portal.deals.rules import CURRENCY, Outcome, key_of
from portal.deals.service import ENDED
from portal.jobs import service as jobs

ASKED_WITHIN = timedelta(days=14)
"""How long ago a deal may have ended for its owner to be asked what helped."""
DEFAULTS: dict[str, Any] = {
    "account": "", "customer_id": None, "owner_id": None, "team_id": None, "region": "",
    "amount": None, "pipeline_id": None, "stage_id": None, "stage": "", "outcome": "open",
    "loss_reason_id": None, "loss_words": "", "closes_on": None, "closed_at": None, "said": None,
}  # fmt: skip
OPEN = Outcome.OPEN.value


@dataclass(slots=True)
class Done:
    """What has become of the rows of a chunk."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def compared(source: str, rows: Sequence[Resolved]) -> Done:
    """Return what would become of these rows; nothing is written."""
    kept = queries.kept(source, [it.row.id for it in rows])
    there = [it for it in rows if it.row.id in kept]
    changed = sum(kept[it.row.id].digest != it.digest for it in there)
    return Done(len(rows) - len(there), changed, len(there) - changed)


class Chunk:
    """Rows of one source to be written together, at the moment of their import."""

    def __init__(self, source: str, at: datetime, matcher: Matcher, currency: str) -> None:
        """Begin with nothing written."""
        self.source, self.at, self.matcher = source, at, matcher
        self.currency = currency or CURRENCY
        self.done = Done()
        self._history: list[dict[str, Any]] = []
        self._ended: list[int] = []

    def write(self, rows: Sequence[Resolved]) -> Done:
        """Add and change deals as these rows say; nothing is written for a row that is known."""
        kept = queries.kept(self.source, [it.row.id for it in rows])
        self._customers(rows)
        new = [it for it in rows if it.row.id not in kept]
        changed = [it for it in rows if it.row.id in kept and kept[it.row.id].digest != it.digest]
        ids = self._insert(new)
        self._update(changed, kept)
        ids |= {it.row.id: kept[it.row.id].id for it in changed}
        self._tag(changed, new, ids)
        if self._history:
            db.session.execute(insert(StageChange), self._history)
        if self._ended:
            jobs.enqueue(ENDED, {"deals": sorted(self._ended)})
        self.done = Done(len(new), len(changed), len(rows) - len(new) - len(changed))
        return self.done

    def _customers(self, rows: Sequence[Resolved]) -> None:
        """Find or add the customers named, and keep what the rows say about them."""
        named = {key_of(it.values["account"]): it for it in rows if it.values.get("account")}
        known = queries.customers(named)
        for key, it in named.items():
            if key and key not in known:
                known[key] = Customer(
                    name=it.values["account"], name_key=key, industry="", country="",
                    created_at=self.at, updated_at=self.at,
                )  # fmt: skip
                db.session.add(known[key])
        for it in rows:
            customer = known.get(key_of(it.values.get("account", "")))
            if customer is not None:
                words = it.row.words
                learn(
                    customer, self.matcher, self.at, industry=words.get("industry", ""),
                    country=words.get("country", ""), employees=it.row.employees,
                )  # fmt: skip
        db.session.flush()
        for it in rows:
            if "account" in it.values:
                customer = known.get(key_of(it.values["account"]))
                it.values["customer_id"] = customer.id if customer else None

    def _insert(self, rows: Sequence[Resolved]) -> dict[str, int]:
        if not rows:
            return {}
        given = [
            DEFAULTS
            | {"currency": self.currency, "created_at": self.at}
            | it.soft
            | it.values
            | {
                "source": self.source, "external_id": it.row.id,
                "digest": it.digest, "updated_at": clock.now(),
            }
            for it in rows
        ]  # fmt: skip
        made = db.session.execute(insert(Deal).returning(Deal.id, Deal.external_id), given)
        ids = {row.external_id: row.id for row in made}
        for it, values in zip(rows, given, strict=True):
            deal_id = ids[it.row.id]
            self._begun(deal_id, it, values)
            self._may_ask(deal_id, values)
        return ids

    def _begun(self, deal_id: int, it: Resolved, values: dict[str, Any]) -> None:
        created, closed = values["created_at"], values["closed_at"]
        if values["outcome"] == OPEN:
            self._note(deal_id, it.row.moments.get("stage_at") or created, values)
            return
        if "created_at" in it.values:
            blank = {"stage_id": None, "stage": "", "outcome": OPEN}
            self._note(deal_id, created, blank)
        self._note(deal_id, closed or created, values)

    def _note(self, deal_id: int, at: datetime, values: dict[str, Any]) -> None:
        told = {name: values[name] for name in ("stage_id", "stage", "outcome")}
        self._history.append({"deal_id": deal_id, "at": at, "user_id": None} | told)

    def _may_ask(self, deal_id: int, values: dict[str, Any]) -> None:
        closed = values.get("closed_at")
        if values["outcome"] == OPEN or not values.get("owner_id") or closed is None:
            return
        if self.at - ASKED_WITHIN <= closed <= self.at + timedelta(days=1):
            self._ended.append(deal_id)

    def _update(self, rows: Sequence[Resolved], kept: dict[str, Any]) -> None:
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for it in rows:
            before = kept[it.row.id]
            values = it.soft | it.values | {"digest": it.digest, "updated_at": clock.now()}
            has_ended = "outcome" in values and values["outcome"] != OPEN
            if has_ended and before.outcome == OPEN:
                values.setdefault("closed_at", self.at)
                self._may_ask(before.id, {"owner_id": before.owner_id} | values)
            if "outcome" in values and (values["stage"], values["outcome"]) != (
                before.stage, before.outcome,
            ):  # fmt: skip
                at = values.get("closed_at") if has_ended else it.row.moments.get("stage_at")
                self._note(before.id, at or self.at, values)
            alike[tuple(sorted(values))].append({"of": before.id} | values)
        for names, given in alike.items():
            change = update(Deal.__table__).where(Deal.__table__.c.id == bindparam("of"))  # type: ignore[arg-type]
            db.session.connection().execute(
                change.values({name: bindparam(name) for name in names}), given
            )

    def _tag(
        self, changed: Sequence[Resolved], new: Sequence[Resolved], ids: dict[str, int]
    ) -> None:
        there = queries.tagged([ids[it.row.id] for it in changed]) if changed else {}
        added, gone = [], []
        for it in (*changed, *new):
            deal_id = ids[it.row.id]
            before = there.get(deal_id, set())
            wanted = {(facet, slug) for facet, slugs in it.terms.items() for slug in slugs}
            added += [
                {"deal_id": deal_id, "facet": f, "slug": s} for f, s in sorted(wanted - before)
            ]
            gone += [
                (deal_id, f, s) for f, s in sorted(before - wanted) if f in it.terms
            ]  # fmt: skip
        for deal_id, facet, slug in gone:
            db.session.execute(
                delete(DealTerm).where(
                    DealTerm.deal_id == deal_id, DealTerm.facet == facet, DealTerm.slug == slug
                )
            )
        if added:
            db.session.execute(insert(DealTerm), added)


def learn(
    customer: Customer,
    matcher: Matcher,
    at: datetime,
    *,
    industry: str,
    country: str,
    employees: int | None,
) -> bool:
    """Keep what a source says about a customer; returns whether anything was new."""
    said: dict[str, Any] = {}
    if industry:
        said["industry"] = (matcher.term("industry", industry) or industry)[:80]
    if country:
        said["country"] = country[:80]
    if employees is not None:
        said["employees"] = employees
    new = {name: value for name, value in said.items() if getattr(customer, name) != value}
    for name, value in new.items():
        setattr(customer, name, value)
    if new:
        customer.updated_at = at
    return bool(new)
