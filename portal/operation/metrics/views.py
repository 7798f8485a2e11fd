"""`/metrics` for Prometheus, for whoever shows the token; there is no such page without one."""

import hmac
from datetime import datetime

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.gate import public
from portal.config import Config
from portal.errors import NotFound
from portal.operation.backup import service as backups
from portal.operation.metrics import meters, queries
from portal.operation.metrics.meters import Meters
from portal.web import access

bp = Blueprint("metrics", __name__)
SEARCHES = frozenset({"search.page", "search.palette"})


class _Counted:
    """Counts what `portal.web.access` sees."""

    def __init__(self, counts: Meters) -> None:
        self._counts = counts
        self.begin, self.end = counts.begin, counts.end

    def answered(self, response: Response, seconds: float) -> None:
        self._counts.answered(request.method, access.route(), response.status_code, seconds)
        if request.endpoint in SEARCHES and request.args.get("q"):
            self._counts.searched()


@bp.record_once
def _count(state: BlueprintSetupState) -> None:
    """Count requests where somebody asks for figures; others pay nothing."""
    app = state.app
    if app.config["PORTAL"].metrics_token:
        counts = app.extensions["arsenal.meters"] = Meters()
        app.extensions["arsenal.watchers"].append(_Counted(counts))


def is_told() -> bool:
    """Whether who asks may see how the portal is: they show the token."""
    config: Config = current_app.config["PORTAL"]
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    wanted = f"Bearer {config.metrics_token}".encode()
    return bool(config.metrics_token) and hmac.compare_digest(given, wanted)


@bp.get("/metrics")
@public
def show() -> ResponseReturnValue:
    """Tell the figures to a program."""
    if not is_told():
        raise NotFound
    config: Config = current_app.config["PORTAL"]
    gauges = queries.gauges(clock.now())
    resident = meters.memory(meters.processes())
    gauges["web_processes"] = ("Web processes alive.", [({}, len(resident))])
    gauges["web_memory_bytes"] = (
        "Resident memory of web processes.",
        [({"of": "all"}, sum(resident)), ({"of": "largest"}, max(resident, default=0))],
    )
    if (last := backups.last(config)) is not None:
        at = datetime.fromisoformat(last["at"]).timestamp()
        gauges["last_backup_timestamp_seconds"] = ("When the last backup was made.", [({}, at)])
    body = meters.text(current_app.extensions["arsenal.meters"], gauges)
    response = Response(body, content_type="text/plain; version=0.0.4; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
