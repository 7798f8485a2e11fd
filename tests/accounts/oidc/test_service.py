"""Who comes in by the company's sign-in: known, linked, made, refused; with which role."""

import pytest

from portal.accounts import service as people
from portal.accounts.models import User
from portal.accounts.oidc import service
from portal.accounts.oidc.models import UserIdentity
from portal.accounts.oidc.rules import Arrival, Refused, Why
from portal.accounts.oidc.service import Terms
from tests import make

ISSUER = "https://sign-in.example.com"
TERMS = Terms(roles={}, makes_unknown=False)
MAKES = Terms(roles={}, makes_unknown=True)
ROLES = Terms(roles={"sales": "rep", "it": "admin", "leads": "manager"}, makes_unknown=True)


def who(subject="s-1", email="mai@example.com", *, verified=True, groups=(), issuer=ISSUER):
    return Arrival(
        issuer=issuer,
        subject=subject,
        email=email,
        email_verified=verified,
        name="Đỗ  Thanh Mai",
        groups=frozenset(groups),
    )


def why(arrival, terms=TERMS):
    with pytest.raises(Refused) as caught:
        service.come_in(arrival, terms)
    return caught.value.why


def test_a_verified_email_links_once_and_the_subject_counts_then(db):
    mai = make.user("mai@example.com")
    assert service.come_in(who(), TERMS) is mai
    assert service.come_in(who(email="other@example.com", verified=False), TERMS) is mai
    assert db.session.query(UserIdentity).count() == 1


def test_an_unverified_email_links_nobody_and_makes_nobody(db):
    make.user("mai@example.com")
    assert why(who(verified=False), MAKES) is Why.UNVERIFIED
    assert why(who(email="new@example.com", verified=False), MAKES) is Why.UNVERIFIED


@pytest.mark.parametrize("told", ["bob@xn--strae-oqa.de", "bob@straße.de"])
def test_an_email_that_only_looks_alike_links_nobody(db, told):
    """Whoever has the one domain may have the provider's word for it, and not the other."""
    make.user("bob@strasse.de")
    assert why(who(email=told), MAKES) is Why.TAKEN
    assert db.session.query(UserIdentity).count() == 0


def test_case_makes_no_other_address(db):
    mai = make.user("mai@example.com")
    assert service.come_in(who(email="Mai@EXAMPLE.com"), TERMS) is mai


def test_an_email_that_went_to_somebody_else_opens_nothing(db):
    """People leave, addresses are given to others: another subject is another person."""
    make.user("mai@example.com")
    service.come_in(who(), TERMS)
    assert why(who("s-2")) is Why.TAKEN


def test_the_same_subject_of_another_issuer_is_somebody_else(db):
    make.user("mai@example.com")
    service.come_in(who(), TERMS)
    assert why(who(email="x@example.com", issuer="https://evil.example")) is Why.UNKNOWN


@pytest.mark.parametrize("email", ["", "no address", "a@b\0.example", "x" * 300 + "@example.com"])
def test_an_email_that_is_none_is_unknown(db, email):
    assert why(who(email=email), MAKES) is Why.UNKNOWN


def test_the_unknown_are_refused_or_made(db):
    assert why(who()) is Why.UNKNOWN
    made = service.come_in(who(), MAKES)
    assert (made.email, made.name, made.role) == ("mai@example.com", "Đỗ Thanh Mai", "rep")
    assert made.password_hash is None
    assert service.come_in(who(), TERMS) is made


def test_the_deactivated_stay_out(db):
    mai = make.user("mai@example.com")
    assert service.come_in(who(), TERMS) is mai
    mai.active = False
    assert why(who()) is Why.INACTIVE
    make.user("gone@example.com", active=False)
    assert why(who("s-9", "gone@example.com"), MAKES) is Why.INACTIVE


def test_groups_give_the_role_at_each_sign_in(db):
    make.user("root@example.com", role="admin")
    mai = make.user("mai@example.com", role="marketer")
    assert service.come_in(who(groups=["sales", "leads"]), ROLES).role == "manager"
    assert service.come_in(who(groups=["sales"]), ROLES).role == "rep"
    assert service.come_in(who(groups=["it"]), ROLES).role == "admin"
    assert service.come_in(who(groups=["sales"]), ROLES).role == "rep"
    assert why(who(groups=["others"]), ROLES) is Why.NO_ROLE
    assert mai.role == "rep"


def test_without_a_map_roles_are_given_here(db):
    mai = make.user("mai@example.com", role="manager")
    assert service.come_in(who(groups=["it"]), TERMS) is mai
    assert mai.role == "manager"
    new = service.come_in(who("s-3", "new@example.com", groups=["it", "admin"]), MAKES)
    assert new.role == "rep"


def test_everybody_may_have_a_role(db):
    terms = Terms(roles={"*": "rep", "leads": "manager"}, makes_unknown=True)
    assert service.come_in(who(groups=["others"]), terms).role == "rep"
    assert service.come_in(who(groups=["leads"]), terms).role == "manager"


def test_the_last_admin_stays_one(db):
    root = make.user("mai@example.com", role="admin")
    assert service.come_in(who(groups=["sales"]), ROLES) is root
    assert root.role == "admin"


def test_a_name_that_is_none_is_taken_from_the_email(db):
    arrival = Arrival(ISSUER, "s-1", "mai@example.com", True, "\0", frozenset())
    assert service.come_in(arrival, MAKES).name == "mai"


def test_an_erased_person_is_known_no_more(db):
    from portal.accounts import erasing

    make.user("root@example.com", role="admin")
    mai = make.user("mai@example.com")
    service.come_in(who(), TERMS)
    erasing.erase(mai)
    assert db.session.query(UserIdentity).count() == 0
    assert why(who()) is Why.UNKNOWN


def test_somebody_added_meanwhile_is_not_added_twice(db, monkeypatch):
    mai = make.user("mai@example.com")
    monkeypatch.setattr(service.queries, "is_known", lambda *_: False)
    service.come_in(who(), TERMS)
    assert why(who("s-2")) is Why.STALE
    monkeypatch.setattr(people.queries, "by_email", lambda _: None)
    assert why(who("s-4"), MAKES) is Why.STALE
    assert db.session.query(User).filter_by(email_key="mai@example.com").one() is mai
