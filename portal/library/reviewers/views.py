"""The page of reviewers: who is named for what, named and released by managers."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.rules import Department
from portal.errors import Conflict, Invalid
from portal.library.freshness import queries as people
from portal.library.freshness.forms import BackForm
from portal.library.publishing import queries
from portal.library.reviewers import service
from portal.library.reviewers.forms import ReviewerForm
from portal.library.rules import Kind
from portal.usage.rules import INTEGER_MOST
from portal.web import words

bp = Blueprint("reviewers", __name__, url_prefix="/desk")


@bp.get("/reviewers")
@allows(Act.REVIEWERS_NAME)
def index() -> ResponseReturnValue:
    """Show who reviews what."""
    return _draw(_form(None))


def _form(data: object) -> ReviewerForm:
    form = ReviewerForm() if data is not None else ReviewerForm(formdata=None)
    form.person.choices = [(it.id, it.name) for it in people.writers()]
    return form


def _draw(form: ReviewerForm) -> str:
    lines = [
        {
            "id": row.id,
            "name": row.user.name,
            "is_here": row.user.active,
            "kind": words.label(words.KINDS, row.kind) or gettext("Any kind"),
            "department": words.label(words.DEPARTMENTS, row.department)
            or gettext("Any department"),
        }
        for row in queries.reviewers()
    ]
    return render_template("library/reviewers/index.html", lines=lines, form=form)


@bp.post("/reviewers")
@allows(Act.REVIEWERS_NAME)
def name() -> ResponseReturnValue:
    """Name a reviewer."""
    form = _form(())
    if not form.validate_on_submit():
        return _draw(form), 422
    kind, department = form.kind.data, form.department.data
    try:
        service.name(
            form.person.data,
            kind=Kind(kind) if kind else None,
            department=Department(department) if department else None,
        )
    except Conflict:
        form.person.errors = [gettext("They review that already.")]
        return _draw(form), 422
    except Invalid:
        form.person.errors = [gettext("Choose somebody who is here and may write.")]
        return _draw(form), 422
    return redirect(url_for("reviewers.index"), 303)


@bp.post("/reviewers/<int:reviewer_id>/released")
@allows(Act.REVIEWERS_NAME)
def release(reviewer_id: int) -> ResponseReturnValue:
    """Take a reviewer's name off."""
    if not BackForm().validate_on_submit():
        raise Invalid
    service.release(min(reviewer_id, INTEGER_MOST))
    return redirect(url_for("reviewers.index"), 303)
