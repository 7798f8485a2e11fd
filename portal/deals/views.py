"""Pages of deals: one's own and the team's, one of them, a new one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.rules import Role
from portal.deals import labels, queries, service
from portal.deals.forms import CURRENCIES, DealForm, StageForm
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.errors import Forbidden, Invalid, NotFound
from portal.web import paging, words
from portal.web.money import money

bp = Blueprint("deals", __name__, url_prefix="/deals")

PAGE_SIZE = 40


def _deal(deal_id: int) -> Deal:
    found = queries.for_person(current_user.id, current_user.role, current_user.team_id, deal_id)
    if found is None:
        raise NotFound(gettext("There is no such deal, or it is another team’s."))
    return found


def _list(form: DealForm) -> str:
    me = (current_user.id, current_user.role, current_user.team_id)
    ended = request.args.get("ended") == "1"
    page = paging.paging(
        total=queries.count(*me, ended=ended),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("deals.index"), [("ended", "1")] if ended else []),
    )
    found = queries.deals(*me, ended=ended, limit=page.size, offset=page.offset)
    return render_template(
        "deals/index.html",
        deals=[(d, _amount(d), words.label(labels.OUTCOMES, d.outcome)) for d in found],
        ended=ended,
        form=form,
        currencies=CURRENCIES,
        paging=page,
    )


def _amount(deal: Deal) -> str:
    return money(deal.amount, deal.currency) if deal.amount is not None else ""


@bp.get("/")
def index() -> ResponseReturnValue:
    """List deals, open or ended: one's own first, then the team's."""
    return _list(DealForm(formdata=None))


@bp.post("/")
def add() -> ResponseReturnValue:
    """Add a deal."""
    form = DealForm()
    if not form.validate_on_submit():
        return _list(form), 422
    deal = service.add(
        current_user.id,
        current_user.team_id,
        name=form.name.data,
        account=form.account.data or "",
        amount=form.amount.amount,
        currency=form.currency.data,
        stage=form.stage.data or "",
        closes_on=form.closes_on.data,
    )
    return redirect(url_for("deals.show", deal_id=deal.id), 303)


@bp.get("/<int:deal_id>")
def show(deal_id: int) -> ResponseReturnValue:
    """Show a deal."""
    deal = _deal(deal_id)
    form = StageForm(
        formdata=None, stage=deal.stage, closes_on=deal.closes_on, outcome=deal.outcome
    )
    return _page(deal, form)


def _page(deal: Deal, form: StageForm) -> str:
    return render_template(
        "deals/show.html",
        deal=deal,
        amount=_amount(deal),
        outcome=words.label(labels.OUTCOMES, deal.outcome),
        form=form,
        may_change=deal.source is None and _changes(deal),
    )


def _changes(deal: Deal) -> bool:
    return bool(deal.owner_id == current_user.id or current_user.role.covers(Role.MANAGER))


@bp.post("/<int:deal_id>")
def settle(deal_id: int) -> ResponseReturnValue:
    """Say how far a deal has come, or how it ended."""
    deal, form = _deal(deal_id), StageForm()
    if not _changes(deal):
        raise Forbidden
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(deal, form), 422
    service.settle(
        deal,
        stage=form.stage.data or "",
        outcome=Outcome(form.outcome.data),
        closes_on=form.closes_on.data,
    )
    return redirect(url_for("deals.show", deal_id=deal.id), 303)
