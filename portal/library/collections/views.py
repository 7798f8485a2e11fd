"""Pages of collections: the list, one to read, one to change and fill."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.collections import presenting, queries, rules, service
from portal.library.collections.forms import (
    AddForm,
    CollectionForm,
    NoteForm,
    OrderForm,
    PlainForm,
    StepForm,
)
from portal.library.collections.models import Collection
from portal.library.collections.rules import NUMBER_MOST, Reach, Viewer
from portal.library.models import Asset
from portal.library.pinning import queries as pins
from portal.library.pinning.presenting import TeamChoice, team_choices
from portal.library.rules import SLUG_LIMIT
from portal.web import locale, paging

bp = Blueprint("collections", __name__, url_prefix="/collections")

PAGE_SIZE = 40
CHOICES = 60


def viewer() -> Viewer:
    """Return who asks."""
    return Viewer(current_user.id, current_user.role, current_user.team_id)


def _locked(collection_id: int) -> Collection:
    return service.locked(viewer(), min(collection_id, NUMBER_MOST))


def _asset(slug: str) -> Asset:
    usable = len(slug) <= SLUG_LIMIT and "\x00" not in slug
    found = queries.published(slug) if usable else None
    if found is None:
        raise NotFound(gettext("This asset does not exist, or it is not published."))
    return found


def _offer(form: CollectionForm, *, in_team: bool) -> CollectionForm:
    if not in_team:
        form.leave_out_team()
    return form


def _new_form() -> CollectionForm:
    return CollectionForm(formdata=None, language=locale.code().value, reach=Reach.ALL.value)


def _to(collection_id: int, *, anchor: str | None = None) -> ResponseReturnValue:
    where = url_for("collections.edit", collection_id=collection_id, _anchor=anchor)
    return redirect(where, 303)


# --- the list, and new ones ----------------------------------------------------------------------


@bp.get("/")
@allows(Act.COLLECTION_SEE)
def index() -> ResponseReturnValue:
    """List the collections a person sees, or has made."""
    return _list(_new_form())


def _list(form: CollectionForm) -> str:
    who, mine = viewer(), request.args.get("whose") == "mine"
    page = paging.paging(
        total=queries.count(who, mine=mine),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("collections.index"), [("whose", "mine")] if mine else []),
    )
    lines = queries.visible(who, mine=mine, limit=page.size, offset=page.offset)
    return render_template(
        "library/collections/index.html",
        lines=[presenting.line_view(line) for line in lines],
        mine=mine,
        form=_offer(form, in_team=who.team_id is not None),
        paging=page,
    )


@bp.post("/")
@allows(Act.COLLECTION_MAKE)
def create() -> ResponseReturnValue:
    """Make a collection, with a first asset when one is named."""
    form, slug = CollectionForm(), request.form.get("asset", "")
    asset = _asset(slug) if slug else None
    if form.validate_on_submit():
        try:
            it = service.create(viewer(), form.facts())
        except Invalid:
            form.reach.errors = [gettext("You are in no team.")]
        else:
            if asset is not None:
                service.add(it, asset)
            return _to(it.id)
    return (_choose(asset, form) if asset else _list(form)), 422


# --- one -----------------------------------------------------------------------------------------


@bp.get("/<int:collection_id>")
@allows(Act.COLLECTION_SEE)
def show(collection_id: int) -> ResponseReturnValue:
    """Show a collection to read."""
    who = viewer()
    it = service.seen(who, min(collection_id, NUMBER_MOST))
    editor = rules.edits(who, service.standing(it))
    lines = queries.entry_lines(it.id, locale.code().value)
    return render_template(
        "library/collections/show.html",
        it=it,
        reach_label=presenting.reach_label(it.reach),
        entries=presenting.entry_views(lines, editor=editor),
        editor=editor,
    )


@bp.get("/<int:collection_id>/edit")
@allows(Act.COLLECTION_EDIT)
def edit(collection_id: int) -> ResponseReturnValue:
    """Show a collection to change."""
    it = service.seen(viewer(), min(collection_id, NUMBER_MOST))
    if not rules.edits(viewer(), service.standing(it)):
        raise Forbidden
    return _draw(it)


def _draw(it: Collection, form: CollectionForm | None = None, *, trouble: str = "") -> str:
    who = viewer()
    if form is None:
        facts = ("name", "description", "language", "reach", "version")
        form = CollectionForm(formdata=None, **{fact: getattr(it, fact) for fact in facts})
    lines = queries.entry_lines(it.id, locale.code().value)
    return render_template(
        "library/collections/edit.html",
        it=it,
        form=_offer(form, in_team=who.team_id is not None or it.team_id is not None),
        entries=presenting.entry_views(lines, editor=True),
        may_pin=rules.pins(who),
        teams=_teams_for(it) if rules.pins(who) else [],
        trouble=trouble,
    )


def _teams_for(it: Collection) -> list[TeamChoice]:
    """The teams a collection can be pinned for."""
    standing = service.standing(it)
    teams = [team for team in pins.teams() if rules.can_pin_for(standing, team[0])]
    return team_choices(teams, pins.teams_with_collection(it.id))


def _moved_on(it: Collection, form: CollectionForm | None = None) -> ResponseReturnValue:
    """Show the collection as it is now to somebody who looked at an older one."""
    if form is not None:
        form.version.data, form.version.raw_data = it.version, None
    trouble = gettext(
        "Somebody has changed this collection meanwhile. Below is how it is now: please look and "
        "do it again."
    )
    return _draw(it, form, trouble=trouble), 409


@bp.post("/<int:collection_id>/edit")
@allows(Act.COLLECTION_EDIT)
def save(collection_id: int) -> ResponseReturnValue:
    """Give a collection its name, words and reach."""
    form, it = CollectionForm(), _locked(collection_id)
    if not form.validate_on_submit():
        return _draw(it, form), 422
    if form.version.data != it.version:
        return _moved_on(it, form)
    try:
        service.rewrite(viewer(), it, form.facts())
    except Invalid:
        form.reach.errors = [gettext("You are in no team.")]
        return _draw(it, form), 422
    return redirect(url_for("collections.show", collection_id=it.id), 303)


@bp.post("/<int:collection_id>/deleted")
@allows(Act.COLLECTION_EDIT)
def delete(collection_id: int) -> ResponseReturnValue:
    """Delete a collection; its assets stay where they are."""
    it = _locked(collection_id)
    if not PlainForm().validate_on_submit():
        raise Invalid
    service.remove(it)
    return redirect(url_for("collections.index"), 303)


# --- its entries ---------------------------------------------------------------------------------


@bp.get("/add/<slug>")
@allows(Act.COLLECTION_MAKE)
def choose(slug: str) -> ResponseReturnValue:
    """Ask to which collection an asset is to be added."""
    return _choose(_asset(slug), _new_form())


def _choose(asset: Asset, form: CollectionForm) -> str:
    who, reader = viewer(), locale.code().value
    holding = queries.holding(asset.id)
    return render_template(
        "library/collections/choose.html",
        slug=asset.slug,
        title=queries.title_of(asset.id, reader) or (asset.slug, "en"),
        lines=[presenting.line_view(it, holding) for it in queries.editable(who, CHOICES)],
        form=_offer(form, in_team=who.team_id is not None),
        may_pin=rules.pins(who),
        note_most=rules.NOTE_MOST,
    )


@bp.post("/<int:collection_id>/entries")
@allows(Act.COLLECTION_EDIT)
def add(collection_id: int) -> ResponseReturnValue:
    """Put an asset at the end of a collection."""
    form, it = AddForm(), _locked(collection_id)
    if not form.validate_on_submit():
        raise Invalid(gettext("The note is too long."))
    try:
        service.add(it, _asset(form.asset.data), form.note.data or "")
    except service.FullError as error:
        message = gettext("This collection is full: %(n)s assets.", n=rules.ENTRIES_MOST)
        raise Invalid(message) from error
    return redirect(url_for("collections.show", collection_id=it.id), 303)


@bp.post("/<int:collection_id>/entries/<int:entry_id>/step")
@allows(Act.COLLECTION_EDIT)
def step(collection_id: int, entry_id: int) -> ResponseReturnValue:
    """Move an entry one place up or down."""
    form, it = StepForm(), _locked(collection_id)
    if not form.validate_on_submit():
        raise Invalid
    if form.version.data != it.version:
        return _moved_on(it)
    service.step(it, entry_id, up=form.to.data == "up")
    return _to(it.id, anchor=f"entry-{entry_id}")


@bp.post("/<int:collection_id>/order")
@allows(Act.COLLECTION_EDIT)
def order(collection_id: int) -> ResponseReturnValue:
    """Put all entries in another order, for the script that lets them be dragged."""
    form, it = OrderForm(), _locked(collection_id)
    wanted = rules.read_order(form.order.data or "")
    if not form.validate_on_submit() or wanted is None:
        raise Invalid
    if form.version.data != it.version:
        raise Conflict
    service.reorder(it, wanted)
    return jsonify(version=it.version)


@bp.post("/<int:collection_id>/entries/<int:entry_id>/note")
@allows(Act.COLLECTION_EDIT)
def annotate(collection_id: int, entry_id: int) -> ResponseReturnValue:
    """Say something about an entry."""
    form, it = NoteForm(), _locked(collection_id)
    if not form.validate_on_submit():
        raise Invalid(gettext("The note is too long."))
    service.annotate(it, entry_id, form.note.data or "")
    return _to(it.id, anchor=f"entry-{entry_id}")


@bp.post("/<int:collection_id>/entries/<int:entry_id>/taken-out")
@allows(Act.COLLECTION_EDIT)
def take_out(collection_id: int, entry_id: int) -> ResponseReturnValue:
    """Take an entry out of a collection."""
    it = _locked(collection_id)
    if not PlainForm().validate_on_submit():
        raise Invalid
    service.take_out(it, entry_id)
    return _to(it.id, anchor="entries")
