from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from portal import clock
from portal.accounts import passwords, service, sessions, signing_in
from portal.accounts.models import SignInAttempt, User
from portal.accounts.rules import Limits, Role
from portal.accounts.signing_in import Browser, WrongPassword
from portal.errors import Conflict, Invalid, NotFound, TooMany
from tests import make
from tests.accounts.conftest import PASSWORD

LIMITS = Limits(idle=timedelta(hours=72), absolute=timedelta(days=30))
BROWSER = Browser("192.0.2.1", "Firefox/1", LIMITS)


def sign_in(email="mai@example.com", password=PASSWORD, address="192.0.2.1"):
    return signing_in.sign_in(email, password, Browser(address, "", LIMITS))


def find(token):
    return sessions.find(token, limits=LIMITS)


@pytest.fixture
def cheap(monkeypatch):
    """Passwords compared as they are: what is counted here are the tries."""
    monkeypatch.setattr(
        passwords, "verify", lambda stored, text: stored is not None and text == PASSWORD
    )


def fail(times, **values):
    for _ in range(times):
        with pytest.raises(WrongPassword):
            sign_in(**{"password": "wrong one", **values})


def test_the_right_password_starts_a_session(person):
    assert find(sign_in("MAI@Example.com ")).id == person.id


UNICODE, PUNYCODE = "пётр@пример.рф", "пётр@xn--e1afmkfd.xn--p1ai"


@pytest.mark.parametrize("typed", [UNICODE, PUNYCODE, UNICODE.upper()])
@pytest.mark.parametrize("kept", [UNICODE, PUNYCODE])  # keys as they were made once
def test_an_address_opens_in_either_spelling_of_its_domain(db, hashed, kept, typed):
    known = make.user(kept, password_hash=hashed)
    db.session.commit()
    assert find(sign_in(typed)).id == known.id
    with pytest.raises(Conflict):
        service.add_user(typed, name="Another", role=Role.REP)


def test_a_persons_key_has_the_domain_in_letters(db):
    added = service.add_user(PUNYCODE, name="Пётр", role=Role.REP)
    assert (added.email, added.email_key) == (PUNYCODE, UNICODE)


@pytest.mark.parametrize(
    "email", ["mai@example.com", "nobody@example.com", "no email", "", "\0", "\ud800" * 20]
)
def test_a_wrong_one_does_not_and_says_not_why(person, email):
    with pytest.raises(WrongPassword) as refused:
        sign_in(email, "wrong one")
    assert refused.value.reason == "e-mail and password do not belong together"


@pytest.mark.parametrize("change", [{"active": False}, {"password_hash": None}])
def test_who_is_not_active_or_has_no_password_stays_out(db, person, change):
    for name, value in change.items():
        setattr(person, name, value)
    db.session.commit()
    with pytest.raises(WrongPassword):
        sign_in()


@pytest.mark.parametrize("email", ["mai@example.com", "nobody@example.com"])
def test_a_password_is_checked_for_anybody(person, monkeypatch, email):
    checked = []
    monkeypatch.setattr(passwords, "verify", lambda stored, _text: checked.append(stored))
    with pytest.raises(WrongPassword):
        sign_in(email)
    assert len(checked) == 1


def test_an_attempt_outlives_the_rollback_of_its_request(db, person, cheap):
    fail(1)
    db.session.rollback()
    assert db.session.scalars(select(SignInAttempt.succeeded)).all() == [False]


def test_success_is_noted_with_the_session(db, person, cheap):
    sign_in()
    db.session.expire_all()
    assert db.session.scalars(select(SignInAttempt.succeeded)).all() == [True]


def test_the_fifth_failure_makes_one_wait_even_with_the_right_password(
    db, person, cheap, monkeypatch
):
    fail(5)
    with pytest.raises(TooMany) as refused:
        sign_in()
    assert 0 < refused.value.retry_after <= 30
    assert len(db.session.scalars(select(SignInAttempt)).all()) == 5  # waiting is not trying
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=31))
    assert find(sign_in())


def test_one_account_is_guarded_from_many_addresses(person, cheap):
    for n in range(5):
        fail(1, address=f"198.51.100.{n}")
    with pytest.raises(TooMany):
        sign_in(address="203.0.113.9")


def test_many_accounts_are_guarded_from_one_network(person, cheap):
    for n in range(30):
        fail(1, email=f"victim{n}@example.com", address=f"2001:db8::{n:x}")
    with pytest.raises(TooMany):
        sign_in(address="2001:db8::ffff")
    assert find(sign_in(address="2001:db8:0:1::1"))


def test_an_account_nobody_has_is_guarded_alike(person, cheap):
    fail(5, email="nobody@example.com")
    with pytest.raises(TooMany):
        sign_in("nobody@example.com")


def test_old_attempts_are_forgotten(db, person, cheap, monkeypatch):
    fail(1)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1, seconds=1))
    fail(1)
    assert len(db.session.scalars(select(SignInAttempt)).all()) == 1


def test_a_hash_of_other_parameters_is_renewed(db, person):
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    person.password_hash = old
    db.session.commit()
    sign_in()
    db.session.expire_all()
    assert person.password_hash != old
    assert not passwords.is_outdated(person.password_hash)
    assert passwords.verify(person.password_hash, PASSWORD)


def test_a_password_changed_while_it_is_checked_is_a_wrong_one(db, person, monkeypatch):
    def slow(_stored, _text):
        db.session.get(User, person.id).password_hash = "changed"
        db.session.commit()
        return True

    monkeypatch.setattr(passwords, "verify", slow)
    with pytest.raises(WrongPassword):
        sign_in()


def change(person, current=PASSWORD, new="a new long one"):
    return signing_in.change_own_password(person.id, current, new, BROWSER)


def test_a_changed_password_ends_all_sessions_but_the_new_one(person):
    before = sign_in()
    after = change(person)
    assert find(before) is None
    assert find(after).id == person.id
    assert find(sign_in(password="a new long one"))


def test_the_current_password_is_needed_and_can_not_be_guessed(person, cheap):
    for _ in range(5):
        with pytest.raises(WrongPassword):
            change(person, current="a guess")
    with pytest.raises(TooMany):
        change(person)


def test_a_new_password_must_be_one(person, cheap):
    with pytest.raises(Invalid, match="8 to 128"):
        change(person, new="short")


def test_nobody_changes_the_password_of_who_is_not_there(db):
    with pytest.raises(NotFound):
        signing_in.change_own_password(404, PASSWORD, "a new long one", BROWSER)


def test_only_the_demos_people_enter_without_a_password(db):
    make.user("lan@tarvel.example")
    make.user("real@example.com", role="admin")
    assert find(signing_in.enter_demo("lan@tarvel.example", BROWSER)).email == "lan@tarvel.example"
    with pytest.raises(NotFound):
        signing_in.enter_demo("real@example.com", BROWSER)
