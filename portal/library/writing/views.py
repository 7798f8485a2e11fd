"""Pages of the editor: begin an asset, write a text."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.gate import requires
from portal.accounts.rules import Role
from portal.config import Language
from portal.errors import NotFound
from portal.library.conflicts import presenting as conflicts
from portal.library.conflicts.presenting import Met
from portal.library.models import Asset
from portal.library.publishing import acting, queries
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import TextRevision
from portal.library.publishing.rules import Action
from portal.library.rules import SLUG_LIMIT, Kind
from portal.library.service import content_of, kept_content
from portal.library.writing import naming
from portal.library.writing.forms import BeginForm, TextForm
from portal.web import locale, words

bp = Blueprint("writing", __name__, url_prefix="/desk")


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _asset(slug: str, language: str, *, lock: bool = False) -> Asset:
    """Return an asset whose texts this person may write.

    Raises:
        NotFound: when there is none, or no such language.
        Forbidden, Conflict: as `acting.require`.
    """
    if len(slug) > SLUG_LIMIT or "\x00" in slug or language not in set(Language):
        raise NotFound
    asset = queries.asset_by_slug(slug, lock=lock)
    if asset is None:
        raise NotFound
    return asset


@bp.get("/new")
@requires(Role.CONTRIBUTOR)
def begin() -> ResponseReturnValue:
    """Ask what a new asset is."""
    form = BeginForm(formdata=None, language=locale.code().value)
    if request.args.get("kind") in set(Kind):
        form.kind.data = request.args["kind"]
    return render_template("library/writing/begin.html", form=form)


@bp.post("/new")
@requires(Role.CONTRIBUTOR)
def begin_submit() -> ResponseReturnValue:
    """Begin an asset and open its editor."""
    form = BeginForm()
    if not form.validate_on_submit():
        return render_template("library/writing/begin.html", form=form), 422
    kind = Kind(form.kind.data)
    slug = naming.free_slug(form.title.data, kind)
    content = content_of(title=form.title.data, body="")
    publishing.create(_actor(), slug=slug, kind=kind, language=form.language.data, content=content)
    return redirect(url_for("writing.edit", slug=slug, language=form.language.data), 303)


@bp.get("/<slug>/<language>")
@requires(Role.CONTRIBUTOR)
def edit(slug: str, language: str) -> ResponseReturnValue:
    """Open a text in the editor: its newest revision, or what was typed and not saved."""
    asset = _asset(slug, language)
    acting.require(_actor(), asset, Action.EDIT)
    newest = queries.newest(asset.id, language)
    form = TextForm(formdata=None, base=newest.number if newest else 0)
    if newest is not None:
        _fill(form, newest)
    return _draw(asset, language, form)


def _fill(form: TextForm, revision: TextRevision) -> None:
    form.title.data = revision.title
    form.summary.data = revision.summary
    form.body.data = revision.body
    form.tags.data = ", ".join(revision.tags)


def _draw(asset: Asset, language: str, form: TextForm) -> str:
    return render_template(
        "library/writing/edit.html",
        asset=asset,
        language=language,
        kind_label=words.label(words.KINDS, asset.kind),
        form=form,
    )


@bp.post("/<slug>/<language>")
@requires(Role.CONTRIBUTOR)
def save(slug: str, language: str) -> ResponseReturnValue:
    """Save a text as its next revision; when somebody else did meanwhile, show both texts."""
    form = TextForm()
    asset = _asset(slug, language, lock=True)
    if not form.validate_on_submit():
        return _draw(asset, language, form), 422
    newest = queries.newest(asset.id, language)
    content = form.content(kept_content(newest) if newest else {})
    try:
        publishing.save(
            _actor(), asset, language, content, base=form.base.data, note=form.note.data
        )
    except publishing.TextConflictError as conflict:
        return conflicts.page(
            asset,
            language,
            Met(base=form.base.data, mine=content, theirs=conflict.theirs, note=form.note.data),
        ), 409
    return redirect(url_for("publishing.show", slug=slug), 303)
