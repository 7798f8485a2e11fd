"""Takes in the deals of a history as they stand; what they went through is another file's."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, update

from portal.db import db
from portal.deals.models import Deal, DealTerm
from portal.deals.rules import COMPETITOR, CURRENCY, PRODUCT, Outcome
from portal.insights.history import bulk, queries
from portal.insights.history.known import Known
from portal.insights.history.rules import DealRow, FileReport, digest_of
from portal.library.terms.rules import SLUG_MOST
from portal.markup import slugify

_TABLE: Any = Deal.__table__


def keep(rows: Sequence[tuple[int, DealRow]], known: Known, report: FileReport) -> None:
    """Write the deals of a chunk that are new or say something else than before."""
    good = []
    for number, row in rows:
        if row.closed_at is not None and row.closed_at < row.created_at:
            report.reject(number, "closed_at is before created_at")
            continue
        if row.status is not Outcome.OPEN and row.closed_at is None:
            report.note(number, f"it is {row.status.value}, and does not say since when")
        good.append(row)
    known.meet(row.owner for row in good)
    there = queries.deals(known.source, [row.deal_id for row in good])
    new: list[tuple[dict[str, Any], set[tuple[str, str]]]] = []
    changed: list[tuple[int, dict[str, Any], set[tuple[str, str]]]] = []
    for row in good:
        values, terms = _values(row, known)
        before = there.get(row.deal_id)
        if before is None:
            new.append((values, terms))
        elif before.digest == values["digest"]:
            report.unchanged += 1
        else:
            values["said"] = (before.said or {}) | (values["said"] or {}) or None
            changed.append((before.id, values, terms))
    report.created += len(new)
    report.updated += len(changed)
    _insert(new)
    _update(changed)


def _values(row: DealRow, known: Known) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    """Return the columns a row fills, and its terms: words nobody here knows become slugs, too."""
    said: dict[str, str] = {}
    terms: set[tuple[str, str]] = set()
    for facet, words in ((PRODUCT, row.product), (COMPETITOR, row.competitor)):
        slugs, missed = known.matcher.terms(facet, words)
        terms |= {(facet, slug) for slug in slugs}
        terms |= {(facet, slugify(word, SLUG_MOST)) for word in missed}
        if missed:
            said[facet] = "; ".join(missed)
    is_lost = row.status in {Outcome.LOST, Outcome.NO_DECISION}
    reason = known.matcher.reason(row.loss_reason) if is_lost and row.loss_reason else None
    owner_id = known.person(row.owner) if row.owner else None
    values = {
        "source": known.source, "external_id": row.deal_id, "owner_id": owner_id,
        "segment": row.segment, "region": row.region, "amount": row.amount,
        "currency": row.currency or CURRENCY, "outcome": row.status.value,
        "created_at": row.created_at,
        "closed_at": row.closed_at if row.status is not Outcome.OPEN else None,
        "loss_reason_id": reason.id if reason else None,
        "loss_words": row.loss_reason if is_lost and reason is None else "",
        "said": said or None, "updated_at": known.at,
    }  # fmt: skip
    values["digest"] = digest_of(row.model_dump(mode="json"))
    return values, terms


def _insert(new: Sequence[tuple[dict[str, Any], set[tuple[str, str]]]]) -> None:
    if not new:
        return
    given = [{"name": values["external_id"], "account": ""} | values for values, _ in new]
    ids = bulk.added(Deal, given, "external_id")
    rows = [
        {"deal_id": ids[values["external_id"]], "facet": facet, "slug": slug}
        for values, terms in new
        for facet, slug in sorted(terms)
    ]
    bulk.put(DealTerm, rows)


def _update(changed: Sequence[tuple[int, dict[str, Any], set[tuple[str, str]]]]) -> None:
    if not changed:
        return
    names = [name for name in changed[0][1] if name not in {"source", "external_id"}]
    change = update(_TABLE).where(_TABLE.c.id == bindparam("of"))
    db.session.connection().execute(
        change.values({name: bindparam(f"new_{name}") for name in names}),
        [{"of": of} | {f"new_{name}": values[name] for name in names} for of, values, _ in changed],
    )
    there = queries.terms([of for of, _, _ in changed])
    added: list[dict[str, Any]] = []
    gone: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for of, _, terms in changed:
        before = there.get(of, set())
        added += [{"deal_id": of, "facet": f, "slug": s} for f, s in sorted(terms - before)]
        gone[of] += sorted(before - terms)
    for of, terms_gone in gone.items():
        for facet, slug in terms_gone:
            db.session.execute(
                delete(DealTerm).where(
                    DealTerm.deal_id == of, DealTerm.facet == facet, DealTerm.slug == slug
                )
            )
    bulk.put(DealTerm, added)
