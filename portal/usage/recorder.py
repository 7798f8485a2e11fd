"""Note facts during a request; write them once, after the view, without ever breaking the page."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import current_app, g, has_request_context, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.db import apart, inserting, writing
from portal.usage import rules
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

Working = Callable[[], tuple[int, str] | None]

log = logging.getLogger(__name__)

_TABLE: Any = UsageEvent.__table__
Rows = list[dict[str, Any]]


def note(
    action: Action,
    *,
    asset_id: int | None = None,
    language: str | None = None,
    revision: int | None = None,
    source: str | None = None,
    rank: int | None = None,
    ref: str | None = None,
    section: str | None = None,
    sentence: str | None = None,
    query: str | None = None,
    results: int | None = None,
    filters: Mapping[str, object] | None = None,
    shown: Iterable[int] = (),
) -> None:
    """Remember that somebody did something, until `keep` writes it.

    Values from outside may be anything: what does not fit the ledger is left out, never refused.
    """
    if not _is_seen():
        return
    _noted(_TABLE).append(
        {
            **_working(),
            "at": clock.now(),
            "action": action.value,
            "user_id": current_user.id if current_user.is_authenticated else None,
            "asset_id": rules.clean_number(asset_id),
            "language": rules.clean_language(language),
            "revision": rules.clean_number(revision),
            "source": rules.clean_source(source),
            "rank": rules.clean_number(rank),
            "ref": rules.clean_ref(ref),
            "section": rules.clean_text(section, rules.SECTION_MOST),
            "sentence": rules.clean_text(sentence, rules.SENTENCE_MOST),
            "query": rules.clean_text(query, rules.QUERY_MOST),
            "results": rules.clean_number(results),
            "filters": rules.clean_filters(filters),
            "shown": list(shown)[: rules.SHOWN_MOST] or None,
        }
    )


def note_rows(table: Any, rows: Iterable[dict[str, Any]]) -> None:  # noqa: ANN401  # a Table
    """Remember what was shown, as rows of a table that leaves out what it has already."""
    if _is_seen():
        _noted(table).extend(rows)


def _is_seen() -> bool:
    """Whether somebody is to see the answer, as far as the request tells."""
    purposes = (request.headers.get(name, "") for name in rules.PURPOSE_HEADERS)
    return request.method != "HEAD" and not rules.is_prefetch(purposes)


def _noted(table: Any) -> Rows:  # noqa: ANN401  # a Table
    kept: dict[Any, Rows] = g.setdefault("usage_noted", {})
    return kept.setdefault(table, [])


def _working() -> dict[str, Any]:
    """Return the deal the person works on and its stage now; deals, above us, tell by a hook."""
    ask: Working | None = current_app.extensions.get("arsenal.working")
    deal_id, stage = (ask and ask()) or (None, None)
    return {
        "deal_id": rules.clean_number(deal_id),
        "stage": rules.clean_text(stage, rules.STAGE_MOST),
    }


def keep() -> None:
    """Write what was noted, in a transaction of its own; call it once the request's has ended.

    At once, because a queue in memory would be lost with the process. A failure is logged: the
    page matters more than its measurement.
    """
    kept: dict[Any, Rows] = g.pop("usage_noted", {}) if has_request_context() else {}
    noted = {table: rows for table, rows in kept.items() if rows}
    if not noted:
        return
    try:
        with writing(), apart() as own:
            connection = own.connection()
            for table, rows in noted.items():
                # a hit opened again by the same link has been opened: see the models' keys
                connection.execute(inserting(table, connection).on_conflict_do_nothing(), rows)
            own.commit()
    except SQLAlchemyError:
        log.exception("%d usage events lost", sum(map(len, noted.values())))
