"""`portal demo`: a portal to try, with people and content of an invented vendor."""

import os
import sys
import time
from pathlib import Path

import click

from portal import config
from portal.accounts import queries
from portal.accounts import service as accounts
from portal.accounts.rules import DEMO_DOMAIN, Department, Role
from portal.cli import demo_field, demo_requests, demo_year_days, schema
from portal.cli.helpers import GivenPath, refuse, refusing, unit
from portal.cli.serving import NO_WORKER, require_free, run_server
from portal.config import Language
from portal.db import db
from portal.library import loading
from portal.library.quality import rechecking
from portal.search import service as search

CONTENT = Path(__file__).resolve().parents[2] / "content"
PEOPLE = (
    ("lan.nguyen", "Nguyễn Thị Lan", Role.REP, Department.SALES, "Sài Gòn", Language.VI),
    ("sarah.whitfield", "Sarah Whitfield", Role.REP, Department.SALES, "Leeds", Language.EN),
    ("dmitry.orlov", "Дмитрий Орлов", Role.REP, Department.SALES, "Казань", Language.RU),
    ("huy.tran", "Trần Quang Huy", Role.CONTRIBUTOR, Department.PRODUCT, None, Language.VI),
    ("mai.do", "Đỗ Thanh Mai", Role.CONTRIBUTOR, Department.ACCOUNTING, None, Language.VI),
    (
        "irina.sokolova",
        "Ирина Соколова",
        Role.CONTRIBUTOR,
        Department.CUSTOMER_CARE,
        None,
        Language.RU,
    ),
    ("tom.reed", "Tom Reed", Role.MARKETER, Department.MARKETING, None, Language.EN),
    ("linh.pham", "Phạm Khánh Linh", Role.MARKETER, Department.MARKETING, None, Language.VI),
    ("anna.volkova", "Анна Волкова", Role.MARKETER, Department.MARKETING, None, Language.RU),
    ("quoc.bui", "Bùi Anh Quốc", Role.MANAGER, Department.SALES, None, Language.EN),
    ("ha.nguyen", "Nguyễn Thu Hà", Role.MANAGER, Department.MARKETING, None, Language.VI),
    ("grace.holt", "Grace Holt", Role.ADMIN, None, None, Language.EN),
)

LOADED = "content-loaded"
"""The file that says that a demo has its content."""


def _people(password: str) -> list[tuple[str, str, Role]]:
    """Make those of the demo's people who are not there; return (e-mail, name, role) of all."""
    known = {user.email_key for user in queries.list_users()}
    made = []
    for local, name, role, department, team, language in PEOPLE:
        email = f"{local}@{DEMO_DOMAIN}"
        if email not in known:
            accounts.add_user(
                email,
                name=name,
                role=role,
                department=department,
                team=team,
                language=language,
                password=password,
            )
        made.append((email, name, role))
    return made


def _fill(password: str) -> list[tuple[str, str, Role]]:
    """Bring a demo's database, people, content and index up to date; quick when they are."""
    with unit(any_schema=True) as app:
        schema.upgrade()
        people = _people(password)
        db.session.commit()
        settings: config.Config = app.config["PORTAL"]
        loaded = settings.data_dir / LOADED
        if not loaded.exists():  # later it would undo what was written at the desk meanwhile
            report = loading.load_paths([CONTENT], commit=db.session.commit)
            rechecking.everything()
            words = app.extensions["arsenal.words"]
            zone = settings.timezone
            made = demo_requests.fill(CONTENT / "requests.yaml", words=words, zone=zone)
            demo_field.fill(CONTENT / "field.yaml", made=made, zone=zone)
            demo_year_days.fill(CONTENT / "year.yaml", words=words, zone=zone)
            db.session.commit()
            demo_year_days.count(zone, db.session.commit)
            for rejected in report.rejected:
                click.echo(f"{rejected.file}: {rejected.reason}", err=True)
            loaded.touch(mode=0o600)
        search.catch_up(app.extensions["arsenal.finder"].engine)
    return people


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--data-dir",
    type=GivenPath(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Made when it is not there; one that is not a demo's is refused.",
)
@NO_WORKER
def demo(port: int, data_dir: Path, *, no_worker: bool) -> None:
    """Make, fill and serve a portal to try at 127.0.0.1, of an invented vendor."""
    start = time.monotonic()
    for name in [name for name in os.environ if name.startswith(config.PREFIX)]:
        del os.environ[name]  # a demo is never told about a real database
    with refusing():
        require_free("127.0.0.1", port)
        try:
            password = config.make_demo(data_dir)
        except OSError as error:
            raise refuse(f"{data_dir} can not be used: {error.strerror}") from error
        os.environ |= {"PORTAL_DATA_DIR": str(data_dir.resolve()), "PORTAL_PORT": str(port)}
        settings = config.load()
    people = _fill(password)
    took = time.monotonic() - start
    click.echo(f"\nArsenal's demo is at http://127.0.0.1:{port} (ready in {took:.1f} s).")
    click.echo(f"Choose a role on the page, or sign in with the password {password}\n")
    for email, name, role in people:
        click.echo(f"  {role:<12} {email:<34} {name}")
    click.echo("\nStop it with Ctrl+C.")
    sys.stdout.flush()
    with refusing():
        run_server(settings, worker=not no_worker, quiet=True)
