from datetime import timedelta

from portal import clock
from portal.accounts.tickets import rules
from portal.accounts.tickets.rules import Purpose, fingerprint, is_open, token


def test_a_token_is_made_of_purpose_nonce_and_secret():
    made = token("secret", Purpose.RESET, "n")
    assert made == token("secret", Purpose.RESET, "n")
    assert len(made) == 43
    others = {token("other", Purpose.RESET, "n"), token("secret", Purpose.INVITATION, "n"),
              token("secret", Purpose.RESET, "m")}  # fmt: skip
    assert made not in others
    assert len(others) == 3


def test_a_fingerprint_takes_any_text():
    assert {len(fingerprint(text)) for text in ("", "x", "\ud800", "\0")} == {64}


def test_a_link_holds_to_the_moment():
    now = clock.now()
    assert is_open(now + timedelta(seconds=1), None, now=now)
    assert not is_open(now, None, now=now)
    assert not is_open(now + timedelta(days=1), now, now=now)
    assert rules.HOLDS[Purpose.RESET] == timedelta(minutes=30)
    assert rules.HOLDS[Purpose.INVITATION] == timedelta(days=7)
