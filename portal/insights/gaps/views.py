"""The page of gaps: what is searched in vain and asked for, heaviest first, as files as well."""

from datetime import timedelta

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.insights.gaps import presenting, rules, service, weighing
from portal.insights.gaps.weighing import Gap, Sort
from portal.search.finding import Finder
from portal.web import paging, sending

bp = Blueprint("gaps", __name__, url_prefix="/insights/gaps")

PAGE_SIZE = 30


def _finder() -> Finder:
    finder: Finder = current_app.extensions["arsenal.finder"]
    return finder


def _found() -> list[Gap]:
    """Return the gaps; tests undo what they write, so there none are kept."""
    kept: service.Kept = current_app.extensions.setdefault("arsenal.gaps", service.Kept())
    every = timedelta() if current_app.testing else service.EVERY
    return kept.found(clock.now(), _finder(), every=every)


def _sort(*, values: bool) -> Sort:
    asked = request.args.get("sort")
    first = Sort.VALUE if values else Sort.DEALS
    sort = Sort(asked) if asked in set(Sort) else first
    return first if sort is Sort.VALUE and not values else sort


@bp.get("")
@allows(Act.FIGURES_SEE)
def index() -> ResponseReturnValue:
    """Show what is missing; what deals come to is for those who publish and manage."""
    values = policy.granted(current_user.role, Act.FIGURES_MONEY)
    gaps = _found()
    codes = weighing.currencies(weighing.all_stakes(gaps).values())
    asked = request.args.get("currency", "")
    currency = asked if asked in codes else next(iter(codes), weighing.USUAL_CURRENCY)
    sort = _sort(values=values)
    ordered = weighing.in_order(gaps, sort, currency)
    if (kind := request.args.get("format")) in sending.FORMATS:
        return sending.sent(presenting.table(ordered, currency, values=values), kind)
    path = url_for("gaps.index")
    args = [("sort", sort.value), ("currency", currency)] if values else [("sort", sort.value)]
    page = paging.paging(
        total=len(ordered),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(path, args),
    )
    return render_template(
        "insights/gaps/index.html",
        gaps=[
            presenting.shown(gap, currency, values=values)
            for gap in ordered[page.offset : page.offset + page.size]
        ],
        totals=presenting.total(ordered, currency, values=values),
        sorts=presenting.sort_chips(path, args, sort, values=values),
        currencies=presenting.currency_chips(path, args, codes, currency) if values else [],
        table=presenting.table([], currency, values=values),
        files=[paging.with_args(path, args, {"format": kind}) for kind in sending.FORMATS],
        days=rules.WINDOW_DAYS,
        paging=page,
    )
