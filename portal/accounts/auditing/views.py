"""The page of the audit log, for admins: looked through, and taken along as a file."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.auditing import labels, presenting, queries
from portal.accounts.gate import requires
from portal.accounts.rules import Role
from portal.audit import queries as log
from portal.audit import rules, service
from portal.audit.queries import Wanted
from portal.config import Config
from portal.web import paging
from portal.web.sending import FORMATS, sent

bp = Blueprint("auditing", __name__, url_prefix="/audit")

PAGE_SIZE = 40
FILE_MOST = 20_000
"""Entries of a file; `portal audit export` has all."""
READ_NOW = 2_000
"""How many of the newest entries the page reads for itself; all are read at night."""
FIELDS = ("who", "action", "kind", "key", "since", "until", "request")
TEXT_MOST = 254


@bp.get("")
@requires(Role.ADMIN)
def index() -> ResponseReturnValue:
    """Show what was done, the latest first."""
    told = {name: _text(name) for name in FIELDS}
    wanted = _wanted(told)
    kind = request.args.get("format")
    if kind in FORMATS:
        return sent(presenting.table(log.entries(wanted, before=None, limit=FILE_MOST)), kind)
    before = _number(request.args.get("before"))
    rows = log.entries(wanted, before=before, limit=PAGE_SIZE + 1)
    args = [(name, value) for name, value in told.items() if value]
    head = log.head()
    older = str(rows[PAGE_SIZE - 1][0].sequence) if len(rows) > PAGE_SIZE else ""
    here = url_for("auditing.index")
    return render_template(
        "accounts/auditing/index.html",
        lines=presenting.lines(rows[:PAGE_SIZE]),
        told=told,
        filtered=bool(args),
        actions=sorted(labels.ACTIONS.items()),
        kinds=labels.KINDS.items(),
        older=paging.with_args(here, args, {"before": older}) if older else "",
        newest=paging.with_args(here, args, {}) if before is not None else "",
        files=[paging.with_args(here, args, {"format": it}) for it in FORMATS],
        verdict=presenting.verdict(service.verify(newest=READ_NOW), head.sequence if head else 0),
        head=head,
    )


def _text(name: str) -> str:
    return rules.clean(request.args.get(name, ""), TEXT_MOST).strip()


def _number(raw: str | None) -> int | None:
    """Read the place from which on older entries are shown; what is none is the newest."""
    good = raw is not None and raw.isascii() and raw.isdigit() and len(raw) < 10  # noqa: PLR2004
    return int(raw) if raw is not None and good else None


def _wanted(told: dict[str, str]) -> Wanted:
    since, until = _day(told["since"]), _day(told["until"])
    return Wanted(
        actors=queries.people(told["who"]) if told["who"] else None,
        action=told["action"],
        kind=told["kind"],
        keys=_keys(told["key"]),
        since=since,
        until=until + timedelta(days=1) if until is not None else None,
        request_id=told["request"],
    )


def _keys(said: str) -> list[str]:
    """Return what an object may be called by; of a person that is her number."""
    if "@" not in said:
        return [said] if said else []
    return [said, *map(str, queries.people(said))]


def _day(raw: str) -> datetime | None:
    """Return when a day of the company begins; None for what is no day, or none we can reach."""
    config: Config = current_app.config["PORTAL"]
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return None
    if not 2000 <= day.year <= 2200:  # noqa: PLR2004
        return None
    return datetime.combine(day, time(), ZoneInfo(config.timezone))
