"""Codes work once and are guessed slowly; what is kept can not be read."""

import pytest

from portal.accounts.factors import queries, rules, service
from portal.accounts.factors.models import AuthenticatorApp, RecoveryCode
from portal.errors import Conflict, TooMany
from tests.accounts.factors.conftest import CONTENT


@pytest.fixture
def check(mai, secret):
    def check(text, address="192.0.2.1"):
        service.check(mai.id, mai.email, text, address=address, secret=secret)

    return check


def test_a_code_of_the_app_works_once(with_app, now, check):
    check(now.code())
    with pytest.raises(service.WrongCode):
        check(now.code())
    now.move(seconds=30)
    check(now.code())


def test_a_code_from_before_a_used_one_is_refused(with_app, now, check):
    check(now.code(1))
    for off in (-1, 0, 1):
        with pytest.raises(service.WrongCode):
            check(now.code(off))


def test_the_code_of_setting_up_is_used_up(db, mai, now, secret, check):
    service.set_up_app(mai.id, CONTENT, now.code(), secret=secret)
    with pytest.raises(service.WrongCode):
        check(now.code())


def test_a_wrong_first_code_sets_nothing_up(db, mai, now, secret):
    with pytest.raises(service.WrongCode):
        service.set_up_app(mai.id, CONTENT, now.code(5), secret=secret)
    assert not queries.mine(mai.id).any


def test_an_app_is_not_replaced_unseen(with_app, now, secret):
    with pytest.raises(Conflict):
        service.set_up_app(
            with_app.id,
            b"x" * 20,
            rules.code_at(b"x" * 20, rules.counter_at(now.at)),
            secret=secret,
        )


def test_what_is_kept_of_an_app_can_not_be_read(db, with_app, now, app, check):
    row = db.session.get(AuthenticatorApp, with_app.id)
    assert CONTENT not in row.secret.encode()
    assert rules.base32(CONTENT) not in row.secret
    row.secret = "A" * 64
    db.session.commit()
    with pytest.raises(service.WrongCode):
        check(now.code())


def test_a_recovery_code_works_once(db, with_app, secret, check):
    first, second, *others = service.new_codes(with_app.id, secret=secret)
    db.session.commit()
    assert len(others) == 8
    check(first)
    check(second.upper().replace("-", " "))
    for used in (first, second):
        with pytest.raises(service.WrongCode):
            check(used)
    assert queries.mine(with_app.id).codes_left == 8
    rows = db.session.query(RecoveryCode.code_hash).all()
    assert not {rules.typed(code) for code in others} & {row.code_hash for row in rows}


def test_new_recovery_codes_end_the_old(db, with_app, secret, check):
    old = service.new_codes(with_app.id, secret=secret)
    service.new_codes(with_app.id, secret=secret)
    db.session.commit()
    with pytest.raises(service.WrongCode):
        check(old[0])


def test_guessing_is_slow_and_a_password_does_not_clear_the_way(db, with_app, now, check, client):
    for _ in range(5):
        with pytest.raises(service.WrongCode):
            check("000000")
    with pytest.raises(TooMany):
        check(now.code())
    with pytest.raises(TooMany):
        check(now.code(), address="198.51.100.7")
    now.move(minutes=16)
    check(now.code())


def test_codes_of_nobody_are_wrong(db, mai, check):
    for text in ("123456", "aaaaa-aaaaa", "", "x" * 5000, "é\ud800"):
        with pytest.raises((service.WrongCode, TooMany)):
            check(text)


def test_a_reset_takes_all(db, with_app, secret):
    service.new_codes(with_app.id, secret=secret)
    assert service.reset(with_app.id) == 11
    assert queries.mine(with_app.id) == queries.Factors(None, 0, 0)
