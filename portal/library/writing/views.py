"""Pages of the editor: begin an asset, write a text, preview it, keep what is typed."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.config import Language
from portal.errors import Invalid, NotFound
from portal.library import service as texts
from portal.library.conflicts import presenting as conflicts
from portal.library.conflicts.presenting import Met
from portal.library.models import Asset
from portal.library.publishing import acting, queries
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import TextRevision
from portal.library.publishing.rules import Action
from portal.library.rules import SLUG_LIMIT, Kind
from portal.library.writing import forms, presenting, service, starting
from portal.library.writing import queries as own_queries
from portal.library.writing.forms import BeginForm, TextForm
from portal.web import locale, words

bp = Blueprint("writing", __name__, url_prefix="/desk")


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _asset(slug: str, language: str, *, lock: bool = False) -> Asset:
    """Return an asset whose texts this person may write.

    Raises:
        NotFound: when there is none, or no such language.
    """
    if len(slug) > SLUG_LIMIT or "\x00" in slug or language not in set(Language):
        raise NotFound
    asset = queries.asset_by_slug(slug, lock=lock)
    if asset is None:
        raise NotFound
    return asset


@bp.get("/new")
@allows(Act.ASSET_BEGIN)
def begin() -> ResponseReturnValue:
    """Ask what a new asset is."""
    form = BeginForm(formdata=None, language=locale.code().value, once=secrets.token_urlsafe(12))
    if request.args.get("kind") in set(Kind):
        form.kind.data = request.args["kind"]
    return _begin_page(form)


def _begin_page(form: BeginForm) -> str:
    cards = presenting.kind_cards()
    return render_template("library/writing/begin.html", form=form, cards=cards)


@bp.post("/new")
@allows(Act.ASSET_BEGIN)
def begin_submit() -> ResponseReturnValue:
    """Begin an asset with its kind's template and open its editor."""
    form = BeginForm()
    if not form.validate_on_submit():
        return _begin_page(form), 422
    asset = service.begin(
        _actor(),
        kind=Kind(form.kind.data),
        language=Language(form.language.data),
        title=form.title.data,
        token=form.once.data or "",
    )
    return redirect(url_for("writing.edit", slug=asset.slug, language=form.language.data), 303)


@dataclass(slots=True)
class Desk:
    """A text on the editor's desk: the asset, its newest revision, the form that shows it."""

    asset: Asset
    language: str
    newest: TextRevision | None
    form: TextForm

    def page(self, **more: Any) -> str:  # noqa: ANN401  # what the template asks for
        """Draw the editor."""
        own = getattr(self.form, "own", None)
        if self.asset.kind == Kind.CASE_STUDY and own is not None:
            own.form.offer_rows()
        today = clock.now().date()
        told = {"draft": None, "preview": None, "posted": True, **more}
        return render_template(
            "library/writing/edit.html",
            asset=self.asset,
            language=self.language,
            kind_label=words.label(words.KINDS, self.asset.kind),
            form=self.form,
            blocks=starting.blocks(Language(self.language), today),
            newest=self.newest.number if self.newest else 0,
            places=presenting.places(self.asset, self.language),
            mine=own_queries.last_saved_by(current_user.id, self.asset.id, self.language),
            **told,
        )


def _desk(slug: str, language: str, *, lock: bool = False, **options: Any) -> Desk:  # noqa: ANN401
    asset = _asset(slug, language, lock=lock)
    newest = queries.newest(asset.id, language)
    kept = texts.kept_content(newest) if newest else {}
    return Desk(asset, language, newest, forms.text_form(asset.kind, kept, **options))


@bp.get("/<slug>/<language>")
@allows(Act.ASSET_EDIT)
def edit(slug: str, language: str) -> ResponseReturnValue:
    """Open a text in the editor: its newest revision, or what was typed and never saved."""
    asset = _asset(slug, language)
    acting.require(_actor(), asset, Action.EDIT)
    newest = queries.newest(asset.id, language)
    number = newest.number if newest else 0
    draft = queries.autosave(current_user.id, asset.id, language)
    if draft is not None:
        desk = _desk(slug, language, formdata=None, base=draft.base, data=draft.content)
        if newest is None or not desk.form.says(texts.kept_content(newest)):
            view = presenting.draft_view(draft, number)
            return desk.page(draft=view, posted=False)
    row = queries.wanted(asset, newest) if newest else None
    data = (
        forms.shown(texts.kept_content(row))
        if row
        else {"body": starting.template(Kind(asset.kind), Language(language))}
    )
    return _desk(slug, language, formdata=None, base=number, data=data).page(posted=False)


@bp.post("/<slug>/<language>")
@allows(Act.ASSET_EDIT)
@keeps_text
def save(slug: str, language: str) -> ResponseReturnValue:
    """Save a text as its next revision; when somebody else did meanwhile, show both texts."""
    desk = _desk(slug, language, lock=True)
    acting.require(_actor(), desk.asset, Action.EDIT)
    form = desk.form
    if not form.validate_on_submit():
        return desk.page(), 422
    try:
        publishing.save(
            _actor(), desk.asset, language, form.content(), base=form.base.data, note=form.note.data
        )
    except publishing.TextConflictError as conflict:
        met = Met(form.base.data, form.content(), conflict.theirs, form.note.data)
        return conflicts.page(desk.asset, language, met), 409
    except Invalid:
        form.body.errors = [_undrawable()]
        return desk.page(), 422
    return redirect(url_for("publishing.show", slug=slug), 303)


def _undrawable() -> str:
    return str(
        gettext("This text can not be drawn: it is over 1 MB or too tangled. Split it in two.")
    )


@bp.post("/preview/<slug>/<language>")
@allows(Act.ASSET_EDIT)
@keeps_text
def preview(slug: str, language: str) -> ResponseReturnValue:
    """Draw a text as its page would show it; nothing is kept. A script gets the drawing alone."""
    desk = _desk(slug, language)
    acting.require(_actor(), desk.asset, Action.EDIT)
    form = desk.form
    fits = form.validate_on_submit()
    if not fits and set(form.errors) - {"title", "note", "tags"}:
        return desk.page(), 422
    try:
        content = form.content()
        document = publishing.draw(desk.asset, language, content)
    except Invalid:
        form.body.errors = [_undrawable()]
        return desk.page(), 422
    page = presenting.preview(desk.asset, language, content, document)
    body = Markup(render_template(presenting.body_template(desk.asset.kind), page=page))  # noqa: S704
    drawn = Markup(render_template("library/writing/_preview.html", page=page, body=body))  # noqa: S704
    return drawn if request.args.get("fragment") else desk.page(preview=drawn)


@bp.post("/<slug>/<language>/draft")
@allows(Act.ASSET_EDIT)
def keep_draft(slug: str, language: str) -> ResponseReturnValue:
    """Keep what is being typed, fit or unfit; the answer says when it was kept."""
    desk = _desk(slug, language, lock=True)
    base = desk.form.base.data
    if base is None or not 0 <= base <= forms.NUMBER_MOST:
        raise Invalid(gettext("The form is not complete."))
    publishing.autosave(_actor(), desk.asset, language, desk.form.typed(), base=base)
    return jsonify(at=presenting.time_of_day(clock.now()))


@bp.post("/<slug>/<language>/draft/discarded")
@allows(Act.ASSET_EDIT)
def drop_draft(slug: str, language: str) -> ResponseReturnValue:
    """Forget what was typed and never saved."""
    asset = _asset(slug, language, lock=True)
    acting.require(_actor(), asset, Action.EDIT)
    publishing.forget_autosave(_actor(), asset, language)
    return redirect(url_for("writing.edit", slug=slug, language=language), 303)
