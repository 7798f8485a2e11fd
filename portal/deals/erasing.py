"""Takes a person out of what imports of deals have written down of them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from portal.db import db
from portal.deals.importing.models import DealImport, DealImportFile, DealImportRow, DealImportWord
from portal.deals.models import Deal
from portal.deals.rules import key_of


def erase(name: str, email: str) -> None:
    """Forget where imports have written a name or an e-mail: learnt words, reports, deals. Flushed.

    What another system goes on telling comes back with its next file: erase them there as well.
    """
    keys = keys_of(name, email)
    for word in db.session.scalars(select(DealImportWord).order_by(DealImportWord.id)):
        if word.word_key in keys or key_of(word.target) in keys or _names(word.detail, keys):
            db.session.delete(word)
    for row in db.session.scalars(select(DealImportRow).order_by(DealImportRow.id)):
        if _names(row.told, keys):
            row.told = {}
    said = select(Deal).where(Deal.said.is_not(None)).order_by(Deal.id)
    for deal in db.session.scalars(said.execution_options(yield_per=500)):
        if _names(deal.said, keys):
            deal.said = {k: v for k, v in (deal.said or {}).items() if not _names(v, keys)}
    db.session.flush()


def keys_of(name: str, email: str) -> set[str]:
    """Return the keys under which imports learn a person's name or e-mail."""
    return {key_of(name), key_of(email)} - {""}


def _names(told: object, keys: Collection[str]) -> bool:
    """Whether one of the texts that were told, however deep, is one of these."""
    if isinstance(told, str):
        return key_of(told) in keys
    if isinstance(told, Mapping):
        return any(_names(it, keys) for it in told.values())
    return isinstance(told, list) and any(_names(it, keys) for it in told)


def forget_previews(before: datetime, limit: int) -> int:
    """Delete files that were sent before then and never taken in; returns how many."""
    old = db.session.scalars(
        select(DealImportFile.id)
        .join(DealImport, DealImport.id == DealImportFile.import_id)
        .where(DealImport.at < before)
        .order_by(DealImportFile.id)
        .limit(limit)
    ).all()
    db.session.execute(delete(DealImportFile).where(DealImportFile.id.in_(old)))
    return len(old)
