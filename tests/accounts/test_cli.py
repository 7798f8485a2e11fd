import json
import re

import pytest
from click.testing import CliRunner

from portal.accounts import queries
from portal.accounts.passwords import verify
from portal.cli import helpers
from portal.cli.invitations import user  # the group with all its commands
from tests import make


@pytest.fixture
def run(app, db, monkeypatch):
    """Run `portal user …` on the tests' own database."""
    monkeypatch.setattr(helpers, "create_app", lambda _config: app)

    def call(*words, stdin=""):
        db.session.commit()
        result = CliRunner().invoke(user, words, input=stdin)
        db.session.expire_all()
        return result

    return call


ADD = ("add", "lan@example.com", "--name", "Nguyễn Thị Lan", "--role", "rep")


def test_a_person_is_added_with_a_password_from_standard_input(run):
    result = run(
        *ADD, "--team", "Hà Nội", "--department", "sales", "--language", "vi", "--password-stdin",
        stdin=" mật khẩu dài \r\nsecond line\n",
    )  # fmt: skip
    assert (result.exit_code, result.stdout) == (0, "lan@example.com added as rep.\n")
    added = queries.by_email("lan@example.com")
    assert (added.team.name, added.department, added.language) == ("Hà Nội", "sales", "vi")
    assert verify(added.password_hash, " mật khẩu dài ")


def test_without_a_terminal_a_password_is_made_and_shown_once(run):
    result = run(*ADD)
    assert result.exit_code == 0
    password = result.stdout.rpartition("Password: ")[2].strip()
    assert len(password) == 16
    assert verify(queries.by_email("lan@example.com").password_hash, password)


def test_a_program_is_told_who_was_added_and_the_password_that_was_made(run):
    told = json.loads(run(*ADD, "--json").stdout)
    added = queries.by_email("lan@example.com")
    assert (told["email"], told["role"], told["active"]) == ("lan@example.com", "rep", True)
    assert verify(added.password_hash, told["password"])
    given = run(
        "add", "b@example.com", *ADD[2:], "--password-stdin", "--json", stdin="a long one\n"
    )
    assert json.loads(given.stdout)["password"] is None
    taken = run(*ADD, "--json")
    assert (taken.exit_code, taken.stdout) == (1, "")


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [(ADD, "", "lan@example.com is taken"),
     (("add", "nobody", "--name", "x", "--role", "rep"), "", "'nobody' is not an e-mail address"),
     ((*ADD[:1], "b@example.com", *ADD[2:], "--password-stdin"), "short\n", "a password has 8 to 128"),
     (("set-role", "x@example.com", "rep"), "", "nobody has the e-mail"),
     (("set-password", "x@example.com"), "", "nobody has the e-mail"),
     (("deactivate", "x@example.com"), "", "nobody has the e-mail"),
     (("deactivate", "boss@example.com"), "", "last active admin"),
     (("set-role", "boss@example.com", "rep"), "", "last active admin")],
)  # fmt: skip
def test_a_refusal_is_one_line_and_status_1(run, words, stdin, said):
    make.user("lan@example.com")
    make.user("boss@example.com", role="admin")
    result = run(*words, stdin=stdin)
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
    assert {(u.email, u.role, u.active) for u in queries.list_users()} == {
        ("lan@example.com", "rep", True),
        ("boss@example.com", "admin", True),
    }


@pytest.mark.parametrize(
    "words",
    [("add",), (*ADD[:-1], "king"), ("add", "a@b", "--name", "x"), ("set-role", "a@b", "king"), ("fly",),
     (*ADD, "--language", "fr"), (*ADD, "--department", "hr")],
)  # fmt: skip
def test_wrong_usage_is_status_2(run, words):
    assert run(*words).exit_code == 2


def test_people_are_listed_for_people_and_programs(run):
    make.user(
        "mai@example.com", name="Đỗ Thanh Mai", role="contributor", team_id=make.team("Sổ sách").id
    )
    make.user("anna@example.com", name="Анна", role="marketer", active=False, language="ru")
    words = run("list").stdout
    assert words.splitlines()[0].split() == [
        "marketer",
        "anna@example.com",
        "Анна",
        "(not",
        "active)",
    ]
    facts = json.loads(run("list", "--json").stdout)
    assert [one["email"] for one in facts] == ["anna@example.com", "mai@example.com"]
    assert facts[1] == {
        "email": "mai@example.com", "name": "Đỗ Thanh Mai", "role": "contributor", "team": "Sổ sách",
        "department": None, "language": None, "active": True,
    }  # fmt: skip


def test_roles_passwords_and_leaving(run):
    lan = make.user("lan@example.com")
    assert (
        run("set-role", "LAN@example.com", "marketer").stdout
        == "lan@example.com is marketer now.\n"
    )
    assert (
        run(
            "set-password", "lan@example.com", "--password-stdin", stdin="another long one"
        ).exit_code
        == 0
    )
    assert (
        run("deactivate", "lan@example.com").stdout == "lan@example.com can not sign in any more.\n"
    )
    assert (lan.role, lan.active) == ("marketer", False)
    assert verify(lan.password_hash, "another long one")


@pytest.mark.parametrize(
    "words", [(), ("add",), ("list",), ("set-role",), ("set-password",), ("deactivate",)]
)
def test_everything_explains_itself(run, words):
    assert run(*words, "--help").exit_code == 0


def test_somebody_locked_out_gets_the_second_factor_taken_away(run, db):
    from portal.accounts.factors import queries as factors
    from portal.accounts.factors import service as second

    person = make.user("mai@example.com")
    second.new_codes(person.id, secret="x" * 40)
    result = run("reset-factors", "mai@example.com")
    said = "mai@example.com signs in with the password alone now (10 taken away).\n"
    assert (result.exit_code, result.stdout) == (0, said)
    assert factors.mine(person.id).codes_left == 0
    assert run("reset-factors", "nobody@example.com").exit_code == 1


def test_a_person_is_invited_by_a_link(run, visitor):
    result = run(
        "invite", *ADD[1:], "--language", "vi", "--team", "Hà Nội", "--department", "sales"
    )
    assert result.exit_code == 0
    where = re.search(r"http://127\.0\.0\.1:8000(/invitation/[\w-]{43})\n", result.stdout)[1]
    chosen = {"new": "a fine old pond", "repeat": "a fine old pond"}
    assert visitor().post(where, data=chosen).status == 303
    assert verify(queries.by_email("lan@example.com").password_hash, "a fine old pond")
    assert run("invite", *ADD[1:]).exit_code == 1


def test_programs_are_told_links(run):
    assert "/invitation/" in json.loads(run("invite", *ADD[1:], "--json").stdout)["link"]
    assert "/invitation/" in json.loads(run("reset-link", ADD[1], "--json").stdout)["link"]


def test_a_link_for_another_password_and_no_link_for_who_has_left(run, person):
    result = run("reset-link", "MAI@example.com")
    assert "http://127.0.0.1:8000/reset/" in result.stdout
    run("deactivate", "mai@example.com")
    assert run("reset-link", "mai@example.com").exit_code == 1
    assert run("activate", "mai@example.com").stdout == "mai@example.com can sign in again.\n"
    assert run("reset-link", "mai@example.com").exit_code == 0
    assert run("reset-link", "nobody@example.com").exit_code == 1


def test_a_password_that_is_tried_first_is_refused(run):
    result = run(*ADD, "--password-stdin", stdin="password1\n")
    assert result.exit_code == 1
    assert "tried first" in result.stderr
