"""The page of the scorecard."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

bp = Blueprint("scorecard", __name__, url_prefix="/insights/scorecard")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show it."""
    return ""
