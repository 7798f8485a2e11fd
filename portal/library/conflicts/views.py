"""The page on which two people's work on one text becomes one."""

from dataclasses import replace

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Language
from portal.errors import Invalid, NotFound
from portal.library import kinds
from portal.library.conflicts import presenting, rules
from portal.library.conflicts.forms import WHOLE, MergeForm
from portal.library.conflicts.presenting import Met
from portal.library.conflicts.rules import Merge, Verdict
from portal.library.publishing import acting, queries
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action
from portal.library.rules import Kind
from portal.library.service import digest_of, kept_content
from portal.library.translation import service as translation

bp = Blueprint("conflicts", __name__, url_prefix="/desk")


def _problem(form: MergeForm, merge: Merge, met: Met) -> str:
    """Return what is still to be decided, in words; empty for nothing."""
    if form.how.data == WHOLE:
        return ""
    open_ones = [
        part.key for part in merge.parts
        if part.verdict is Verdict.BOTH and part.key not in met.picks
    ]  # fmt: skip
    if open_ones:
        return str(gettext("Choose one version of each part that both of you changed."))
    typed = form.body.data.strip()
    changed = digest_of({"body": typed}) != form.offered.data
    if changed and typed != merge.result(met.picks)["body"].strip():
        return str(
            gettext("You have also changed the whole text below: save that, or undo it there.")
        )
    return ""


@bp.post("/<slug>/<language>/settled")
@allows(Act.ASSET_EDIT)
def settle(slug: str, language: str) -> ResponseReturnValue:
    """Save what was chosen of two texts; when somebody saved again meanwhile, ask again."""
    if language not in set(Language):
        raise NotFound
    form, actor = MergeForm(), Actor(current_user.id, current_user.role, current_user.department)
    asset = acting.seen(actor, slug, lock=True)
    acting.require(actor, asset, Action.EDIT)
    if not form.validate_on_submit():
        raise Invalid(gettext("Your text did not come whole. Go back and save it again."))
    theirs = queries.revision(asset.id, language, form.theirs.data)
    if theirs is None:
        raise NotFound(gettext("There is no such revision."))
    met = Met(
        base=form.base.data,
        mine=form.content(),
        theirs=theirs,
        note=form.note.data,
        follows=form.follows.data,
        picks=form.picks(),
        typed=form.body.data,
    )
    base = presenting.base_content(asset, language, met.base)
    merge = rules.merge(base, met.mine, kept_content(theirs))
    if problem := _problem(form, merge, met):
        return presenting.page(asset, language, replace(met, problem=problem)), 422
    content = merge.result(met.picks)
    if form.how.data == WHOLE:
        content["body"] = form.body.data
    fields, extra = kinds.refit(Kind(asset.kind), {**content["fields"], **content["extra"]})
    content |= {"fields": fields, "extra": extra}
    try:
        revision = publishing.save(
            actor, asset, language, content, base=theirs.number, note=met.note
        )
    except publishing.TextConflictError as conflict:
        again = Met(theirs.number, content, conflict.theirs, note=met.note, follows=met.follows)
        return presenting.page(asset, language, again), 409
    if met.follows:
        translation.follow(actor, asset, revision, met.follows)
    return redirect(url_for("publishing.show", slug=slug), 303)
