"""Finds a customer by name, or adds it."""

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.deals.models import Customer
from portal.deals.rules import key_of


def named(name: str) -> Customer | None:
    """Return the customer of this name, added when there is none; None for no name. Flushed."""
    key = key_of(name)
    if not key:
        return None
    found = db.session.scalars(select(Customer).where(Customer.name_key == key)).first()
    if found is None:
        now = clock.now()
        found = Customer(name=name.strip(), name_key=key, created_at=now, updated_at=now)
        db.session.add(found)
        db.session.flush()
    return found


def describe(customer: Customer, *, industry: str, country: str, employees: int | None) -> None:
    """Say what is known of a customer; flushed."""
    customer.industry, customer.country, customer.employees = industry, country, employees
    customer.updated_at = clock.now()
    db.session.flush()
