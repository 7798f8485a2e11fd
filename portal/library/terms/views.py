"""Pages of the vocabulary: its five lists, and one term with its words, use and history."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import Conflict, Invalid, NotFound
from portal.library.models import FacetTerm
from portal.library.publishing.acting import Actor
from portal.library.rules import Facet
from portal.library.terms import merging, presenting, queries, service
from portal.library.terms.forms import MergeForm, RetireForm, TermForm
from portal.library.terms.rules import SLUG_MOST

bp = Blueprint("terms", __name__, url_prefix="/vocabulary")

HISTORY = 30


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _keeps() -> bool:
    return policy.granted(current_user.role, Act.TERMS_KEEP)


def _facet(name: str) -> Facet:
    if name not in set(Facet):
        raise NotFound
    return Facet(name)


def _locked(facet: str, slug: str) -> FacetTerm:
    if len(slug) > SLUG_MOST or "\x00" in slug:
        raise NotFound
    return service.locked(_actor(), _facet(facet).value, slug)


@bp.get("/")
@allows(Act.TERMS_READ)
def index() -> ResponseReturnValue:
    """List the terms of a facet, with how many assets have each."""
    name = request.args.get("facet", Facet.PRODUCT.value)
    facet = Facet(name) if name in set(Facet) else Facet.PRODUCT
    return _list(facet, TermForm(formdata=None))


def _list(facet: Facet, form: TermForm, *, trouble: str = "", other: str = "") -> str:
    return render_template(
        "library/terms/index.html",
        facet=facet.value,
        tabs=presenting.tabs(queries.counts(), facet),
        lines=[presenting.line_view(line, facet) for line in queries.lines(facet.value)],
        form=form,
        keeps=_keeps(),
        trouble=trouble,
        other=other,
    )


@bp.post("/<facet>")
@allows(Act.TERMS_KEEP)
def add(facet: str) -> ResponseReturnValue:
    """Add a term."""
    form, known = TermForm(), _facet(facet)
    if not form.validate_on_submit():
        return _list(known, form, trouble=gettext("Please look at the form again.")), 422
    try:
        term = service.add(
            _actor(), known, form.names(), slug=form.slug.data or "", aliases=form.words()
        )
    except service.ClashError as error:
        trouble, other = presenting.clash_words(error.clash)
        return _list(known, form, trouble=trouble, other=other), 422
    return redirect(url_for("terms.show", facet=facet, slug=term.slug), 303)


@bp.get("/<facet>/<slug>")
@allows(Act.TERMS_READ)
def show(facet: str, slug: str) -> ResponseReturnValue:
    """Show a term; one that has another slug by now leads there."""
    known = _facet(facet)
    usable = len(slug) <= SLUG_MOST and "\x00" not in slug
    term = queries.found(known.value, slug) if usable else None
    if term is None:
        raise NotFound(gettext("There is no such term."))
    if term.slug != slug:
        return redirect(url_for("terms.show", facet=facet, slug=term.slug), 308)
    form = TermForm(formdata=None, slug=term.slug, version=term.version)
    for code, name in term.names.items():
        if f"name_{code}" in form:
            form[f"name_{code}"].data = name
    form.aliases.data = "\n".join(term.aliases)
    return _draw(term, form)


def _draw(term: FacetTerm, form: TermForm, *, trouble: str = "", other: str = "") -> str:
    former = queries.former_of(term.facet).get(term.id, [])
    merge = MergeForm(formdata=None)
    merge.target.choices = [("", "")] + [
        (it.slug, presenting.name(it)) for it in queries.terms_of(term.facet) if it.id != term.id
    ]
    line = next(line for line in queries.lines(term.facet) if line.slug == term.slug)
    return render_template(
        "library/terms/show.html",
        facet=term.facet,
        slug=term.slug,
        name=presenting.name(term),
        name_language=presenting.language_of(term.names),
        line=presenting.line_view(line, Facet(term.facet)),
        former=former,
        form=form,
        merge=merge,
        keeps=_keeps(),
        trouble=trouble,
        other=other,
        events=[presenting.event_view(it, former) for it in queries.history(term.id, HISTORY)],
    )


@bp.post("/<facet>/<slug>")
@allows(Act.TERMS_KEEP)
def save(facet: str, slug: str) -> ResponseReturnValue:
    """Give a term its words; when somebody else did meanwhile, show what was typed and say so."""
    form, term = TermForm(), _locked(facet, slug)
    if not form.validate_on_submit():
        return _draw(term, form, trouble=gettext("Please look at the form again.")), 422
    try:
        service.rewrite(
            _actor(),
            term,
            names=form.names(),
            slug=form.slug.data or term.slug,
            aliases=form.words(),
            version=form.version.data or 0,
        )
    except service.ClashError as error:
        trouble, other = presenting.clash_words(error.clash)
        return _draw(term, form, trouble=trouble, other=other), 422
    except Conflict:
        form.version.data, form.version.raw_data = term.version, None
        trouble = gettext(
            "Somebody has changed this term meanwhile; see below what. Your words are still in "
            "the form: save again to keep them."
        )
        return _draw(term, form, trouble=trouble), 409
    return redirect(url_for("terms.show", facet=facet, slug=term.slug), 303)


@bp.post("/<facet>/<slug>/merged")
@allows(Act.TERMS_KEEP)
def merge(facet: str, slug: str) -> ResponseReturnValue:
    """Merge a term into another one."""
    form, source = MergeForm(), _locked(facet, slug)
    target = queries.found(facet, (form.target.data or "")[:SLUG_MOST].replace("\x00", ""))
    if not form.validate_on_submit() or target is None:
        raise Invalid(gettext("Choose what to merge it into."))
    if target.id == source.id:
        raise Invalid(gettext("A term can not be merged into itself."))
    merging.merge(_actor(), source, target)
    return redirect(url_for("terms.show", facet=facet, slug=target.slug, _anchor="history"), 303)


@bp.post("/<facet>/<slug>/retired")
@allows(Act.TERMS_KEEP)
def retire(facet: str, slug: str) -> ResponseReturnValue:
    """Stop offering a term for new assets, or offer it again."""
    form, term = RetireForm(), _locked(facet, slug)
    if not form.validate_on_submit():
        raise Invalid
    service.retire(_actor(), term, retired=bool(form.retired.data))
    return redirect(url_for("terms.show", facet=facet, slug=term.slug), 303)


@bp.post("/changes/<int:event_id>/undone")
@allows(Act.TERMS_KEEP)
def undo(event_id: int) -> ResponseReturnValue:
    """Undo a merge."""
    event = queries.event(min(event_id, 2**31 - 1))
    if event is None:
        raise NotFound
    if not RetireForm().validate_on_submit():
        raise Invalid
    try:
        term = merging.undo(_actor(), event)
    except service.ClashError as error:
        raise Conflict(presenting.clash_words(error.clash)[0]) from error
    except Conflict as error:
        message = gettext("This merge can not be undone any more: what it did was changed since.")
        raise Conflict(message) from error
    return redirect(url_for("terms.show", facet=term.facet, slug=term.slug), 303)
