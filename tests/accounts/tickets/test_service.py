from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.accounts import service as accounts
from portal.accounts.models import SignInAttempt
from portal.accounts.tickets import service
from portal.accounts.tickets.models import Ticket
from portal.accounts.tickets.rules import Purpose
from portal.errors import Conflict, Invalid, NotFound, TooMany
from portal.jobs.models import QueuedJob
from tests import make

SECRET = "a secret of the server"
PASSWORD = "a fine old pond"


@pytest.fixture
def posted():
    return []


@pytest.fixture
def post(posted):
    return lambda user_id, kind: posted.append((user_id, kind))


@pytest.fixture
def user(db, hashed):
    user = make.user("mai@example.com", password_hash=hashed)
    db.session.commit()
    return user


def link(user, db, purpose=Purpose.RESET):
    made = service.make(user, purpose, SECRET)
    db.session.commit()
    return made


def use(token, post, purpose=Purpose.RESET, password=PASSWORD):
    return service.use(token, purpose, password, post)


def test_only_the_hash_of_a_token_is_kept(db, user):
    token = link(user, db)
    row = db.session.scalars(select(Ticket)).one()
    assert token not in (row.nonce, row.token_hash)
    for kept in (row.nonce, row.token_hash):
        with pytest.raises(NotFound):
            service.find(kept, Purpose.RESET)
    assert service.find(token, Purpose.RESET) == service.Guest(user.id, user.email, user.name)
    assert service.open_token(user.id, Purpose.RESET, SECRET) == token
    assert service.open_token(user.id, Purpose.INVITATION, SECRET) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\ud800", "\0"])
def test_no_other_text_opens_anything(db, user, token, post):
    link(user, db)
    with pytest.raises(NotFound):
        service.find(token, Purpose.RESET)
    with pytest.raises(NotFound):
        use(token, post)


def test_a_link_for_one_thing_does_no_other(db, user, post):
    token = link(user, db)
    with pytest.raises(NotFound):
        service.find(token, Purpose.INVITATION)
    with pytest.raises(NotFound):
        use(token, post, Purpose.INVITATION)


def test_a_link_works_once_and_a_mail_tells(db, user, post, posted):
    token = link(user, db)
    use(token, post)
    assert posted == [(user.id, "password-changed")]
    with pytest.raises(NotFound):
        use(token, post)
    with pytest.raises(NotFound):
        service.find(token, Purpose.RESET)


def test_a_password_that_will_not_do_leaves_the_link(db, user, post, posted):
    token = link(user, db)
    with pytest.raises(Invalid, match="tried first"):
        use(token, post, password="password1")
    db.session.rollback()
    assert service.find(token, Purpose.RESET)
    assert posted == []


@pytest.mark.parametrize(
    ("purpose", "holds"),
    [(Purpose.RESET, timedelta(minutes=30)), (Purpose.INVITATION, timedelta(days=7))],
)
def test_a_link_is_short_lived(db, post, monkeypatch, purpose, holds):
    token, now = link(make.user(), db, purpose), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + holds - timedelta(seconds=5))
    assert service.find(token, purpose)
    monkeypatch.setattr(clock, "now", lambda: now + holds)
    with pytest.raises(NotFound):
        service.find(token, purpose)
    with pytest.raises(NotFound):
        use(token, post, purpose)


@pytest.mark.parametrize("end", [
    lambda user: service.make(user, Purpose.RESET, SECRET),
    lambda user: accounts.set_password(user, PASSWORD),
    accounts.deactivate,
])  # fmt: skip
def test_a_link_ends_with_what_takes_its_place(db, user, post, end):
    token = link(user, db)
    end(user)
    db.session.commit()
    with pytest.raises(NotFound):
        service.find(token, Purpose.RESET)
    with pytest.raises(NotFound):
        use(token, post)


def test_an_invitation_outlives_that_somebody_asks_for_a_forgotten_password(db, post):
    """Anybody can ask, for any address."""
    invited = make.user("new@example.com")
    token = link(invited, db, Purpose.INVITATION)
    assert service.answer("new@example.com", SECRET, post) == "posted"
    db.session.commit()
    assert service.find(token, Purpose.INVITATION).user_id == invited.id
    use(token, post, Purpose.INVITATION)
    assert service.open_token(invited.id, Purpose.RESET, SECRET) is None


def test_no_link_is_made_in_vain(db, user):
    with pytest.raises(Conflict, match="already"):
        service.make(user, Purpose.INVITATION, SECRET)
    with pytest.raises(Conflict, match="not active"):
        service.make(make.user(active=False), Purpose.RESET, SECRET)


def test_old_links_are_forgotten_after_a_year(db, user, monkeypatch):
    link(user, db)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=366))
    link(user, db)
    assert len(db.session.scalars(select(Ticket)).all()) == 1


@pytest.mark.parametrize(
    "email", ["mai@example.com", "MAI@Example.com", "nobody@example.com", "no email"]
)
def test_asking_looks_nobody_up(db, user, email, monkeypatch):
    monkeypatch.setattr(service.people, "by_email", None)
    service.ask(email, "192.0.2.1")
    jobs = db.session.scalars(select(QueuedJob)).all()
    assert [(job.name, set(job.payload)) for job in jobs] == [(service.JOB, {"email"})]
    assert db.session.scalars(select(SignInAttempt.succeeded)).all() == [False]


@pytest.mark.parametrize("email", ["mai@example.com", "nobody@example.com"])
def test_one_address_is_asked_for_a_few_times_an_hour(db, user, email):
    for n in range(5):
        service.ask(email, f"198.51.100.{n}")
        db.session.commit()
    with pytest.raises(TooMany):
        service.ask(email, "203.0.113.9")


def test_one_network_asks_a_few_times_an_hour_and_may_still_sign_in(db, user, hashed):
    from tests.accounts.test_signing_in import find, sign_in

    for n in range(30):
        service.ask(f"person{n}@example.com", f"2001:db8::{n:x}")
        db.session.commit()
    with pytest.raises(TooMany):
        service.ask("mai@example.com", "2001:db8::ffff")
    service.ask("mai@example.com", "2001:db8:0:1::1")
    db.session.commit()
    assert find(sign_in(address="2001:db8::1")).id == user.id


def test_the_worker_answers_who_has_an_account(db, user, post, posted):
    assert service.answer("MAI@example.com", SECRET, post) == "posted"
    assert posted == [(user.id, "reset")]
    assert service.open_token(user.id, Purpose.RESET, SECRET)


def test_the_worker_answers_nobody_else(db, user, post, posted):
    user.active = False
    make.user("sso@example.com")
    db.session.commit()
    said = [service.answer(it, SECRET, post) for it in ("mai@example.com", "x@example.com", "")]
    assert said == ["nobody"] * 3
    assert service.answer("sso@example.com", SECRET, post) == "no password"
    assert posted == []


def test_who_let_an_invitation_expire_gets_another_link(db, post, posted, monkeypatch):
    guest = make.user("new@example.com")
    link(guest, db, Purpose.INVITATION)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=8))
    assert service.answer("new@example.com", SECRET, post) == "posted"
    assert posted == [(guest.id, "reset")]
