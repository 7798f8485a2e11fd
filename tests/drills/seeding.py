"""A company with something of everything: the content, the people and the work of the demo."""

from portal.accounts.models import User
from portal.cli import demo, demo_field, demo_requests, demo_year_days
from portal.db import db
from portal.library import loading
from tests.browser import ROOT

CONTENT = ROOT / "content"
PASSWORD = "a password of the drills"
ADMIN, MARKETER, REP = "grace.holt", "tom.reed", "lan.nguyen"


def fill(company, *, year=True):
    """Fill a migrated database; the index is made by the server."""
    with company.inside(keep=True):
        demo._people(PASSWORD)
        db.session.commit()
        loading.load_paths([CONTENT], commit=db.session.commit)
        words, zone = company.app.extensions["arsenal.words"], company.app.config["PORTAL"].timezone
        made = demo_requests.fill(CONTENT / "requests.yaml", words=words, zone=zone)
        demo_field.fill(CONTENT / "field.yaml", made=made, zone=zone)
        if year:
            demo_year_days.fill(CONTENT / "year.yaml", words=words, zone=zone)
            db.session.commit()
            demo_year_days.count(zone, db.session.commit)


def person(local):
    """One of the demo's people."""
    return db.session.query(User).filter(User.email.startswith(local)).one()
