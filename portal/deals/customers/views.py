"""The page of a customer: what is known, the deals with them, what was used on those."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.deals import presenting
from portal.deals.customers import presenting as showing
from portal.deals.customers import queries, service
from portal.deals.customers.forms import CustomerForm
from portal.deals.models import Customer
from portal.errors import Forbidden, Invalid, NotFound

bp = Blueprint("customers", __name__, url_prefix="/deals/customers")


def _customer(customer_id: int) -> tuple[Customer, showing.View]:
    """Return a customer somebody may see: who may see none of its deals sees nothing of it."""
    found = queries.customer(customer_id)
    view = showing.view(found) if found else None
    if found is None or view is None:
        raise NotFound(gettext("There is no such customer, or their deals are another team’s."))
    return found, view


def _page(it: Customer, view: showing.View, form: CustomerForm) -> str:
    return render_template(
        "deals/customers/show.html",
        customer=it,
        view=view,
        form=form,
        deals=[presenting.line(deal) for deal in view.deals],
    )


@bp.get("/<int:customer_id>")
@allows(Act.CUSTOMER_SEE)
def show(customer_id: int) -> ResponseReturnValue:
    """Show a customer."""
    found, view = _customer(customer_id)
    form = CustomerForm(
        formdata=None,
        industry=view.industry,
        country=found.country,
        employees=found.employees,
    )
    return _page(found, view, form)


@bp.post("/<int:customer_id>")
@allows(Act.DEAL_CHANGE)
def describe(customer_id: int) -> ResponseReturnValue:
    """Say what is known of a customer."""
    found, view = _customer(customer_id)
    if not view.may_change:
        raise Forbidden
    form = CustomerForm()
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(found, view, form), 422
    service.describe(
        found,
        industry=showing.slug_of(form.industry.data or ""),
        country=form.country.data or "",
        employees=form.employees.data,
    )
    return redirect(url_for("customers.show", customer_id=found.id), 303)
