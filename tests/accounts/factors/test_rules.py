"""Codes by the vectors of RFC 4226 and 6238, windows, what people type, what is sealed."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.accounts.factors import rules, sealing

KEYS = {
    "sha1": b"12345678901234567890",
    "sha256": b"12345678901234567890123456789012",
    "sha512": b"1234567890123456789012345678901234567890123456789012345678901234",
}
VECTORS = [  # RFC 6238, appendix B
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]
COUNTED = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector[0]))
def test_codes_are_those_of_rfc_6238(vector):
    counter = rules.counter_at(datetime.fromtimestamp(vector[0], UTC))
    for digest, expected in zip(KEYS, vector[1:], strict=True):
        assert rules.code_at(KEYS[digest], counter, digits=8, digest=digest) == expected


def test_codes_are_those_of_rfc_4226():
    assert [rules.code_at(KEYS["sha1"], n) for n in range(10)] == COUNTED


def test_a_code_is_taken_from_one_before_to_one_after():
    now = datetime(2026, 11, 2, 9, 30, 15, tzinfo=UTC)
    middle = rules.counter_at(now)
    for off, good in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = rules.code_at(KEYS["sha1"], middle + off)
        found = rules.counter_of(KEYS["sha1"], code, now=now)
        assert found == (middle + off if good else None)
    later = now + timedelta(seconds=30)
    assert rules.counter_of(KEYS["sha1"], rules.code_at(KEYS["sha1"], middle), now=later) == middle


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "é23456", "１２３４５６"])
def test_what_is_no_code_is_none(code):
    assert rules.counter_of(KEYS["sha1"], code, now=datetime.now(UTC)) is None
    assert not rules.is_of_app(rules.typed(code))


@pytest.mark.parametrize("text", ["123456", "123 456", " 123-456\n", "123\u00a0456"])
def test_a_code_is_read_as_people_type_it(text):
    assert rules.is_of_app(rules.typed(text))


def test_a_recovery_code_is_read_as_it_stands_on_paper():
    code = rules.recovery_code(lambda letters: letters[3])
    assert rules.shown(code) == "ddddd-ddddd"
    for text in ("ddddd-ddddd", "DDDDD DDDDD", " dddddddddd "):
        assert rules.is_recovery(rules.typed(text))
        assert rules.typed(text) == code
    for text in ("dddddddddd1", "ddddddddd", "dddddddddo", "d" * 10_000):
        assert not rules.is_recovery(rules.typed(text))


def test_one_paper_opens_one_person():
    assert rules.recovery_hash(b"k", 1, "a") != rules.recovery_hash(b"k", 2, "a")
    assert rules.recovery_hash(b"k", 1, "a") != rules.recovery_hash(b"j", 1, "a")


def test_the_picture_says_what_apps_read():
    told = urlsplit(rules.address(KEYS["sha1"], account="mai@example.com", issuer="Arsenal"))
    assert (told.scheme, told.netloc) == ("otpauth", "totp")
    assert told.path == "/Arsenal:mai@example.com"
    assert parse_qs(told.query)["secret"] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]


def test_what_is_sealed_opens_as_what_it_was():
    text = sealing.seal("secret", "app", b"content", of="1")
    assert sealing.unseal("secret", "app", text, of="1") == b"content"
    assert b"content" not in text.encode()
    assert text != sealing.seal("secret", "app", b"content", of="1")


@pytest.mark.parametrize(
    ("secret", "purpose", "of"),
    [("other", "app", "1"), ("secret", "x", "1"), ("secret", "app", "2")],
)
def test_what_is_sealed_opens_as_nothing_else(secret, purpose, of):
    text = sealing.seal("secret", "app", b"content", of="1")
    assert sealing.unseal(secret, purpose, text, of=of) is None


@pytest.mark.parametrize("text", ["", "x", "é", "AAAA", "A" * 60])
def test_what_was_not_sealed_opens_not(text):
    assert sealing.unseal("secret", "app", text, of="1") is None
