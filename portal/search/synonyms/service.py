"""Groups of synonyms added, edited, removed, brought back; who did it is kept."""

import secrets
from collections.abc import Mapping, Sequence
from typing import NoReturn

from portal import clock
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Invalid, NotFound
from portal.search import trade
from portal.search.synonyms import queries, rules
from portal.search.synonyms.models import SynonymEvent, SynonymGroup
from portal.search.synonyms.rules import Fault, Group


class FaultError(Invalid):
    """Words that can not be a group; nothing was changed."""

    def __init__(self, fault: Fault) -> None:
        """Keep what is wrong."""
        super().__init__(f"{fault.wrong}: {fault.phrase!r}")
        self.fault = fault


def groups() -> list[Group]:
    """Return all groups by name, removed ones too."""
    return rules.listing(trade.synonyms().items(), map(_group, queries.rows()))


def _group(row: SynonymGroup) -> Group:
    return Group(row.key, row.words, row.version, row.key in trade.synonyms(), row.removed)


def group(key: str) -> Group:
    """Return a group.

    Raises:
        NotFound: when there is none.
    """
    row = queries.row(key)
    if row is not None:
        return _group(row)
    words = trade.synonyms().get(key)
    if words is None:
        raise NotFound
    return Group(key, words, shipped=True)


def add(actor_id: int, words: Mapping[str, Sequence[str]]) -> Group:
    """Add a group; flushed.

    Raises:
        FaultError: when the words can not be one.
    """
    tidy = rules.tidy(words)
    found = rules.fault(tidy, [it for it in groups() if not it.removed])
    if found is not None:
        _refuse(found)
    row = SynonymGroup(key=secrets.token_hex(6), words=tidy)
    db.session.add(row)
    db.session.flush()
    _note(row, actor_id, "add", {})
    return _group(row)


def rewrite(actor_id: int, key: str, words: Mapping[str, Sequence[str]], *, version: int) -> None:
    """Give a group other words; flushed. The same words change nothing.

    Raises:
        NotFound: when there is none.
        Conflict: when somebody has changed it since `version`.
        FaultError: when the words can not be one.
    """
    row, now = _locked(key, version)
    tidy = rules.tidy(words)
    others = [it for it in groups() if it.key != key and not it.removed]
    found = rules.fault(tidy, others, now.words)
    if found is not None:
        _refuse(found)
    if tidy != {code: list(said) for code, said in now.words.items()}:
        _change(row, actor_id, "change", words=tidy)


def remove(actor_id: int, key: str, *, removed: bool, version: int) -> None:
    """Take a group out of use, or back; flushed. Once more changes nothing.

    Raises:
        NotFound: when there is none.
        Conflict: when somebody has changed it since `version`.
    """
    row, now = _locked(key, version)
    if now.removed != removed:
        _change(row, actor_id, "remove" if removed else "restore", removed=removed)


def _refuse(found: Fault) -> NoReturn:
    raise FaultError(found)


def _locked(key: str, version: int) -> tuple[SynonymGroup, Group]:
    """Return a group's row, a new one for what is as shipped, and the group as it is."""
    row = queries.row(key, lock=True)
    now = _group(row) if row is not None else group(key)
    if now.version != version:
        raise Conflict("somebody has changed this group meanwhile")
    if row is None:
        words = {code: list(said) for code, said in now.words.items()}
        row = SynonymGroup(key=key, words=words, version=0)
    return row, now


def _change(
    row: SynonymGroup,
    actor_id: int,
    action: str,
    *,
    words: dict[str, list[str]] | None = None,
    removed: bool = False,
) -> None:
    before = row.words
    row.words = before if words is None else words
    row.removed = removed
    row.version += 1
    db.session.add(row)
    db.session.flush()
    _note(row, actor_id, action, before)


def _note(row: SynonymGroup, actor_id: int, action: str, before: dict[str, list[str]]) -> None:
    db.session.add(
        SynonymEvent(
            group_id=row.id,
            at=clock.now(),
            user_id=actor_id,
            action=action,
            before=before,
            after=row.words,
        )
    )
    db.session.flush()
    audit.record(
        f"synonyms.{action}",
        kind="synonyms",
        key=row.key,
        actor=actor_id,
        before=before,
        after=row.words,
    )
