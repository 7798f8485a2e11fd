"""The page on which somebody picks the deal they work on."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.rules import local_path
from portal.deals import presenting, queries
from portal.deals.forms import asked_words
from portal.deals.rules import Outcome
from portal.deals.working import presenting as working
from portal.deals.working import queries as picking
from portal.deals.working import service
from portal.deals.working.forms import PickForm
from portal.errors import Conflict, Invalid, NotFound

bp = Blueprint("working", __name__, url_prefix="/deals/working")


@bp.get("/")
@allows(Act.DEAL_SEE)
def pick() -> ResponseReturnValue:
    """Offer deals to work on: one's own, or any that is looked for."""
    words = asked_words(request.args.get("q", ""))
    found = picking.to_pick(current_user.id, current_user.role, current_user.team_id, words)
    now = working.current()
    return render_template(
        "deals/working/pick.html",
        deals=[presenting.line(deal) for deal in found],
        current=now.deal_id if now else None,
        words=words,
        back=local_path(request.args.get("next")) or "",
        form=PickForm(formdata=None),
    )


@bp.post("/")
@allows(Act.DEAL_SEE)
def choose() -> ResponseReturnValue:
    """Work on a deal from now on, or on none."""
    form = PickForm()
    if not form.validate_on_submit():
        raise Invalid
    deal = None
    if form.deal.data:
        deal = queries.for_person(
            current_user.id, current_user.role, current_user.team_id, form.deal.data
        )
        if deal is None:
            raise NotFound(gettext("There is no such deal, or it is another team’s."))
    if deal is not None and deal.outcome != Outcome.OPEN.value:
        raise Conflict(gettext("This deal has ended."))
    service.pick(current_user.id, deal)
    here = url_for("deals.show", deal_id=deal.id) if deal else url_for("deals.index")
    return redirect(local_path(form.next.data) or here, 303)
