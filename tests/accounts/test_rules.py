import unicodedata
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import rules
from portal.accounts.rules import Attempt, Limits, Role, local_path

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
moments = st.integers(0, 3 * 3600).map(lambda s: NOON - timedelta(seconds=s))


def test_each_role_covers_itself_and_the_ones_before():
    assert [r for r in Role if r.covers(Role.MARKETER)] == [Role.MARKETER, Role.MANAGER, Role.ADMIN]


@given(st.text())
def test_a_key_is_its_own_key(text):
    assert rules.fold(rules.fold(text)) == rules.fold(text)


@given(st.text())
def test_composed_and_decomposed_spellings_share_a_key(text):
    forms = {rules.fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@given(st.text(alphabet="abcxyzÀĐạọЖщёΣσς@.", max_size=30))
def test_case_does_not_matter_to_a_key(text):
    assert rules.fold(text.upper()) == rules.fold(text) == rules.fold(text.lower())


@given(st.text(max_size=300) | st.emails())
def test_a_cleaned_email_is_bounded_plain_and_clean_already(text):
    email = rules.clean_email(text)
    if email is not None:
        assert len(email) <= 254
        assert len(rules.fold(email)) <= 508
        assert email.count("@") == 1
        assert email.isprintable()
        assert rules.clean_email(email) == email


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("Пётр@ПРИМЕР.рф", "пётр@пример.рф"),
        ("Пётр@xn--e1afmkfd.xn--p1ai", "пётр@пример.рф"),
        ("пётр@XN--E1AFMKFD.рф", "пётр@пример.рф"),
        ("a@xn--vd-2iap.vn", "a@xn--vd-2iap.vn"),
        ("a@xn--abc-.com", "a@xn--abc-.com"),  # no letters but plain ones: not another's key
        ("a@xn--99999999999.com", "a@xn--99999999999.com"),
        ("a@xn--.com", "a@xn--.com"),
        ("xn--p1ai@b.c", "xn--p1ai@b.c"),
        (" A@B.c ", "a@b.c"),
    ],
)
def test_spellings_of_one_address_meet(email, key):
    if key == "a@xn--vd-2iap.vn":
        key = "a@" + "xn--vd-2iap"[4:].encode().decode("punycode") + ".vn"
    assert rules.email_key(email) == key
    assert rules.email_keys(email)[0] == key
    assert rules.fold(email.strip()) in rules.email_keys(email)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mai@Example.com", "mai@example.COM", True),
        ("пётр@xn--e1afmkfd.xn--p1ai", "пётр@ПРИМЕР.рф", True),
        ("пётр@пример.рф", "Пётр@пример.рф", False),  # whether these are one, its server decides
        ("bob@strasse.de", "bob@straße.de", False),
        ("bob@strasse.de", "bob@xn--strae-oqa.de", False),
        ("strauss@a.de", "strauß@a.de", False),
        ("a@b.c", "a@b.c.d", False),
    ],
)
def test_one_address_is_not_what_only_looks_alike(one, other, same):
    assert rules.is_same_address(one, other) is same
    assert rules.is_same_address(other, one) is same


@given(st.text(max_size=60) | st.emails() | st.text("xn-0a@.").map("a@xn--{}".format))
def test_a_key_is_a_key_already(text):
    key = rules.email_key(text)
    assert rules.email_key(key) == key
    assert key in rules.email_keys(key)


@pytest.mark.parametrize(
    "email", ["a@b", "Ảnh.Lê@vídụ.vn", "пётр@пример.рф", " a@b.example ", "o'x+y@b.example"]
)
def test_emails_in_any_script_are_taken(email):
    assert rules.clean_email(email) == unicodedata.normalize("NFC", email.strip())


@pytest.mark.parametrize(
    "email",
    ["", "a", "@b", "a\u200b@b", "a@b\u00a0c", "a@", "a@b@c", "a b@c", "a@b..c", "a@.b", "a@b.", "a\0@b", "a@b\n.c", "a\ud800@b",
     "a@b\u202ec", "a" * 250 + "@b.example", "ŉ" * 126 + "@" + "ΐ" * 127 + "ŉ" * 300],
)  # fmt: skip
def test_what_is_no_email_is_refused(email):
    assert rules.clean_email(email) is None


@pytest.mark.parametrize("name", ["Nguyễn Thị Lan", "Пётр", "李小龍", "محمد", "O’Neill-Sørensen"])
def test_names_in_any_script_are_taken(name):
    assert rules.clean_name(f"  {name}  ", most=120) == name


@pytest.mark.parametrize(
    "name", ["", "   ", "a" * 121, "a\0b", "a\u202eb", "a\ud800", "a" * 100_000]
)
def test_names_that_would_spoil_a_page_are_refused(name):
    assert rules.clean_name(name, most=120) is None


@pytest.mark.parametrize(
    ("password", "problem"),
    [("1234567", "short"), ("12345678", None), ("x" * 128, None), ("x" * 129, "long"),
     ("mật khẩu", None), ("        ", None), ("1234567\0", "unreadable"), ("1234567\ud800", "unreadable")],
)  # fmt: skip
def test_only_the_length_of_a_password_matters(password, problem):
    assert rules.password_problem(password) == problem


def test_the_length_of_a_password_is_counted_composed():
    # eight letters in one spelling and sixteen in the other are one password, so one length
    assert rules.password_problem(unicodedata.normalize("NFD", "é" * 7)) == "short"


@pytest.mark.parametrize(
    ("address", "key"),
    [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
     ("fe80::1%eth0", "fe80::/64"), ("", "unknown"), (None, "unknown"), ("nonsense", "unknown")],
)  # fmt: skip
def test_neighbours_are_an_ipv4_address_or_a_64(address, key):
    assert rules.address_key(address) == key


def failures(*seconds_ago, account="a", address="x", succeeded=False):
    return [Attempt(NOON - timedelta(seconds=s), account, address, succeeded) for s in seconds_ago]


def wait(attempts, *, account="a", address="x", now=NOON):
    return rules.seconds_to_wait(attempts, account=account, address=address, now=now)


def test_four_failures_are_free_and_the_waits_double():
    assert wait(failures(*[0] * 4)) == 0
    assert [wait(failures(*[0] * n)) for n in (5, 6, 7, 10, 50)] == [30, 60, 120, 900, 900]


def test_a_wait_runs_out():
    assert wait(failures(29, *[200] * 4)) == 1
    assert wait(failures(30, *[200] * 4)) == 0


def test_success_clears_the_account_but_not_the_address():
    many = failures(*range(100, 131))
    good = failures(50, succeeded=True)
    assert wait(many + good, address="elsewhere") == 0
    assert wait(failures(*[100] * 36, account="others") + good, account="a") > 0


def test_addresses_and_accounts_are_counted_apart():
    spread = [Attempt(NOON, f"victim{n}", "x", succeeded=False) for n in range(30)]
    assert wait(spread, account="next", address="x") == 30
    assert wait(spread, account="next", address="y") == 0
    assert wait(failures(0, 0, 0, 0, 0, address="z"), address="y") == 30


attempts = st.lists(
    st.builds(Attempt, moments, st.sampled_from("ab"), st.sampled_from("xy"), st.booleans()),
    max_size=60,
)


@given(attempts)
def test_waits_are_bounded(tried):
    assert 0 <= wait(tried) <= rules.LONGEST_WAIT


@given(attempts)
def test_who_waits_as_long_as_told_may_try(tried):
    assert wait(tried, now=NOON + timedelta(seconds=wait(tried))) == 0


@given(attempts, st.integers(0, 2000))
def test_a_wait_never_grows_by_waiting(tried, seconds):
    assert wait(tried, now=NOON + timedelta(seconds=seconds)) <= max(0, wait(tried) - seconds)


@given(attempts)
def test_one_more_failure_never_shortens_the_wait(tried):
    assert wait([*tried, *failures(0)]) >= wait(tried)


@given(attempts)
def test_the_order_of_attempts_does_not_matter(tried):
    assert wait(tried) == wait(tried[::-1])


def test_a_clock_set_back_locks_nobody_out_for_long():
    assert wait(failures(*[-86_400] * 9)) <= rules.LONGEST_WAIT


LIMITS = Limits(idle=timedelta(hours=72), absolute=timedelta(days=30))
spans = st.timedeltas(timedelta(0), timedelta(days=60))


@given(spans, spans)
def test_a_session_lives_within_both_limits(age, idle):
    alive = rules.is_alive(NOON - age, NOON - idle, limits=LIMITS, now=NOON)
    assert alive == (age < LIMITS.absolute and idle < LIMITS.idle)


@given(spans, spans, spans)
def test_a_dead_session_stays_dead(age, idle, later):
    if not rules.is_alive(NOON - age, NOON - idle, limits=LIMITS, now=NOON):
        assert not rules.is_alive(NOON - age, NOON - idle, limits=LIMITS, now=NOON + later)


def test_use_is_noted_every_five_minutes():
    assert not rules.is_due(NOON - timedelta(seconds=299), now=NOON)
    assert rules.is_due(NOON - timedelta(seconds=300), now=NOON)


def stays_here(target):
    """What a browser makes of a Location: it drops tabs and line breaks and reads \\ as /."""
    read = target.strip().translate({9: None, 10: None, 13: None, 92: "/"})
    return urlsplit(urljoin("https://portal.example/sign-in", read)).netloc == "portal.example"


@given(st.text(alphabet="/\\\t\n\r .:@?#a%0", max_size=12).map("/".__add__) | st.text(max_size=40))
def test_where_one_is_sent_next_is_always_here(target):
    safe = local_path(target)
    assert safe is None or stays_here(safe)


@pytest.mark.parametrize(
    "target", ["/", "/?q=gi%C3%A1", "/assets/kestrel/vi#say-1", "/tìm?q=giá", "/a//b", "/a:b"]
)
def test_local_paths_are_kept(target):
    assert local_path(target) == target


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "///evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil.example", "https://evil.example",
     "javascript:alert(1)", "", None, "/\n/evil.example", " /a", "/a\0", "/" + "a" * 2000, "/\u202ea", "//[", "/\ud800"],
)  # fmt: skip
def test_other_places_are_not(target):
    assert local_path(target) is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36", "Chrome · Android"),
     ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
     ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge · Windows"),
     ("curl/8.9", ""), ("", "")],
)  # fmt: skip
def test_devices_have_names_people_know(agent, name):
    assert rules.device_name(agent) == name
