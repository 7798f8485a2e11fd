"""Pages of synonyms: the list, and one group with its words and its history."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.rules import local_path
from portal.errors import Conflict, Invalid, NotFound
from portal.search.rules import clean
from portal.search.synonyms import presenting, queries, rules, service
from portal.search.synonyms.forms import GroupForm, RemoveForm
from portal.search.synonyms.rules import Group
from portal.web import locale

bp = Blueprint("synonyms", __name__, url_prefix="/search/synonyms")

HISTORY = 20
TEXT_MOST = 80


def _group(key: str) -> Group:
    if len(key) > rules.KEY_MOST or not key.isascii() or not key.isprintable():
        raise NotFound
    return service.group(key)


@bp.get("/")
@allows(Act.SYNONYMS_KEEP)
def index() -> ResponseReturnValue:
    """List the groups, those out of use last."""
    text = clean(request.args.get("q", ""), TEXT_MOST)
    found = rules.matching(service.groups(), text)
    return render_template(
        "search/synonyms/index.html",
        query=text,
        groups=[presenting.group_view(it) for it in sorted(found, key=lambda it: it.removed)],
        events=[presenting.event_view(it) for it in queries.history(None, HISTORY)],
    )


@bp.get("/new")
@allows(Act.SYNONYMS_KEEP)
def new() -> ResponseReturnValue:
    """Show the form of a new group; words may be given, as the log of searches does."""
    form = GroupForm(formdata=None, back=local_path(request.args.get("back")) or "")
    for code in locale.NAMES:  # each language's words under its code
        form[code.value].data = clean(request.args.get(code.value, ""), TEXT_MOST)
    return _draw(None, form)


@bp.post("/")
@allows(Act.SYNONYMS_KEEP)
def add() -> ResponseReturnValue:
    """Add a group."""
    form = GroupForm()
    if not form.validate_on_submit():
        return _draw(None, form, trouble=gettext("Please look at the form again.")), 422
    try:
        service.add(current_user.id, form.words())
    except service.FaultError as error:
        return _draw(None, form, trouble=_said(error), other=error.fault.key), 422
    return redirect(local_path(form.back.data) or url_for("synonyms.index"), 303)


def _said(error: service.FaultError) -> str:
    return presenting.fault_words(error.fault)


def _filled(group: Group) -> GroupForm:
    form = GroupForm(formdata=None, version=group.version)
    for code, phrases in group.words.items():
        if code in form:
            form[code].data = "\n".join(phrases)
    return form


def _draw(
    group: Group | None, form: GroupForm, *, trouble: str = "", other: str = "", now: bool = False
) -> str:
    """Draw a group's page; `now`: beside the form say what its words are by now."""
    row = queries.row(group.key) if group is not None else None
    return render_template(
        "search/synonyms/show.html",
        group=presenting.group_view(group) if group is not None else None,
        key=group.key if group is not None else "",
        version=group.version if group is not None else 0,
        form=form,
        trouble=trouble,
        other=other,
        now=presenting.words_of(group.words) if now and group is not None else (),
        events=[presenting.event_view(it) for it in queries.history(row.id, HISTORY)]
        if row is not None
        else (),
    )


@bp.get("/<key>")
@allows(Act.SYNONYMS_KEEP)
def show(key: str) -> ResponseReturnValue:
    """Show a group."""
    group = _group(key)
    return _draw(group, _filled(group))


@bp.post("/<key>")
@allows(Act.SYNONYMS_KEEP)
def save(key: str) -> ResponseReturnValue:
    """Give a group its words; when somebody else did meanwhile, show theirs beside those typed."""
    form, group = GroupForm(), _group(key)
    if not form.validate_on_submit():
        return _draw(group, form, trouble=gettext("Please look at the form again.")), 422
    try:
        service.rewrite(current_user.id, key, form.words(), version=form.version.data or 0)
    except service.FaultError as error:
        return _draw(group, form, trouble=_said(error), other=error.fault.key), 422
    except Conflict:
        group = service.group(key)
        form.version.data, form.version.raw_data = group.version, None
        trouble = gettext(
            "Somebody has changed this group meanwhile; you see both. "
            "Save again to keep your words."
        )
        return _draw(group, form, trouble=trouble, now=True), 409
    return redirect(url_for("synonyms.index"), 303)


@bp.post("/<key>/removed")
@allows(Act.SYNONYMS_KEEP)
def remove(key: str) -> ResponseReturnValue:
    """Take a group out of use, or back."""
    form, group = RemoveForm(), _group(key)
    if not form.validate_on_submit():
        raise Invalid
    removed = bool(form.removed.data)
    try:
        service.remove(current_user.id, group.key, removed=removed, version=form.version.data or 0)
    except Conflict as error:
        raise Conflict(gettext("Somebody has changed this group meanwhile.")) from error
    return redirect(url_for("synonyms.show", key=key), 303)
