"""The one screen about a deal that has ended: what helped, what was missing, why it was lost."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.calls.feedback import presenting, queries, rules, service
from portal.calls.feedback.forms import FeedbackForm
from portal.calls.feedback.models import DealFeedback
from portal.calls.presenting import named
from portal.calls.ratings import labels
from portal.calls.ratings.rules import Helped
from portal.deals.models import Deal
from portal.deals.pipelines import queries as pipelines
from portal.deals.presenting import line, reason_choices
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.web import paging
from portal.web.forms import Form
from portal.web.words import label

PAGE_SIZE = 40
bp = Blueprint("feedback", __name__, url_prefix="/feedback")


@dataclass(frozen=True, slots=True)
class Asked:
    """A deal, what was asked and said about it, and whether the reader may answer now."""

    deal: Deal
    kept: DealFeedback | None
    may_answer: bool

    @property
    def is_open(self) -> bool:
        """Whether the deal was opened again."""
        return self.deal.outcome == "open"


def _asked(deal_id: int) -> Asked:
    deal = queries.deal(deal_id)
    kept = queries.feedback(deal_id) if deal else None
    owner, asked = (deal.owner_id if deal else None), (kept.user_id if kept else None)
    if deal is None or not rules.may_read(
        role=current_user.role, viewer_id=current_user.id, owner_id=owner, asked_id=asked
    ):
        raise NotFound(gettext("There is no such deal, or it is another team’s."))
    if kept is None and deal.outcome == "open":
        raise NotFound(gettext("This deal has not ended."))
    mine = rules.may_answer(viewer_id=current_user.id, owner_id=owner, asked_id=asked)
    still = rules.may_change(kept.answered_at if kept else None, clock.now())
    return Asked(deal, kept, mine and still and deal.outcome != "open")


def _offer(form: FeedbackForm, deal: Deal) -> FeedbackForm:
    form.reason.choices = reason_choices(deal.loss_reason)
    return form


def _page(asked: Asked, form: FeedbackForm, typed: dict[int, str] | None = None) -> str:
    deal, kept = asked.deal, asked.kept
    said = {it.asset_id: it.helped for it in kept.assets} if kept else {}
    ids = queries.used(deal.id)
    ids += [asset_id for asset_id in said if asset_id not in ids]
    return render_template(
        "calls/feedback/show.html",
        deal=deal,
        line=line(deal),
        named=named(deal),
        kept=kept,
        form=form,
        used=presenting.used(ids, said if typed is None else typed),
        did=[(it.value, label(labels.HELPED, it.value)) for it in Helped],
        may_answer=asked.may_answer,
        is_open=asked.is_open,
        reason=presenting.reason_of(deal),
        wanted=presenting.wanted(deal, kept, url_for("asking.ask")) if kept else [],
    )


@bp.get("/")
@allows(Act.FEEDBACK_OF_ALL)
def index() -> ResponseReturnValue:
    """List what reps say about deals that have ended: of one's team, or of all."""
    own = current_user.team_id
    team = own if request.args.get("of") != "all" else None
    page = paging.paging(
        total=queries.count_told(team),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("feedback.index"), [] if team == own else [("of", "all")]),
    )
    found = queries.told(team, limit=page.size, offset=page.offset)
    return render_template(
        "calls/feedback/index.html",
        told=presenting.told(found),
        has_team=own is not None,
        all_teams=team is None,
        paging=page,
    )


@bp.get("/<int:deal_id>")
@allows(Act.FEEDBACK_SEE)
def show(deal_id: int) -> ResponseReturnValue:
    """Show what is asked about a deal, or what was said."""
    asked = _asked(deal_id)
    form = FeedbackForm(
        formdata=None,
        missing=asked.kept.missing if asked.kept else "",
        reason=str(asked.deal.loss_reason_id or ""),
        reason_words=asked.deal.loss_words,
    )
    return _page(asked, _offer(form, asked.deal))


def _require(asked: Asked) -> None:
    """Refuse who may only read, and who comes too late."""
    me, deal, kept = current_user.id, asked.deal, asked.kept
    owner, whom = deal.owner_id, kept.user_id if kept else None
    if not rules.may_answer(viewer_id=me, owner_id=owner, asked_id=whom):
        raise Forbidden
    if asked.is_open:
        raise Conflict(gettext("This deal was opened again: you are asked when it has ended."))
    if not asked.may_answer:
        raise Conflict(gettext("What helped can be changed for seven days."))


@bp.post("/<int:deal_id>")
@keeps_text
@allows(Act.FEEDBACK_ANSWER)
def answer(deal_id: int) -> ResponseReturnValue:
    """Keep what helped, what was missing and why it was lost."""
    asked = _asked(deal_id)
    _require(asked)
    form = _offer(FeedbackForm(), asked.deal)
    used = queries.used(deal_id)
    kept = [it.asset_id for it in asked.kept.assets] if asked.kept else []
    typed = {i: request.form.get(f"helped-{i}", "") for i in {*used, *kept}}
    known = all(value in ("", *Helped) for value in typed.values())
    if not form.validate_on_submit() or not known:
        if form.errors.get("csrf_token") or not known:
            raise Invalid
        return _page(asked, form, typed), 422
    chosen = form.reason.data
    service.answer(
        asked.deal, current_user.id,
        helped={i: Helped(value) for i, value in typed.items() if value},
        missing=form.missing.data or "",
        reason=pipelines.loss(int(chosen)) if chosen else None,
        words=form.reason_words.data or "",
        used=used,
    )  # fmt: skip
    return redirect(url_for("feedback.show", deal_id=deal_id, _anchor="next"), 303)


@bp.post("/<int:deal_id>/skip")
@allows(Act.FEEDBACK_ANSWER)
def skip(deal_id: int) -> ResponseReturnValue:
    """Say nothing about a deal."""
    asked = _asked(deal_id)
    if not Form().validate_on_submit():
        raise Invalid
    _require(asked)
    service.skip(asked.deal, current_user.id)
    return redirect(url_for("ratings.index"), 303)
