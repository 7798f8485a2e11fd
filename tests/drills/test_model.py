"""The portal and a small model of it are done the same to, in any order: they stay the same."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from portal.app import create_app
from portal.db import Base, db
from portal.search import service
from tests.conftest import make_config
from tests.drills.model import Model

EXAMPLES = int(os.environ.get("DRILL_EXAMPLES", "6"))
"""Runs of `STEPS` steps each; ten times as many find what is rarer."""
STEPS = 35
CHECKS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="DRILL_EXAMPLES" not in os.environ,
    database=None,
    print_blob=False,
    report_multiple_bugs=False,
    phases=tuple(Phase)
    if "DRILL_EXAMPLES" in os.environ
    else (Phase.generate,),  # shrinking takes minutes
    suppress_health_check=list(HealthCheck),
)


def machine_on(app):
    """The machine on the empty database and index of an application."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        Base.metadata.create_all(db.engine)
        service.rebuild(app.extensions["arsenal.finder"].engine)
        db.session.remove()
    return type("OfThisTest", (Model,), {"app": app})


@pytest.mark.slow
def test_the_portal_does_what_the_model_says(empty):
    run_state_machine_as_test(machine_on(empty), settings=CHECKS)


def sign_out_ends_nothing(monkeypatch):
    from portal.accounts import sessions

    monkeypatch.setattr(sessions, "end", lambda session_id: None)


def deactivated_people_sign_in_again(monkeypatch):
    from portal.accounts import service, sessions

    monkeypatch.setattr(service, "deactivate", lambda user: sessions.end_all(user.id))


def what_is_retired_is_still_served(monkeypatch):
    from portal.library.publishing import rules

    kept_as = rules.kept_as
    served = {rules.Phase.RETIRED: rules.Phase.PUBLISHED}
    monkeypatch.setattr(rules, "kept_as", lambda phase: kept_as(served.get(phase, phase)))


def leaving_a_request_changes_nothing(monkeypatch):
    from portal.asset_requests.asking import service

    monkeypatch.setattr(service, "leave", lambda who, it: None)


SABOTAGE = [
    sign_out_ends_nothing,
    deactivated_people_sign_in_again,
    what_is_retired_is_still_served,
    leaving_a_request_changes_nothing,
]


@pytest.mark.slow
@pytest.mark.parametrize("sabotage", SABOTAGE)
def test_a_portal_that_is_wrong_is_noticed(tmp_path, monkeypatch, sabotage):
    app = create_app(make_config(tmp_path, "sqlite"))
    machine = machine_on(app)
    sabotage(monkeypatch)
    quick = settings(CHECKS, phases=(Phase.generate,), max_examples=30)
    with pytest.raises((AssertionError, ExceptionGroup)):
        run_state_machine_as_test(machine, settings=quick)
    with app.app_context():
        db.engine.dispose()
