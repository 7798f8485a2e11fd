"""The page of the ledger: how both sides kept their word in a month."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.asset_requests.agreement.labels import PROMISES
from portal.asset_requests.ledger import counting, presenting, queries
from portal.web import locale, words

bp = Blueprint("ledger", __name__, url_prefix="/requests/ledger")


@bp.get("")
@allows(Act.AGREEMENT_SEE)
def index() -> ResponseReturnValue:
    """Show how both sides kept their word in a month."""
    now = clock.now()
    months = counting.months(now)
    this, month = presenting.month_of(locale.today()), request.args.get("month", "")
    if month not in months:
        month = this if this in months or not months else next(iter(months))
    return render_template(
        "asset_requests/ledger/index.html",
        month=month,
        month_label=presenting.month_label(month),
        months=[(key, presenting.month_label(key)) for key in months],
        trend=presenting.trend(months),
        promises=[words.label(PROMISES, promise) for promise in presenting.PROMISED],
        sides=presenting.sides(counting.month(month, now), queries.teams()),
    )
