"""`/metrics` for Prometheus, for whoever shows the token; there is no such page without one."""

from datetime import datetime
from threading import Lock

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.errors import NotFound
from portal.operation.backup import service as backups
from portal.operation.metrics import meters, queries
from portal.operation.metrics.meters import Meters
from portal.operation.metrics.presenting import is_told
from portal.web import access

bp = Blueprint("metrics", __name__)
SEARCHES = frozenset({"search.page", "search.palette"})


class _Counted:
    """Counts what `portal.web.access` sees, from this process's first request on.

    What is made before a server forks, or by a background worker, would count as one more process
    that answers people.
    """

    def __init__(self) -> None:
        meters.get_ready()
        self._lock = Lock()
        self._made: Meters | None = None

    @property
    def counts(self) -> Meters:
        """The meters of this process."""
        if self._made is None:
            with self._lock:
                self._made = self._made or Meters()
        return self._made

    def begin(self) -> None:
        self.counts.begin()

    def end(self) -> None:
        self.counts.end()

    def answered(self, response: Response, seconds: float) -> None:
        self.counts.answered(request.method, access.route(), response.status_code, seconds)
        if request.endpoint in SEARCHES and request.args.get("q"):
            self.counts.searched()


@bp.record_once
def _count(state: BlueprintSetupState) -> None:
    """Count requests where somebody asks for figures; others pay nothing."""
    app = state.app
    if app.config["PORTAL"].metrics_token:
        counted = app.extensions["arsenal.counted"] = _Counted()
        app.extensions[access.WATCHERS].append(counted)


@bp.get("/metrics")
@allows(Act.PROBE)
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
    body = meters.text(current_app.extensions["arsenal.counted"].counts, gauges)
    response = Response(body, content_type="text/plain; version=0.0.4; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
