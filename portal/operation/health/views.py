"""`/healthz`: this process answers. `/readyz`: it can serve; more is told to who shows the token.

A load balancer needs one word. How far things are behind is no reason to send people elsewhere,
and nobody else's business.
"""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, logs
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.db import db
from portal.jobs import queries as jobs
from portal.jobs import rules
from portal.operation import schema
from portal.operation.metrics.presenting import is_told
from portal.search.finding import Finder
from portal.search.readiness import queries
from portal.search.readiness.queries import State

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allows(Act.PROBE)
def alive() -> ResponseReturnValue:
    """Say that the process answers; asks no database."""
    response = Response("ok\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/readyz")
@allows(Act.PROBE)
def ready() -> ResponseReturnValue:
    """Say whether people can be served: the database is there and at our schema, the index too."""
    try:
        said = _examined()
    except SQLAlchemyError as error:
        db.session.rollback()
        current_app.logger.warning("not ready, the database: %s", logs.kind(error))
        said = {"ready": False, "database": "unreadable"}
    response = jsonify(said if is_told() else {"ready": said["ready"]})
    response.headers["Cache-Control"] = "no-store"
    status = HTTPStatus.OK if said["ready"] else HTTPStatus.SERVICE_UNAVAILABLE
    return response, status


def _examined() -> dict[str, Any]:
    finder: Finder = current_app.extensions["arsenal.finder"]
    now = clock.now()
    lag = queries.lag(finder.engine)
    at, head = schema.recorded(), schema.head()
    waits = jobs.backlog(now)
    return {
        "ready": lag.state is not State.DAMAGED and at == head,
        "database": "readable",
        "schema": {"at": at, "newest": head},
        "index": {
            "state": lag.state.value,
            "waiting": lag.waiting,
            "waiting_since": lag.since.isoformat() if lag.since else None,
            "lag_seconds": round(lag.age(now).total_seconds(), 1),
        },
        "worker": {
            "alive": sum(rules.is_alive(row.seen_at, now) for row in jobs.workers()),
            "due": waits.due,
            "late_seconds": round((now - waits.since).total_seconds(), 1) if waits.since else 0.0,
            "given_up": waits.dead,
        },
    }
