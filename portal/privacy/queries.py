"""The SELECTs that find everything that is kept of one person, table by table."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Table, false, or_, select

from portal.accounts.erasing import is_erased, tries_at
from portal.accounts.models import User
from portal.accounts.rules import email_keys
from portal.audit.models import AuditDetail, AuditEntry
from portal.audit.queries import details_of
from portal.db import Base, db
from portal.deals.erasing import keys_of
from portal.deals.importing.models import DealImportWord
from portal.library.erasing import NAMING
from portal.library.publishing.models import AssetEvent
from portal.privacy import rules

LOT = 500
NOT_HERS = frozenset({"text_revisions.drawn", "assets.files_stamp"})
"""What follows from the rest: kept so that pages are quick."""


def tables(person: User) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Yield the name of every table that holds something of a person, and its rows of hers."""
    for table in sorted(Base.metadata.tables.values(), key=lambda it: str(it.name)):
        condition = _condition(table, person)
        if condition is not None:
            rows = _rows(table, condition)
            if table is AuditDetail.__table__:
                rows = _without_addresses(rows, person.id)
            yield str(table.name), rows


def _without_addresses(rows: Iterator[dict[str, Any]], own: int) -> Iterator[dict[str, Any]]:
    """Leave out from where others did something to a person: that tells of them."""
    about_her = (AuditEntry.kind == "user", AuditEntry.key == str(own))
    by_others = select(AuditEntry.sequence).where(*about_her, AuditEntry.actor != own)
    others = set(db.session.scalars(by_others))
    for row in rows:
        if row["sequence"] in others:
            row["personal"] = {k: v for k, v in row["personal"].items() if k != "address"}
        yield row


def _condition(table: Table, person: User) -> ColumnElement[bool] | None:
    """Return which rows of a table are a person's, or tell of her; None: none can be."""
    mine = [
        column == person.id
        for column in table.columns
        if f"{table.name}.{column.name}" in rules.people()
    ]
    mine += _special(str(table.name), person)
    return or_(false(), *mine) if mine else None


def _special(table: str, person: User) -> list[ColumnElement[bool]]:
    """Return which rows tell of a person in another way than by her number."""
    keys = [*email_keys(person.email), person.email_key]
    if is_erased(person) and table in {"asset_events", "deal_import_words"}:
        return []  # they have no name by which it could be theirs
    special: dict[str, list[ColumnElement[bool]]] = {
        "users": [User.id == person.id],
        "sign_in_attempts": [tries_at(keys)],
        "audit_entries": [AuditEntry.sequence.in_(details_of(person.id))],
        "audit_details": [AuditDetail.sequence.in_(details_of(person.id))],
        "asset_events": [
            AssetEvent.action.in_(NAMING) & AssetEvent.note.contains(person.name, autoescape=True)
        ],
        "deal_import_words": [
            DealImportWord.word_key.in_(keys_of(person.name, person.email)),
            DealImportWord.target == person.email,
        ],
    }
    return special.get(table, [])


def _rows(table: Table, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    columns = [
        column
        for column in table.columns
        if not isinstance(column.type, LargeBinary)
        and not rules.is_secret(str(column.name))
        and f"{table.name}.{column.name}" not in NOT_HERS
    ]
    query = select(*columns).where(condition).order_by(*table.primary_key.columns)
    found = db.session.execute(query, execution_options={"yield_per": LOT})
    for row in found.mappings():
        yield dict(row)
