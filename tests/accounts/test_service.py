import pytest
from sqlalchemy import func, select

from portal.accounts import queries, service
from portal.accounts.models import Team
from portal.accounts.passwords import verify
from portal.accounts.rules import Department, Role
from portal.config import Language
from portal.errors import Conflict, Invalid, NotFound
from tests import make


def add(email="lan@example.com", **values):
    return service.add_user(email, **{"name": "Lan", "role": Role.REP, **values})


def test_a_person_is_added_with_all_that_was_told(db):
    user = add(
        "Lan.Nguyễn@Example.com", name=" Nguyễn  Thị Lan ", role=Role.MARKETER, team="Hà Nội",
        department=Department.MARKETING, language=Language.VI, password="mật khẩu dài",
    )  # fmt: skip
    db.session.expire_all()
    found = queries.by_email("LAN.NGUYỄN@example.COM")
    assert found is user
    assert (found.name, found.role, found.team.name) == ("Nguyễn Thị Lan", "marketer", "Hà Nội")
    assert (found.department, found.language, found.active) == ("marketing", "vi", True)
    assert verify(found.password_hash, "mật khẩu dài")


def test_an_email_is_taken_in_any_case_and_the_refusal_harms_nothing(db):
    add("lan@example.com")
    with pytest.raises(Conflict, match="taken"):
        add("LAN@EXAMPLE.COM")
    assert len(queries.list_users()) == 1  # the transaction can still be used


def test_a_team_is_made_once_whatever_its_case(db):
    first, second = add("a@example.com", team="Казань"), add("b@example.com", team=" КАЗАНЬ")
    assert first.team_id == second.team_id
    assert db.session.scalar(select(func.count()).select_from(Team)) == 1


def test_a_team_made_by_somebody_else_meanwhile_is_used(db, monkeypatch):
    team = make.team("North")
    answers = iter([None, team])
    monkeypatch.setattr(queries, "team_by_name", lambda _name: next(answers))
    assert add(team="north").team_id == team.id


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"name": " "},
        {"name": "a\nb" * 60},
        {"team": "x" * 81},
        {"password": "short"},
    ],
)
def test_what_can_not_be_used_is_refused(db, wrong):
    with pytest.raises(Invalid):
        add(**wrong)
    assert queries.list_users() == []


def test_the_last_admin_stays(db):
    admin = make.user(role="admin")
    make.user(role="admin", active=False)
    with pytest.raises(Conflict, match="last active admin"):
        service.set_role(admin, Role.MANAGER)
    with pytest.raises(Conflict, match="last active admin"):
        service.deactivate(admin)
    service.set_role(admin, Role.ADMIN)
    assert (admin.role, admin.active) == ("admin", True)


def test_one_of_two_admins_may_go(db):
    first, second = make.user(role="admin"), make.user(role="admin")
    service.set_role(first, Role.REP)
    assert first.role == "rep"
    with pytest.raises(Conflict):
        service.deactivate(second)


def test_others_change_without_an_admin_in_the_way(db):
    rep = make.user()
    service.set_role(rep, Role.MARKETER)
    service.deactivate(rep)
    assert (rep.role, rep.active) == ("marketer", False)


def test_nobody_is_found_by_a_strange_email(db):
    with pytest.raises(NotFound):
        service.find_user("nobody@example.com")


def test_everybody_is_listed_by_email(db):
    make.user("b@example.com", active=False)
    make.user("A@example.com")
    make.user("c@example.com")
    assert [user.email[0] for user in queries.list_users()] == ["A", "b", "c"]


def test_the_demo_shows_one_person_a_role(db):
    make.user("real@example.com", role="admin")
    make.user("x@eviltarvel.example", role="admin")
    make.user("boss@tarvel.example", role="admin")
    make.user("gone@tarvel.example", role="rep", active=False)
    make.user("first@tarvel.example", role="rep")
    make.user("second@tarvel.example", role="rep")
    assert [u.email for u in queries.demo_people()] == [
        "first@tarvel.example",
        "boss@tarvel.example",
    ]
