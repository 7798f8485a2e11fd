"""`/readyz`: 200 while searches can be answered, 503 when index or database can not be read."""

from http import HTTPStatus

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.db import db
from portal.search.finding import Finder
from portal.search.readiness import queries
from portal.search.readiness.queries import State

bp = Blueprint("readiness", __name__)


@bp.get("/readyz")
@allows(Act.PROBE)
def show() -> ResponseReturnValue:
    """Say so to a program: lag is told and is no reason to send people elsewhere."""
    finder: Finder = current_app.extensions["arsenal.finder"]
    try:
        lag = queries.lag(finder.engine)
    except SQLAlchemyError as error:
        db.session.rollback()
        current_app.logger.warning("not ready, the database: %s", type(error).__name__)
        return _told({"ready": False, "database": "unreadable"}, ready=False)
    ready = lag.state is not State.DAMAGED
    index = {
        "state": lag.state.value,
        "waiting": lag.waiting,
        "waiting_since": lag.since.isoformat() if lag.since else None,
        "lag_seconds": round(lag.age(clock.now()).total_seconds(), 1),
    }
    return _told({"ready": ready, "database": "readable", "index": index}, ready=ready)


def _told(said: dict[str, object], *, ready: bool) -> ResponseReturnValue:
    response = jsonify(said)
    response.headers["Cache-Control"] = "no-store"
    return response, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
