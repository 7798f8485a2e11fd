"""The page on which the facts of a deal are changed."""

import json
from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.deals import presenting as showing
from portal.deals import queries as deals
from portal.deals.changing import presenting, queries, rules, service
from portal.deals.changing.forms import FactsForm, TermsForm
from portal.deals.changing.queries import Owner
from portal.deals.changing.rules import Facts
from portal.deals.forms import CURRENCIES
from portal.deals.models import Deal
from portal.deals.rules import COMPETITOR, PRODUCT, may_change
from portal.errors import Forbidden, Invalid, NotFound

bp = Blueprint("changing", __name__, url_prefix="/deals")


def _deal(deal_id: int) -> Deal:
    found = deals.whole(current_user.id, current_user.role, current_user.team_id, deal_id)
    if found is None:
        raise NotFound(gettext("There is no such deal, or it is another team’s."))
    if not may_change(role=current_user.role, viewer_id=current_user.id, owner_id=found.owner_id):
        raise Forbidden
    return found


def _slugs(deal: Deal, facet: str) -> list[str]:
    return [term.slug for term in deal.terms if term.facet == facet]


def _owners(deal: Deal) -> list[Owner]:
    """Return who may be given the deal: managers choose, others keep it."""
    return (
        list(queries.owners(deal.owner_id))
        if policy.granted(current_user.role, Act.DEAL_GIVE)
        else []
    )


def _choose(form: TermsForm, deal: Deal, owners: list[Owner]) -> TermsForm:
    form.products.choices = showing.term_choices(PRODUCT, _slugs(deal, PRODUCT))
    form.competitors.choices = showing.term_choices(COMPETITOR, _slugs(deal, COMPETITOR))
    if isinstance(form, FactsForm):
        nobody = [("", gettext("Nobody"))] if deal.owner_id is None or not owners else []
        form.owner.choices = nobody + [(str(it.id), it.name) for it in owners]
    return form


def _page(
    deal: Deal, form: TermsForm, owners: list[Owner], both: Sequence[presenting.Both] = ()
) -> str:
    return render_template(
        "deals/changing/edit.html",
        deal=deal,
        form=form,
        full=deal.source is None,
        currencies=CURRENCIES,
        gives=bool(owners),
        both=both,
    )


def _facts(deal: Deal, owners: list[Owner]) -> Facts:
    """Return the facts as they are."""
    return Facts(
        name=deal.name,
        account=deal.account,
        region=deal.region,
        amount=deal.amount,
        currency=deal.currency,
        closes_on=deal.closes_on,
        owner=str(deal.owner_id or "") if owners else "",
        products=tuple(_slugs(deal, PRODUCT)),
        competitors=tuple(_slugs(deal, COMPETITOR)),
    )


def _said(form: FactsForm, owners: list[Owner]) -> Facts:
    """Return the facts as they were sent."""
    return Facts(
        name=form.name.data,
        account=form.account.data or "",
        region=form.region.data or "",
        amount=form.amount.amount,
        currency=form.currency.data,
        closes_on=form.closes_on.data,
        owner=(form.owner.data or "") if owners else "",
        products=tuple(form.products.data or ()),
        competitors=tuple(form.competitors.data or ()),
    )


@bp.get("/<int:deal_id>/edit")
@allows(Act.DEAL_CHANGE)
def edit(deal_id: int) -> ResponseReturnValue:
    """Show the facts of a deal to change."""
    deal = _deal(deal_id)
    owners = _owners(deal)
    about = {
        "products": _slugs(deal, PRODUCT),
        "competitors": _slugs(deal, COMPETITOR),
    }
    if deal.source is not None:
        return _page(deal, _choose(TermsForm(formdata=None, **about), deal, owners), owners)
    facts = _facts(deal, owners)
    told = facts.words() | about
    form = FactsForm(formdata=None, **told | {"closes_on": facts.closes_on})
    form.before.data = json.dumps(facts.words())
    return _page(deal, _choose(form, deal, owners), owners)


@bp.post("/<int:deal_id>/edit")
@allows(Act.DEAL_CHANGE)
def change(deal_id: int) -> ResponseReturnValue:
    """Change the facts of a deal; of one kept elsewhere, what it is about."""
    queries.hold(deal_id)
    deal = _deal(deal_id)
    owners = _owners(deal)
    form = _choose(FactsForm() if deal.source is None else TermsForm(), deal, owners)
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(deal, form, owners), 422
    if not isinstance(form, FactsForm):
        service.tag(deal, products=form.products.data, competitors=form.competitors.data)
        return redirect(url_for("deals.show", deal_id=deal.id), 303)
    now, mine = _facts(deal, owners), _said(form, owners)
    met = rules.met(rules.seen(form.before.data or ""), now.words(), mine.words())
    if met.both:
        form.before.data = json.dumps(now.words())
        return _page(deal, form, owners, presenting.both(form, met.both, now, mine)), 422
    facts = replace(mine, **{name: getattr(now, name) for name in met.theirs})
    owner = next((it for it in owners if str(it.id) == facts.owner), None)
    service.tag(deal, products=facts.products, competitors=facts.competitors)
    service.change(deal, facts, owner=owner)
    return redirect(url_for("deals.show", deal_id=deal.id), 303)
