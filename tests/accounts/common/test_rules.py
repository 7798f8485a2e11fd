import pytest

from portal.accounts.common.listed import common
from portal.accounts.common.rules import is_easy
from portal.accounts.passwords import problem
from portal.accounts.rules import PasswordProblem

ABOUT = ("lan.nguyen@tarvel.example", "Nguyễn Thị Lan")


def test_the_list_is_there():
    assert len(common()) > 10_000
    assert {"password1", "iloveyou", "qwerty123", "matkhau123", "пароль123"} <= common()
    assert all(word == word.casefold() for word in common())


@pytest.mark.parametrize("text", [
    "password", "Password1!", "p@ssw0rd", "Summer2026!", "iloveyou2", "123dragon456", "Пароль1234",
    "MatKhau@2026", "qwertyuiop", "йцукенгш", "ЙЦУКЕН12345", "1qaz2wsx3edc", "zxcvbnm,./", "98765432",
    "aaaaaaaa", "11112222", "abcabcabc", "aBcdEfghi", "xyz1xyz1xyz1", "фывапролдж", "12345678", "xpassword",
])  # fmt: skip
def test_what_is_tried_first_is_easy(text):
    assert is_easy(text, common=common())


@pytest.mark.parametrize("text", [
    "correct horse 42", "a new long one", "чай с лимоном в пять", "trà sen buổi sáng", "Xk7#mq2p!z",
    "giraffe-on-tram", "tulip river seven", "8fj2kd0s",
])  # fmt: skip
def test_what_is_not_is_not(text):
    assert not is_easy(text, common=common(), about=ABOUT)


@pytest.mark.parametrize("text", [
    "lan.nguyen2026", "NguyenThiLan1", "Nguyễn Thị Lan", "tarvel2026!", "Tarvel-Lan-1", "nguyenab1234",
])  # fmt: skip
def test_ones_own_name_is_easy(text):
    assert is_easy(text, common=common(), about=ABOUT)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("arsenal2026", PasswordProblem.EASY), ("short", PasswordProblem.SHORT), ("a fine old pond", None),
     ("password", PasswordProblem.EASY)],
)  # fmt: skip
def test_the_problem_is_named(text, wrong):
    assert problem(text) is wrong
