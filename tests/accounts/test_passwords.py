import unicodedata

from argon2 import PasswordHasher

from portal.accounts import passwords


def test_only_the_password_matches_its_hash(hashed):
    assert passwords.verify(hashed, "correct horse 42")
    assert not passwords.verify(hashed, "correct horse 43")


def test_one_password_in_two_spellings(hashed):
    composed = "mật khẩu đẹp"
    stored = passwords.hash_password(composed)
    assert passwords.verify(stored, unicodedata.normalize("NFD", composed))


def test_nobody_has_the_dummy_hash_and_it_costs_as_much(monkeypatch):
    called = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        type(passwords._hasher), "verify", lambda self, *a: called.append(a[0]) or real(*a)
    )
    assert not passwords.verify(None, "whatever it is")
    assert called == [passwords.DUMMY]
    assert not passwords.is_outdated(passwords.DUMMY)


def test_a_hash_nobody_can_read_lets_nobody_in():
    assert not passwords.verify("", "12345678")
    assert not passwords.verify("not a hash", "12345678")


def test_a_password_that_is_no_unicode_is_only_wrong(hashed):
    assert not passwords.verify(hashed, "\ud800" * 10)


def test_the_parameters_are_the_agreed_ones(hashed):
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_outdated(
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
    )
