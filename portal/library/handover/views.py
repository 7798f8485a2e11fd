"""The page of a hand-over: who leaves, who takes it on, how much that is."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import Invalid
from portal.library.freshness import queries as people
from portal.library.freshness.forms import whole
from portal.library.handover import queries, service
from portal.library.handover.forms import HandOverForm
from portal.library.handover.service import Part
from portal.library.publishing.acting import Actor
from portal.usage.rules import INTEGER_MOST

bp = Blueprint("handover", __name__, url_prefix="/desk")


@bp.get("/hand-over")
@allows(Act.HAND_OVER)
def index() -> ResponseReturnValue:
    """Choose who leaves and who takes it on."""
    chosen = whole(request.args.get("from"), least=1, most=INTEGER_MOST)
    return _draw(chosen, "")


def _draw(chosen: int | None, error: str) -> str:
    taken = whole(request.args.get("to"), least=1, most=INTEGER_MOST)
    load = queries.load_of(chosen) if chosen else None
    return render_template(
        "library/handover/index.html",
        loads=queries.loads(),
        chosen=load,
        successors=[it for it in people.writers() if load and it.id != load.id],
        parts=[
            (Part.OWNER.value, gettext("What they own"), load.owns),
            (Part.BACKUP.value, gettext("What they stand in for"), load.backs),
            (Part.REVIEWER.value, gettext("What they review"), load.reviews),
        ]
        if load
        else (),
        error=error,
        taken=queries.load_of(taken) if taken else None,
    )


@bp.post("/hand-over")
@allows(Act.HAND_OVER)
def hand_over() -> ResponseReturnValue:
    """Hand everything chosen over."""
    form = HandOverForm()
    refusal = gettext("Choose who takes it on, and what.")
    if not form.validate_on_submit() or not form.parts():
        return _draw(form.leaver.data, refusal), 422
    leaver = queries.person(form.leaver.data)
    successor = queries.person(form.successor.data)
    if leaver is None or successor is None:
        return _draw(form.leaver.data, refusal), 422
    actor = Actor(current_user.id, current_user.role, current_user.department)
    try:
        service.hand_over(actor, leaver, successor, parts=form.parts())
    except Invalid:
        return _draw(form.leaver.data, refusal), 422
    return redirect(url_for("handover.index", to=successor.id), 303)
