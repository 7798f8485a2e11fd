"""Pages of bulk actions: choose, look at what would happen, do it, undo it."""

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.db import db
from portal.errors import Forbidden, Invalid, NotFound
from portal.library.bulk import forms, presenting, queries, rules, service
from portal.library.bulk.changing import Plan
from portal.library.bulk.models import BulkAction
from portal.library.bulk.rules import Task
from portal.library.freshness import queries as people
from portal.library.publishing import listing
from portal.library.publishing import presenting as publishing
from portal.library.publishing.acting import Actor
from portal.usage.rules import INTEGER_MOST
from portal.web import locale, paging
from portal.web.forms import Form

bp = Blueprint("bulk", __name__, url_prefix="/desk/bulk")

PAGE_SIZE = 40
DESK_ONLY = frozenset(set(Task) - {Task.CHECKED})


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _checked() -> None:
    if not Form().validate_on_submit():
        raise Invalid


def _chosen() -> tuple[list[int], int]:
    """Return which assets a form names, and how many more than one action takes there would be."""
    if request.form.get("ids"):
        return forms.ids_of(request.form["ids"]), 0
    if request.form.get("all"):
        wanted = publishing.wanted_of(request.form, _actor())
        total = sum(listing.counts(wanted).values())
        if wanted.phase is not None:
            total = listing.counts(wanted)[wanted.phase]
        return listing.ids(wanted, limit=rules.MOST), max(0, total - rules.MOST)
    return queries.ids_of(request.form.getlist("asset")), 0


def _choose(ids: list[int], *, more: int = 0, error: str = "") -> str:
    assets = service.seen(_actor(), ids)
    is_desk = policy.granted(current_user.role, Act.BULK_DESK)
    return render_template(
        "library/bulk/choose.html",
        ids=",".join(str(it.id) for it in assets),
        total=publishing.total_label(len(assets)),
        count=len(assets),
        some=[presenting.named(it) for it in assets[:5]],
        more=more,
        most=rules.MOST,
        is_desk=is_desk,
        terms=[(t.id, presenting.term_name(t)) for t in queries.terms()] if is_desk else (),
        people=people.writers() if is_desk else (),
        today=locale.today().isoformat(),
        error=error,
    )


@bp.post("/choose")
@allows(Act.BULK_BEGIN)
def choose() -> ResponseReturnValue:
    """Show what can be done to the assets chosen; nothing is changed yet."""
    _checked()
    ids, more = _chosen()
    return _choose(ids, more=more)


def _plan(ids: list[int]) -> Plan | ResponseReturnValue:
    """Return what the form asks for, or the page again with what is missing."""
    try:
        plan = forms.plan_of(request.form, today=locale.today())
    except Invalid:
        plan = None
    if plan is None or not _usable(plan):
        error = gettext("Something is missing: choose a word, a person, a day or say why.")
        return _choose(ids, error=error), 422
    if plan.task in DESK_ONLY and not policy.granted(current_user.role, Act.BULK_DESK):
        raise Forbidden
    return plan


def _usable(plan: Plan) -> bool:
    """Whether the word and the person of a plan are there."""
    if plan.term_id is not None and queries.term(plan.term_id) is None:
        return False
    person = people.people([plan.person_id]).get(plan.person_id or 0)
    return plan.person_id is None or (person is not None and person.can_act)


@bp.post("/preview")
@allows(Act.BULK_BEGIN)
def preview() -> ResponseReturnValue:
    """Say how many would be changed, and which not and why; nothing is changed yet."""
    _checked()
    ids, _more = _chosen()
    plan = _plan(ids)
    if not isinstance(plan, Plan):
        return plan
    found = service.preview(_actor(), plan, ids, today=locale.today())
    return render_template(
        "library/bulk/preview.html",
        ids=",".join(map(str, ids)),
        what=presenting.what(plan),
        fields=presenting.fields(plan),
        able=len(found.able),
        able_label=publishing.total_label(len(found.able)),
        some=[presenting.named(it) for it in found.able[:5]],
        refused=presenting.refused(found.refused),
        is_grave=plan.task is Task.RETIRE,
        token=secrets.token_hex(16),
    )


@bp.post("/run")
@allows(Act.BULK_BEGIN)
def run() -> ResponseReturnValue:
    """Do it; a form sent twice does it once."""
    _checked()
    ids, _more = _chosen()
    plan = _plan(ids)
    if not isinstance(plan, Plan):
        return plan
    token = forms.token_of(request.form.get("token")) or secrets.token_hex(16)
    bulk_id = service.begin(_actor(), plan, ids, token=token).id
    service.run(_actor(), bulk_id, today=locale.today(), commit=db.session.commit)
    return redirect(url_for("bulk.show", bulk_id=bulk_id), 303)


def _seen(bulk_id: int) -> BulkAction:
    bulk = queries.action(min(bulk_id, INTEGER_MOST))
    if bulk is None:
        raise NotFound
    if not service.may_undo(_actor(), bulk):
        raise Forbidden
    return bulk


@bp.get("/")
@allows(Act.BULK_SEE)
def index() -> ResponseReturnValue:
    """List what was done to many assets at once: one's own, a manager everybody's."""
    who = None if policy.granted(current_user.role, Act.BULK_SEE) else current_user.id
    page = paging.paging(
        total=queries.action_count(who),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("bulk.index"), ()),
    )
    found = queries.actions(who, limit=page.size, offset=page.offset)
    lines = [presenting.bulk_view(it) for it in found]
    return render_template("library/bulk/index.html", lines=lines, paging=page)


@bp.get("/<int:bulk_id>")
@allows(Act.BULK_SEE)
def show(bulk_id: int) -> ResponseReturnValue:
    """Show what has become of an action."""
    bulk = _seen(bulk_id)
    left = queries.left_alone(bulk.id, limit=presenting.SHOWN)
    return render_template(
        "library/bulk/show.html",
        bulk=presenting.bulk_view(bulk),
        left=[presenting.named(c.asset, presenting.why_label(c.refusal or c.undone)) for c in left],
        may_go_on=bulk.user_id == current_user.id,
    )


@bp.post("/<int:bulk_id>/on")
@allows(Act.BULK_SEE)
def go_on(bulk_id: int) -> ResponseReturnValue:
    """Go on with what was interrupted."""
    _checked()
    service.run(_actor(), _seen(bulk_id).id, today=locale.today(), commit=db.session.commit)
    return redirect(url_for("bulk.show", bulk_id=bulk_id), 303)


@bp.post("/<int:bulk_id>/undone")
@allows(Act.BULK_SEE)
def undo(bulk_id: int) -> ResponseReturnValue:
    """Set back what nobody has changed since."""
    _checked()
    service.undo(_actor(), _seen(bulk_id).id, commit=db.session.commit)
    return redirect(url_for("bulk.show", bulk_id=bulk_id), 303)
