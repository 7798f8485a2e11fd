"""Saying something about a request, saying thank you, and the page of both sides' wins."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.asset_requests import acting, presenting, rules
from portal.asset_requests.acting import Person
from portal.asset_requests.moving import presenting as moving
from portal.asset_requests.presenting import actor
from portal.asset_requests.talk import presenting as talk
from portal.asset_requests.talk import queries, service
from portal.errors import Conflict, Invalid
from portal.library.writing.forms import storable
from portal.web import paging, words
from portal.web.forms import Form

bp = Blueprint("talk", __name__, url_prefix="/requests")

DAYS, PAGE_SIZE = 90, 20


@bp.post("/<int:number>/comments")
@keeps_text
@allows(Act.REQUEST_COMMENT)
def comment(number: int) -> ResponseReturnValue:
    """Say something."""
    if not Form().validate_on_submit():
        raise Invalid
    who, text = actor(), storable(request.form.get("text"))
    try:
        event = service.comment(who, acting.locked(number), text)
    except Invalid:
        return _again(who, number, said=text), 422
    return redirect(url_for("requests.show", number=number, _anchor=f"e{event.id}"), 303)


def _again(who: Person, number: int, **typed: str) -> str:
    """Show the request with what was typed, and why it could not be said."""
    told = moving.page(who, acting.seen(number))
    wrong = gettext("Say something, in at most %(n)d characters.", n=rules.NOTE_MOST)
    return render_template("asset_requests/moving/show.html", **told, **typed, wrong=wrong)


@bp.post("/<int:number>/thanks")
@keeps_text
@allows(Act.REQUEST_THANK)
def thank(number: int) -> ResponseReturnValue:
    """Say thank you, once."""
    if not Form().validate_on_submit():
        raise Invalid
    who, text = actor(), storable(request.form.get("text"))
    try:
        service.thank(who, acting.locked(number), text)
    except Invalid:
        return _again(who, number, thanks=text), 422
    except Conflict:  # said before, by a double click perhaps
        return redirect(url_for("requests.show", number=number), 303)
    return redirect(url_for("requests.show", number=number, _anchor="talk"), 303)


@bp.get("/wins")
@allows(Act.REQUEST_SEE)
def wins() -> ResponseReturnValue:
    """Show what was asked, delivered and accepted of late, with thanks."""
    since = clock.now() - timedelta(days=DAYS)
    totals = queries.delivered_by(since)
    page = paging.paging(
        total=sum(number for _, number in totals),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("talk.wins"), ()),
    )
    found = queries.wins(since, limit=page.size, offset=page.offset)
    thanks = queries.thanks_of([it.id for it in found])
    return render_template(
        "asset_requests/talk/wins.html",
        wins=[
            talk.win(it, thanks.get(it.id, ()), presenting.named(it.delivered, desk=False))
            for it in found
        ],
        totals=[(words.label(words.DEPARTMENTS, name), number) for name, number in totals],
        days=DAYS,
        paging=page,
    )
