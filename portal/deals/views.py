"""Pages of deals: one's own and the team's, one of them, a new one."""

from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.deals import presenting, queries, service
from portal.deals.forms import CURRENCIES, DealForm, StageForm, asked_words
from portal.deals.models import Deal, LossReason, PipelineStage
from portal.deals.pipelines import queries as pipelines
from portal.deals.preparing import presenting as preparing
from portal.deals.rules import COMPETITOR, PRODUCT, Outcome, Scope, Wish, may_change, wish_of
from portal.deals.teams import presenting as summing
from portal.deals.working import presenting as at_work
from portal.errors import Forbidden, Invalid, NotFound
from portal.web import locale, paging

bp = Blueprint("deals", __name__, url_prefix="/deals")

PAGE_SIZE = 40


def _choose(form: DealForm) -> DealForm:
    nothing = [("", gettext("Not said"))]
    form.stage.choices = presenting.stage_choices()
    form.product.choices = nothing + presenting.term_choices(PRODUCT)
    form.competitor.choices = nothing + presenting.term_choices(COMPETITOR)
    return form


def _wish() -> Wish:
    looks_after = policy.granted(current_user.role, Act.DEALS_OF_TEAMS)
    words = asked_words(request.args.get("q", ""))
    usual = Scope.ALL if looks_after else Scope.MINE
    return wish_of(request.args, words=words, usual=usual)


def _list(form: DealForm) -> str:
    me = (current_user.id, current_user.role, current_user.team_id)
    wish = _wish()
    kept = [(k, v) for k, v in request.args.items() if k in presenting.KEPT and v]
    page = paging.paging(
        total=queries.count(*me, wish),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("deals.index"), kept),
    )
    found = queries.deals(*me, wish, limit=page.size, offset=page.offset)
    return render_template(
        "deals/index.html",
        deals=[presenting.line(deal) for deal in found],
        wish=wish,
        bars=presenting.filters(wish, kept, path=url_for("deals.index")),
        stages=presenting.stage_choices()[1:],
        form=form,
        currencies=CURRENCIES,
        paging=page,
    )


@bp.get("/")
@allows(Act.DEAL_SEE)
def index() -> ResponseReturnValue:
    """List deals: one's own or others', open or ended, as the address says."""
    return _list(_choose(DealForm(formdata=None)))


@bp.get("/teams")
@allows(Act.DEALS_OF_TEAMS)
def teams() -> ResponseReturnValue:
    """Show what each team and person has open."""
    today = locale.today()
    held = queries.held(
        current_user.id,
        current_user.role,
        current_user.team_id,
        today=today,
        soon=today + timedelta(days=presenting.SOON),
    )
    return render_template("deals/teams.html", teams=summing.teams(held))


@bp.post("/")
@allows(Act.DEAL_ADD)
def add() -> ResponseReturnValue:
    """Add a deal."""
    form = _choose(DealForm())
    if not form.validate_on_submit():
        return _list(form), 422
    deal = service.add(
        current_user.id,
        current_user.team_id,
        name=form.name.data,
        account=form.account.data or "",
        amount=form.amount.amount,
        currency=form.currency.data,
        stage=_stage(form.stage.data),
        closes_on=form.closes_on.data,
        products=filter(None, [form.product.data]),
        competitors=filter(None, [form.competitor.data]),
    )
    return redirect(url_for("deals.show", deal_id=deal.id), 303)


def _stage(chosen: str | None) -> PipelineStage | None:
    return pipelines.stage(int(chosen)) if chosen else None


def _whole(deal_id: int) -> Deal:
    found = queries.whole(current_user.id, current_user.role, current_user.team_id, deal_id)
    if found is None:
        raise NotFound(gettext("There is no such deal, or it is another team’s."))
    return found


@bp.get("/<int:deal_id>")
@allows(Act.DEAL_SEE)
def show(deal_id: int) -> ResponseReturnValue:
    """Show a deal."""
    deal = _whole(deal_id)
    form = StageForm(
        formdata=None, reason=str(deal.loss_reason_id or ""), reason_words=deal.loss_words
    )
    form.reason.choices = presenting.reason_choices(deal.loss_reason) if _changes(deal) else []
    return _page(deal, form)


def _stages(form: StageForm, deal: Deal) -> StageForm:
    form.stage.choices = presenting.stage_choices(deal.stage_row)
    form.reason.choices = presenting.reason_choices(deal.loss_reason)
    return form


def _page(deal: Deal, form: StageForm) -> str:
    now = at_work.current()
    changes = _changes(deal)
    ask = current_app.extensions.get
    requests_of, calls_of = ask("arsenal.deal_requests"), ask("arsenal.deal_calls")
    return render_template(
        "deals/show.html",
        deal=deal,
        line=presenting.line(deal),
        form=form,
        may_change=deal.source is None and changes,
        may_edit=changes,
        moves=presenting.moves(deal) if changes else (),
        works=now is not None and now.deal_id == deal.id and at_work.is_said(),
        prepare=preparing.preparing(deal),
        term_name=preparing.term_name,
        reason_name=presenting.reason_name,
        history=presenting.history(queries.history(deal.id)),
        requests=requests_of(deal.id) if requests_of else (),
        calls=calls_of(deal.id) if calls_of else (),
    )


def _changes(deal: Deal) -> bool:
    me = current_user
    return may_change(role=me.role, viewer_id=me.id, owner_id=deal.owner_id)


@bp.post("/<int:deal_id>")
@allows(Act.DEAL_CHANGE)
def settle(deal_id: int) -> ResponseReturnValue:
    """Say how far a deal has come, or how it ended; what is not told stays as it is."""
    deal = _whole(deal_id)
    form = _stages(StageForm(), deal)
    if not _changes(deal):
        raise Forbidden
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(deal, form), 422
    stage = _stage(form.stage.data)
    service.settle(
        deal,
        by=current_user.id,
        stage=stage,
        outcome=_outcome(deal, form, stage),
        closes_on=form.closes_on.data if "closes_on" in request.form else deal.closes_on,
        reason=_reason(form.reason.data),
        words=form.reason_words.data or "",
    )
    return redirect(url_for("deals.show", deal_id=deal.id), 303)


def _outcome(deal: Deal, form: StageForm, stage: PipelineStage | None) -> Outcome:
    if "outcome" in request.form:
        return Outcome(form.outcome.data)
    return Outcome.OPEN if stage is not None else Outcome(deal.outcome)


def _reason(chosen: str | None) -> LossReason | None:
    return pipelines.loss(int(chosen)) if chosen else None
