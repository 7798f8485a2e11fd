"""Pages of the agreement: the version in force and former ones, and a proposal."""

from zoneinfo import available_timezones

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.asset_requests.agreement import (
    forms,
    holidays_of,
    presenting,
    queries,
    rules,
    service,
)
from portal.asset_requests.agreement import terms as agreed
from portal.asset_requests.agreement.labels import WEEKDAYS
from portal.asset_requests.agreement.models import Agreement
from portal.asset_requests.agreement.rules import SIDES, Doing
from portal.config import Config
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.publishing.acting import Actor
from portal.usage.rules import INTEGER_MOST
from portal.web import locale, words

bp = Blueprint("agreement", __name__, url_prefix="/requests")

MANAGERS = policy.roles(Act.AGREEMENT_SIGN)


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _zone() -> str:
    config: Config = current_app.config["PORTAL"]
    return config.timezone


def _terms(found: Agreement | None) -> agreed.Terms:
    return service.terms_of(found, _zone())


@bp.get("/agreement")
@allows(Act.AGREEMENT_SEE)
def show() -> ResponseReturnValue:
    """Show the version in force or another one, what is proposed, and all versions."""
    every, said = list(queries.versions()), request.args.get("version", "")
    newest = every[0] if every else None
    shown = newest
    if said and (said != "1" or every):
        number = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0  # noqa: PLR2004
        shown = next((it for it in every if it.number == number), None)
        if shown is None or number > INTEGER_MOST:
            raise NotFound
    proposal = queries.proposal()
    side = rules.side_of(current_user.role, current_user.department)
    before = {it.number: it for it in every}
    return render_template(
        "asset_requests/agreement/show.html",
        version=shown,
        is_newest=shown is newest,
        terms=presenting.terms_view(_terms(shown)),
        changes=presenting.changes(_terms(before.get((shown.number or 1) - 1)), _terms(shown))
        if shown and (shown.number or 1) > 1
        else [],
        versions=every,
        proposal=proposal,
        proposed=presenting.changes(_terms(newest), _terms(proposal)) if proposal else [],
        doings=rules.doings(side, proposal.proposed_for if proposal else None),
        signers=[
            (words.label(words.DEPARTMENTS, it), queries.signers(it, MANAGERS)) for it in SIDES
        ],
        department=lambda value: words.label(words.DEPARTMENTS, value),
    )


def _form(typed: forms.Typed, based_on: int, note: str = "", wrong: str = "") -> str:
    return render_template(
        "asset_requests/agreement/propose.html",
        typed=typed,
        note=note,
        wrong=wrong,
        based_on=based_on,
        zones=sorted(available_timezones()),
        countries=holidays_of.named(str(locale.code())),
        lines=presenting.deliver_lines(),
        weekdays=[str(day) for day in WEEKDAYS],
    )


def _may_propose() -> None:
    if rules.side_of(current_user.role, current_user.department) is None:
        raise Invalid(gettext("The agreement is made by managers of Sales and Marketing."))


@bp.get("/agreement/propose")
@allows(Act.AGREEMENT_SIGN)
def propose() -> ResponseReturnValue:
    """Show the terms in force, to be changed."""
    _may_propose()
    newest = queries.newest()
    return _form(forms.shown(_terms(newest)), (newest.number or 1) if newest else 1)


@bp.post("/agreement/propose")
@allows(Act.AGREEMENT_SIGN)
def propose_submit() -> ResponseReturnValue:
    """Propose other terms; what was typed stays when it can not be used."""
    _may_propose()
    form = forms.ProposalForm()
    typed, terms = forms.read(request.form)
    based_on = form.based_on.data or 1
    if not form.validate_on_submit() or terms is None:
        return _form(typed, based_on, form.note.data or ""), 422
    note = (form.note.data or "").strip()
    try:
        service.propose(_actor(), terms, note=note, based_on=based_on, zone=_zone())
    except Invalid:
        wrong = gettext("Nothing is changed yet.")
        return _form(typed, based_on, note, wrong), 422
    except Conflict:
        wrong = gettext(
            "Somebody was faster: there is a proposal already, or a newer version."
            " What you typed is kept here."
        )
        return _form(typed, based_on, note, wrong), 409
    return redirect(url_for("agreement.show", _anchor="proposal"), 303)


@bp.post("/agreement/<doing>")
@allows(Act.AGREEMENT_SIGN)
def settle(doing: str) -> ResponseReturnValue:
    """Sign, refuse or withdraw what is proposed."""
    if doing not in {Doing.SIGN.value, Doing.REFUSE.value, Doing.WITHDRAW.value}:
        raise NotFound
    form = forms.SettleForm()
    if not form.validate_on_submit():
        raise Invalid
    try:
        service.settle(_actor(), form.proposal.data, Doing(doing), zone=_zone())
    except Conflict as error:
        raise Conflict(gettext("This proposal has been settled meanwhile.")) from error
    except Forbidden as error:
        raise Forbidden(gettext("This is for the other side to do.")) from error
    return redirect(url_for("agreement.show"), 303)
