"""The page on which the facts of a deal are changed."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.rules import Role
from portal.deals import presenting
from portal.deals import queries as deals
from portal.deals.changing import queries, service
from portal.deals.changing.forms import FactsForm, TermsForm
from portal.deals.changing.queries import Owner
from portal.deals.changing.service import Facts
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
    return list(queries.owners(deal.owner_id)) if current_user.role.covers(Role.MANAGER) else []


def _choose(form: TermsForm, deal: Deal, owners: list[Owner]) -> TermsForm:
    form.products.choices = presenting.term_choices(PRODUCT, _slugs(deal, PRODUCT))
    form.competitors.choices = presenting.term_choices(COMPETITOR, _slugs(deal, COMPETITOR))
    if isinstance(form, FactsForm):
        nobody = [("", gettext("Nobody"))] if deal.owner_id is None or not owners else []
        form.owner.choices = nobody + [(str(it.id), it.name) for it in owners]
    return form


def _page(deal: Deal, form: TermsForm, owners: list[Owner]) -> str:
    return render_template(
        "deals/changing/edit.html",
        deal=deal,
        form=form,
        full=deal.source is None,
        currencies=CURRENCIES,
        gives=bool(owners),
    )


@bp.get("/<int:deal_id>/edit")
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
    form = FactsForm(
        formdata=None,
        name=deal.name,
        account=deal.account,
        region=deal.region,
        amount=f"{deal.amount:f}".removesuffix(".00") if deal.amount is not None else "",
        currency=deal.currency,
        closes_on=deal.closes_on,
        owner=str(deal.owner_id or ""),
        **about,
    )
    return _page(deal, _choose(form, deal, owners), owners)


@bp.post("/<int:deal_id>/edit")
def change(deal_id: int) -> ResponseReturnValue:
    """Change the facts of a deal; of one kept elsewhere, what it is about."""
    deal = _deal(deal_id)
    owners = _owners(deal)
    form = _choose(FactsForm() if deal.source is None else TermsForm(), deal, owners)
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(deal, form, owners), 422
    service.tag(deal, products=form.products.data, competitors=form.competitors.data)
    if isinstance(form, FactsForm):
        facts = Facts(
            name=form.name.data,
            account=form.account.data or "",
            region=form.region.data or "",
            amount=form.amount.amount,
            currency=form.currency.data,
            closes_on=form.closes_on.data,
        )
        owner = next((it for it in owners if str(it.id) == form.owner.data), None)
        service.change(deal, facts, owner=owner)
    return redirect(url_for("deals.show", deal_id=deal.id), 303)
