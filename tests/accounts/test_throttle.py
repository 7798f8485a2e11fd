"""Guesses are counted in the database, so four processes count together."""

from multiprocessing import get_context

import pytest
from sqlalchemy import func, select

from portal.accounts import throttle
from portal.accounts.models import SignInAttempt
from portal.accounts.rules import FREE_PER_ACCOUNT, FREE_PER_ADDRESS
from portal.db import Base, is_busy
from portal.db import db as _db
from portal.errors import TooMany

FORK = get_context("fork")


def guesses(app, barrier, told, *, number, each, one_account):
    """What one worker process does: guess, from its own address of one /64."""
    let = 0
    with app.app_context():
        _db.engine.dispose(close=False)  # connections are its parent's
        barrier.wait()
        for n in range(each):
            account = "one@example.com" if one_account else f"a{number}-{n}@example.com"
            while True:
                try:
                    throttle.begin(account, f"2001:db8::{number}:{n:x}")
                    let += 1
                except TooMany:
                    pass
                except Exception as error:
                    if is_busy(error):
                        continue
                    raise
                break
    told.put(let)


def with_four(app, each, *, one_account):
    with app.app_context():
        Base.metadata.create_all(_db.engine)
        _db.session.remove()
    barrier, told = FORK.Barrier(4), FORK.Queue()
    told_each = [
        {"number": number, "each": each, "one_account": one_account} for number in range(4)
    ]
    workers = [
        FORK.Process(target=guesses, args=(app, barrier, told), kwargs=it) for it in told_each
    ]
    for worker in workers:
        worker.start()
    let = sum(told.get(timeout=120) for _ in workers)
    for worker in workers:
        worker.join()
    return let


@pytest.mark.slow
def test_four_processes_let_five_guesses_at_an_account_pass(empty):
    assert with_four(empty, 5, one_account=True) == FREE_PER_ACCOUNT


@pytest.mark.slow
def test_four_processes_let_thirty_guesses_of_one_64_pass(empty):
    assert with_four(empty, 12, one_account=False) == FREE_PER_ADDRESS
    with empty.app_context():
        keys = select(SignInAttempt.address_key).distinct()
        assert _db.session.scalars(keys).all() == ["2001:db8::/64"]


def test_what_is_guessed_at_is_counted_apart(db):
    for _ in range(FREE_PER_ACCOUNT):
        throttle.begin("a@example.com", "192.0.2.1", of="code")
    with pytest.raises(TooMany):
        throttle.begin("a@example.com", "192.0.2.2", of="code")
    throttle.begin("a@example.com", "192.0.2.1")
    throttle.begin("a@example.com", "192.0.2.1", of="reset")


def test_a_right_one_clears_the_way_for_its_account(db):
    for _ in range(FREE_PER_ACCOUNT):
        attempt = throttle.begin("a@example.com", "192.0.2.1")
    throttle.was_right(attempt, db.session())
    db.session.commit()
    throttle.begin("a@example.com", "192.0.2.1")


def test_the_longest_account_is_counted(db):
    throttle.begin("x" * 508, "fe80::1%eth0", of="reset")
    assert db.session.scalar(select(func.max(func.length(SignInAttempt.account_key)))) == 508
