"""Pages of pipelines and of reasons for losing, for who looks after sales."""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.deals.models import Pipeline
from portal.deals.pipelines import forms, labels, presenting, queries, rules, service
from portal.deals.pipelines.forms import NewPipelineForm, PipelineForm, ReasonsForm
from portal.deals.queries import NUMBER_MOST
from portal.errors import Conflict, Invalid, NotFound

bp = Blueprint("pipelines", __name__, url_prefix="/deals/pipelines")


def _pipeline(pipeline_id: int) -> Pipeline:
    ways: Iterable[Pipeline] = queries.pipelines() if pipeline_id <= NUMBER_MOST else ()
    found = next((it for it in ways if it.id == pipeline_id), None)
    if found is None:
        raise NotFound(gettext("There is no such pipeline."))
    return found


def _index(form: NewPipelineForm) -> str:
    return render_template(
        "deals/pipelines/index.html",
        pipelines=[presenting.pipeline_view(it) for it in queries.pipelines()],
        reasons=[presenting.name_of_it(it) for it in queries.losses()],
        form=form,
    )


@bp.get("/")
@allows(Act.PIPELINES_KEEP)
def index() -> ResponseReturnValue:
    """Show the pipelines and the reasons for losing."""
    return _index(NewPipelineForm(formdata=None))


@bp.post("/")
@allows(Act.PIPELINES_KEEP)
def add() -> ResponseReturnValue:
    """Add a pipeline with the standard stages."""
    form = NewPipelineForm()
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _index(form), 422
    try:
        found = service.add(form.name.data)
    except Conflict:
        form.name.errors = [gettext("There is one of this name.")]
        return _index(form), 422
    return redirect(url_for("pipelines.edit", pipeline_id=found.id), 303)


def _page(it: Pipeline, form: PipelineForm, problem: str = "", *, newer: bool = False) -> str:
    choices = presenting.term_choices(it)
    for row in form.rows:
        row.form.term.choices = choices
    return render_template(
        "deals/pipelines/edit.html",
        pipeline=it,
        form=form,
        problem=problem,
        newer=newer,
        used=queries.used_stages(it.id),
    )


@bp.get("/<int:pipeline_id>")
@allows(Act.PIPELINES_KEEP)
def edit(pipeline_id: int) -> ResponseReturnValue:
    """Show a pipeline to change."""
    found = _pipeline(pipeline_id)
    told = presenting.told(found.stages)
    form = PipelineForm(formdata=None, name=found.name, version=found.version, rows=told)
    return _page(found, form)


@bp.post("/<int:pipeline_id>")
@allows(Act.PIPELINES_KEEP)
def change(pipeline_id: int) -> ResponseReturnValue:
    """Change a pipeline and its stages."""
    found = _pipeline(pipeline_id)
    form = PipelineForm()
    offered = {slug for slug, _ in presenting.term_choices(found)}
    good = form.validate_on_submit()
    if form.errors.get("csrf_token"):
        raise Invalid
    if not good or any((row.form.term.data or "") not in offered for row in form.rows):
        return _page(found, form, gettext("Please look at what is marked.")), 422
    said = forms.said(form, {stage.id: stage for stage in found.stages})
    flaw = rules.flaw_of_stages(presenting.whole(said, found.stages))
    if flaw is not None:
        return _page(found, form, labels.flaw(*flaw, most=rules.STAGES_MOST)), 422
    if form.version.data != found.version:
        return _page(found, form, gettext("Somebody has changed it meanwhile."), newer=True), 409
    try:
        service.change(found, name=form.name.data, version=form.version.data, said=said)
    except Conflict:
        form.name.errors = [gettext("There is one of this name.")]
        return _page(found, form), 422
    return redirect(url_for("pipelines.index"), 303)


def _reasons(form: ReasonsForm, problem: str = "") -> str:
    return render_template("deals/pipelines/reasons.html", form=form, problem=problem)


@bp.get("/reasons")
@allows(Act.PIPELINES_KEEP)
def reasons() -> ResponseReturnValue:
    """Show the reasons for losing to change."""
    told = presenting.told(queries.losses(retired=True))
    return _reasons(ReasonsForm(formdata=None, rows=told))


@bp.post("/reasons")
@allows(Act.PIPELINES_KEEP)
def change_reasons() -> ResponseReturnValue:
    """Change the reasons for losing."""
    form = ReasonsForm()
    good = form.validate_on_submit()
    if form.errors.get("csrf_token"):
        raise Invalid
    if not good:
        return _reasons(form, gettext("Please look at what is marked.")), 422
    kept = queries.losses(retired=True)
    said = forms.said(form, {reason.id: reason for reason in kept})
    flaw = rules.flaw_of_reasons(presenting.whole(said, kept))
    if flaw is not None:
        return _reasons(form, labels.flaw(*flaw, most=rules.REASONS_MOST)), 422
    service.change_reasons(said)
    return redirect(url_for("pipelines.index"), 303)
