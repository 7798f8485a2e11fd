"""Pages of asking: the form, filled in from wherever it was opened, and waiting for a request."""

import json
import secrets
from collections.abc import Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.asset_requests import acting
from portal.asset_requests.acting import Person
from portal.asset_requests.asking import presenting, queries, service
from portal.asset_requests.asking.forms import AskForm, WaitForm
from portal.asset_requests.asking.presenting import About
from portal.asset_requests.asking.rules import clean_filters
from portal.asset_requests.asking.service import Words
from portal.asset_requests.labels import COMPLAINTS
from portal.asset_requests.presenting import actor
from portal.asset_requests.rules import FACETS, Action, number_of
from portal.asset_requests.similar import presenting as similar
from portal.calls.voice import queries as heard
from portal.calls.voice import service as voice
from portal.calls.voice.presenting import answers
from portal.deals import queries as deals
from portal.errors import Invalid, NotFound
from portal.library.rules import SLUG_LIMIT
from portal.web import locale
from portal.web.forms import Form

bp = Blueprint("asking", __name__, url_prefix="/requests")


def words() -> Words:
    """Return what takes a text apart for finding requests like it."""
    found: Words = current_app.extensions["arsenal.words"]
    return found


def _about(slug: str) -> About | None:
    """Return the asset a request is about, as the form shows it."""
    usable = 0 < len(slug) <= SLUG_LIMIT and "\x00" not in slug
    return queries.about(slug, locale.code().value) if usable else None


def _offer(form: AskForm, named: Mapping[str, str] | None = None) -> AskForm:
    """Give a form what can be chosen now; `named` are words chosen before, retired perhaps."""
    form.today = locale.today()
    for facet in FACETS:
        form[facet].choices = presenting.term_choices(facet, (named or {}).get(facet, ""))
    form.deal.choices = presenting.deal_choices(())
    return form


def _with_deals(form: AskForm, who: Person) -> AskForm:
    """Give a form the deals it can be for; one that it names is among them."""
    mine = list(deals.open_deals(who.id, who.role, who.team_id))
    number = number_of(form.deal.data)
    if number is not None and number not in {deal.id for deal in mine}:
        named = deals.for_person(who.id, who.role, who.team_id, number)
        mine += [named] if named is not None else []
    form.deal.choices = presenting.deal_choices(mine)
    return form


def _filled(who: Person, about: About | None) -> AskForm:
    """Return the form an address opens: with the search, the asset, the deal it names."""
    told = presenting.prefilled(request.args, ("kind", "language", "deal", "department", *FACETS))
    complaint = request.args.get("complaint", "")
    query = request.args.get("q", "")[:300]
    title = presenting.filled_title(query, complaint, about.title if about else "")
    filters = clean_filters(request.args.to_dict(flat=False))
    form = AskForm(
        formdata=None,
        once=secrets.token_urlsafe(18),
        title=request.args.get("title", "")[:200] or title,
        query=query,
        voice=request.args.get("voice", "")[:20],
        filters_=json.dumps(filters if query else {}, ensure_ascii=False),
        asset=about.slug if about else "",
        anchor=request.args.get("anchor", "")[:200],
        complaint=complaint,
        **{**(about.facts if about else {}), **told},
    )
    return _with_deals(_offer(form), who)


def _page(form: AskForm, about: About | None) -> str:
    typed = form.draft(about.id if about else None) if form.title.data else None
    return render_template(
        "asset_requests/asking/ask.html",
        form=form,
        about=about,
        complaints=COMPLAINTS.items(),
        alike=similar.fragment(typed, current_user.id) if typed else "",
    )


@bp.get("/new")
@allows(Act.REQUEST_ASK)
def ask() -> ResponseReturnValue:
    """Show the form."""
    about = _about(request.args.get("asset", ""))
    return _page(_filled(actor(), about), about)


@bp.post("/new")
@keeps_text
@allows(Act.REQUEST_ASK)
def ask_submit() -> ResponseReturnValue:
    """Ask for it; the same form sent twice asks once. Nothing typed is lost on a mistake."""
    who, form = actor(), AskForm()
    about = _about(form.slug)
    _with_deals(_offer(form), who)
    if not form.validate_on_submit():
        return _page(form, about), 422
    token = form.token or secrets.token_urlsafe(18)
    try:
        made = service.ask(who, form.draft(about.id if about else None), token=token, words=words())
    except Invalid:
        form.deal.errors = [gettext("There is no such deal, or it is another team’s.")]
        return _page(form, about), 422
    _tie(form.voice.data, made.id)
    return redirect(url_for("requests.show", number=made.id), 303)


def _tie(said: str | None, number: int) -> None:
    """Let what a customer said, if it was asked from there, wait for the request."""
    point = heard.point(number_of(said) or 0) if said else None
    if point is not None and answers(point):
        voice.ask(point, number)


@bp.post("/<int:number>/support")
@allows(Act.REQUEST_SUPPORT)
def support(number: int) -> ResponseReturnValue:
    """Wait for it too, for a deal perhaps."""
    form = WaitForm()
    if not form.validate_on_submit():
        raise Invalid
    none = request.form.get("deal") == ""  # “no deal” was chosen
    try:
        service.support(actor(), acting.locked(number), form.deal_id, is_chosen=none)
    except Invalid as error:
        reason = gettext("There is no such deal, or it is another team’s.")
        raise Invalid(reason) from error
    return redirect(url_for("requests.show", number=number), 303)


@bp.post("/<int:number>/leave")
@allows(Act.REQUEST_LEAVE)
def leave(number: int) -> ResponseReturnValue:
    """Wait for it no more."""
    if not Form().validate_on_submit():
        raise Invalid
    service.leave(actor(), acting.locked(number))
    return redirect(url_for("requests.show", number=number), 303)


@bp.get("/<int:number>/change")
@allows(Act.REQUEST_CHANGE)
def change(number: int) -> ResponseReturnValue:
    """Show what is asked, to be said better."""
    it = acting.seen(number)
    acting.require(actor(), it, Action.CHANGE)
    named = presenting.named_now(it)
    shown = {name: getattr(it, name) or "" for name in presenting.SHOWN} | named
    form = AskForm(formdata=None, urgent=it.urgent, needed_by=it.needed_by, **shown)
    return _change_page(_offer(form, named), number)


def _change_page(form: AskForm, number: int) -> str:
    return render_template("asset_requests/asking/change.html", form=form, number=number)


@bp.post("/<int:number>/change")
@keeps_text
@allows(Act.REQUEST_CHANGE)
def change_submit(number: int) -> ResponseReturnValue:
    """Say better what is asked."""
    form, it = AskForm(), acting.locked(number)
    acting.require(actor(), it, Action.CHANGE)
    _offer(form, presenting.named_now(it))
    form.today = None if form.needed_by.data == it.needed_by else form.today
    if not form.validate_on_submit():
        return _change_page(form, number), 422
    service.change(actor(), it, form.draft(it.asset_id), words=words())
    return redirect(url_for("requests.show", number=number), 303)


@bp.post("/<int:number>/merge")
@allows(Act.REQUEST_MERGE)
def merge(number: int) -> ResponseReturnValue:
    """Make a request part of another one."""
    if not Form().validate_on_submit():
        raise Invalid
    into = number_of(request.form.get("into", "").strip().removeprefix("#")) or 0
    try:
        service.merge(actor(), number, into)
    except (Invalid, NotFound) as error:
        reason = gettext("Which one? Give the number of another open request.")
        raise Invalid(reason) from error
    return redirect(url_for("requests.show", number=into), 303)
